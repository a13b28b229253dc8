"""Order numbers: by the forms of the shop, as an answer to the form, dictated digit by digit, or said in words."""
import re
from collections.abc import Iterator

from bot.model.order_forms import OrderForms
from bot.model.understanding import Entity
from bot.nlu.text.spoken import spoken_numbers
from bot.nlu.text.tokens import LANGUAGES, is_form

_ASKED = re.compile(r"(?<![\w@+])(?<!\d[.,/])(\d(?:[ .-]?\d){2,18})(?![\w@])")
_SLASHED = re.compile(r"(?<![\w@./])\d{2,}(?:\s?/\s?\d{2,})+(?![\w@./])")
#: More digits than this are a tracking code or a phone, unless the shop's own numbers have as many.
_MOST_DIGITS = 10
_CUE = re.compile(
    r"\b(?:ordin[ei]|orders?|number|numero|num|riferimento|reference|codice|code)\b"
    r"(?:[\s.,:°º#=-]|\b(?:number|numero|num|nr|no|n|è|is|il|the|di|del|mio|my)\b){0,8}\Z",
    re.I,
)
_DICTATED = re.compile(r"(?<!\d)(?<!\d[ .,-])(\d(?:[ .-]\d){2,9})(?![ .-]?\d)")
#: Four consonants in a row make no word of a language.
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{4,}", re.I)
#: Italian words do without these letters, and English ones that have them are in the dictionary.
_RARE = re.compile(r"[jkwxy]|q(?!u)", re.I)


def formed_numbers(text: str, forms: OrderForms, *, is_asked: bool) -> Iterator[Entity]:
    """What looks like the numbers of this shop."""
    if forms.marked:
        yield from (_number(text, *match.span()) for match in forms.marked.finditer(text))
    if forms.words:
        for match in forms.words.finditer(text):
            if _is_code(text, match, is_asked=is_asked):
                yield _number(text, *match.span())


def asked_numbers(text: str, forms: OrderForms) -> Iterator[Entity]:
    """Digits that answer the form: "1 0 0 4" is one number, "1004 1005" are two; words for digits count too."""
    most = max(_MOST_DIGITS, *forms.lengths) if forms.lengths else _MOST_DIGITS
    for match in _SLASHED.finditer(text):
        if all(len(digits) in forms.lengths for digits in re.findall(r"\d+", match.group())):
            yield from (
                _digits(text, match.start() + one.start(), match.start() + one.end())
                for one in re.finditer(r"\d+", match.group())
            )
    for match in _ASKED.finditer(text):
        for start, end in _split(match.group(1), forms):
            found = _digits(text, match.start(1) + start, match.start(1) + end)
            if len(found.value) <= most:
                yield found
    for start, end, digits in spoken_numbers(text):
        yield Entity("order_number", digits, text[start:end], start, end)


def cued_numbers(text: str) -> Iterator[Entity]:
    """After "ordine" or "number": digits said one by one, or in words."""
    for match in _DICTATED.finditer(text):
        if _CUE.search(text[: match.start()]):
            yield _digits(text, *match.span(1))
    for start, end, digits in spoken_numbers(text):
        if _CUE.search(text[:start]):
            yield Entity("order_number", digits, text[start:end], start, end)


def _split(said: str, forms: OrderForms) -> list[tuple[int, int]]:
    """The spans of the numbers in a row of digits with spaces, points or hyphens between."""
    groups = [match.span() for match in re.finditer(r"\d+", said)]
    lengths = [end - start for start, end in groups]
    whole = [(0, len(said))]
    if len(groups) == 1:
        return whole
    if forms.lengths:
        if all(length in forms.lengths for length in lengths):
            return groups
        if sum(lengths) in forms.lengths:
            return whole
    return groups if min(lengths) >= 3 else whole


def _is_code(text: str, match: re.Match[str], *, is_asked: bool) -> bool:
    """Letters that are no word of a language, and stand where a number would or look like nothing else."""
    word = match.group()
    if any(is_form(word.lower(), language) for language in LANGUAGES):
        return False
    rest = text[: match.start()] + text[match.end() :]
    vowels = sum(sign in "aeiouAEIOU" for sign in word)
    looks_random = bool(_RARE.search(word) or _CLUSTER.search(word)) or vowels * 5 <= len(word)
    stands_alone = not re.search(r"\w", rest)
    is_told = is_asked or stands_alone or _CUE.search(text[: match.start()]) is not None
    if word.isupper() and (not rest.isupper() or is_told):
        return True
    return looks_random and (is_told or word.islower())


def _number(text: str, start: int, end: int) -> Entity:
    return Entity("order_number", re.sub(r"\s", "", text[start:end].upper()), text[start:end], start, end)


def _digits(text: str, start: int, end: int) -> Entity:
    return Entity("order_number", re.sub(r"\D", "", text[start:end]), text[start:end], start, end)
