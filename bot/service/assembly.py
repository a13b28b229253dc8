"""Puts the service together: the only place that knows which part needs which."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.channels import ChannelParts
from bot.faq.publication import Reader
from bot.model.faq import Publication
from bot.model.ports import Clock, Dialogue, LiveFaq, OpeningHours, OrderSource, Texts, Understanding
from bot.service.delivery.hub import Hub
from bot.service.delivery.sender import Sender
from bot.service.delivery.window import Windows
from bot.service.desk import Desk
from bot.service.live import Manner
from bot.service.numbers.survey import Survey
from bot.service.people.operators import Operators
from bot.service.publishing import FaqDesk
from bot.service.queue.commands import Commands
from bot.service.supervise import Supervisor
from bot.service.sweeps import Sweeps
from bot.service.turn.announce import Announcer
from bot.service.turn.reading import Reading
from bot.service.turn.receive import Receiver
from bot.service.turn.turn import ShopperTurn
from bot.service.turn.worker import Workers
from bot.storage.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """What a desk is made of; app.py has the real ones, tests have fakes.

    Attributes:
        channels: the channels that are sent to, by kind.
        quiet_s: how long an unsure message waits for the rest of its sentence, in seconds; 0 = not at all.
        notices: problems beside the FAQ's that operators must see.
    """

    store: Store
    clock: Clock
    understanding: Understanding
    dialogue: Dialogue
    texts: Texts
    hours: OpeningHours
    orders: OrderSource
    live_faq: LiveFaq
    reader: Callable[[Publication], Reader]
    operators: Operators
    channels: Mapping[str, ChannelParts]
    shop: str
    manner: Manner
    notices: Callable[[], list[str]]
    quiet_s: float = 0.0


def build_desk(parts: Parts) -> tuple[Desk, FaqDesk]:
    """The desk and its FAQ side; serve a publication before `Desk.start`."""
    hub = Hub()
    faq = FaqDesk(parts.store, parts.clock, parts.live_faq, parts.reader)
    windows = Windows(parts.channels)
    announcer = Announcer(
        store=parts.store, texts=parts.texts, hours=parts.hours, shop=parts.shop, manner=parts.manner, windows=windows
    )
    survey = Survey(announcer, parts.manner)
    reading = Reading(parts.store, parts.understanding, faq, timedelta(seconds=parts.quiet_s))
    turns = ShopperTurn(
        store=parts.store, clock=parts.clock, reading=reading, dialogue=parts.dialogue,
        texts=parts.texts, hours=parts.hours, faq=faq, orders=parts.orders, announcer=announcer, manner=parts.manner,
        survey=survey,
    )
    commands = Commands(parts.store, parts.clock, parts.dialogue, announcer, windows, survey)
    sender = Sender(store=parts.store, clock=parts.clock, hub=hub, channels=parts.channels, windows=windows)
    workers = Workers(
        store=parts.store, clock=parts.clock, hub=hub, turns=turns, commands=commands, channels=parts.channels,
        sent=sender.wake,
    )
    desk = Desk(
        store=parts.store, clock=parts.clock, hub=hub, receiver=Receiver(parts.store, parts.clock), workers=workers,
        commands=commands, sender=sender, sweeps=Sweeps(parts.store, parts.clock, workers), faq=faq,
        operators=parts.operators, hours=parts.hours, texts=parts.texts, manner=parts.manner, notices=parts.notices,
        windows=windows, channels=parts.channels, supervisor=Supervisor(parts.clock),
    )
    return desk, faq
