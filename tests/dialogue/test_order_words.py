"""The order in words: every status, in both languages and both tones."""
import dataclasses
from collections.abc import Callable
from datetime import date

import pytest

from bot.model.orders import OrderLine, OrderStatus
from tests.dialogue.talk import Talk, order, says

KEY_WORDS = {
    OrderStatus.RECEIVED: ("ricevuto", "received"),
    OrderStatus.PAID: ("pagato", "paid"),
    OrderStatus.PREPARING: ("preparando", "preparing"),
    OrderStatus.PARTIALLY_SHIPPED: ("Una parte", "Part of"),
    OrderStatus.SHIPPED: ("partito", "on its way"),
    OrderStatus.OUT_FOR_DELIVERY: ("in consegna", "out for delivery"),
    OrderStatus.DELIVERED: ("consegnato", "delivered"),
    OrderStatus.READY_FOR_PICKUP: ("pronto per il ritiro", "ready to be picked up"),
    OrderStatus.ON_HOLD: ("fermo", "on hold"),
    OrderStatus.CANCELLED: ("annullato", "cancelled"),
    OrderStatus.RETURNED: ("reso", "return"),
    OrderStatus.REFUNDED: ("rimborsato", "refunded"),
    OrderStatus.FAILED: ("non è riuscita", "did not succeed"),
    OrderStatus.UNKNOWN: ("non so dire", "can't tell"),
}
ASKS = {"order_number": "1004", "email": "mario@example.com"}


@pytest.mark.parametrize("status", list(OrderStatus))
async def test_each_status_has_its_words_in_each_language_and_tone(
    talk_in: Callable[..., Talk], status: OrderStatus
) -> None:
    said = {}
    for language, tone in (("it", "informal"), ("it", "formal"), ("en", "informal"), ("en", "formal")):
        talk = talk_in(language, tone)
        talk.orders.orders["1004"] = order(status=status)
        [text] = await talk.hears(says("ordine 1004 …", "order_status", language=language, **ASKS))
        said[language, tone] = text
        assert KEY_WORDS[status][language == "en"] in text
        assert "**1004**" in text
        assert "{" not in text
        assert "Aria Run (42)" in text
    assert ("suo ordine" in said["it", "formal"]) and ("tuo ordine" in said["it", "informal"])


async def test_a_parcel_on_its_way_names_carrier_link_and_day_as_people_write_it(talk_in: Callable[..., Talk]) -> None:
    [text] = await talk_in("it").hears(says("…", "order_status", **ASKS))
    assert text == (
        "Il tuo ordine **1004** è partito ed è in viaggio. Lo trasporta BRT. La consegna è prevista per "
        "martedì 2 giugno.\nPuoi seguirlo qui: [BR123](https://brt.example/BR123)\nContiene: "
        "Aria Run (42) e 2 × Calze Passo."
    )
    [text] = await talk_in("en").hears(says("…", "order_status", language="en", **ASKS))
    assert "Delivery is expected on Tuesday 2 June." in text
    assert "Aria Run (42) and 2 × Calze Passo" in text


async def test_an_order_of_which_little_is_known_says_only_that(talk: Talk) -> None:
    talk.orders.orders["1004"] = order(lines=(), carrier=None, tracking_code=None, tracking_url=None, eta=None)
    assert await talk.hears(says("…", "order_status", **ASKS)) == [
        "Il tuo ordine **1004** è partito ed è in viaggio."
    ]


async def test_a_tracking_code_without_a_link_is_said_as_a_code(talk: Talk) -> None:
    talk.orders.orders["1004"] = order(tracking_url=None)
    assert "Il codice di spedizione è BR123." in (await talk.hears(says("…", "order_status", **ASKS)))[0]


async def test_a_late_parcel_is_called_late_and_a_person_offered(talk: Talk) -> None:
    talk.orders.orders["1004"] = order(eta=date(2026, 5, 20))
    await talk.hears(says("…", "order_status", **ASKS))
    assert "era prevista per mercoledì 20 maggio: è in ritardo" in talk.bot[0]
    assert talk.choices == ["hand_off"]


async def test_a_delivered_parcel_says_when_and_by_whom_and_ends_with_a_person_for_who_misses_it(talk: Talk) -> None:
    talk.orders.orders["1004"] = order(status=OrderStatus.DELIVERED)
    [text] = await talk.hears(says("…", "order_status", **ASKS))
    assert text == (
        "Il tuo ordine **1004** risulta consegnato. È arrivato martedì 26 maggio. L'ha consegnato BRT.\n"
        "I dettagli della consegna: [BR123](https://brt.example/BR123)\nContiene: Aria Run (42) e 2 × Calze Passo.\n"
        "Se non lo trovi, ti passo un collega."
    )
    assert talk.choices == ["hand_off"]


async def test_a_third_language_reads_the_order_in_both_of_ours(talk_in: Callable[..., Talk]) -> None:
    chosen = dataclasses.replace(says("…", "order_status", language="other", **ASKS), source="choice")
    [text] = await talk_in("other").hears(chosen)
    assert "martedì 2 giugno" in text and "Tuesday 2 June" in text


async def test_three_lines_are_listed_with_commas(talk: Talk) -> None:
    lines = tuple(OrderLine(name, "", 1) for name in ("Aria Run", "Calze", "Lacci"))
    talk.orders.orders["1004"] = order(lines=lines)
    assert "Contiene: Aria Run, Calze e Lacci." in (await talk.hears(says("…", "order_status", **ASKS)))[0]
