"""What ``shop.yml`` must hold beyond the type of each key. Each check raises at the key it is about."""
import re
import zoneinfo
from datetime import date

import holidays

from bot.model.orders import OrderStatus
from bot.settings.colour import is_colour
from bot.settings.document import Document, Path, listed, suggestion
from bot.settings.shop import CHANNEL_KINDS, WEEKDAYS, Hours, Orders, Shop, ShopFile, Week
from bot.settings.slots import overlap, parse_slot

_MOST_DAYS = 400
#: Provinces of several chief towns: holidays knows each town's own patron.
TOWNS = {
    "IT": {
        "BT": ("Andria", "Barletta", "Trani"),
        "FC": ("Cesena", "Forli"),
        "PU": ("Pesaro", "Urbino"),
    }
}
#: Filled by the desk from shop.yml: hours and who the shop is.
COMPUTED = frozenset(
    {"opening_hours", "next_opening", "shop_name", "shop_email", "shop_phone", "legal_name", "vat_number"}
)
_PLACEHOLDER = re.compile(r"[a-z][a-z0-9_]*")


def check_shop_file(document: Document, settings: ShopFile) -> None:
    """Raise SettingError at the first key that cannot work."""
    _check_shop(document, settings.shop)
    _check_languages(document, settings)
    _check_time_zone(document, settings.time_zone)
    _check_hours(document, settings.hours)
    _check_orders(document, settings.orders)
    for name in settings.faq.placeholders:
        if name in COMPUTED:
            raise document.error(
                ("faq", "placeholders", name),
                f"'{name}' is filled by the desk itself, from hours and shop in shop.yml. Take it out here.",
            )
        if not _PLACEHOLDER.fullmatch(name):
            raise document.error(
                ("faq", "placeholders", name),
                f"'{name}' is no placeholder name. Use small letters, digits and _, beginning with a letter.",
            )


def _check_shop(document: Document, shop: Shop) -> None:
    if not shop.name.strip():
        raise document.error(("shop", "name"), "'shop.name' is empty. Write the shop's name.")
    if not is_colour(shop.accent_given):
        raise document.error(
            ("shop", "accent"),
            f"'shop.accent' is '{shop.accent_given}': a colour like \"#b3261e\" is expected, in quotes.",
        )
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", shop.email):
        raise document.error(("shop", "email"), f"'shop.email' is '{shop.email}': an e-mail address is expected.")
    if not shop.privacy_url.startswith(("https://", "http://", "/")):
        raise document.error(
            ("shop", "privacy_url"),
            f"'shop.privacy_url' is '{shop.privacy_url}': an address that begins with https:// or / is expected.",
        )


def _check_languages(document: Document, settings: ShopFile) -> None:
    met = settings.languages
    if not met or len(set(met)) < len(met):
        raise document.error(
            ("languages",), f"'languages' is [{', '.join(met)}]: each of it, en at most once, and at least one of them."
        )


def _check_time_zone(document: Document, name: str) -> None:
    known = zoneinfo.available_timezones()
    if name not in known:
        near = suggestion(name, sorted(known))
        raise document.error(
            ("time_zone",), f"'time_zone' is '{name}', which is no time zone.{near} Use a name like Europe/Rome."
        )


def _check_hours(document: Document, hours: Hours) -> None:
    _check_week(document, hours.weekly, ("hours", "weekly"))
    for kind, own in hours.channels.items():
        path: Path = ("hours", "channels", kind)
        if kind not in CHANNEL_KINDS:
            near = suggestion(kind, CHANNEL_KINDS)
            raise document.error(path, f"'{kind}' is no channel.{near} Allowed: {listed(CHANNEL_KINDS)}.")
        _check_week(document, own.weekly, (*path, "weekly"))
    _check_holidays(document, hours)
    for index, closure in enumerate(hours.closures):
        if closure.last < closure.first:
            raise document.error(
                ("hours", "closures", index, "to"),
                f"the closure ends on {closure.last}, before it begins on {closure.first}. Swap 'from' and 'to'.",
            )
    _check_dates(document, hours)
    if hours.calendar and not hours.calendar.endswith(".ics"):
        raise document.error(
            ("hours", "calendar"), f"'hours.calendar' is '{hours.calendar}': the name of an .ics file is expected."
        )


def _check_dates(document: Document, hours: Hours) -> None:
    named: dict[date, int] = {}
    for index, special in enumerate(hours.dates):
        path: Path = ("hours", "dates", index)
        if special.last < special.first:
            raise document.error(
                (*path, "to"), f"these days end on {special.last}, before {special.first}. Swap 'from' and 'to'."
            )
        _check_week(document, Week(mon=special.slots or ()), path, at=(*path, "slots"))
        if (special.last - special.first).days > _MOST_DAYS:
            raise document.error((*path, "to"), f"more than {_MOST_DAYS} days in one line. Use 'hours.weekly'.")
        for day in range(special.first.toordinal(), special.last.toordinal() + 1):
            if named.setdefault(date.fromordinal(day), index) != index:
                raise document.error(path, f"{date.fromordinal(day)} stands in two lines. Keep one of the two.")


def _check_week(document: Document, week: Week, path: Path, at: Path | None = None) -> None:
    for day in WEEKDAYS:
        for index, text in enumerate(getattr(week, day)):
            try:
                parse_slot(text)
            except ValueError as error:
                raise document.error((*(at or (*path, day)), index), str(error)) from None
    found = overlap(week.slots())
    if found is not None:
        first, slot, second, next_slot = found
        if at is not None:
            raise document.error(at, f"{next_slot} overlaps {slot}. Join the two or move one.")
        raise document.error(
            (*path, WEEKDAYS[second]),
            f"{WEEKDAYS[second]} {next_slot} overlaps {WEEKDAYS[first]} {slot}. Join the two or move one.",
        )


def _check_holidays(document: Document, hours: Hours) -> None:
    country, province = hours.holidays.country, hours.holidays.province
    if hours.holidays.patron and not _is_day(hours.holidays.patron):
        raise document.error(
            ("hours", "holidays", "patron"),
            f"'hours.holidays.patron' is '{hours.holidays.patron}': month and day are expected, like 12-07, or none.",
        )
    towns = TOWNS.get(country, {}).get(province)
    if towns and not hours.holidays.patron:
        raise document.error(
            ("hours", "holidays", "province"),
            f"'hours.holidays.province' is '{province}', whose towns have patron saints of their own. Name yours "
            f"({listed(towns)}), or its day in 'hours.holidays.patron'.",
        )
    if not country:
        if province:
            raise document.error(
                ("hours", "holidays", "province"),
                f"'hours.holidays.province' is '{province}' without a country. Add 'country: IT', or another one.",
            )
        return
    provinces = holidays.list_supported_countries().get(country)
    if provinces is None:
        raise document.error(
            ("hours", "holidays", "country"),
            f"'hours.holidays.country' is '{country}': a country's two capital letters are expected, like IT, FR, DE.",
        )
    if province and province not in provinces:
        allowed = f"Allowed for {country}: {listed(provinces)}." if provinces else f"{country} has none: leave it out."
        raise document.error(
            ("hours", "holidays", "province"),
            f"'hours.holidays.province' is '{province}'.{suggestion(province, provinces)} {allowed}",
        )


def _is_day(text: str) -> bool:
    try:
        return text == "none" or bool(date.fromisoformat(f"2028-{text}"))
    except ValueError:
        return False


def _check_orders(document: Document, orders: Orders) -> None:
    for carrier, template in orders.carriers.items():
        path: Path = ("orders", "carriers", carrier)
        if "{code}" not in template:
            raise document.error(
                path, f"the tracking page of {carrier}, '{template}', has no {{code}}. Put it where the code goes."
            )
        if not template.startswith(("https://", "http://")):
            raise document.error(path, f"the tracking page of {carrier}, '{template}', must begin with https://.")
    for word, status in orders.statuses.items():
        if status not in list(OrderStatus):
            near = suggestion(status, OrderStatus)
            raise document.error(
                ("orders", "statuses", word), f"'{status}' is no status.{near} Allowed: {listed(OrderStatus)}."
            )
