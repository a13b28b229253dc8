"""One honest fake per port. They do what the contract says, simply, and keep what they were asked."""
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model.conversation import Choice, Facts, HandOffRequested, Reply, Request, StepResult
from bot.model.errors import DeliveryError, OrderSourceError
from bot.model.faq import FaqEntry, FaqText, Publication
from bot.model.orders import Order, OrderStatus, ProofOutcome
from bot.model.ownership import Reason
from bot.model.ports import Address, TurnPorts
from bot.model.understanding import Alarm, Band, Candidate, Entity, Hints, Parse
from bot.orders.matching import normalise_number

#: A Monday, 10:00 in Rome.
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """Time that only a test moves; a sleep returns at once and moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def advance(self, **amount: float) -> None:
        self._now += timedelta(**amount)


class FakeHours:
    """Open unless told otherwise; the next opening is always Tuesday at nine."""

    def __init__(self) -> None:
        self.open = True
        self.opens = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        self.by_channel: dict[str, FakeHours] = {}

    def for_channel(self, kind: str) -> "FakeHours":
        return self.by_channel.get(kind, self)

    @property
    def own_channels(self) -> tuple[str, ...]:
        return tuple(self.by_channel)

    def week(self, language: str) -> str:
        return f"<week {language}>"

    def is_open(self, at: datetime) -> bool:
        return self.open

    def next_opening(self, at: datetime) -> datetime | None:
        return self.opens

    def closes_at(self, at: datetime) -> datetime | None:
        return at + timedelta(hours=3) if self.open else None

    def describe(self, moment: datetime, *, seen_from: datetime, language: str) -> str:
        return f"<{moment:%a %H:%M} {language}>"


class FakeTexts:
    """Says the key and its values."""

    def say(self, key: str, *, language: str, tone: str, seed: int = 0, **values: object) -> str:
        return " ".join([f"[{key}]", *(f"{name}={value}" for name, value in values.items())])


class FakeUnderstanding:
    """Reads a message by the words it holds; ``fail`` makes it raise."""

    WORDS = {
        "avvocato": ("complaint", None, Band.ANSWER, Alarm.LEGAL),
        "spedizione": ("faq", "shipping-cost", Band.ANSWER, None),
        "resi": ("faq", "return-how", Band.ANSWER, None),
        "ciao": ("greet", None, Band.ANSWER, None),
        "persona": ("handoff_request", None, Band.ANSWER, None),
        "ordine": ("order_status", None, Band.ANSWER, None),
        "lascia": ("start_over", None, Band.ANSWER, None),
        "grazie": ("thank", None, Band.ANSWER, None),
        "vergogna": ("out_of_scope", None, Band.HAND_OVER, Alarm.ANGER),
    }

    def __init__(self) -> None:
        self.read: list[str] = []
        self.hints: list[Hints] = []
        self.fail: Exception | None = None

    async def parse(self, text: str, hints: Hints) -> Parse:
        self.read.append(text)
        self.hints.append(hints)
        if self.fail is not None:
            raise self.fail
        await asyncio.sleep(0)
        emails = tuple(Entity("email", one, one, 0, len(one)) for one in text.split() if "@" in one)
        for word, (intent, faq_id, band, alarm) in self.WORDS.items():
            if word in text:
                weighed = (Candidate(intent, faq_id, 0.99),)
                return Parse(
                    text, "it", intent, 0.99, band, faq_id=faq_id, candidates=weighed, alarm=alarm, entities=emails
                )
        return Parse(text, "it", "out_of_scope", 0.2, Band.OFFER, entities=emails)

    def fallback(self, text: str, hints: Hints) -> Parse:
        return Parse(text, "it", "faq", 0.9, Band.ANSWER, faq_id="shipping-cost", source="lexical")


class FakeDialogue:
    """Counts its steps in the state; answers by intent."""

    def __init__(self) -> None:
        self.steps = 0
        self.fail: Exception | None = None
        self.silent = False

    async def step(
        self, state: dict[str, Any] | None, parse: Parse, facts: Facts, ports: TurnPorts
    ) -> StepResult:
        self.steps += 1
        if self.fail is not None:
            raise self.fail
        state = {"steps": (state or {}).get("steps", 0) + 1}
        if self.silent:
            return StepResult(state)
        replies, requests = await self._answer(parse, facts, ports)
        return StepResult(state, tuple(replies), tuple(requests), slots={"asked": parse.intent})

    def remember(self, state: dict[str, Any] | None, slots: Mapping[str, Any]) -> dict[str, Any]:
        return {"steps": (state or {}).get("steps", 0), "remembered": True}

    async def _answer(self, parse: Parse, facts: Facts, ports: TurnPorts) -> tuple[list[Reply], list[Request]]:
        if parse.intent == "handoff_request":
            return [], [HandOffRequested(Reason.CUSTOMER_REQUEST)]
        if parse.intent == "complaint" or parse.alarm is Alarm.ANGER:
            return [Reply("mi dispiace", facts.language)], [HandOffRequested(Reason.COMPLAINT)]
        if parse.intent == "order_status":
            words = parse.text.split()
            proof = await ports.orders.prove(words[1], words[2])
            if proof.outcome is ProofOutcome.LOCKED:
                return [], [HandOffRequested(Reason.ORDER_PROBLEM)]
            said = proof.order.status.value if proof.order else proof.outcome.value
            return [Reply(f"ordine: {said}", facts.language, source="order")], []
        if parse.band is not Band.ANSWER:
            choices = (Choice("Spedizione", "faq:shipping-cost"), Choice("Nessuna di queste", "none"))
            return [Reply("intendevi?", facts.language, choices=choices, source="fallback")], []
        if parse.intent == "faq":
            entry = ports.faq.find(parse.faq_id or "", channel=facts.channel, at=facts.now)
            text = entry.texts["it"].answer if entry else "?"
            return [Reply(text, facts.language, source="faq", faq_id=parse.faq_id)], []
        return [Reply(f"<{parse.intent}>", facts.language)], []


class FakeOrders:
    """One order, 1004 of Ada; ``down`` makes the shop system unreachable."""

    def __init__(self) -> None:
        self.down = False
        self.order = Order(
            number="1004", email="ada@example.com", phone="", postcode="", customer_name="Ada Neri",
            status=OrderStatus.SHIPPED, placed_at=None,
        )

    def key(self, number: str) -> str:
        return normalise_number(number, ["ORD-", "PASSO-"])

    async def find(self, number: str) -> Order | None:
        if self.down:
            raise OrderSourceError("the shop system does not answer")
        return self.order if self.key(number) == self.order.number else None


class FakeLiveFaq:
    def __init__(self) -> None:
        self.published: list[str] = []

    async def publish(self, publication: Publication) -> None:
        self.published.append(publication.id)


class FakeReader:
    def __init__(self, publication: Publication) -> None:
        self.publication = publication

    def find(self, faq_id: str, *, channel: str, at: datetime) -> FaqEntry | None:
        return self.publication.by_id.get(faq_id)


class FakeChannel:
    """A push channel: keeps what it was asked to send; raises ``fail_with`` while it is set."""

    kind = "push"

    def __init__(self, delivery: str = "idempotent") -> None:
        self.delivery = delivery
        self.sent: list[tuple[str, str]] = []
        self.keys: list[str] = []
        self.attempts = 0
        self.fail_with: DeliveryError | None = None

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        self.attempts += 1
        if self.fail_with is not None:
            raise self.fail_with
        self.sent.append((to.external_id, reply.text))
        self.keys.append(key)
        return f"provider-{len(self.sent)}"


def faq_entry(faq_id: str, answer: str) -> FaqEntry:
    return FaqEntry(faq_id, "Prova", {"it": FaqText(faq_id, (), answer, "faq/it/prova.md", 1)})


def publication(**answers: str) -> Publication:
    """A publication of entries by id (underscores read as hyphens)."""
    entries = tuple(faq_entry(name.replace("_", "-"), answer) for name, answer in answers.items())
    return Publication("pub-" + "-".join(sorted(answers)), entries, MONDAY_MORNING)
