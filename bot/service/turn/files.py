"""Messages that are only a file: a voice note, a photo, a sticker. A bot cannot read them and says so at once."""
from collections.abc import Sequence
from typing import Any

from bot.model.conversation import Choice, Reply
from bot.model.faq import Publication
from bot.service.turn.announce import Announcer
from bot.service.turn.draft import Draft

SOURCE = "files"
VOICE = frozenset({"audio"})
SHOWN = frozenset({"image", "video", "document"})


def kinds_alone(messages: Sequence[Any]) -> frozenset[str]:
    """The kinds of files of messages that say nothing in words; empty where there are words."""
    if any(message.text.strip() for message in messages):
        return frozenset()
    return frozenset(one["kind"] for message in messages for one in message.attachments or ())


def answer_files(
    draft: Draft, kinds: frozenset[str], language: str, announcer: Announcer, publication: Publication,
    photo_entries: Sequence[str],
) -> None:
    """One question that a person or the next message answers.

    Args:
        photo_entries: ids of what shoppers most often send a photo of; offered where the shop has such entries.
    """
    choices: tuple[Choice, ...] = ()
    if kinds & VOICE:
        key = "utter_voice_received"
    elif kinds & SHOWN:
        key, choices = "utter_file_received", _topics(publication, language, photo_entries)
    else:
        key = "utter_text_please"
    to_person = Choice(announcer.say("utter_title_person", language, draft), "hand_off")
    text = announcer.say(key, language, draft)
    draft.replies.append(Reply(text, language, choices=(*choices, to_person), source=SOURCE))
    draft.outcome = "offered"


def _topics(publication: Publication, language: str, ids: Sequence[str]) -> tuple[Choice, ...]:
    entries = [publication.by_id[name] for name in ids if name in publication.by_id]
    return tuple(
        Choice((entry.texts.get(language) or next(iter(entry.texts.values()))).title, f"faq:{entry.id}")
        for entry in entries
    )
