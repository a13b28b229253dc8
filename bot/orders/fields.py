"""The words of an order file as values. Each function raises ValueError with what was met and what is allowed."""
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.model.orders import OrderLine

_ITALIAN_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(.*)", re.DOTALL)


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Aware UTC; a time without zone is the shop's. None for an empty text."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(_iso(text))
    except ValueError:
        raise ValueError(f"'{text}' is no date. Write 2026-12-24, 2026-12-24 15:30 or 24/12/2026.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def parse_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(_iso(text)).date()
    except ValueError:
        raise ValueError(f"'{text}' is no date. Write 2026-12-24 or 24/12/2026.") from None


def parse_total(text: str) -> Decimal | None:
    """ "59,90", "1.234,50", "1,234.50 €": the last separator with one or two digits behind it is the decimal one."""
    if not text:
        return None
    digits = re.sub(r"[\s€$£]|EUR|USD|GBP", "", text)
    whole, separator, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
    whole = re.sub(r"[.,'](?=\d{3})", "", whole)
    if not re.fullmatch(r"-?[0-9]+", whole):
        raise ValueError(f"'{text}' is no amount. Write 59,90 or 59.90.")
    return Decimal(f"{whole}.{cents}" if separator else whole)


def parse_lines(text: str) -> tuple[OrderLine, ...]:
    """ "Title|variant|quantity; Title|variant|quantity"; variant and quantity (1) may be left out."""
    return tuple(_line(item.strip()) for item in text.split(";") if item.strip())


def _line(text: str) -> OrderLine:
    title, *rest = (part.strip() for part in text.split("|"))
    variant, quantity = (*rest, "", "")[:2]
    if not title or len(rest) > 2 or not (quantity or "1").isdecimal() or quantity == "0":
        raise ValueError(f"'{text}' is no order line. Write title|variant|quantity, lines separated by a semicolon.")
    return OrderLine(title, variant, int(quantity or "1"))


def _iso(text: str) -> str:
    match = _ITALIAN_DATE.fullmatch(text)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}{match[4]}" if match else text
