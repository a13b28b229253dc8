"""Scripted conversations: what the shopper means goes in as a reading, what the bot says comes out."""
import dataclasses
from datetime import UTC, date, datetime
from typing import Any

from bot.dialogue.engine import RasaEngine
from bot.dialogue.responses import ResponseTexts
from bot.model.conversation import Facts, HandOffRequested, StepResult
from bot.model.faq import FaqEntry, FaqText, Publication
from bot.model.orders import Order, OrderLine, OrderStatus, Proof, ProofOutcome
from bot.model.ownership import Owner, Reason
from bot.model.ports import TurnPorts
from bot.model.understanding import Alarm, Band, Candidate, Entity, Parse, Part
from tests.fakes import FakeHours, FakeReader

NOW = datetime(2026, 5, 28, 9, 0, tzinfo=UTC)


def order(number: str = "1004", status: OrderStatus = OrderStatus.SHIPPED, **changes: Any) -> Order:
    made = Order(
        number=number,
        email="mario@example.com",
        phone="",
        postcode="",
        customer_name="Mario Rossi",
        status=status,
        placed_at=None,
        lines=(OrderLine("Aria Run", "42", 1), OrderLine("Calze Passo", "", 2)),
        carrier="BRT",
        tracking_code="BR123",
        tracking_url="https://brt.example/BR123",
        eta=date(2026, 6, 2),
        delivered_on=date(2026, 5, 26) if status is OrderStatus.DELIVERED else None,
    )
    return dataclasses.replace(made, **changes)


class FakeOrderDesk:
    """Proves the orders it holds; ``outcome`` overrides every answer, ``error`` is raised."""

    def __init__(self, *orders: Order) -> None:
        self.orders = {one.number: one for one in orders}
        self.asked: list[tuple[str, str]] = []
        self.outcome: ProofOutcome | None = None
        self.error: Exception | None = None

    async def prove(self, number: str, email: str) -> Proof:
        self.asked.append((number, email))
        if self.error:
            raise self.error
        if self.outcome:
            return Proof(self.outcome)
        found = self.orders.get(number)
        return Proof(ProofOutcome.PROVEN, found) if found and found.email == email else Proof(ProofOutcome.NO_MATCH)


def entry(faq_id: str, *, it: str = "", en: str = "", **changes: Any) -> FaqEntry:
    texts = {
        language: FaqText(f"{faq_id} {language}?", (), answer, f"faq/{language}/a.md", 1)
        for language, answer in (("it", it), ("en", en))
        if answer
    }
    return FaqEntry(faq_id, "Prova", texts, **changes)


ENTRIES = (
    entry("shipping-cost", it="La spedizione costa 4,90 €.", en="Delivery is 4.90 €."),
    entry("return-how", it="Il reso si fa dal sito.", en="Returns start on the site.", related=("return-cost",)),
    entry("return-cost", it="Il reso è gratuito.", en="Returns are free."),
    entry("gift-card", it="La carta regalo dura un anno."),
    entry("account-delete", it="Se ne occupa una persona.", en="A person does it.", hand_off=True),
)


def says(text: str, intent: str, band: Band = Band.ANSWER, language: str = "it", **more: Any) -> Parse:
    """A reading. Entities are found as ``order_number='1004'``, ``email='…'``, ``size='42'``."""
    kinds = {"order_number", "email", "phone", "size", "tracking_code"} & set(more)
    entities = tuple(Entity(kind, value, value, 0, len(value)) for kind in sorted(kinds) if (value := more.pop(kind)))
    return Parse(text, language, intent, 0.99, band, entities=entities, **more)


def faq(faq_id: str, text: str = "?", **more: Any) -> Parse:
    return says(text, "faq", faq_id=faq_id, **more)


def part(faq_id: str | None, intent: str = "faq", band: Band = Band.ANSWER) -> Part:
    return Part("?", 0, 1, intent, faq_id, 0.99, band)


def unclear(*faq_ids: str, text: str = "mah", band: Band = Band.OFFER, language: str = "it") -> Parse:
    """Not sure; the candidates are FAQ ids, or dialogue intents written as 'intent:name'."""
    candidates = tuple(
        Candidate(one.removeprefix("intent:"), None, 0.3) if one.startswith("intent:") else Candidate("faq", one, 0.3)
        for one in faq_ids
    )
    return Parse(text, language, "faq", 0.4, band, candidates=candidates)


def angry(intent: str, text: str = "è una vergogna", **more: Any) -> Parse:
    return says(text, intent, alarm=Alarm.ANGER, **more)


class Talk:
    """One conversation. ``bot`` = texts of the last turn, ``last`` = its whole result."""

    def __init__(
        self, engine: RasaEngine, texts: ResponseTexts, *, language: str = "it", tone: str = "informal"
    ) -> None:
        self.engine = engine
        self.texts = texts
        self.orders = FakeOrderDesk(order())
        self.reader = FakeReader(Publication("p", ENTRIES, NOW))
        self.facts = Facts(7, 1, "widget", language, tone, Owner.BOT, NOW, seed=7001)
        self.state: dict[str, Any] | None = None
        self.last: StepResult | None = None

    def ports(self, parse: Parse) -> TurnPorts:
        return TurnPorts(self.facts, parse, self.reader, self.orders, FakeHours(), self.texts)

    async def hears(self, parse: Parse) -> list[str]:
        self.facts = dataclasses.replace(self.facts, seed=self.facts.seed + 1)
        self.last = await self.engine.step(self.state, parse, self.facts, self.ports(parse))
        self.state = self.last.state
        return self.bot

    @property
    def bot(self) -> list[str]:
        assert self.last is not None
        return [reply.text for reply in self.last.replies]

    @property
    def choices(self) -> list[str]:
        assert self.last is not None
        return [choice.payload for reply in self.last.replies for choice in reply.choices]

    @property
    def titles(self) -> list[str]:
        assert self.last is not None
        return [choice.title for reply in self.last.replies for choice in reply.choices]

    @property
    def handed_off(self) -> list[Reason]:
        assert self.last is not None
        return [one.reason for one in self.last.requests if isinstance(one, HandOffRequested)]

    @property
    def is_in_form(self) -> bool:
        assert self.last is not None
        return self.last.expects is not None
