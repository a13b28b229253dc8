"""Numbers said in words, as digits: "mille quarantadue", "dieci quarantadue", "one oh four two" are 1042."""
import re
from collections.abc import Iterator

_ITALIAN = {
    "zero": 0, "uno": 1, "un": 1, "due": 2, "tre": 3, "tré": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7,
    "otto": 8, "nove": 9, "dieci": 10, "undici": 11, "dodici": 12, "tredici": 13, "quattordici": 14, "quindici": 15,
    "sedici": 16, "diciassette": 17, "diciotto": 18, "diciannove": 19, "venti": 20, "vent": 20, "trenta": 30,
    "trent": 30, "quaranta": 40, "quarant": 40, "cinquanta": 50, "cinquant": 50, "sessanta": 60, "sessant": 60,
    "settanta": 70, "settant": 70, "ottanta": 80, "ottant": 80, "novanta": 90, "novant": 90, "cento": 100, "cent": 100,
    "mille": 1000, "mila": 1000,
}  # fmt: skip
_ENGLISH = {
    "zero": 0, "oh": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_REPEATED = {"double": 2, "triple": 3, "doppio": 2, "triplo": 3}
_WORD = re.compile(r"[a-zàèéìòù]+|\d{1,2}(?!\d)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,-]{1,3}(?:(?:and|e)\s+)?")
#: Fewer digits than this are an amount or a size, no order number.
_LEAST_DIGITS = 3
#: English words are never written as one, Italian ones always are.
_COMPOUND = re.compile("|".join(sorted(_ITALIAN, key=len, reverse=True)))


def spoken_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, digits) of each number of three digits or more that is said in words."""
    run: list[int] = []
    start = end = 0
    times = 1
    said_words = False
    for match in _WORD.finditer(text):
        word = match.group().lower()
        joins = bool(run or times > 1) and _BETWEEN.fullmatch(text[end : match.start()]) is not None
        if word in _REPEATED:
            if not joins:
                yield from _told(run, start, end, said_words)
                run, start, said_words = [], match.start(), False
            times, end = _REPEATED[word], match.end()
            continue
        values = [int(word)] if word.isdigit() else _values(word)
        if word in ("e", "and") and run and text[end : match.start()].isspace():
            continue
        if not values:
            yield from _told(run, start, end, said_words)
            run, times, said_words = [], 1, False
            continue
        if not joins:
            yield from _told(run, start, end, said_words)
            run, times, start, said_words = [], 1, match.start(), False
        run += values * times
        times, end = 1, match.end()
        said_words = said_words or not word.isdigit()
    yield from _told(run, start, end, said_words)


def _told(run: list[int], start: int, end: int, said_words: bool) -> Iterator[tuple[int, int, str]]:
    digits = _digits(run)
    if said_words and len(run) > 1 and len(digits) >= _LEAST_DIGITS:  # "mille grazie" thanks
        yield start, end, digits


def _values(word: str) -> list[int]:
    if word in _ENGLISH:
        return [_ENGLISH[word]]
    if word in _ITALIAN:
        return [_ITALIAN[word]]
    atoms = _COMPOUND.findall(word)
    return [_ITALIAN[atom] for atom in atoms] if len(atoms) > 1 and "".join(atoms) == word else []


def _digits(run: list[int]) -> str:
    """Numbers that do not go on with each other stand side by side: 10 and 42 are 1042, 1000 and 42 as well."""
    told = ""
    whole = group = 0  # thousands and what is below them
    step = 0  # what may follow must be below this; 0 = nothing is open
    for value in run:
        if value == 1000 and step and not whole:
            whole, group, step = max(group, 1) * 1000, 0, 1000
        elif value == 100 and step and 1 <= group % 100 <= 9:
            group, step = group - group % 100 + group % 100 * 100, 100
        elif step and value < step and value:
            group += value
            step = _below(value)
        else:
            told += str(whole + group) if step or group or whole else ""
            whole, group = (1000, 0) if value == 1000 else (0, value)
            step = 1000 if value == 1000 else _below(value)
            if value == 0:
                told, step = told + "0", 0
    return told + (str(whole + group) if whole or group else "")


def _below(value: int) -> int:
    """What may follow a number that ends in ``value``: after 40 a unit, after 100 anything below it."""
    if value >= 100:
        return 100
    return 10 if value >= 20 and value % 10 == 0 else 1
