"""POST /webhooks/rest/webhook: what a client of Rasa's REST channel sends and gets."""
import asyncio
import json

import pytest

from bot.model.understanding import Hints, Parse
from bot.storage.store import Store
from bot.web.api import rest
from tests.service.conftest import GIULIA, make_care
from tests.web.conftest import WEBHOOK, Web, serve


async def test_an_answer_is_a_list_of_bubbles_with_recipient_and_text(web: Web) -> None:
    answer = await web.says("ada", "quanto costa la spedizione")

    assert answer.status_code == 200
    (bubble,) = answer.json()
    assert (bubble["recipient_id"], bubble["text"]) == ("ada", "[utter_disclosure] shop=Passo\n\n4,90 €")
    assert set(bubble) == {"recipient_id", "text", "custom"}


async def test_the_trace_stands_in_custom_sportello(web: Web) -> None:
    (bubble,) = (await web.says("ada", "spedizione")).json()

    trace = bubble["custom"]["sportello"]
    expected = {"source": "faq", "faq_id": "shipping-cost", "intent": "faq", "confidence": 0.99, "band": "answer",
                "language": "it", "owner": "bot"}
    assert expected.items() <= trace.items()
    assert "faq_version" in trace


async def test_choices_are_buttons_whose_payload_sent_back_picks_them(web: Web) -> None:
    (offer,) = (await web.says("ada", "boh")).json()
    assert [button["title"] for button in offer["buttons"]] == ["Spedizione", "Nessuna di queste"]

    (answer,) = (await web.says("ada", offer["buttons"][0]["payload"])).json()

    assert answer["text"] == "4,90 €"
    assert (await web.care.seen_by("ada", "rest"))[-2].text == "Spedizione"


async def test_a_button_never_offered_is_refused(web: Web) -> None:
    await web.says("ada", "boh")

    answer = await web.says("ugo", "choice:2.1")

    assert answer.status_code == 422
    assert "never offered" in answer.json()["error"]["message"]


async def test_what_a_button_means_is_never_sent_out(web: Web) -> None:
    assert "faq:shipping-cost" not in (await web.says("ada", "boh")).text


async def test_the_same_message_id_later_returns_the_same_answer(web: Web) -> None:
    first = await web.says("ada", "spedizione", "m-1")
    await web.says("ada", "resi", "m-2")

    assert (await web.says("ada", "spedizione", "m-1")).json() == first.json()
    assert len(await web.care.seen_by("ada", "rest")) == 4


async def test_five_parallel_deliveries_of_one_message_are_one_message_with_one_answer(web: Web) -> None:
    answers = await asyncio.gather(*(web.says("ada", "spedizione", "m-1") for _ in range(5)))

    assert len({answer.text for answer in answers}) == 1
    assert len(await web.care.seen_by("ada", "rest")) == 2


async def test_without_a_message_id_the_same_words_are_two_messages(web: Web) -> None:
    await web.says("ada", "spedizione")
    await web.says("ada", "spedizione")

    assert len(await web.care.seen_by("ada", "rest")) == 4


async def test_message_ids_belong_to_their_sender(web: Web) -> None:
    """Also where sender and id, joined, read the same."""
    await web.says("ada", "spedizione", "b:m-1")
    (answer,) = (await web.says("ada:b", "resi", "m-1")).json()

    assert answer["text"].endswith("30 giorni")


async def test_while_an_operator_holds_the_answer_is_an_empty_list(web: Web) -> None:
    await web.says("ada", "vorrei una persona")
    view = (await web.care.desk.queue())[0]
    await web.care.does(GIULIA, view.conversation_id, "reply", text="Sono Giulia")

    answer = await web.says("ada", "quanto costa la spedizione")

    assert (answer.status_code, answer.json()) == (200, [])


async def test_a_turn_that_takes_too_long_is_504_and_can_be_asked_for_again(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = asyncio.Event()
    parse = web.care.understanding.parse

    async def slow(text: str, hints: Hints) -> Parse:
        await gate.wait()
        return await parse(text, hints)

    web.care.understanding.parse = slow  # type: ignore[method-assign]
    with monkeypatch.context() as patch:
        patch.setattr(rest, "ANSWER_WITHIN_S", 0.01)
        late = await web.says("ada", "spedizione", "m-1")
    assert (late.status_code, late.json()["error"]["code"]) == (504, "gateway_timeout")

    gate.set()

    (answer,) = (await web.says("ada", "spedizione", "m-1")).json()
    assert answer["text"].endswith("4,90 €")
    assert len(await web.care.seen_by("ada", "rest")) == 2


async def test_a_failing_engine_still_answers_in_words(web: Web) -> None:
    web.care.dialogue.fail = RuntimeError("action broke")

    answer = await web.says("ada", "spedizione")

    assert answer.status_code == 200
    assert "[utter_tool_failure]" in answer.json()[0]["text"]
    assert "action broke" not in answer.text


async def test_rasas_own_liveness_address_answers(web: Web) -> None:
    assert (await web.http.get("/webhooks/rest/")).json() == {"status": "ok"}


async def test_fields_of_rasas_channel_that_we_do_not_need_are_ignored(web: Web) -> None:
    body = {"sender": "ada", "message": "spedizione", "input_channel": "rest", "metadata": {"page": "/scarpe"}}

    assert len((await web.http.post(WEBHOOK, json=body)).json()) == 1


@pytest.mark.parametrize(
    ("sender", "known_as"), [(7, "7"), (393331234567, "393331234567"), (1.5, "1.5"), (None, "default")]
)
async def test_a_sender_is_taken_as_rasa_takes_it(web: Web, sender: object, known_as: str) -> None:
    answer = await web.http.post(WEBHOOK, json={"sender": sender, "message": "spedizione"})

    assert answer.json()[0]["recipient_id"] == known_as


async def test_who_names_no_sender_is_the_default_one(web: Web) -> None:
    answer = await web.http.post(WEBHOOK, json={"message": "spedizione"})

    assert answer.json()[0]["recipient_id"] == "default"


@pytest.mark.parametrize("value", ["true", "True", "1"])
async def test_a_streamed_answer_is_one_json_line_for_each_message(web: Web, value: str) -> None:
    body = {"sender": "ada", "message": "spedizione", "metadata": {"message_id": "m-1"}}
    streamed = await web.http.post(WEBHOOK, json=body, params={"stream": value})
    whole = await web.http.post(WEBHOOK, json=body, params={"stream": "false"})

    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.text.endswith("\n")
    assert [json.loads(line) for line in streamed.text.splitlines()] == whole.json()


async def test_options_are_answered(web: Web) -> None:
    answer = await web.http.options(WEBHOOK)

    assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS, POST")


PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "content-type,authorization"}


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [((), "https://shop.example", None), (("https://shop.example",), "https://shop.example", "https://shop.example"),
     (("https://shop.example",), "https://other.example", None), (("*",), "https://any.example", "*")],
)
async def test_pages_of_named_sites_may_call_from_a_browser(
    store: Store, origins: tuple[str, ...], origin: str, allowed: str | None
) -> None:
    care = await make_care(store)
    async with serve(care, rest_origins=origins) as web:
        asked = await web.http.options(WEBHOOK, headers={"origin": origin} | PREFLIGHT)
        answer = await web.http.post(
            WEBHOOK, json={"sender": "ada", "message": "spedizione"}, headers={"origin": origin}
        )
        refused = await web.http.post(WEBHOOK, json={"sender": "ada"}, headers={"origin": origin})
    await care.desk.stop()

    assert asked.status_code < 500
    for one in (asked, answer, refused):
        assert one.headers.get("access-control-allow-origin") == allowed
    assert answer.status_code == 200
