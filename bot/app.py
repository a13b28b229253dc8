"""Composition root: reads the settings once, builds every object, hands them over."""
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from starlette.applications import Starlette
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bot.channels import ChannelParts, open_channels
from bot.channels.widget.photos import Photos
from bot.dialogue.engine import RasaEngine
from bot.dialogue.responses import ResponseTexts, read_responses
from bot.dialogue.training import model_file
from bot.faq.folder import read_entries
from bot.faq.publication import Reader, make_publication
from bot.faq.watch import FolderWatcher
from bot.hours.calendar import Calendar, read_calendar
from bot.model.conversation import Facts
from bot.model.errors import SettingError, SportelloError
from bot.model.ownership import Owner
from bot.model.ports import Clock, TurnPorts
from bot.model.understanding import Band, Hints, Parse
from bot.nlu import registry
from bot.nlu.learn.training import Goal
from bot.nlu.live import LiveUnderstanding
from bot.orders.csv_source import CsvOrders
from bot.service.assembly import Parts, build_desk
from bot.service.clock import SystemClock
from bot.service.desk import Desk
from bot.service.live import LiveHours, Manner
from bot.service.order_desk import LocalOrderDesk
from bot.service.people.operators import Operators
from bot.service.publishing import FaqDesk
from bot.service.starters import Starters
from bot.service.watching import FileWatch
from bot.settings import Settings, ShopFile, read_shop, waiting_for_restart
from bot.settings.canned import CANNED_FILE, CannedFile, read_canned
from bot.storage.folder import make_folder
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import Store, open_store
from bot.web.api import health, rest
from bot.web.console import routes as console
from bot.web.console.canned import ready_texts
from bot.web.site import site
from bot.web.widget import routes as widget
from bot.web.widget.look import WidgetLook

#: How long an unsure message waits for the rest of its sentence (design section 8).
QUIET_S = 1.0


class Saved:
    """What is read again when it is saved, and what of it waits for a restart."""

    def __init__(self, canned: CannedFile, starters: Sequence[str]) -> None:
        self.canned = canned
        self.starters = starters
        self.waiting: list[str] = []


@dataclass(frozen=True, slots=True)
class House:
    """A desk with everything around it."""

    settings: Settings
    desk: Desk
    faq: FaqDesk
    store: Store
    clock: Clock
    live: LiveUnderstanding
    watcher: FolderWatcher
    settings_watch: FileWatch
    engine: RasaEngine
    channels: dict[str, ChannelParts]
    look: WidgetLook
    saved: "Saved"
    orders: CsvOrders

    @property
    def operators(self) -> Operators:
        return self.desk.operators


def build(settings: Settings, clock: Clock | None = None) -> House:
    """Everything but the web, from the settings and the trained model.

    Raises:
        SportelloError: a file of the shop is wrong, the model is missing, the store cannot be opened.
    """
    clock = clock or SystemClock()
    hours = LiveHours(read_calendar(settings.project, settings.hours, settings.zone))
    manner = Manner(settings.tone, settings.hours.notice, settings.survey, settings.faq.photo_entries)
    saved = Saved(read_canned(settings.project), settings.widget.starters)
    look = WidgetLook(
        settings.shop.name, settings.shop.accent, settings.shop.privacy_url, settings.languages, settings.tone,
        intro={str(one): text for one, text in settings.widget.intro.items()}, site=settings.project / "site",
    )
    orders = CsvOrders(settings.project, settings.orders, settings.zone)
    texts = ResponseTexts.read(settings.project / "domain.yml", _shared(settings))
    make_folder(settings.environment.state)
    store = open_store(settings.environment.database)
    live = LiveUnderstanding(cache_file=settings.environment.state / "embeddings.sqlite", goal=_goal(settings))
    live.set_order_forms(orders.forms)
    registry.register(live)
    engine = RasaEngine.load(
        model_file(settings.project), fallback=live.fallback, texts=texts,
        endpoints=settings.project / "endpoints.yml",
    )
    # Products of one message are too small to share: on two cores their threads doubled a message's CPU time.
    threadpool_limits(1)
    watch = _settings_watch(settings, hours, manner, texts, live, look, saved)

    def notices() -> list[str]:
        told = [*([str(watch.problem)] if watch.problem else []), *orders.notices()]
        if lacking := texts.missing():
            told.append(f"Texts without words: {', '.join(lacking)}: built-in ones serve.")
        return [*told, *saved.waiting]

    opened = open_channels(settings, clock)
    operators = Operators(StoredOperators(store, clock))
    parts = Parts(
        store=store, clock=clock, understanding=engine, dialogue=engine, texts=texts, hours=hours, orders=orders,
        live_faq=live, reader=lambda publication: Reader(publication, settings.zone, hours), operators=operators,
        channels=opened, shop=settings.shop.name, manner=manner, notices=notices, quiet_s=QUIET_S,
    )
    desk, faq = build_desk(parts)

    look.starters = Starters(store, clock, faq, texts, lambda: saved.starters, lambda: manner.tone)

    async def broken(problems: list[SettingError]) -> None:
        faq.refuse(problems)

    watcher = FolderWatcher(settings.project, on_good=faq.serve, on_bad=broken, now=clock.now)
    return House(settings, desk, faq, store, clock, live, watcher, watch, engine, opened, look, saved, orders)


@asynccontextmanager
async def running(house: House) -> AsyncIterator[Desk]:
    """The desk from first publication to last commit.

    Raises:
        SettingError: the FAQ files are broken and no earlier publication can serve.
    """
    stop = asyncio.Event()
    try:
        await house.watcher.check()
        if not house.faq.is_serving:
            last = await house.faq.last()
            if last is None:
                raise SportelloError("\n".join(house.faq.notices) or "faq/ holds no entry to serve.")
            await house.faq.serve_again(last)
        start = house.desk.supervisor.start
        watching = start("faq watch", lambda: house.watcher.run(stop))
        looking = start("settings watch", house.settings_watch.run)
        await house.desk.start()
        # The first reading loads what is loaded on first use; a shopper should not wait for it.
        await house.engine.parse("ciao", Hints())
        runs = [
            start(kind, partial(one.run, house.desk)) for kind, one in house.channels.items() if one.run is not None
        ]
        try:
            yield house.desk
        finally:
            stop.set()
            looking.cancel()
            for task in runs:
                task.cancel()
            await asyncio.gather(*runs, return_exceptions=True)
            await house.desk.stop()
            for one in house.channels.values():
                if one.close:
                    await one.close()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
    finally:
        registry.register(None)
        await house.store.close()


def web(house: House) -> Starlette:
    """The desk's addresses."""
    settings = house.settings
    token = settings.environment.rest_token
    photos = Photos(settings.environment.state / "photos")
    routes = [
        *health.routes(lambda: _problems(house)),
        *rest.routes(house.desk, token.reveal() if token else None, settings.environment.rest_origins),
        *console.routes(
            house.desk, house.operators,
            console.ConsoleLook(
                settings.shop.name, settings.shop.accent, lambda: ready_texts(house.saved.canned)
            ),
            settings.environment.secret().reveal(), house.clock, photos,
        ),
        *(route for one in house.channels.values() if one.routes for route in one.routes(house.desk)),
        *widget.routes(house.desk, house.look, photos),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with running(house):
            yield

    return site(routes, lifespan)


async def _problems(house: House) -> dict[str, str]:
    problems = {}
    try:
        await house.store.write(lambda _connection: None)
    except SportelloError as error:
        problems["store"] = str(error)
    if house.live.snapshot is None:
        problems["understanding"] = "no trained model is loaded; answers are lexical"
    # A row set aside, a state nobody explained or a setting that waits for a restart is told, and stops nobody.
    harmless = {*house.saved.waiting, *house.orders.notices()} - {str(house.orders.problem)}
    if files := [notice for notice in house.desk.file_notices() if notice not in harmless]:
        problems["files"] = "; ".join(files)
    if tasks := house.desk.supervisor.problems():
        problems["tasks"] = "; ".join(tasks)
    for kind, one in house.channels.items():
        if one.problem and (words := one.problem()):
            problems[kind] = words
    return problems


def _goal(shop: ShopFile) -> Goal:
    return Goal(shop.understanding.target_precision, shop.understanding.unknown_share)


def _settings_watch(
    settings: Settings, hours: LiveHours, manner: Manner, texts: ResponseTexts, live: LiveUnderstanding,
    look: WidgetLook, saved: Saved,
) -> FileWatch:
    """Takes hours, tone, bands and texts while the desk runs; the other settings wait for a restart, and it says so."""
    project = settings.project
    files = _watched(settings, project)

    def reload() -> None:
        shop = read_shop(project)
        files[:] = _watched(shop, project)  # the calendar may be another file now
        calendar = read_calendar(project, shop.hours, shop.zone)
        responses = read_responses(project / "domain.yml")
        canned = read_canned(project)
        hours.calendar = calendar
        manner.tone, manner.notice, manner.survey = shop.tone, shop.hours.notice, shop.survey
        manner.photo_entries = shop.faq.photo_entries
        look.tone = shop.tone
        look.intro = {str(one): text for one, text in shop.widget.intro.items()}
        saved.canned, saved.starters = canned, shop.widget.starters
        waiting = waiting_for_restart(settings, shop)
        saved.waiting = [f"shop.yml: saved, and in use after a restart: {', '.join(waiting)}."] if waiting else []
        texts.swap(responses)
        live.set_goal(_goal(shop))

    return FileWatch(files, reload)


def _watched(shop: ShopFile, project: Path) -> list[Path]:
    names = ["shop.yml", "domain.yml", CANNED_FILE, *([shop.hours.calendar] if shop.hours.calendar else [])]
    return [project / name for name in names]


def _shared(settings: ShopFile) -> dict[str, dict[str, object]]:
    """What any text of domain.yml may name in braces."""
    help_ = settings.orders.number_help
    return {
        language: {
            "shop": settings.shop.name,
            "email": settings.shop.email,
            "phone": settings.shop.phone,
            "legal_name": settings.shop.legal_name,
            "vat_number": settings.shop.vat_number,
            "number_help": help_.get(language, ""),
        }
        for language in ("it", "en")
    }


def standalone_ports(language: str, tone: str) -> TurnPorts:
    """What actions read where no desk runs: under `rasa shell` and `rasa run actions`, in the shop's folder.

    Raises:
        SettingError: a file of the shop is wrong.
    """
    shop = _standalone_shop(Path.cwd())
    now = SystemClock().now()
    opening = None
    if not shop.calendar.is_open(now):
        opens = shop.calendar.next_opening(now)
        opening = shop.calendar.describe(opens, seen_from=now, language=language) if opens else None
    facts = Facts(
        conversation_id=0, contact_id=0, channel="shell", language=language, tone=tone, owner=Owner.BOT, now=now,
        seed=0, opening=opening,
    )
    parse = Parse("", language, "", 0.0, Band.HAND_OVER)
    return TurnPorts(facts, parse, shop.reader, shop.orders, shop.calendar, shop.texts)


@dataclass(frozen=True, slots=True)
class _Shop:
    reader: Reader
    orders: LocalOrderDesk
    calendar: Calendar
    texts: ResponseTexts


@lru_cache(maxsize=1)
def _standalone_shop(project: Path) -> _Shop:
    shop = read_shop(project)
    publication = make_publication(read_entries(project), SystemClock().now())
    calendar = read_calendar(project, shop.hours, shop.zone)
    return _Shop(
        Reader(publication, shop.zone, calendar),
        LocalOrderDesk(CsvOrders(project, shop.orders, shop.zone)),
        calendar,
        ResponseTexts.read(project / "domain.yml", _shared(shop)),
    )
