"""What a shop's order numbers look like, learned from numbers that it has given."""
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: More forms than this are no forms.
_MOST_FORMS = 12
_RUN = re.compile(r"[A-Z]+|[0-9]+|[^A-Z0-9]+")
_SIGN = r"\s?[-‐‑–—/._#:]\s?"
_BEFORE = r"(?<![\w@./€$£+\-])(?<!\d,)"
_AFTER = r"(?![\w@]|[-./,:]\w|\s?(?:€|euro\b|eur\b|£|\$))"


def plain_signs(text: str) -> str:
    """The same text, sign for sign, with full-width letters and the digits of any script as plain ones."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isdecimal():
        return str(int(sign))
    code = ord(sign)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return {"\u3000": " ", "\u00a0": " ", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-"}.get(sign, sign)


@dataclass(frozen=True, slots=True)
class OrderForms:
    """
    Attributes:
        marked: finds numbers that letters or signs make plain in any sentence; None where the shop has none such.
        words: finds what may be a number of letters alone, like any word of that length; None likewise.
        lengths: how many digits its numbers of digits alone have; empty where nothing is known.
    """

    marked: re.Pattern[str] | None = None
    words: re.Pattern[str] | None = None
    lengths: frozenset[int] = frozenset()

    @property
    def is_known(self) -> bool:
        return bool(self.marked or self.words or self.lengths)


#: Nothing is known of the shop's orders.
NO_FORMS = OrderForms()


def learn_forms(numbers: Iterable[str], prefixes: Sequence[str] = ()) -> OrderForms:
    """Forms of numbers as they are written, in capitals.

    >>> learn_forms(["IT-2026-0001", "IT-2026-0002"]).marked.search("dov'è it-2026-0107?")[0]
    'it-2026-0107'
    """
    families: dict[str, list[list[str]]] = {}
    bare: set[int] = set()
    letters: set[int] = set()
    for number in numbers:
        runs = _RUN.findall(number)
        if len(runs) == 1 and runs[0].isdigit():
            bare.add(len(number))
        elif len(runs) == 1 and runs[0].isalpha():
            letters.add(len(number))
        elif runs:
            families.setdefault(_family(runs), []).append(runs)
    ranked = sorted(families.items(), key=lambda item: -len(item[1]))[:_MOST_FORMS]
    patterns = [_pattern(family, members) for family, members in ranked]
    lengths = frozenset(range(min(bare), max(bare) + 2)) if bare else frozenset()
    patterns += [_prefixed(prefix, lengths) for prefix in prefixes if re.search(r"\w", prefix)]
    long = sorted({length for length in bare if length > 8})
    patterns += [rf"\d{{{length}}}" for length in long]
    several = "|".join(rf"[A-Za-z]{{{length}}}" for length in sorted(letters, reverse=True))
    return OrderForms(
        re.compile(rf"{_BEFORE}(?:{'|'.join(patterns)}){_AFTER}", re.IGNORECASE) if patterns else None,
        re.compile(rf"(?<![\w@./'’-])(?:{several})(?![\w@'’]|[-./]\w)") if letters else None,
        lengths,
    )


def _family(runs: Sequence[str]) -> str:
    """ "IT-2026-0001" → "A-9-9"; a mixture of letters and digits is one kind of run."""
    signs = "".join("A" if run.isalpha() else "9" if run.isdigit() else "-" for run in runs)
    return re.sub(r"[A9]{3,}", "X", signs)


def _pattern(family: str, members: list[list[str]]) -> str:
    if "X" in family:
        texts = ["".join(runs) for runs in members]
        low, high = min(map(len, texts)), max(map(len, texts))
        parts = [re.split(r"[^A-Z0-9]+", text) for text in texts]
        if len({len(part) for part in parts}) == 1 and len(parts[0]) > 1:
            return _SIGN.join(_mixed([part[place] for part in parts]) for place in range(len(parts[0])))
        return rf"(?=[A-Z\-]*\d)(?=[\d\-]*[A-Z])[A-Z0-9]{{{low},{high}}}"
    made = ""
    last = len(family) - 1
    for place, kind in enumerate(family):
        values = [runs[place] for runs in members]
        if kind == "A":
            made += _letters(values)
            if place < last and family[place + 1] == "9":
                made += "[- ]?" if len(min(values, key=len)) > 1 and _is_fixed(values) else "-?"
        elif kind == "9":
            low, high = min(map(len, values)), max(map(len, values))
            grows = "9" not in family[place + 1 :]
            made += rf"\d{{{low},{high + grows}}}"
            made += "-?" if place < last and family[place + 1] == "A" else ""
        else:
            made += _SIGN if "A" not in family else r"(?:\s?[-‐‑–—/._#:]\s?|\s)?"
    return made


def _is_fixed(values: Sequence[str]) -> bool:
    return len(set(values)) <= max(1, len(values) // 3)


def _letters(values: Sequence[str]) -> str:
    """The letters themselves where the shop repeats a few of them, else any of their number."""
    if _is_fixed(values):
        return "(?:" + "|".join(sorted(map(re.escape, set(values)))) + ")"
    low, high = min(map(len, values)), max(map(len, values))
    return rf"[A-Z]{{{low},{high}}}"


def _mixed(values: Sequence[str]) -> str:
    low, high = min(map(len, values)), max(map(len, values))
    return _letters(values) if all(value.isalpha() for value in values) else rf"[A-Z0-9]{{{low},{high}}}"


def _prefixed(prefix: str, lengths: frozenset[int]) -> str:
    word = re.escape(re.sub(r"\W+$", "", prefix))
    low, high = (min(lengths), max(lengths)) if lengths else (2, 12)
    return rf"{word}(?:\s?[-‐‑–—/._#:]\s?|\s)?\d{{{low},{high}}}"
