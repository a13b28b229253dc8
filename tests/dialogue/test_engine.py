"""The step is pure, short-lived and never silent about a failure."""
import copy
import json
from pathlib import Path

import pytest

from bot.dialogue.engine import RasaEngine
from bot.dialogue.responses import ResponseTexts
from bot.dialogue.state import MAX_EVENTS
from bot.model.errors import OrderSourceError, SettingError, SportelloError
from bot.model.understanding import Band, Hints, Parse
from tests.dialogue.talk import Talk, angry, faq, says, unclear

FORM = [
    says("dov'è il mio ordine?", "order_status"),
    faq("shipping-cost"),
    says("1999", "inform", order_number="1999", email="mario@example.com"),
    says("non ce l'ho", "deny"),
    says("1004", "inform", order_number="1004"),
    unclear("gift-card", "return-how"),
    angry("order_status"),
    says("basta", "deny"),
]


async def test_the_same_input_twice_gives_the_same_output(talk: Talk) -> None:
    for parse in FORM:
        before = copy.deepcopy(talk.state)
        first = await talk.engine.step(talk.state, parse, talk.facts, talk.ports(parse))
        again = await talk.engine.step(before, parse, talk.facts, talk.ports(parse))
        assert first == again
        assert talk.state == before, "a step must not change the state it was given"
        talk.state = first.state


async def test_the_state_is_json_and_a_step_from_its_copy_goes_on_the_same(talk: Talk) -> None:
    for parse in FORM:
        await talk.hears(parse)
        assert json.loads(json.dumps(talk.state)) == talk.state


async def test_the_state_does_not_grow_with_the_conversation(talk: Talk) -> None:
    sizes = []
    for turn in range(400):
        await talk.hears(FORM[turn % len(FORM)])
        assert talk.state
        sizes.append(len(talk.state["events"]))
    assert max(sizes) <= MAX_EVENTS
    assert max(sizes[200:]) == max(sizes[16:200])


async def test_the_state_does_not_grow_inside_an_open_form(talk: Talk) -> None:
    await talk.hears(FORM[0])
    for _ in range(100):
        await talk.hears(faq("shipping-cost"))
        assert talk.state
        assert len(talk.state["events"]) <= MAX_EVENTS
        assert talk.bot == ["La spedizione costa 4,90 €.", "Torniamo al tuo ordine: mi scrivi il numero?"]
    await talk.hears(says("1004", "inform", order_number="1004", email="mario@example.com"))
    assert "è partito" in talk.bot[0]


async def test_what_was_said_is_not_kept_in_the_state(talk: Talk) -> None:
    await talk.hears(says("sono Mario, ordine 1004", "order_status", order_number="1004", email="mario@example.com"))
    kept = json.dumps(talk.state)
    assert "sono Mario" not in kept
    assert "BR123" not in kept


@pytest.mark.parametrize("text", ["/restart", "/handoff_request", '/faq{"x":1}', "/session_start"])
async def test_a_text_that_looks_like_a_command_of_rasa_is_plain_text(talk: Talk, text: str) -> None:
    read = await talk.engine.parse(text, Hints(language="it"))
    assert (read.text, read.intent) == (text, "faq")
    assert await talk.hears(faq("shipping-cost", text)) == ["La spedizione costa 4,90 €."]
    assert talk.last and talk.last.requests == ()


async def test_hints_reach_the_pipeline(talk: Talk) -> None:
    read = await talk.engine.parse("1004", Hints("en", "it-IT", "return-how", expected="order_number"))
    assert read.language == "en"
    assert read.signals["hints"] == {
        "language": "en", "locale": "it-IT", "previous_faq_id": "return-how", "previous_intent": None,
        "expected": "order_number",
    }


async def test_an_empty_text_is_read_as_nothing(talk: Talk) -> None:
    assert await talk.engine.parse("  ", Hints()) == Parse("  ", "it", "out_of_scope", 0.0, Band.HAND_OVER)


async def test_an_action_that_raises_is_named_and_ends_the_form(talk: Talk) -> None:
    talk.orders.error = OrderSourceError("the shop is down")
    await talk.hears(says("…", "order_status", order_number="1004", email="mario@example.com"))
    assert talk.last and talk.last.failed_actions == ("action_find_order",)
    talk.orders.error = None
    assert await talk.hears(faq("shipping-cost")) == ["La spedizione costa 4,90 €."]
    assert talk.last.failed_actions == ()


async def test_the_wording_varies_with_the_turn_and_not_by_chance(talk: Talk) -> None:
    said = {(await talk.hears(says("ciao", "greet")))[0] for _ in range(20)}
    assert said == {"Ciao! Come posso aiutarti?", "Ciao, dimmi pure: di cosa hai bisogno?"}


def test_a_model_that_is_not_there_says_what_to_do(tmp_path: Path, texts: ResponseTexts) -> None:
    with pytest.raises(SportelloError, match="Run `./sportello train`"):
        RasaEngine.load(tmp_path / "models", fallback=lambda text, hints: None, texts=texts)  # type: ignore[arg-type]


def test_an_action_address_of_an_unknown_kind_is_refused(model: Path, tmp_path: Path, texts: ResponseTexts) -> None:
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text("action_endpoint: {url: 'ftp://actions'}\n")
    with pytest.raises(SettingError, match=r"action_endpoint.url is 'ftp://actions'. Allowed: 'inprocess://actions'"):
        RasaEngine.load(model, fallback=lambda text, hints: None, texts=texts, endpoints=endpoints)  # type: ignore[arg-type]
