"""Voice notes and photos, scores, and sentences that come in pieces."""
from collections.abc import AsyncIterator

import pytest

from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.ownership import Owner
from bot.storage import conversations
from bot.storage.store import Store
from tests.service.conftest import GIULIA, Care, make_care

VOICE = Attachment("audio", mime_type="audio/ogg", url="/media/push/1")
PHOTO = Attachment("image", mime_type="image/jpeg", url="/media/push/2")
STICKER = Attachment("sticker")


async def sends(care: Care, *files: Attachment, text: str = "", key: str = "") -> int:
    inbound = Inbound(
        "widget", EventKind.MESSAGE, key or f"file-{next(care.ids)}", "ada", text=text, attachments=files, locale="it"
    )
    found = (await care.desk.receive([inbound]))[0]
    await care.settle()
    return found


@pytest.mark.parametrize(
    ("file", "key"), [(VOICE, "utter_voice_received"), (PHOTO, "utter_file_received"), (STICKER, "utter_text_please")]
)
async def test_a_file_alone_is_answered_at_once_with_a_way_to_a_person(care: Care, file: Attachment, key: str) -> None:
    conversation = await sends(care, file)
    bubble = (await care.seen_by("ada"))[-1]
    assert f"[{key}]" in bubble.text
    await care.writes("ada", "", choice=bubble.choices[-1].id)

    assert (await care.view(conversation)).owner is Owner.QUEUE
    dossier = await care.desk.dossier(conversation)
    assert dossier is not None
    assert dossier.messages[0].attachments == (file,)


async def test_a_photo_asks_one_question_and_the_next_photos_join(care: Care) -> None:
    await sends(care, PHOTO)
    await sends(care, PHOTO)

    assert len(await care.replies("ada")) == 1


async def test_a_voice_note_after_a_photo_is_told_that_nobody_hears_it_yet(care: Care) -> None:
    await sends(care, PHOTO)
    await sends(care, VOICE)

    assert "[utter_voice_received]" in (await care.replies("ada"))[-1]


async def test_a_photo_with_words_is_read_by_its_words(care: Care) -> None:
    await sends(care, PHOTO, text="quanto costa la spedizione?")

    assert (await care.replies("ada"))[-1].endswith("4,90 €")


async def test_a_photo_in_the_queue_joins_the_open_case(care: Care) -> None:
    await care.writes("ada", "una persona")
    before = len(await care.replies("ada"))
    conversation = await sends(care, PHOTO)

    assert len(await care.replies("ada")) == before  # it was told minutes ago what happens next
    assert (await care.view(conversation)).owner is Owner.QUEUE


async def test_a_photo_to_an_operator_is_held_for_them(care: Care) -> None:
    conversation = await care.writes("ada", "una persona")
    await care.does(GIULIA, conversation, "take")
    before = len(await care.replies("ada"))
    await sends(care, PHOTO)

    assert len(await care.replies("ada")) == before


async def closed(care: Care) -> int:
    conversation = await care.writes("ada", "una persona")
    await care.does(GIULIA, conversation, "reply", text="Ecco fatto")
    await care.does(GIULIA, conversation, "close")
    return conversation


async def scores(care: Care, conversation: int) -> list[tuple[int, str]]:
    rows = await care.store.read(lambda connection: conversations.ratings(connection, conversation))
    return [(row.score, row.comment) for row in rows]


async def test_a_closed_case_is_scored_with_a_digit_and_a_comment(care: Care) -> None:
    conversation = await closed(care)
    assert (await care.replies("ada"))[-1].startswith("[utter_survey]")
    await care.writes("ada", "4")
    await care.writes("ada", "veloci ma un po' freddi")

    assert await scores(care, conversation) == [(4, "veloci ma un po' freddi")]
    assert (await care.view(conversation)).owner is Owner.CLOSED
    dossier = await care.desk.dossier(conversation)
    assert dossier is not None
    assert dossier.ratings == ({"episode": 1, "score": 4, "comment": "veloci ma un po' freddi"},)


async def test_a_tap_scores_too_and_a_second_one_replaces_it(care: Care) -> None:
    conversation = await closed(care)
    choices = (await care.seen_by("ada"))[-1].choices
    await care.writes("ada", "", choice=choices[4].id)
    await care.writes("ada", "", choice=choices[2].id)

    assert await scores(care, conversation) == [(3, "")]


async def test_a_question_instead_of_a_score_is_a_question(care: Care) -> None:
    conversation = await closed(care)
    await care.writes("ada", "quanto costa la spedizione?")

    assert (await care.view(conversation)).owner is Owner.BOT
    assert (await care.replies("ada"))[-1].endswith("4,90 €")
    assert await scores(care, conversation) == []


async def test_a_question_instead_of_a_comment_is_a_question(care: Care) -> None:
    conversation = await closed(care)
    await care.writes("ada", "5")
    await care.writes("ada", "quanto costa la spedizione?")

    assert (await care.replies("ada"))[-1].endswith("4,90 €")
    assert await scores(care, conversation) == [(5, "")]


async def test_a_score_tapped_in_the_next_episode_is_the_last_ones(care: Care) -> None:
    conversation = await closed(care)
    choices = (await care.seen_by("ada"))[-1].choices
    await care.writes("ada", "quanto costa la spedizione?")
    await care.writes("ada", "", choice=choices[0].id)

    assert await scores(care, conversation) == [(1, "")]
    assert (await care.view(conversation)).owner is Owner.BOT


async def test_no_operator_no_score(care: Care) -> None:
    conversation = await care.writes("ada", "una persona")
    await care.does(GIULIA, conversation, "close")

    assert "utter_survey" not in (await care.replies("ada"))[-1]


@pytest.fixture
async def patient(store: Store) -> AsyncIterator[Care]:
    made = await make_care(store, quiet_s=1.0)
    yield made
    await made.desk.stop()


async def comes_due(care: Care) -> None:
    await care.desk._workers.due()  # noqa: SLF001  # what the desk's timer does
    await care.settle()


async def test_pieces_of_a_sentence_are_one_turn(patient: Care) -> None:
    await patient.writes("ada", "ciao")
    patient.clock.advance(seconds=0.6)
    await patient.writes("ada", "volevo sapere")
    assert await patient.replies("ada") == []
    patient.clock.advance(seconds=0.6)
    await patient.writes("ada", "quanto costa la spedizione")

    assert patient.understanding.read[-1] == "ciao\nvolevo sapere\nquanto costa la spedizione"
    assert len(await patient.replies("ada")) == 1


async def test_an_unsure_message_waits_one_quiet_second(patient: Care) -> None:
    await patient.writes("ada", "boh")
    patient.clock.advance(seconds=0.9)
    await comes_due(patient)
    assert await patient.replies("ada") == []
    patient.clock.advance(seconds=0.2)
    await comes_due(patient)

    assert len(await patient.replies("ada")) == 1


async def test_nobody_waits_for_more_than_four_seconds(patient: Care) -> None:
    for _ in range(5):
        await patient.writes("ada", "boh")
        patient.clock.advance(seconds=0.9)
    await comes_due(patient)

    assert len(await patient.replies("ada")) == 1


@pytest.mark.parametrize("text", ["quanto costa la spedizione?", "una persona", "chiamo l'avvocato"])
async def test_what_can_be_answered_alone_never_waits(patient: Care, text: str) -> None:
    await patient.writes("ada", text)

    assert len(await patient.replies("ada")) >= 1


async def test_rest_callers_never_wait(patient: Care) -> None:
    await patient.writes("ada", "boh", channel="rest")

    assert len(await patient.replies("ada", "rest")) == 1
