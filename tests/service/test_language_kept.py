"""A conversation keeps its language, and a channel its hours."""
from dataclasses import replace

import pytest

from bot.model.understanding import Hints, Parse
from tests import fakes
from tests.service.conftest import Care

OTHER = {"it": "en", "en": "it"}


class Listening(fakes.FakeUnderstanding):
    """Messages are marked with what they sound like: "en: thanks", "EN: a whole sentence", "1004"."""

    async def parse(self, text: str, hints: Hints) -> Parse:
        parse = await super().parse(text, hints)
        mark = text.partition(":")[0] if ":" in text else ""
        spoken = hints.language or "it"
        if mark.isupper():
            return replace(parse, language=mark.lower(), heard=mark.lower())
        return replace(parse, language=spoken if hints.language or not mark else mark, heard=mark)


@pytest.mark.parametrize(
    ("messages", "answered"),
    [
        (["it: ciao", "en: thanks", "1004"], ["it", "it", "it"]),
        (["it: ciao", "en: thanks", "en: bye"], ["it", "it", "en"]),
        (["it: ciao", "en: thanks", "it: grazie", "en: bye"], ["it", "it", "it", "it"]),
        (["it: ciao", "en: thanks", "1004", "en: bye"], ["it", "it", "it", "en"]),
        (["it: ciao", "EN: where is my parcel", "1004"], ["it", "en", "en"]),
        (["1004", "en: hello", "1005"], ["it", "en", "en"]),  # what says nothing binds nobody
        (["it: ciao", "OTHER: hola", "1004"], ["it", "other", "it"]),
        (["en: hi", "it: ciao", "it: grazie", "en: bye"], ["en", "en", "it", "it"]),
    ],
)
async def test_a_conversation_turns_on_a_sentence_or_on_two_messages(
    care: Care, messages: list[str], answered: list[str]
) -> None:
    heard = Listening()
    care.understanding.parse = heard.parse  # type: ignore[method-assign]
    languages = []
    for text in messages:
        conversation = await care.writes("ada", f"{text} spedizione")
        lines = await care.desk.messages(conversation)
        languages.append(lines[-1].language)
    assert languages == answered


async def test_a_handoff_names_the_next_opening_of_its_channel(care: Care) -> None:
    care.hours.by_channel["rest"] = fakes.FakeHours()
    care.hours.by_channel["rest"].open = False
    await care.writes("ada", "persona", channel="rest")
    await care.writes("ugo", "persona")

    assert "[utter_handoff_closed] opening=<Tue 08:00 it>" in (await care.replies("ada", "rest"))[-1]
    assert "utter_handoff_closed" not in (await care.replies("ugo"))[-1]


async def test_the_notice_is_that_of_the_channel(care: Care) -> None:
    care.hours.open = False
    care.hours.by_channel["rest"] = fakes.FakeHours()
    await care.writes("ada", "ciao", channel="rest")
    await care.writes("ugo", "ciao")

    assert "utter_hours_notice" not in (await care.replies("ada", "rest"))[0]
    assert "utter_hours_notice" in (await care.replies("ugo"))[0]


async def test_what_is_shown_of_the_hours_is_that_of_the_channel(care: Care) -> None:
    care.hours.by_channel["widget"] = fakes.FakeHours()
    care.hours.by_channel["widget"].open = False

    assert care.desk.hours_state("it")[0]
    assert not care.desk.hours_state("it", "widget")[0]
    assert care.desk.channel_hours("it") == {"widget": care.desk.hours_state("it", "widget")}
