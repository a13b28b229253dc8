"""The first questions of the widget: chosen, asked most, or usual."""
from types import SimpleNamespace
from typing import Any

import pytest

from bot.model.faq import FaqEntry, FaqText
from bot.service.starters import Starters
from tests.fakes import FakeClock


class Traces:
    def __init__(self, **asked: int) -> None:
        self.rows = [
            {"band": "answer", "intent": "order_status" if name == "order_status" else "faq",
             "faq_id": None if name == "order_status" else name.replace("_", "-")}
            for name, count in asked.items() for _ in range(count)
        ]
        self.reads = 0

    async def read(self, _work: object) -> list[dict[str, Any]]:
        self.reads += 1
        return self.rows


def entry(name: str, **titles: str) -> FaqEntry:
    texts = {language: FaqText(title, (), "", "a.md", 1) for language, title in titles.items()}
    return FaqEntry(name, "", texts)


ENTRIES = {
    name: entry(name, it=f"{name}?", **({"en": f"EN {name}?"} if name != "vino-pesce" else {}))
    for name in ("vino-pesce", "shipping-cost", "gift-card", "return-how", "tasting")
}


def starters(traces: Traces, chosen: list[str], clock: FakeClock | None = None, entries: Any = ENTRIES) -> Starters:
    faq: Any = SimpleNamespace(
        is_serving=True, find=lambda name, channel, at: entries.get(name),
        publication=SimpleNamespace(entries=list(entries.values())),
    )
    texts: Any = SimpleNamespace(say=lambda key, language, tone: f"{key} {language} {tone}")
    store: Any = traces
    return Starters(store, clock or FakeClock(), faq, texts, lambda: chosen, lambda: "formal")


async def test_a_new_shop_offers_what_is_usual_and_then_its_own() -> None:
    assert await starters(Traces(), [])("it") == ["utter_title_order_status it formal", "shipping-cost?", "return-how?"]
    only = {"tasting": ENTRIES["tasting"]}
    assert await starters(Traces(), [], entries=only)("en") == ["utter_title_order_status en formal", "EN tasting?"]


async def test_what_is_asked_most_comes_first() -> None:
    traces = Traces(vino_pesce=9, gift_card=5, order_status=7, tasting=2)
    assert await starters(traces, [])("it") == ["vino-pesce?", "utter_title_order_status it formal", "gift-card?"]
    assert (await starters(traces, [])("en"))[1] == "EN gift-card?"


@pytest.mark.parametrize(("chosen", "shown"), [
    (["tasting"], ["tasting?"]),
    (["tasting", "order-status", "gift-card", "return-how"],
     ["tasting?", "utter_title_order_status it formal", "gift-card?"]),
    (["no-such-entry"], []),
])
async def test_what_the_shop_chose_is_all(chosen: list[str], shown: list[str]) -> None:
    assert await starters(Traces(vino_pesce=9), chosen)("it") == shown


async def test_it_counts_once_in_ten_minutes() -> None:
    traces, clock = Traces(gift_card=9), FakeClock()
    offered = starters(traces, [], clock)
    for _ in range(3):
        await offered("it")
    assert traces.reads == 1
    clock.advance(minutes=11)
    await offered("it")
    assert traces.reads == 2


