"""A message in, the right words out, once."""
import asyncio

from bot.model.conversation import EventKind, Inbound
from bot.model.ownership import Owner, Reason
from tests.service.conftest import GIULIA, Care


async def test_a_sure_question_is_answered_with_the_disclosure_in_front(care: Care) -> None:
    await care.writes("ada", "quanto costa la spedizione")

    assert await care.replies("ada") == ["[utter_disclosure] shop=Passo\n\n4,90 €"]


async def test_the_disclosure_is_said_once_an_episode(care: Care) -> None:
    await care.writes("ada", "spedizione")
    await care.writes("ada", "resi")

    assert (await care.replies("ada"))[1] == "30 giorni"


async def test_every_answer_carries_its_trace(care: Care) -> None:
    await care.writes("ada", "spedizione")

    trace = (await care.seen_by("ada"))[-1].trace
    shown = (trace["source"], trace["faq_id"], trace["band"], trace["owner"])
    assert shown == ("faq", "shipping-cost", "answer", "bot")


async def test_five_parallel_deliveries_of_one_message_are_one_message_with_one_answer(care: Care) -> None:
    one = Inbound(channel="widget", kind=EventKind.MESSAGE, key="same", address="ada", text="spedizione")

    found = await asyncio.gather(*(care.desk.receive([one]) for _ in range(5)))
    await care.settle()

    assert len({ids[0] for ids in found}) == 1
    assert len(await care.seen_by("ada")) == 2


async def test_messages_that_wait_together_are_one_turn(care: Care) -> None:
    burst = [
        Inbound(channel="widget", kind=EventKind.MESSAGE, key=f"b{i}", address="ada", text=text)
        for i, text in enumerate(["ciao", "una domanda", "quanto costa la spedizione"])
    ]
    await care.desk.receive(burst)
    await care.settle()

    assert care.understanding.read == ["ciao\nuna domanda\nquanto costa la spedizione"]
    assert care.dialogue.steps == 1


async def test_a_slow_conversation_does_not_delay_another(care: Care) -> None:
    gate = asyncio.Event()
    parse = care.understanding.parse

    async def slow(text: str, hints: object) -> object:
        if "lento" in text:
            await gate.wait()
        return await parse(text, hints)  # type: ignore[arg-type]

    care.understanding.parse = slow  # type: ignore[method-assign,assignment]
    await care.desk.receive([Inbound("widget", EventKind.MESSAGE, "s1", "slow", text="lento spedizione")])
    done = await asyncio.wait_for(
        care.desk.ask(Inbound("widget", EventKind.MESSAGE, "q1", "quick", text="spedizione"), 5.0), 5.0
    )

    assert done[0].text.endswith("4,90 €")
    gate.set()
    await care.settle()


async def test_a_choice_means_what_was_offered_and_not_its_words(care: Care) -> None:
    await care.writes("ada", "boh")
    offered = (await care.seen_by("ada"))[-1].choices
    await care.writes("ada", "", choice=offered[0].id)

    seen = await care.seen_by("ada")
    assert (seen[-2].text, seen[-2].chosen) == ("Spedizione", offered[0].id)
    assert seen[-1].text == "4,90 €"


async def test_card_numbers_are_masked_before_the_first_write(care: Care) -> None:
    await care.writes("ada", "pago la spedizione con 4111 1111 1111 1111 cvv 123")

    assert (await care.seen_by("ada"))[0].text == "pago la spedizione con •••• •••• •••• 1111 cvv •••"


async def test_a_failing_pipeline_still_answers_lexically(care: Care) -> None:
    care.understanding.fail = RuntimeError("no encoder")
    await care.writes("ada", "quanto costa spedire")

    assert (await care.replies("ada"))[0].endswith("4,90 €")


async def test_a_failing_dialogue_becomes_a_handoff_with_words(care: Care) -> None:
    care.dialogue.fail = RuntimeError("action broke")
    conversation = await care.writes("ada", "spedizione")

    assert any("[utter_tool_failure]" in text for text in await care.replies("ada"))
    assert (await care.view(conversation)).reason is Reason.TOOL_FAILURE


async def test_a_turn_with_no_reply_and_no_request_is_not_left_in_silence(care: Care) -> None:
    care.dialogue.silent = True
    conversation = await care.writes("ada", "spedizione")

    assert (await care.view(conversation)).owner is Owner.QUEUE
    assert len(await care.replies("ada")) == 2


async def test_the_last_topic_is_known_to_the_next_message(care: Care) -> None:
    await care.writes("ada", "spedizione")
    await care.writes("ada", "e per la svizzera")

    assert care.understanding.hints[-1].previous_faq_id == "shipping-cost"
    assert care.understanding.hints[-1].language == "it"


async def test_what_comes_after_the_end_leans_on_nothing_before(care: Care) -> None:
    conversation = await care.writes("ada", "spedizione")
    await care.does(GIULIA, conversation, "take")
    await care.does(GIULIA, conversation, "close")
    await care.writes("ada", "e per la svizzera")

    assert (care.understanding.hints[-1].previous_faq_id, care.understanding.hints[-1].language) == (None, "it")


async def test_a_repeated_question_by_rest_gives_the_same_answer(care: Care) -> None:
    one = Inbound("rest", EventKind.MESSAGE, "r1", "ada", text="spedizione")

    first = await care.desk.ask(one, 5.0)
    second = await care.desk.ask(one, 5.0)

    assert [reply.text for reply in first] == [reply.text for reply in second]
    assert care.dialogue.steps == 1
