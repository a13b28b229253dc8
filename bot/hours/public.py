"""Public holidays: those that the law of a country makes days off, and the patron of one town."""

from datetime import date
from functools import lru_cache

import holidays

from bot.settings.shop import Holidays

#: Days that the library lists and on which work goes on: Italy's day of unity is remembered, not kept, since 1977.
_WORKING = {"IT": frozenset({"National Unity Day"})}
#: Without the language the names are those of the machine.
_NAMES = {"IT": "en_US"}


class PublicHolidays:
    """Which days of any year are days off in a place; `day in ...`."""

    def __init__(self, place: Holidays) -> None:
        self._place = place

    def __contains__(self, day: date) -> bool:
        place = self._place
        if not place.country:
            return False
        patron = place.patron if place.patron != "none" else ""
        if patron and f"{day:%m-%d}" == patron:
            return True
        # The town's own day stands in for what the library knows of the whole province.
        return day in _days_off(place.country, "" if place.patron else place.province, day.year)


def public_holidays(place: Holidays) -> PublicHolidays:
    return PublicHolidays(place)


@lru_cache(maxsize=64)
def _days_off(country: str, province: str, year: int) -> frozenset[date]:
    known = holidays.country_holidays(country, subdiv=province or None, years=year, language=_NAMES.get(country))
    working = _WORKING.get(country, frozenset())
    return frozenset(day for day, name in known.items() if not set(name.split("; ")) <= working)
