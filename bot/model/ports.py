"""What the rooms of the house need from each other. Each docstring is the contract.

The per-turn ports (`TurnPorts`) reach actions through `turn_ports`, a context variable set around each dialogue step,
because Rasa builds and calls actions itself and can hand nothing over.
"""
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.model.conversation import Facts, Reply, StepResult
from bot.model.faq import FaqEntry, Publication
from bot.model.orders import Order, Proof
from bot.model.understanding import Hints, Parse


class Clock(Protocol):
    """The only source of time. Tests set it."""

    def now(self) -> datetime:
        """Aware UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""


class Understanding(Protocol):
    async def parse(self, text: str, hints: Hints) -> Parse:
        """Read one message. Empty text gives intent 'out_of_scope', band HAND_OVER, no parts.

        Raises:
            Exception: whatever Rasa raised; the service then falls back to lexical answers.
        """

    def fallback(self, text: str, hints: Hints) -> Parse:
        """Lexical reading without Rasa and without the encoder; ``source`` is 'lexical'. Never raises."""


class Dialogue(Protocol):
    async def step(
        self, state: dict[str, Any] | None, parse: Parse, facts: Facts, ports: "TurnPorts"
    ) -> StepResult:
        """One pure step: nothing is written, nothing is sent. ``state`` None = a new episode."""

    def remember(self, state: dict[str, Any] | None, slots: Mapping[str, Any]) -> dict[str, Any]:
        """The state after a human stretch: ends any form, sets ``slots``, waits for the next message."""


class Texts(Protocol):
    def say(self, key: str, *, language: str, tone: str, seed: int = 0, **values: object) -> str:
        """The response ``key`` (``utter_…``) of domain.yml in a language ('it', 'en', 'other' = bilingual) and tone.

        Raises:
            KeyError: no such response.
        """


class FaqReader(Protocol):
    """What answers are taken from in a turn: one publication, the same from parse to reply."""

    @property
    def publication(self) -> Publication: ...

    def find(self, faq_id: str, *, channel: str, at: datetime) -> FaqEntry | None:
        """The entry where it exists, is valid at ``at`` and not excluded from ``channel``."""


class OrderSource(Protocol):
    def key(self, number: str) -> str:
        """The one spelling of an order number, by which it is looked up, locked and counted."""

    async def find(self, number: str) -> Order | None:
        """The order with that number (normalised by the source); None where there is none.

        Raises:
            OrderSourceError: the system did not answer, or has no orders at all.
        """


class OrderDesk(Protocol):
    """Orders with the ownership check and the limit on tries, for one turn of one contact."""

    async def prove(self, number: str, email: str) -> Proof:
        """Open the order if number and e-mail belong together. A failed try counts for the contact and the order."""


class OpeningHours(Protocol):
    def for_channel(self, kind: str) -> "OpeningHours":
        """The hours of a channel; the shop's own where the channel keeps none."""

    @property
    def own_channels(self) -> tuple[str, ...]:
        """Channels that keep hours of their own."""

    def week(self, language: str) -> str:
        """The weekly hours in words."""

    def is_open(self, at: datetime) -> bool: ...

    def next_opening(self, at: datetime) -> datetime | None:
        """Start of the next open slot after ``at`` (``at`` itself is not in one); None within a year = never."""

    def closes_at(self, at: datetime) -> datetime | None:
        """End of the open slot that holds ``at``; None while closed."""

    def describe(self, moment: datetime, *, seen_from: datetime, language: str) -> str:
        """``moment`` as people say it: "alle 14:30", "domani alle 9:00", "lunedì 24 novembre alle 9:00".

        'other' reads English.
        """


@dataclass(frozen=True, slots=True)
class TurnPorts:
    """What an action may read in one turn."""

    facts: Facts
    parse: Parse
    faq: FaqReader
    orders: OrderDesk
    hours: OpeningHours
    texts: Texts


#: Set around each dialogue step by `bot.dialogue`; actions read it.
turn_ports: ContextVar[TurnPorts] = ContextVar("turn_ports")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: opaque id on a channel account."""

    channel: str
    account: str
    external_id: str


class Channel(Protocol):
    """A way out.

    ``delivery``: 'stored' (read from our store: widget, REST), 'idempotent', 'reconcilable' or 'ambiguous'.
    """

    kind: str
    delivery: str

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        """Deliver one reply; ``key`` is the same at every retry. The provider's id, None where it gives none.

        Raises:
            DeliveryError: see its attributes.
        """


class LiveFaq(Protocol):
    async def publish(self, publication: Publication) -> None:
        """Serve this publication from the next message on: one swap, never a mix of two."""


