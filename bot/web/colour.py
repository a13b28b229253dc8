"""The shop's accent made readable: WCAG 2.2 contrast of one colour on a paper."""
import re

_HEX = re.compile(r"#([0-9a-fA-F]{6})")
LIGHT_PAPER = "#ffffff"
#: The bubbles that links stand on: darker than the light paper, lighter than the dark one.
LIGHT_BUBBLE = "#f0f1f4"
DARK_BUBBLE = "#24272e"


def readable_on(paper: str, accent: str, ratio: float = 4.5) -> str:
    """``accent`` moved towards black (light paper) or white (dark paper) until its contrast reaches ``ratio``.

    Raises:
        ValueError: not '#rrggbb'.
    """
    target = (0, 0, 0) if _luminance(_channels(paper)) > 0.18 else (255, 255, 255)
    start = _channels(accent)
    for step in range(21):
        share = step / 20
        mixed = tuple(round(a + (t - a) * share) for a, t in zip(start, target, strict=True))
        if contrast(_hex(mixed), paper) >= ratio:
            return _hex(mixed)
    return _hex(target)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(_channels(one)), _luminance(_channels(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: str) -> tuple[int, ...]:
    match = _HEX.fullmatch(colour)
    if match is None:
        raise ValueError(f"{colour!r} is no colour. Write six hexadecimal digits after '#', such as '#1f6feb'.")
    return tuple(bytes.fromhex(match[1]))


def _hex(channels: tuple[int, ...]) -> str:
    return "#" + bytes(channels).hex()


def _luminance(channels: tuple[int, ...]) -> float:
    shares = [value / 255 for value in channels]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
