"""Numbers and codes that shoppers type: order numbers, e-mails, phones, tracking codes, postcodes."""

import re
from collections.abc import Iterator
from dataclasses import replace

import phonenumbers

from bot.model.order_forms import NO_FORMS, OrderForms, plain_signs
from bot.model.understanding import Entity
from bot.nlu.text.order_numbers import asked_numbers, cued_numbers, formed_numbers

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_TRACKING = re.compile(r"\b(?=[A-Z0-9]*\d{4})(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10,34}\b", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"(?<![\d+])\d{11,34}(?!\d)")
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_POSTCODE = re.compile(
    r"\b(?:c\.?a\.?p\.?|postcode|post code|postal code|codice postale|zip(?: code)?)\s*[:=]?\s*(\d{4,5})\b", re.I
)
_CITY = re.compile(r"(?<!\d)(\d{5})(?=,? [A-Z][a-zà-ù]+)(?!\d)")
_NUMBER = re.compile(
    r"(?<![\w@.,/:€$£+-])(?:#|n[°ºr.]?\s?)?([A-Z]{1,3}-)?(\d{4,10})(?![\w@/]|[.,:]\d|\s?(?:€|euro\b|eur\b|£|\$))", re.I
)
_CUED = re.compile(
    r"\b(?:ordin[ei]|order|number|numero|num|nr|no|n)\b[\s.:°º#=-]*(?:number|numero|num|nr|no|n|è|is|il|the)?[\s.:°º#=-]*"
    r"([A-Z]{1,3}-)?(\d{3,10})(?![\w@/]|[.,:]\d|\s?(?:€|euro\b|£|\$))",
    re.I,
)
_TRACKING_CUE = re.compile(
    r"\b(?:tracking|tracciatura|tracciamento|lettera di vettura|ldv|waybill|awb|spedizione n[.°º]?)\b"
    r"(?:[\s.:°º#=-]|\b(?:number|code|codice|numero|num|nr|no|n|id|è|is|e'|il|the|di|del)\b){0,8}"
    r"(?=[A-Z]*\d)([A-Z0-9]{5,34})\b",
    re.I,
)
_PHONE_CUE = re.compile(
    r"\b(?:tel|telefono|cell|cellulare|phone|mobile|whatsapp|chiamate(?:mi)?|chiamami|richiamatemi|call me|ring me"
    r"|recapito)\b"
    r"(?:[\s.:°º#=-]|\b(?:number|numero|num|nr|no|n|è|is|il|mio|my|al|allo|on|at|sul|di)\b){0,8}"
    r"(\+?\d(?:[ ./-]?\d){5,14})(?!\d)",
    re.I,
)
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d\Z")
_DATE_LIKE = re.compile(
    r"(?:\d{1,2}|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre"
    r"|dicembre|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|dal|nel|in|since|anno|year|del)\s+\Z",
    re.I,
)


def find_identifiers(text: str, *, expected: str | None = None, forms: OrderForms = NO_FORMS) -> list[Entity]:
    """No two overlap; the surest kind takes a span first.

    Args:
        expected: the kind an open form asks for.
        forms: what the shop's order numbers look like.
    """
    taken: list[Entity] = []
    for entity in _candidates(plain_signs(text), expected, forms):
        if all(entity.end <= other.start or entity.start >= other.end for other in taken):
            taken.append(replace(entity, text=text[entity.start : entity.end]))
    return sorted(taken, key=lambda entity: entity.start)


def _candidates(text: str, expected: str | None, forms: OrderForms) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        found = match.group().rstrip(".-")
        yield Entity("email", found.lower(), found, match.start(), match.start() + len(found))
    is_asked = expected == "order_number"
    yield from (_entity("tracking_code", match, match.group(1).upper()) for match in _TRACKING_CUE.finditer(text))
    yield from formed_numbers(text, forms, is_asked=is_asked)
    yield from (_entity("phone", match, _dialled(match.group(1))) for match in _PHONE_CUE.finditer(text))
    yield from (_entity("postcode", match, match.group(1)) for match in _POSTCODE.finditer(text))
    if is_asked:
        phones = list(_phones(text)) if forms.is_known else []
        yield from (phone for phone in phones if sum(map(str.isdigit, phone.text)) not in forms.lengths)
        yield from asked_numbers(text, forms)
    yield from (_entity("tracking_code", match, match.group().upper()) for match in _TRACKING.finditer(text))
    yield from (_entity("postcode", match, match.group()) for match in _UK_POSTCODE.finditer(text))
    yield from (_order(match) for match in _CUED.finditer(text))
    yield from cued_numbers(text)
    yield from _phones(text)
    yield from (_entity("tracking_code", match, match.group()) for match in _LONG_DIGITS.finditer(text))
    yield from (_entity("postcode", match, match.group(1)) for match in _CITY.finditer(text))
    for match in _NUMBER.finditer(text):
        year = _YEAR.match(match.group(2)) and _DATE_LIKE.search(text[: match.start()])
        if not year and len(match.group(2)) < 9:
            yield _order(match)


def _order(match: re.Match[str]) -> Entity:
    return _entity("order_number", match, (match.group(1) or "").upper() + match.group(2))


def _entity(kind: str, match: re.Match[str], value: str) -> Entity:
    """Spans the value alone, not the words that gave it away."""
    last = match.lastindex
    start = match.start(last) if last else match.start()
    if kind == "order_number" and last == 2 and match.group(1):
        start = match.start(1)
    end = match.end(last) if last else match.end()
    return Entity(kind, value, match.string[start:end], start, end)


def _dialled(text: str) -> str:
    """A number that somebody may be called at, with its country where it is a valid one."""
    try:
        number = phonenumbers.parse(text, "IT")
    except phonenumbers.NumberParseException:
        return re.sub(r"[^\d+]", "", text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _phones(text: str) -> Iterator[Entity]:
    if sum(sign.isdigit() for sign in text) < 8:
        return
    for match in phonenumbers.PhoneNumberMatcher(text[:1_000], "IT"):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Entity("phone", number, match.raw_string, match.start, match.end)
