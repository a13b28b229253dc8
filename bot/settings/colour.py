"""The accent colour: readable with white text on it, whatever the shop chose (WCAG 2.2, 1.4.3: at least 4.5 to 1)."""
import re

MIN_CONTRAST = 4.5
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Rgb = tuple[float, float, float]


def is_colour(text: str) -> bool:
    return _HEX.fullmatch(text) is not None


def contrast_with_white(colour: str) -> float:
    """1 (white) to 21 (black). Source: w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    return _contrast(_rgb(colour))


def readable(colour: str) -> str:
    """The colour as '#rrggbb', darkened just enough to carry white text."""
    rgb = _rgb(colour)
    while _contrast(_rgb(_hex(rgb))) < MIN_CONTRAST:
        rgb = (rgb[0] * 0.97, rgb[1] * 0.97, rgb[2] * 0.97)
    return _hex(rgb)


def _rgb(colour: str) -> Rgb:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def _contrast(rgb: Rgb) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
