"""The words of an order file as values. Each function raises ValueError with what was met and what is allowed."""
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.model.orders import OrderLine

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(.*)", re.DOTALL)
_TIME = re.compile(
    r"[T, ]*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(?:(am|pm)\b)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?", re.I
)
#: How databases write that there is no date.
_NO_DATE = re.compile(r"0{1,4}[-/.]0{1,2}[-/.]0{1,4}.*|-+|n/?a|null|none|nd|n\.d\.", re.I | re.DOTALL)
_CENTS = Decimal("0.01")
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.I)


def parse_number(text: str) -> str:
    """An order number as the shop writes it: "1004.0" is a spreadsheet's 1004."""
    if _SHORTENED.fullmatch(text):
        raise ValueError(f"'{text}' is an order number that a spreadsheet shortened. Format the column as text.")
    whole = re.fullmatch(r"(\d+)[.,]0+", text)
    return whole[1] if whole else text


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Aware UTC; a time without zone is the shop's. None for an empty text and for a database's 0000-00-00."""
    if not text or _NO_DATE.fullmatch(text):
        return None
    moment = _moment(text)
    if moment is None:
        raise ValueError(f"'{text}' is no date. Write 2026-12-24, 2026-12-24 15:30 or 24/12/2026.")
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"'{text}' lies too far away. Write a date like 2026-12-24.") from None


def parse_day(text: str) -> date | None:
    if not text or _NO_DATE.fullmatch(text):
        return None
    moment = _moment(text)
    if moment is None:
        raise ValueError(f"'{text}' is no date. Write 2026-12-24 or 24/12/2026.")
    return moment.date()


def parse_total(text: str) -> Decimal | None:
    """ "59,90", "1.234,50", "1,234.50 €", "118.900000".

    Of two kinds of separators the last is the decimal one. One alone is, unless three digits follow it as in "1.234".
    """
    if not text:
        return None
    bare = re.sub(r"[\s\u00a0'’€$£]|EUR|USD|GBP|CHF", "", text, flags=re.I)
    if not re.fullmatch(r"-?\d[\d.,]*", bare):
        raise ValueError(f"'{text}' is no amount. Write 59,90 or 59.90.")
    signs = [sign for sign in bare if sign in ".,"]
    decimal = signs[-1] if signs and signs.count(signs[-1]) == 1 else ""
    if decimal and len(signs) == 1 and re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", bare):
        decimal = ""
    whole, _, cents = bare.rpartition(decimal) if decimal else (bare, "", "")
    groups = re.split(r"[.,]", whole)
    if any(len(group) != 3 for group in groups[1:]):
        raise ValueError(f"'{text}' is no amount. Write 59,90 or 59.90.")
    amount = Decimal(f"{''.join(groups)}.{cents or 0}")
    return amount.quantize(_CENTS) if len(cents) > 2 or not cents else amount


def parse_lines(text: str) -> tuple[OrderLine, ...]:
    """ "Title|variant|quantity; Title|variant|quantity"; variant and quantity (1) may be left out."""
    return tuple(_line(item.strip()) for item in text.split(";") if item.strip())


def parse_item(title: str, quantity: str) -> tuple[OrderLine, ...]:
    """One article of a file with one row an article; none where the row names none."""
    if not title:
        return ()
    whole = re.fullmatch(r"(\d+)(?:[.,]0+)?", quantity or "1")
    return (OrderLine(title, "", int(whole[1]) if whole else 1),)


def _line(text: str) -> OrderLine:
    title, *rest = (part.strip() for part in text.split("|"))
    variant, quantity = (*rest, "", "")[:2]
    if not title or len(rest) > 2 or not (quantity or "1").isdecimal() or quantity == "0":
        raise ValueError(f"'{text}' is no order line. Write title|variant|quantity, lines separated by a semicolon.")
    return OrderLine(title, variant, int(quantity or "1"))


def _moment(text: str) -> datetime | None:
    """ "2026-11-20 9:05", "20/11/2026 9:05", "2026-11-20 10:12:33 +0100"; None where it is no date."""
    found = _YEAR_FIRST.fullmatch(text)
    year, month, day, rest = found.groups() if found else ("", "", "", "")
    if not found:
        found = _DAY_FIRST.fullmatch(text)
        day, month, year, rest = found.groups() if found else ("", "", "", "")
    rest = rest.strip()
    time = _TIME.fullmatch(rest) if rest else None
    if not found or (rest and time is None):
        return None
    hour, minute, second, half, zone = time.groups() if time else ("0", "0", "0", None, None)
    at = int(hour) % 12 + 12 * (half.lower() == "pm") if half else int(hour)
    try:
        moment = datetime(int(year), int(month), int(day), at, int(minute), int(second or 0))
    except ValueError:
        return None
    if not zone:
        return moment
    offset = "+0000" if zone.upper() in ("Z", "UTC") else zone.replace(":", "")
    return datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S} {offset}", "%Y-%m-%d %H:%M:%S %z")
