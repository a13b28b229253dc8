"""One rule for all readers: what is odd in an optional part never costs the message, and context stays with it."""
import copy
import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from msgspec import Struct, field

from bot.channels.lenient import lenient
from bot.channels.meta.messaging_inbound import read_delivery as read_messaging
from bot.channels.meta.messaging_values import Line
from bot.channels.telegram.inbound import read_update
from bot.channels.whatsapp.inbound import read_delivery as read_whatsapp
from bot.model.conversation import Context, EventKind, Inbound
from tests.channels.whatsapp.deliveries import OURS

ODD: tuple[Any, ...] = (None, True, 5, 1.5, "", "x", [], [None], [1, {}], {}, {"id": []}, {"": 1})
PAGE = "1789"


class Inner(Struct, frozen=True):
    id: str
    size: int = 0


class Outer(Struct, frozen=True):
    sender: str = field(name="from")
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    note: str = "none"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"from": "a"}, Outer("a")), ({"from": 7}, Outer("7")), ({"from": "a", "inner": 5}, Outer("a")),
        ({"from": "a", "inner": {"id": "b", "size": "big"}}, Outer("a", Inner("b"))),
        ({"from": "a", "inner": {"size": 1}}, Outer("a")), ({"from": "a", "note": None}, Outer("a")),
        ({"from": "a", "many": [{"id": "b"}, 5, None, {"id": "c", "size": None}]},
         Outer("a", None, (Inner("b"), Inner("c")))),
        ({"from": "a", "many": {"id": "b"}}, Outer("a")), ({"from": "a", "note": ["x"]}, Outer("a")),
    ],
)
def test_an_odd_optional_part_has_its_default(value: Any, found: Outer) -> None:
    assert lenient(value, Outer) == found


@pytest.mark.parametrize("value", [None, 5, [], {}, {"from": None}, {"from": ["a"]}])
def test_an_odd_required_part_costs_what_holds_it(value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        lenient(value, Outer)


def whatsapp(message: dict[str, Any]) -> list[Inbound]:
    value = {"messaging_product": "whatsapp",
             "metadata": {"display_phone_number": "+39 011 2233", "phone_number_id": OURS},
             "contacts": [{"profile": {"name": "Ada"}, "wa_id": "39333"}], "messages": [message]}
    body = {"object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}
    return read_whatsapp(json.dumps(body).encode(), OURS)


def instagram(event: dict[str, Any], *, as_change: bool = False) -> list[Inbound]:
    whole = {"sender": {"id": "42"}, "recipient": {"id": PAGE}, "timestamp": 1_763_888_400_000} | event
    held: dict[str, Any] = {"changes": [{"field": "messages", "value": whole}]} if as_change else {"messaging": [whole]}
    body = {"object": "instagram", "entry": [{"id": PAGE, "time": 1, **held}]}
    return read_messaging(json.dumps(body).encode(), Line("instagram", "instagram", PAGE, "77", "it", lambda url: url))


def telegram(message: dict[str, Any]) -> list[Inbound]:
    whole = {"message_id": 9, "date": 1_763_888_400, "chat": {"id": 7, "type": "private"}} | message
    found = read_update(json.dumps({"update_id": 1, "message": whole}).encode()).inbound
    return [found] if found is not None else []


WHATSAPP = {"id": "wamid.1", "from": "39333", "timestamp": "1763888400", "type": "text", "text": {"body": "ciao"}}
INSTAGRAM = {"mid": "m_1", "text": "ciao"}
OPTIONAL = {
    "whatsapp": ("context", "referral", "image", "system", "contacts", "order", "interactive", "button", "location",
                 "timestamp", "unsupported", "video", "from_user_id", "errors"),
    "instagram": ("reply_to", "referral", "attachments", "quick_reply", "app_id", "metadata", "sticker_id", "nlp",
                  "is_unsupported"),
    "telegram": ("from", "photo", "reply_to_message", "quote", "forward_origin", "external_reply", "entities",
                 "document", "sticker", "location", "contact", "date", "voice", "caption", "venue", "live_photo",
                 "forward_from", "link_preview_options"),
}


def said(channel: str, name: str, value: Any) -> Sequence[Inbound]:
    if channel == "whatsapp":
        return whatsapp(WHATSAPP | {name: value})
    if channel == "instagram":
        return instagram({"message": INSTAGRAM | {name: value}})
    return telegram({"text": "ciao", name: value})


@pytest.mark.parametrize(("channel", "name"), [(one, name) for one, names in OPTIONAL.items() for name in names])
def test_no_odd_optional_field_costs_the_text(channel: str, name: str) -> None:
    for value in ODD:
        if (channel, name) == ("whatsapp", "system") and isinstance(value, dict):
            continue
        assert [one.text for one in said(channel, name, value)] == ["ciao"], value


def test_deep_inside_an_odd_field_costs_no_message_either() -> None:
    message = WHATSAPP | {"context": {"id": "wamid.0", "forwarded": "yes", "referred_product": {"catalog_id": 5}}}
    (found,) = whatsapp(message)
    assert found.text == "ciao"
    assert Context("product", "5") in found.context


@pytest.mark.parametrize("as_change", [False, True])
def test_instagrams_two_shapes_say_the_same(as_change: bool) -> None:
    (found,) = instagram({"message": INSTAGRAM}, as_change=as_change)
    assert (found.kind, found.text, found.address) == (EventKind.MESSAGE, "ciao", "42")
    (tapped,) = instagram({"postback": {"mid": "m_2", "title": "Resi", "payload": "3.1"}}, as_change=as_change)
    assert (tapped.kind, tapped.choice) == (EventKind.CHOICE, "3.1")
    read = instagram({"read": {"mid": "m_1"}}, as_change=as_change)
    assert [one.kind for one in read] == [EventKind.STATUS]


def test_a_change_that_is_no_message_leaves_a_line_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    body = {"object": "instagram", "entry": [{"id": PAGE, "changes": [{"field": "comments", "value": {"id": "1"}}, 5]}]}
    line = Line("instagram", "instagram", PAGE, "77", "it", str)
    assert read_messaging(json.dumps(body).encode(), line) == []
    assert "meta_change_ignored" in capsys.readouterr().out


def test_our_own_account_is_no_customer_even_without_the_mark_of_an_echo() -> None:
    ours = {"sender": {"id": PAGE}, "recipient": {"id": "42"}, "message": INSTAGRAM}
    (found,) = instagram(copy.deepcopy(ours))
    assert (found.kind, found.address) == (EventKind.HUMAN, "42")
    assert instagram({**ours, "recipient": None}) == []


def test_our_own_number_is_no_customer_of_whatsapps() -> None:
    assert whatsapp(WHATSAPP | {"from": "390112233"}) == []
    (found,) = whatsapp(WHATSAPP | {"from": "390112233", "to": "39333"})
    assert (found.kind, found.address, found.text) == (EventKind.HUMAN, "39333", "ciao")


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ({"reply_to": {"mid": "m_0"}}, (Context("quote", key="m_0"),)),
        ({"referral": {"product": {"id": "88"}}}, (Context("product", "88"),)),
        ({"referral": {"source": "ADS", "ad_id": "5", "ads_context_data": {"ad_title": "Saldi", "product_id": "9"}}},
         (Context("product", "9"), Context("ad", "Saldi"))),
        ({"attachments": [{"type": "template", "payload": {"product": {"elements": [
            {"id": "1", "retailer_id": "SKU-7", "title": "Scarpe", "subtitle": "89 €"}, 5]}}}]},
         (Context("product", "Scarpe · 89 € · SKU-7"),)),
        ({}, ()),
    ],
)
def test_what_a_message_of_metas_stands_in(message: dict[str, Any], context: tuple[Context, ...]) -> None:
    assert instagram({"message": INSTAGRAM | message})[0].context == context


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ({"context": {"from": "39", "id": "wamid.0"}}, (Context("quote", key="wamid.0"),)),
        ({"context": {"forwarded": True}}, (Context("forwarded"),)),
        ({"context": {"frequently_forwarded": True}}, (Context("forwarded"),)),
        ({"context": {"id": "wamid.0", "referred_product": {"catalog_id": "1", "product_retailer_id": "SKU-7"}}},
         (Context("product", "SKU-7"),)),
        ({"referral": {"headline": "Saldi", "body": "-20 %", "source_url": "https://fb.me/x"}},
         (Context("ad", "Saldi · -20 % · https://fb.me/x"),)),
    ],
)
def test_what_a_whatsapp_message_stands_in(message: dict[str, Any], context: tuple[Context, ...]) -> None:
    assert whatsapp(WHATSAPP | message)[0].context == context


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ({"reply_to_message": {"message_id": 3, "text": "Costa 4,90 €"}}, (Context("quote", "Costa 4,90 €"),)),
        ({"reply_to_message": {"caption": "la foto"}}, (Context("quote", "la foto"),)),
        ({"reply_to_message": {"photo": [{"file_id": "p"}]}}, (Context("quote", "[photo]"),)),
        ({"reply_to_message": {"text": "tutto"}, "quote": {"text": "parte"}}, (Context("quote", "parte"),)),
        ({"external_reply": {"origin": {}, "document": {}}}, (Context("quote", "[document]"),)),
        ({"forward_origin": {"type": "user", "sender_user": {"id": 5, "first_name": "Bruno"}}},
         (Context("forwarded", "Bruno"),)),
        ({"forward_origin": {"type": "hidden_user", "sender_user_name": "Carla"}}, (Context("forwarded", "Carla"),)),
        ({"forward_origin": {"type": "channel", "chat": {"id": 1, "type": "channel", "title": "Offerte"}}},
         (Context("forwarded", "Offerte"),)),
        ({"forward_sender_name": "Dino", "forward_date": 1}, (Context("forwarded", "Dino"),)),
        ({"forward_date": 1}, (Context("forwarded"),)), ({"reply_to_story": {"id": 1}}, (Context("story"),)), ({}, ()),
    ],
)
def test_what_a_telegram_message_stands_in(message: dict[str, Any], context: tuple[Context, ...]) -> None:
    assert telegram({"text": "ciao"} | message)[0].context == context


@pytest.mark.parametrize(
    ("sizes", "largest"),
    [
        ([("s", 90, 60, None), ("l", 1280, 853, None), ("m", 320, 213, None)], "l"),
        ([("s", 90, 60, 1_000), ("l", 1280, 853, None)], "l"), ([("s", 0, 0, 1_000), ("l", 0, 0, 9_000)], "l"),
        ([("l", 0, 0, 9_000), ("s", 0, 0, 1_000)], "l"), ([("s", None, None, None), ("l", None, None, None)], "l"),
    ],
)
def test_of_a_photo_the_largest_is_kept(sizes: Sequence[tuple[Any, ...]], largest: str) -> None:
    names = ("file_id", "width", "height", "file_size")
    photo = [dict(zip(names, size, strict=True)) for size in sizes]
    assert [one.url for one in telegram({"photo": photo})[0].attachments] == [f"/media/telegram/{largest}"]
