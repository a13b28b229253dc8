"""What ``shop.yml`` may hold: each key with its type, default and meaning (docs/settings.md says it at length)."""
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from bot.settings.colour import readable
from bot.settings.document import keys_of, meaning
from bot.settings.slots import Slot, parse_slot

#: Kinds of channels, as files and SQL rows name them: never rename one.
ChannelKind = Literal["widget", "rest", "telegram", "whatsapp", "messenger", "instagram", "email"]
CHANNEL_KINDS: tuple[str, ...] = get_args(ChannelKind)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Language = Literal["it", "en"]
Slots = Annotated[tuple[str, ...], Meta(description='Opening slots of that day, like "09:00-13:00"; [] = closed.')]


def says(text: str, *, live: bool = False, ge: float | None = None, le: float | None = None) -> Meta:
    """The meaning of a setting. ``live``: a saved change works without a restart."""
    return Meta(description=text, extra={"live": live}, ge=ge, le=le)


class Shop(Struct, frozen=True, kw_only=True):
    name: Annotated[str, says("The shop's name, as shoppers know it.")]
    email: Annotated[str, says("Where shoppers can write to.")]
    privacy_url: Annotated[str, says("Address of the privacy notice, shown before the first message.")]
    legal_name: Annotated[str, says("The company behind the shop.")] = ""
    vat_number: Annotated[str, says("VAT number of the company.")] = ""
    phone: Annotated[str, says("Customer-care phone number.")] = ""
    accent_given: Annotated[
        str, says("Colour of the widget, like #b3261e; darkened where white text would be hard to read on it.")
    ] = msgspec.field(default="#1f4e79", name="accent")

    @property
    def accent(self) -> str:
        """'#rrggbb', safe under white text."""
        return readable(self.accent_given)


class Week(Struct, frozen=True):
    mon: Slots = ()
    tue: Slots = ()
    wed: Slots = ()
    thu: Slots = ()
    fri: Slots = ()
    sat: Slots = ()
    sun: Slots = ()

    def slots(self) -> list[list[Slot]]:
        """The slots of each day, Monday first, in order of their start."""
        return [sorted(parse_slot(text) for text in getattr(self, day)) for day in WEEKDAYS]


class Holidays(Struct, frozen=True):
    country: Annotated[str, says("Country whose public holidays close the shop, like IT.", live=True)] = ""
    province: Annotated[
        str, says("Province or town whose patron saint closes the shop too, like MI or Pesaro.", live=True)
    ] = ""
    patron: Annotated[
        str, says("The town's own patron day as MM-DD, instead of the province's; 'none' = open on it.", live=True)
    ] = ""


class Closure(Struct, frozen=True):
    """Closed from ``first`` to ``last``, both included."""

    first: Annotated[date, says("First closed day.", live=True)] = msgspec.field(name="from")
    to: Annotated[date | None, says("Last closed day; the first one where it is left out.", live=True)] = None
    reason: Annotated[str, says("Why, for operators.", live=True)] = ""

    @property
    def last(self) -> date:
        return self.to or self.first


class DateHours(Struct, frozen=True):
    """Days on which other hours hold than weekly slots, holidays, closures and calendar say."""

    first: Annotated[date, says("First day.", live=True)] = msgspec.field(name="from")
    to: Annotated[date | None, says("Last day; the first one where it is left out.", live=True)] = None
    slots: Annotated[
        tuple[str, ...] | None, says("That day's slots; the weekday's own where left out, [] = closed.", live=True)
    ] = None
    reason: Annotated[str, says("Why, for operators.", live=True)] = ""

    @property
    def last(self) -> date:
        return self.to or self.first


class ChannelHours(Struct, frozen=True):
    weekly: Week


class Hours(Struct, frozen=True):
    weekly: Annotated[Week, says("Opening slots of each weekday (mon to sun).", live=True)] = Week()
    holidays: Annotated[Holidays, says("Public holidays.", live=True)] = Holidays()
    closures: Annotated[tuple[Closure, ...], says("One-off closures, whole days.", live=True)] = ()
    dates: Annotated[
        tuple[DateHours, ...], says("Days that are open though a holiday or closure, or have other slots.", live=True)
    ] = ()
    calendar: Annotated[str, says("File of closures in iCalendar format (.ics), in the shop's folder.", live=True)] = ""
    channels: Annotated[
        dict[str, ChannelHours], says("Weekly slots of a channel that keeps hours of its own.", live=True)
    ] = {}
    notice: Annotated[
        Literal["when_needed", "always"],
        says("Whether sure answers carry the out-of-hours notice too (always) or stay alone (when_needed).", live=True),
    ] = "when_needed"


class Faq(Struct, frozen=True):
    placeholders: Annotated[dict[str, str], says("Words that FAQ answers use as {name}.", live=True)] = {}
    inherit: Annotated[
        bool, says("Entries that ask what any shop is asked know the library's ways to ask it, beside their own.")
    ] = True
    photo_entries: Annotated[
        tuple[str, ...], says("Ids of entries offered to who sends a photo without words.", live=True)
    ] = ("damaged-item", "wrong-item")


class Widget(Struct, frozen=True):
    intro: Annotated[
        dict[Language, str],
        says("What the widget's first bubble says, by language; empty = Sportello's words.", live=True),
    ] = {}
    starters: Annotated[
        tuple[str, ...],
        says("Up to three first questions: ids of FAQ entries, or order-status; empty = those asked most.", live=True),
    ] = ()


class Orders(Struct, frozen=True):
    source: Annotated[Literal["csv"], says("Where orders come from.")] = "csv"
    file: Annotated[str, says("The CSV of orders, in the shop's folder; read again when it changes.")] = "orders.csv"
    prefixes: Annotated[
        tuple[str, ...], says("What may stand before an order number, like ORD-; ignored when comparing.")
    ] = ()
    examples: Annotated[
        tuple[str, ...], says("Order numbers as the shop writes them, to know their form before the file has any.")
    ] = ()
    statuses: Annotated[
        dict[str, str], says("The order system's own status words and what each means here, like 'spedito: shipped'.")
    ] = {}
    carriers: Annotated[
        dict[str, str], says("Tracking page of each carrier; {code} is where the tracking code goes.")
    ] = {}
    number_help: Annotated[dict[Language, str], says("Where a shopper finds the order number, by language.")] = {}


class UnderstandingSettings(Struct, frozen=True):
    target_precision: Annotated[
        float,
        says(
            "Share of the bot's answers that must be right; more precision = fewer answers.",
            live=True, ge=0.5, le=0.999,
        ),
    ] = 0.98
    unknown_share: Annotated[
        float,
        says("Share of messages expected to ask what neither FAQ nor dialogue covers.", live=True, ge=0.0, le=0.5),
    ] = 0.15


class Template(Struct, frozen=True):
    name: Annotated[
        str, says("An approved WhatsApp template with one variable: an operator's answer after the reply window.")
    ] = ""
    languages: Annotated[dict[Language, str], says("The template's language codes, like 'it: it'.")] = {}


class WhatsAppSettings(Struct, frozen=True):
    template: Annotated[Template, says("What is sent once WhatsApp takes no free text any more.")] = Template()


class HumanWindow(Struct, frozen=True):
    human_agent: Annotated[
        bool, says("Meta approved Human Agent: operators may answer for seven days instead of one.")
    ] = False


class Channels(Struct, frozen=True):
    whatsapp: Annotated[WhatsAppSettings, says("WhatsApp.")] = WhatsAppSettings()
    messenger: Annotated[HumanWindow, says("Messenger.")] = HumanWindow()
    instagram: Annotated[HumanWindow, says("Instagram.")] = HumanWindow()


class ShopFile(Struct, frozen=True, kw_only=True):
    """The whole of ``shop.yml``."""

    shop: Annotated[Shop, says("Who the shop is.")]
    languages: Annotated[tuple[Language, ...], says("Languages served, the main one first.")] = ("it", "en")
    tone: Annotated[
        Literal["formal", "informal", "Lei", "tu"],
        says("How shoppers are addressed: formal (or Lei), informal (or tu).", live=True),
    ] = "informal"
    survey: Annotated[
        Literal["after_operator", "never"],
        says("Whether shoppers are asked for a score once an operator closed their case.", live=True),
    ] = "after_operator"
    time_zone: Annotated[str, says("Time zone of the opening hours, like Europe/Rome.")] = "Europe/Rome"
    hours: Annotated[Hours, says("When people are there.", live=True)] = Hours()
    faq: Annotated[Faq, says("FAQ files.", live=True)] = Faq()
    widget: Annotated[Widget, says("The chat on the shop's site.", live=True)] = Widget()
    orders: Annotated[Orders, says("Order status.")] = Orders()
    understanding: Annotated[UnderstandingSettings, says("How sure the bot must be.")] = UnderstandingSettings()
    channels: Annotated[Channels, says("What a channel's provider allows this shop.")] = Channels()
    products: Annotated[tuple[str, ...], says("Product names to recognise in messages; used at training.")] = ()

    def __post_init__(self) -> None:
        # An owner may write the pronoun; everything behind reads one of two words.
        msgspec.structs.force_setattr(self, "tone", {"Lei": "formal", "tu": "informal"}.get(self.tone, self.tone))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Setting(NamedTuple):
    """One key of ``shop.yml``. ``live``: a saved change works without a restart."""

    name: str
    default: str
    meaning: str
    live: bool


def _settings(kind: type[Struct], prefix: str = "") -> list[Setting]:
    rows: list[Setting] = []
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(kind)}
    for name, hint, required in keys_of(kind):
        inner = hint.__origin__ if get_origin(hint) is Annotated else hint
        if isinstance(inner, type) and issubclass(inner, Struct) and inner is not Week:
            rows += _settings(inner, f"{prefix}{name}.")
            continue
        live = any((meta.extra or {}).get("live", False) for meta in getattr(hint, "__metadata__", ()))
        rows.append(Setting(prefix + name, "required" if required else _shown(defaults[name]), meaning(hint), live))
    return rows


def _shown(default: Any) -> str:
    if default is msgspec.NODEFAULT or default in ("", (), Week()):
        return "empty"
    return "[" + ", ".join(default) + "]" if isinstance(default, tuple) else str(default)


def waiting_for_restart(running: ShopFile, saved: ShopFile) -> list[str]:
    """The keys whose saved value a running desk does not follow."""
    before, now = (_plain(one) for one in (running, saved))
    return [one.name for one in SETTINGS if not one.live and _at(before, one.name) != _at(now, one.name)]


def _plain(shop: ShopFile) -> Any:
    return msgspec.to_builtins(ShopFile(**{name: getattr(shop, name) for name in ShopFile.__struct_fields__}))


def _at(values: Any, name: str) -> Any:
    for step in name.split("."):
        values = values[step]
    return values


#: Every key of shop.yml, in the file's order.
SETTINGS: tuple[Setting, ...] = tuple(_settings(ShopFile))
