"""What a Telegram update becomes, and that nothing but InboundError ever comes of a bad one."""
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram.inbound import Reading, number_of, read_update
from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError
from tests.channels.damaged import bitten, changed, places
from tests.channels.fuzzing import fuzz
from tests.providers.telegram import TelegramDouble

ADA = {"id": 7001, "is_bot": False, "first_name": "Ada", "last_name": "Neri", "language_code": "it"}
CHAT = {"id": 7001, "type": "private", "first_name": "Ada"}
GROUP = {"id": -5, "type": "group", "title": "Amici"}
PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "telegram"


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 12, "date": 1_763_888_400, "chat": CHAT, "from": ADA} | content


def read(**content: Any) -> Reading:
    return read_update(json.dumps({"update_id": 5, **content}).encode())


def inbound(**content: Any) -> Inbound:
    found = read(message=message(**content)).inbound
    assert found is not None
    return found


def test_a_text() -> None:
    assert inbound(text=" Dov'è il mio ordine?\r\n1004\u0000 ") == Inbound(
        channel="telegram", kind=EventKind.MESSAGE, key="7001:12", address="7001", text="Dov'è il mio ordine?\n1004",
        sent_at=datetime(2025, 11, 23, 9, 0, tzinfo=UTC), locale="it", name="Ada Neri",
    )


FILE = {"file_id": "abc-_1", "file_unique_id": "u", "file_size": 10, "mime_type": "audio/ogg", "file_name": "f.pdf"}
PLACE = {"latitude": 45.45, "longitude": 9.18}
VENUE = {"location": PLACE, "title": "Bar", "address": "via Po"}


@pytest.mark.parametrize(
    ("content", "text", "attachment"),
    [
        ({"document": FILE, "caption": "ecco"}, "ecco",
         ("document", "f.pdf", "audio/ogg", "/media/telegram/abc-_1", 10)),
        ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "", ("audio", "", "audio/ogg", "/media/telegram/v")),
        ({"video_note": {"file_id": "n"}}, "", ("video", "", "", "/media/telegram/n")),
        ({"photo": [{"file_id": "../x"}]}, "", ("image", "", "image/jpeg", "/media/telegram/..%2Fx")),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, "", ("video", "", "", "/media/telegram/a")),
        ({"sticker": {"file_id": "s", "emoji": "👍"}}, "👍", ("image", "👍", "image/webp", "/media/telegram/s")),
        ({"location": PLACE}, "", ("location", "45.45000, 9.18000")),
        ({"venue": VENUE, "location": PLACE}, "", ("location", "Bar, via Po (45.45000, 9.18000)")),
        ({"contact": {"phone_number": "+39333", "first_name": "Ben", "last_name": "Blu"}}, "",
         ("contact", "Ben Blu +39333")),
        ({"live_photo": {"file_id": "l", "photo": [{"file_id": "p", "file_size": 9}]}}, "",
         ("image", "", "image/jpeg", "/media/telegram/p", 9)),
        ({"poll": {"id": "1"}}, "", ("document", "poll")),
    ],
)
def test_what_else_a_shopper_sends(content: dict[str, Any], text: str, attachment: tuple[Any, ...]) -> None:
    found = inbound(**content)
    assert (found.text, found.attachments) == (text, (Attachment(*attachment),))


@pytest.mark.parametrize(
    ("text", "said", "payload"),
    [
        ("/start", "/start", {"choice": "intent:greet"}),
        ("/start@passo_bot", "/start@passo_bot", {"choice": "intent:greet"}),
        ("/start newsletter-7", "/start newsletter-7", {"start": "newsletter-7", "choice": "intent:greet"}),
        ("/start faq-return-how", "/start faq-return-how", {"start": "faq-return-how", "choice": "faq:return-how"}),
        ("/start order-1004", "Dov'è il mio ordine 1004?", {"start": "order-1004"}),
        ("/help", "/help", {"choice": "intent:greet"}),
        ("/starter", "/starter", {}),
        ("/start a b", "/start a b", {}),
    ],
)
def test_commands_and_links_of_the_shop(text: str, said: str, payload: dict[str, str]) -> None:
    found = inbound(text=text)
    assert (found.text, found.payload) == (said, payload)


def test_an_edit_names_the_message_it_changes() -> None:
    found = read(edited_message=message(text="nuovo", edit_date=1)).inbound
    assert found is not None
    assert (found.kind, found.key, found.text) == (EventKind.EDIT, "7001:12:5", "nuovo")
    assert found.payload == {"edits": "7001:12"}


def test_a_moving_location_is_no_edit() -> None:
    assert read(edited_message=message(location={"latitude": 1, "longitude": 2})).inbound is None


def test_a_tap_is_a_choice_and_wants_an_answer() -> None:
    tap = {"id": "77", "from": ADA, "message": {"message_id": 1, "date": 0, "chat": CHAT}, "data": "4.2"}
    reading = read(callback_query=tap)
    assert reading.callback == "77"
    assert reading.inbound is not None
    assert (reading.inbound.kind, reading.inbound.choice, reading.inbound.key) == (EventKind.CHOICE, "4.2", "77")


@pytest.mark.parametrize("callback", ["", "7" * 257])
def test_a_tap_without_an_id_of_its_own_is_an_inbound_error(callback: str) -> None:
    """Any other like it would be taken for its repetition."""
    with pytest.raises(InboundError):
        read(callback_query={"id": callback, "from": ADA, "data": "4.2"})


@pytest.mark.parametrize("change", [{"data": "faq:x"}, {"data": ""}, {"message": {"chat": GROUP}}])
def test_a_tap_that_is_no_choice_of_ours_is_only_answered(change: dict[str, Any]) -> None:
    reading = read(callback_query={"id": "77", "from": ADA, "data": "4.2", **change})
    assert (reading.inbound, reading.callback) == (None, "77")


def member(old: str, new: str, chat: dict[str, Any]) -> Reading:
    change = {"chat": chat, "from": ADA, "date": 1}
    return read(my_chat_member=change | {"old_chat_member": {"status": old}, "new_chat_member": {"status": new}})


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_blocking_is_a_status(status: str, reachable: bool) -> None:
    found = member("left", status, CHAT).inbound
    assert found is not None
    assert (found.kind, found.payload) == (EventKind.STATUS, {"reachable": reachable})


def test_being_taken_into_a_group_is_noticed_once() -> None:
    assert member("left", "member", GROUP).group == (-5, "it")
    assert member("member", "administrator", GROUP).group is None
    assert member("member", "kicked", GROUP).group is None
    assert member("left", "administrator", GROUP | {"type": "channel"}).group is None


@pytest.mark.parametrize(
    "content",
    [
        {"message": message(chat=GROUP, text="ciao")}, {"channel_post": message(text="ciao")},
        {"message": message(text="ciao", **{"from": ADA | {"is_bot": True}})}, {"message": message(text="\u200b")},
        {"message": message(new_chat_title="x")}, {"poll": {"id": "1"}}, {"something_new": [1]}, {},
    ],
)
def test_what_is_not_for_the_desk_leads_to_nothing(content: dict[str, Any]) -> None:
    assert read(**content) == Reading(5)


@pytest.mark.parametrize(
    "content",
    [
        {"message": []}, {"message": {"text": "x"}}, {"callback_query": {"id": 5}}, {"message": "ciao"},
        {"message": message(chat={"id": "x", "type": "private"})}, {"my_chat_member": {"chat": CHAT}},
    ],
)
def test_a_field_of_the_wrong_type_is_an_inbound_error(content: dict[str, Any]) -> None:
    with pytest.raises(InboundError, match="The Telegram update does not fit"):
        read(**content)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b'{"update_id": "5"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_update_is_an_inbound_error(raw: bytes) -> None:
    with pytest.raises(InboundError, match="This is no Telegram update"):
        number_of(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
MESSAGE = message(
    text="ciao", caption="c", photo=[FILE], document=FILE, voice=FILE, sticker={"file_id": "s", "emoji": "👍"},
    location={"latitude": 1.5, "longitude": 2.5}, contact={"phone_number": "+39", "first_name": "B"}, poll={"id": "1"},
)
UPDATES = [
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 1, "edited_message": MESSAGE},
    {"update_id": 1, "callback_query": {"id": "1", "from": ADA, "message": {"chat": CHAT}, "data": "4.2"}},
    {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": ADA, "date": 1, "old_chat_member": {"status": "left"},
                                        "new_chat_member": {"status": "member"}}},
]


@fuzz(800)
@given(data=st.data())
def test_a_damaged_update_reads_or_is_an_inbound_error(data: st.DataObject) -> None:
    update = data.draw(st.sampled_from(UPDATES))
    for _ in range(data.draw(st.integers(1, 3))):
        update = changed(update, data.draw(st.sampled_from(places(update))), data.draw(JSON))
    try:
        reading = read_update(json.dumps(update).encode())
    except InboundError:
        return
    if reading.inbound is not None:
        reading.inbound.text.encode()


@fuzz(1000)
@given(raw=st.binary(max_size=200) | bitten([json.dumps(one).encode() for one in UPDATES]))
def test_any_bytes_read_or_are_an_inbound_error(raw: bytes) -> None:
    for parser in (number_of, read_update):
        try:
            parser(raw)
        except InboundError:
            continue


@fuzz(300)
@given(data=st.data())
def test_unknown_fields_change_nothing(data: st.DataObject) -> None:
    update = data.draw(st.sampled_from(UPDATES))
    known = read_update(json.dumps(update).encode())
    inner = [path for path in places(update) if isinstance(_at(update, path), dict)]
    for path in data.draw(st.lists(st.sampled_from(inner), max_size=4)):
        new = {"future_" + data.draw(st.text(max_size=5)): data.draw(JSON)}
        update = changed(update, path, _at(update, path) | new)
    assert read_update(json.dumps(update).encode()) == known


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def test_the_library_reads_what_the_double_sends() -> None:
    """Our double's updates are judged by python-telegram-bot, which is not ours."""
    double = TelegramDouble()
    ada = double.user(7001, "Ada")
    ada.edits(ada.sends(text="ciao"), "ciao!")
    ada.shown.append({"message_id": 1, "date": 1, "chat": CHAT, "visible": "", "text": "x", "reply_markup": {
        "inline_keyboard": [[{"text": "Resi", "callback_data": "2.1"}]]}})
    ada.taps("Resi")
    ada.blocks()
    for update in double.updates:
        read_by_library = Update.de_json(update, None)
        assert read_by_library.effective_user is not None
        assert read_by_library.to_dict().keys() == update.keys()


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
def test_captured_updates_read() -> None:
    seen = 0
    for file in PAYLOADS.glob("get_updates_*.json"):
        for update in json.loads(file.read_text(encoding="utf-8"))["result"]:
            assert read_update(json.dumps(update).encode()).update_id == update["update_id"]
            seen += 1
    assert seen > 10
