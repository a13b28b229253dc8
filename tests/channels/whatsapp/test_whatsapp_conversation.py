"""A shopper on WhatsApp, from the phone to the desk and back."""
from bot.model.conversation import Author
from bot.model.errors import StoreUnavailable
from tests.channels.whatsapp.conftest import Line
from tests.fakes import publication
from tests.providers.whatsapp import PHONE_ID, Person, Refusal
from tests.service.conftest import GIULIA

ADA = "393331234567"
SCOPED = "IT.13491208655302741918"


async def ours(line: Line, person: Person) -> list[tuple[str, str]]:
    """(text, delivery) of what the bot and operators wrote."""
    return [
        (one.text, one.delivery) for one in await line.messages(person) if one.author in (Author.BOT, Author.OPERATOR)
    ]


async def is_with_giulia(line: Line, person: Person) -> int:
    """The person asked for a human and Giulia took it; the conversation's id."""
    person.says("una persona per favore")
    await line.moves()
    conversation = (await line.care.desk.queue())[0].conversation_id
    await line.care.does(GIULIA, conversation, "take")
    return conversation


async def test_question_choice_handoff_and_a_person(line: Line) -> None:
    ada = line.double.person("Ada", ADA, SCOPED)
    ada.says("quanto costa la spedizione? più veloce è? 🚚")
    await line.moves()
    assert ada.texts[-1].endswith("Costa *4,90 €*")

    ada.says("boh")
    await line.moves()
    ada.taps("Spedizione")
    await line.moves()
    assert ada.texts[-1].endswith("Costa *4,90 €*")

    conversation = await is_with_giulia(line, ada)
    await line.care.does(GIULIA, conversation, "reply", text="Eccomi, sono **Giulia**")
    await line.moves()
    assert ada.texts[-1] == "Eccomi, sono *Giulia*"
    assert (await ours(line, ada))[-1] == ("Eccomi, sono **Giulia**", "delivered")
    ada.reads()
    await line.moves()
    assert {delivery for _, delivery in await ours(line, ada)} == {"read"}


async def test_somebody_with_a_user_name_instead_of_a_number_is_served_alike(line: Line) -> None:
    ada = line.double.person("Ada", "", SCOPED)
    ada.says("spedizione")
    await line.moves()
    assert len(ada.texts) == 1
    assert [(one.get("recipient"), one.get("to")) for one in line.double.sent] == [(SCOPED, None)]


async def test_number_and_scoped_id_are_one_conversation(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    await line.moves()
    ada.user_id = SCOPED
    ada.says("resi")
    await line.moves()
    ada.number = ""
    ada.says("spedizione")
    await line.moves()
    assert [one.text for one in await line.messages(ada) if one.author is Author.CONTACT] == [
        "spedizione", "resi", "spedizione",
    ]


async def test_a_new_number_keeps_the_conversation(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    await line.moves()
    moved = {"type": "user_changed_number", "wa_id": "393339999999", "body": "Ada changed"}
    system = {"from": ADA, "id": "wamid.sys", "timestamp": "1", "type": "system", "system": moved}
    line.double.tells(messages=[system])
    ada.number = "393339999999"
    ada.says("resi")
    await line.moves()
    assert [one.text for one in await line.messages(ada) if one.author is Author.CONTACT] == ["spedizione", "resi"]


async def test_an_edited_and_a_deleted_message_change_the_record_and_get_no_answer(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    first = ada.says("spedizione")
    second = ada.says("resi")
    await line.moves()
    shown = len(ada.texts)
    ada.edits(first, "spedizione in Francia")
    ada.revokes(second)
    await line.moves()
    assert len(ada.texts) == shown
    texts = [one.text for one in await line.messages(ada) if one.author is Author.CONTACT]
    assert texts[0] == "spedizione in Francia"
    assert "resi" not in texts


async def test_a_voice_note_is_kept_for_people_and_answered(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    line.double.files["1234567890"] = ("audio/ogg; codecs=opus", b"OggS...")
    ada.sends("audio", {"id": "1234567890", "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True})
    await line.moves()
    (note,) = (await line.messages(ada))[0].attachments
    assert (note.kind, note.mime_type, note.url) == ("audio", "audio/ogg", "/media/whatsapp/1234567890")
    assert len(ada.texts) == 1
    media = await line.channel.media("1234567890")
    assert (media.content, media.mime_type) == (b"OggS...", "audio/ogg")


async def test_what_we_cannot_read_gets_an_answer_and_a_reaction_none(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.sends("unsupported", errors=[{"code": 131051, "title": "Message type unknown"}])
    await line.moves()
    assert len(ada.texts) == 1
    ada.sends("reaction", {"message_id": "wamid.x", "emoji": "👍"})
    await line.moves()
    assert len(ada.texts) == 1


async def test_the_shops_own_app_takes_the_conversation(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    await line.moves()
    line.double.answers_from_the_app(ada, "Ciao, ti rispondo io")
    await line.moves()
    ada.says("spedizione")
    await line.moves()
    assert len(ada.texts) == 1
    human = [one for one in await line.messages(ada) if one.author is Author.OPERATOR]
    assert [one.text for one in human] == ["Ciao, ti rispondo io"]


async def test_doubled_and_disordered_events_are_one_message_each(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    line.double.deliveries.mischief = {"duplicate", "reorder"}
    ada.says("spedizione")
    await line.moves()
    ada.reads()
    await line.moves()
    assert len(ada.texts) == 1
    assert {delivery for _, delivery in await ours(line, ada)} == {"read"}


async def test_receipts_never_move_a_message_down(line: Line) -> None:
    """'read' comes first, 'sent' last, 'delivered' never."""
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    await line.double.deliver(line.web)
    await line.care.settle()
    await line.care.send()
    line.double.deliveries.waiting = line.double.deliveries.waiting[:1]
    ada.reads()
    line.double.deliveries.mischief = {"reorder"}
    await line.moves()
    assert {delivery for _, delivery in await ours(line, ada)} == {"read"}


async def test_what_was_not_stored_comes_again(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    line.door.fail = StoreUnavailable("disk full")
    assert await line.double.deliver(line.web) == [503]
    await line.moves()
    assert len(ada.texts) == 1


async def test_a_tap_that_was_never_offered_is_read_as_its_words(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    option = {"id": "77.1", "title": "Costi di spedizione"}
    ada.sends("interactive", {"type": "button_reply", "button_reply": option})
    ada.says("resi")
    await line.moves()
    assert len(ada.texts) >= 1
    assert line.care.understanding.read == ["Costi di spedizione", "resi"]


async def test_a_closed_window_takes_the_template_for_a_person_and_nothing_from_the_bot(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    conversation = await is_with_giulia(line, ada)
    line.passes(hours=25)
    await line.care.does(GIULIA, conversation, "reply", text="Il rimborso è partito.\n\nA presto")
    await line.moves()
    sent = line.double.sent[-1]
    assert sent["type"] == "template"
    assert (sent["template"]["name"], sent["template"]["language"]) == ("after_window", {"code": "it"})
    assert ada.texts[-1] == "Il rimborso è partito. A presto"


async def test_a_window_that_closes_at_metas_first_ends_in_the_template_too(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    conversation = await is_with_giulia(line, ada)
    line.double.clock.advance(hours=25)
    line.double.refuses_late_at_once = True
    await line.care.does(GIULIA, conversation, "reply", text="Eccomi")
    await line.moves()
    assert [one["type"] for one in line.double.sent][-1:] == ["template"]
    assert ada.texts[-1] == "Eccomi"


async def test_a_window_that_meta_reports_closed_later_gets_the_template_then(line: Line) -> None:
    """Meta takes the text, and only its receipt says that the window was closed."""
    ada = line.double.person("Ada", ADA)
    conversation = await is_with_giulia(line, ada)
    line.double.clock.advance(hours=25)
    await line.care.does(GIULIA, conversation, "reply", text="Eccomi")
    await line.moves()
    assert (await ours(line, ada))[-1] == ("Eccomi", "delivered")


async def test_a_shopper_who_blocked_us_is_not_tried_again(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    ada.has_blocked = True
    await line.moves()
    assert [delivery for _, delivery in await ours(line, ada)] == ["failed"]
    assert ada.texts == []


async def test_a_crowded_number_waits_as_long_as_told_and_delays_no_other(line: Line) -> None:
    ada, ben = line.double.person("Ada", ADA), line.double.person("Ben", "393337654321")
    line.double.refuse = [Refusal(130429, "Rate limit hit", status=429, headers={"Retry-After": "30"})]
    ada.says("spedizione")
    await line.moves()
    ben.says("spedizione")
    await line.moves()
    assert (len(ada.texts), len(ben.texts)) == (0, 1)
    line.passes(seconds=31)
    await line.moves()
    assert len(ada.texts) == 1


async def test_a_long_answer_with_choices_goes_on_where_it_was_interrupted(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    words = [f"parola{number}" for number in range(900)]
    await line.care.desk._faq.serve(publication(shipping_cost=" & ".join(words)))  # noqa: SLF001
    line.double.refuse = [None, Refusal(131056, "pair rate limit hit")]
    ada.says("spedizione")
    await line.moves()
    assert len(ada.texts) == 1
    line.passes(seconds=11)
    await line.moves()
    assert [word for word in " ".join(ada.texts).split() if word.startswith("parola")] == words
    assert [delivery for _, delivery in await ours(line, ada)] == ["delivered"]


async def test_an_answer_whose_connection_broke_is_settled_by_its_statuses(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    line.double.lose_answers = 1
    ada.says("spedizione")
    await line.moves()
    assert [delivery for _, delivery in await ours(line, ada)] == ["delivered"]
    line.passes(hours=1)
    await line.moves()
    assert len(ada.texts) == 1


async def test_an_answer_that_never_left_goes_again_after_a_minute(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    line.double.lose_requests = 1
    ada.says("spedizione")
    await line.moves()
    line.passes(seconds=50)
    await line.moves()
    assert ada.texts == []
    line.passes(seconds=11)
    await line.moves()
    assert len(ada.texts) == 1


async def test_no_part_of_a_long_answer_goes_twice(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    words = [f"parola{number}" for number in range(900)]
    await line.care.desk._faq.serve(publication(shipping_cost=" ".join(words)))  # noqa: SLF001
    line.double.lose_answers = 1
    ada.says("spedizione")
    await line.moves()
    assert len(ada.texts) == 1
    line.passes(seconds=61)
    await line.moves()
    assert [word for word in " ".join(ada.texts).split() if word.startswith("parola")] == words


async def test_what_is_for_another_number_is_left_alone(line: Line) -> None:
    ada = line.double.person("Ada", ADA)
    ada.says("spedizione")
    body = line.double.deliveries.waiting[0]
    body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = PHONE_ID + "9"
    assert await line.double.deliver(line.web) == [200]
    await line.care.settle()
    assert line.care.understanding.read == []
