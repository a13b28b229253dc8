"""Who speaks: the bot, nobody yet, a person."""
from bot.model.ownership import Owner, Reason
from tests.service.conftest import GIULIA, MARCO, Care


async def test_a_request_for_a_person_tells_what_happens_next(care: Care) -> None:
    conversation = await care.writes("ada", "vorrei una persona")

    view = await care.view(conversation)
    assert (view.owner, view.reason, view.position) == (Owner.QUEUE, Reason.CUSTOMER_REQUEST, 1)
    assert "[utter_handoff_first] position=1" in (await care.replies("ada"))[-1]


async def test_the_second_in_the_queue_reads_their_place(care: Care) -> None:
    await care.writes("ada", "persona")
    care.clock.advance(seconds=5)
    await care.writes("ugo", "persona")

    assert "[utter_handoff_queued] position=2" in (await care.replies("ugo"))[-1]


async def test_out_of_hours_a_handoff_names_the_next_opening(care: Care) -> None:
    care.hours.open = False
    await care.writes("ada", "persona")

    assert "[utter_handoff_closed] opening=<Tue 08:00 it>" in (await care.replies("ada"))[-1]


async def test_while_waiting_sure_questions_are_still_answered(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.writes("ada", "quanto costa la spedizione")

    assert (await care.replies("ada"))[-1] == "[utter_while_you_wait]\n\n4,90 €"
    assert (await care.view(conversation)).owner is Owner.QUEUE


async def test_while_waiting_other_words_are_acknowledged_once_in_ten_minutes(care: Care) -> None:
    await care.writes("ada", "persona")
    care.clock.advance(minutes=11)
    for text in ("ci siete", "allora", "insomma"):
        await care.writes("ada", text)

    assert sum("[utter_queue_ack]" in text for text in await care.replies("ada")) == 1


async def test_never_mind_gives_the_conversation_back_to_the_bot(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.writes("ada", "lascia stare")
    await care.writes("ada", "spedizione")

    assert (await care.view(conversation)).owner is Owner.BOT
    assert (await care.replies("ada"))[-1].endswith("4,90 €")


async def test_the_bot_is_silent_while_a_person_holds_the_conversation(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "reply", text="Ciao Ada, sono Giulia")
    before = len(await care.replies("ada"))
    await care.writes("ada", "quanto costa la spedizione")

    assert len(await care.replies("ada")) == before
    assert (await care.seen_by("ada"))[-2].author_name == "Giulia"


async def test_after_the_return_the_bot_answers_again_and_says_so(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")
    for text in ("uno", "due", "tre"):
        await care.does(GIULIA, conversation, "reply", text=text)
    await care.does(GIULIA, conversation, "return")
    await care.writes("ada", "resi")

    replies = await care.replies("ada")
    assert replies[-2:] == ["[utter_returned_to_bot]", "30 giorni"]
    assert replies.count("30 giorni") == 1


async def test_two_operators_cannot_hold_one_conversation(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")

    refused = await care.does(MARCO, conversation, "take")
    assert not refused.ok and "Giulia" in refused.error


async def test_a_step_that_the_table_does_not_know_is_refused_in_words(care: Care) -> None:
    conversation = await care.writes("ada", "spedizione")

    refused = await care.does(GIULIA, conversation, "put_back")
    assert "'put_back' is not possible while the owner is 'bot'" in refused.error


async def test_the_same_command_twice_is_done_once(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    for _ in range(2):
        await care.desk.command(conversation, "reply", operator=GIULIA, key="same", payload={"text": "eccomi"})

    assert (await care.replies("ada")).count("eccomi") == 1


async def test_the_next_message_after_closing_opens_a_new_episode(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")
    await care.does(GIULIA, conversation, "close")
    await care.writes("ada", "spedizione")

    assert (await care.view(conversation)).owner is Owner.BOT
    assert (await care.replies("ada"))[-1].startswith("[utter_disclosure]")


async def test_a_thanks_within_ten_minutes_of_closing_opens_nothing(care: Care) -> None:
    conversation = await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")
    await care.does(GIULIA, conversation, "close")
    before = len(await care.replies("ada"))
    await care.writes("ada", "grazie mille")

    assert (await care.view(conversation)).owner is Owner.CLOSED
    assert len(await care.replies("ada")) == before


async def test_a_threat_of_a_lawyer_goes_to_a_person_first_and_is_never_answered(care: Care) -> None:
    await care.writes("ugo", "persona")
    conversation = await care.writes("ada", "spedizione o chiamo il mio avvocato")

    assert (await care.view(conversation)).reason is Reason.SENSITIVE_TOPIC
    assert (await care.desk.queue())[0].conversation_id == conversation
    assert care.dialogue.steps == 1  # only Ugo's


async def test_anger_without_a_question_is_a_complaint(care: Care) -> None:
    conversation = await care.writes("ada", "siete una vergogna")

    assert (await care.view(conversation)).reason is Reason.COMPLAINT


async def test_silence_closes_a_conversation_unless_the_shopper_has_the_last_word(care: Care) -> None:
    answered = await care.writes("ada", "spedizione")
    waiting = await care.writes("ugo", "persona")
    await care.does(GIULIA, waiting, "take")
    care.clock.advance(hours=25)
    await care.desk._sweeps.once()  # noqa: SLF001
    await care.settle()

    assert (await care.view(answered)).owner is Owner.CLOSED
    assert (await care.view(waiting)).owner is Owner.OPERATOR


async def test_the_dossier_tells_the_whole_story(care: Care) -> None:
    conversation = await care.writes("ada", "ordine 1004 ada@example.com")
    await care.writes("ada", "boh")
    await care.writes("ada", "persona")

    dossier = await care.desk.dossier(conversation)
    assert dossier is not None
    assert dossier.orders[0].number == "1004"
    assert dossier.contact_name == "Ada Neri"
    assert "persona" in dossier.summary and "1004" in dossier.summary
    assert [change["change"] for change in dossier.owner_changes] == ["handoff_requested"]
    assert len(dossier.messages) == len(await care.seen_by("ada"))


async def test_suggestions_are_what_the_last_question_may_mean_and_was_not_told_yet(care: Care) -> None:
    """Also while a person holds the conversation: the shopper is read on."""
    conversation = await care.writes("ada", "spedizione")
    await care.writes("ada", "persona")
    await care.does(GIULIA, conversation, "take")
    told = await care.desk.dossier(conversation)
    await care.writes("ada", "e i resi?")
    asked = await care.desk.dossier(conversation)

    assert told is not None and told.suggestions == ()
    assert asked is not None and asked.suggestions == ("30 giorni",)


class TestHours:
    async def test_a_greeting_out_of_hours_carries_the_notice_once(self, care: Care) -> None:
        care.hours.open = False
        await care.writes("ada", "ciao")
        await care.writes("ada", "ciao")

        first, second = await care.replies("ada")
        assert "[utter_hours_notice] opening=<Tue 08:00 it>" in first
        assert "utter_hours_notice" not in second

    async def test_a_sure_answer_out_of_hours_stays_alone(self, care: Care) -> None:
        care.hours.open = False
        await care.writes("ada", "spedizione")

        assert "utter_hours_notice" not in (await care.replies("ada"))[0]

    async def test_an_unsure_answer_out_of_hours_carries_the_notice(self, care: Care) -> None:
        care.hours.open = False
        await care.writes("ada", "boh")

        assert "utter_hours_notice" in (await care.replies("ada"))[0]


class TestOrders:
    async def test_five_failed_tries_in_an_hour_lead_to_a_person(self, care: Care) -> None:
        for _ in range(5):
            conversation = await care.writes("ada", "ordine 1004 other@example.com")
        conversation = await care.writes("ada", "ordine 1004 ada@example.com")

        assert (await care.view(conversation)).reason is Reason.ORDER_PROBLEM
        assert not any("shipped" in text for text in await care.replies("ada"))

    async def test_the_limit_counts_an_order_over_all_contacts(self, care: Care) -> None:
        for index in range(5):
            await care.writes(f"guest{index}", "ordine 1004 other@example.com")
        conversation = await care.writes("ada", "ordine 1004 ada@example.com")

        assert (await care.view(conversation)).reason is Reason.ORDER_PROBLEM

    async def test_the_limit_counts_every_spelling_of_a_number_as_the_same_order(self, care: Care) -> None:
        for index, number in enumerate(("1004", "ORD-1004", "ord1004", "passo-1004", "#1004")):
            await care.writes(f"guest{index}", f"ordine {number} other@example.com")
        conversation = await care.writes("ada", "ordine ORD-1004 ada@example.com")

        assert (await care.view(conversation)).reason is Reason.ORDER_PROBLEM

    async def test_after_an_hour_the_right_pair_opens_the_order_again(self, care: Care) -> None:
        for _ in range(5):
            await care.writes("ada", "ordine 1004 other@example.com")
        care.clock.advance(minutes=61)
        await care.writes("ada", "ordine 1004 ada@example.com")

        assert (await care.replies("ada"))[-1] == "ordine: shipped"
