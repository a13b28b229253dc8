"""What a delivery of Messenger becomes, and that nothing but InboundError ever comes of a bad one."""
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.meta.messaging_inbound import read_delivery
from bot.channels.meta.messaging_values import Line, moment_of
from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError
from tests.providers.messenger import APP, INBOX_APP, PAGE

ADA = "7001000000000001"
AT = 1_763_888_400_000
PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "messenger"


def shown(url: str) -> str:
    return f"/media/messenger/{url.rpartition('/')[2]}" if url else ""


LINE = Line("messenger", "page", PAGE, APP, "it", shown)


def delivery(*events: dict[str, Any], box: str = "messaging") -> dict[str, Any]:
    ends = {"sender": {"id": ADA}, "recipient": {"id": PAGE}, "timestamp": AT}
    return {"object": "page", "entry": [{"id": PAGE, "time": AT, box: [ends | event for event in events]}]}


def read(*events: dict[str, Any], **box: str) -> list[Inbound]:
    return read_delivery(json.dumps(delivery(*events, **box)).encode(), LINE)


def one(**event: Any) -> Inbound:
    (found,) = read(event)
    return found


def message(**content: Any) -> Inbound:
    return one(message={"mid": "m_1", **content})


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    return {"type": kind, "payload": payload}


def test_a_text() -> None:
    assert message(text=" Dov'è il mio ordine?\r\n1004\u0000 ") == Inbound(
        channel="messenger", account=PAGE, kind=EventKind.MESSAGE, key="m_1", address=ADA,
        text="Dov'è il mio ordine?\n1004", sent_at=datetime(2025, 11, 23, 9, 0, tzinfo=UTC),
        payload={"thread": {"message": "m_1"}},
    )


def test_all_events_of_all_entries_are_read_in_order() -> None:
    body = delivery({"message": {"mid": "m_1", "text": "uno"}}, {"message": {"mid": "m_2", "text": "due"}})
    body["entry"] += delivery({"message": {"mid": "m_3", "text": "tre"}})["entry"]
    assert [found.text for found in read_delivery(json.dumps(body).encode(), LINE)] == ["uno", "due", "tre"]


@pytest.mark.parametrize(
    ("content", "text", "attachments"),
    [
        ({"text": "ecco", "attachments": [attached("image", url="https://x.fbcdn.net/a.jpg")]}, "ecco",
         [("image", "", "", "/media/messenger/a.jpg")]),
        ({"attachments": [attached("audio", url="https://x.fbcdn.net/a.mp4")]}, "",
         [("audio", "", "", "/media/messenger/a.mp4")]),
        ({"attachments": [attached("video", url="https://x.fbcdn.net/v.mp4"), attached("file", url="https://x/f.pdf")]},
         "", [("video", "", "", "/media/messenger/v.mp4"), ("document", "", "", "/media/messenger/f.pdf")]),
        ({"attachments": [attached("image", url="https://x.fbcdn.net/s.png", sticker_id=144)]}, "",
         [("image", "sticker", "", "/media/messenger/s.png")]),
        ({"attachments": [attached("sticker", url="https://x.fbcdn.net/s.png")]}, "",
         [("image", "sticker", "", "/media/messenger/s.png")]),
        ({"attachments": [attached("image", url="https://x/t.png", sticker_id=369239263222822)]}, "👍", []),
        ({"sticker_id": 369239383222810, "attachments": [attached("image", url="https://x/t.png")]}, "👍", []),
        ({"attachments": [attached("location", title="Bar", coordinates={"lat": 45.45, "long": 9.18})]}, "",
         [("location", "Bar (45.45000, 9.18000)")]),
        ({"attachments": [{"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}]}, "",
         [("location", "1.00000, 2.00000")]),
        ({"text": "guarda", "attachments": [{"type": "fallback", "title": "Scarpa", "url": "https://shop.example/1",
                                             "payload": None}]}, "guarda",
         [("document", "Scarpa https://shop.example/1")]),
        ({"text": "guarda https://shop.example/1",
          "attachments": [{"type": "fallback", "url": "https://shop.example/1"}]}, "guarda https://shop.example/1", []),
        ({"attachments": [attached("reel", url="https://x.fbcdn.net/r.mp4", title="Sconti")]}, "",
         [("video", "Sconti", "", "/media/messenger/r.mp4")]),
        ({"attachments": [attached("share", url="https://www.facebook.com/p/1")]}, "",
         [("document", "shared post", "", "/media/messenger/1")]),
        ({"attachments": [{"type": "template", "title": "Ricevuta", "payload": {"template_type": "receipt"}}]}, "",
         [("document", "Ricevuta")]),
        ({"attachments": [attached("hologram")]}, "", [("unsupported", "hologram")]),
        ({"attachments": [5, {"type": []}]}, "", [("unsupported", "unknown"), ("unsupported", "unknown")]),
        ({"text": "ciao", "attachments": "x"}, "ciao", []),
        ({"is_unsupported": True}, "", [("unsupported",)]),
        ({"new_kind_of_content": {}}, "", [("unsupported",)]),
        ({"text": "sì", "quick_reply": {"payload": "USER_DEFINED"}}, "sì", []),
        ({"text": "sì", "quick_reply": [], "reply_to": "m_0", "referral": 7}, "sì", []),
    ],
)
def test_what_a_shopper_sends(content: dict[str, Any], text: str, attachments: list[tuple[str, ...]]) -> None:
    found = message(**content)
    assert (found.kind, found.text) == (EventKind.MESSAGE, text)
    assert found.attachments == tuple(Attachment(*one) for one in attachments)


def test_a_quick_reply_is_a_choice() -> None:
    found = message(text="Resi", quick_reply={"payload": "4.2"})
    assert (found.kind, found.key, found.choice, found.text) == (EventKind.CHOICE, "m_1", "4.2", "Resi")


@pytest.mark.parametrize(
    ("postback", "kind", "text", "means"),
    [
        ({"title": "Resi", "payload": "4.2"}, EventKind.CHOICE, "Resi", None),
        ({"title": "Inizia", "payload": "GET_STARTED"}, EventKind.MESSAGE, "Inizia", "intent:greet"),
        ({"title": "Get Started", "payload": "x"}, EventKind.MESSAGE, "Get Started", "intent:greet"),
        ({"payload": "WELCOME"}, EventKind.MESSAGE, "WELCOME", "intent:greet"),
        ({"title": "Come rendo?", "payload": "faq-return-how"}, EventKind.MESSAGE, "Come rendo?", "faq:return-how"),
        ({"title": "Dov'è il mio ordine?", "payload": "ICE_1"}, EventKind.MESSAGE, "Dov'è il mio ordine?", None),
        ({"title": "Inizia", "payload": "GET_STARTED", "referral": {"ref": "faq-return-how"}}, EventKind.MESSAGE,
         "Inizia", "faq:return-how"),
        ({"title": "Inizia", "payload": "GET_STARTED", "referral": {"ref": "order-1004"}}, EventKind.MESSAGE,
         "Dov'è il mio ordine 1004?", None),
        ({"title": "Inizia", "payload": "GET_STARTED", "referral": {"ref": "newsletter"}}, EventKind.MESSAGE,
         "Inizia", "intent:greet"),
    ],
)
def test_buttons_of_the_shop(postback: dict[str, Any], kind: EventKind, text: str, means: str | None) -> None:
    found = one(postback={"mid": "m_9", **postback})
    assert (found.kind, found.text, found.payload.get("choice")) == (kind, text, means)
    assert found.payload.get("start") == postback.get("referral", {}).get("ref")


def test_a_button_without_an_id_has_the_same_key_at_each_delivery() -> None:
    first, again = (one(postback={"title": "Resi", "payload": "4.2"}) for _ in range(2))
    later = one(postback={"title": "Resi", "payload": "4.2"}, timestamp=AT + 1)
    assert first.key == again.key != later.key


def test_a_link_of_the_shop_asks_and_any_other_says_nothing() -> None:
    asked = one(referral={"ref": "faq-return-how", "source": "SHORTLINK", "type": "OPEN_THREAD"})
    assert (asked.kind, asked.text, asked.payload["choice"]) == (
        EventKind.MESSAGE, "faq-return-how", "faq:return-how"
    )
    assert one(referral={"ref": "order-1004"}).text == "Dov'è il mio ordine 1004?"
    assert read({"referral": {"ref": "newsletter", "source": "SHORTLINK"}}) == []


def test_an_ad_that_opened_the_thread_is_remembered() -> None:
    found = message(text="Hi", referral={"source": "ADS", "ad_id": 2384, "ref": "promo", "ads_context_data": {}})
    assert found.payload == {"thread": {"message": "m_1", "ad": "2384"}, "start": "promo"}


def echo(**content: Any) -> list[Inbound]:
    ends = {"sender": {"id": PAGE}, "recipient": {"id": ADA}}
    return read({**ends, "message": {"mid": "m_5", "is_echo": True, **content}})


@pytest.mark.parametrize("app", [{"app_id": int(INBOX_APP)}, {"app_id": INBOX_APP}, {}, {"app_id": None}])
def test_an_echo_of_anybody_else_is_a_persons_answer(app: dict[str, Any]) -> None:
    picture = [attached("image", url="https://x.fbcdn.net/a.jpg")]
    (found,) = echo(text="Ci penso io", attachments=picture, **app)
    assert (found.kind, found.key, found.address, found.text) == (EventKind.HUMAN, "m_5", ADA, "Ci penso io")
    assert found.attachments == (Attachment("image", url="/media/messenger/a.jpg"),)


@pytest.mark.parametrize("app", [APP, int(APP)])
def test_an_echo_of_our_app_is_the_fate_of_our_message(app: str | int) -> None:
    (found,) = echo(text="Ciao", app_id=app, metadata="12-4")
    assert (found.kind, found.address) == (EventKind.STATUS, ADA)
    assert found.payload == {"delivery": "sent", "message": "m_5", "reply": "12-4"}
    (found,) = echo(text="Ciao", app_id=app)
    assert found.payload == {"delivery": "sent", "message": "m_5"}


def test_while_another_app_has_the_thread_only_the_shops_answers_are_read() -> None:
    assert read({"message": {"mid": "m_1", "text": "resi"}}, {}, box="standby") == []
    ends = {"sender": {"id": PAGE}, "recipient": {"id": ADA}}
    answer = {**ends, "message": {"mid": "m_2", "text": "Sì", "is_echo": True, "app_id": int(INBOX_APP)}}
    assert [found.kind for found in read(answer, box="standby")] == [EventKind.HUMAN]


def test_edits_and_deletions_name_their_message() -> None:
    edited = one(message_edit={"mid": "m_1", "text": "nuovo", "num_edit": 2})
    assert (edited.kind, edited.key, edited.text, edited.payload) == (
        EventKind.EDIT, "m_1:edit-2", "nuovo", {"edits": "m_1"}
    )
    deleted = message(is_deleted=True)
    assert (deleted.kind, deleted.key, deleted.payload) == (
        EventKind.EDIT, "m_1:deleted", {"edits": "m_1", "deleted": True}
    )


def test_receipts() -> None:
    gone = read({"delivery": {"mids": ["m_1", "m_2"], "watermark": AT}})
    assert [(found.kind, found.key, found.payload) for found in gone] == [
        (EventKind.STATUS, f"{mid}:delivered", {"delivery": "delivered", "message": mid}) for mid in ("m_1", "m_2")
    ]
    until = {"delivery": "read", "until": "2025-11-23T09:00:00+00:00"}
    assert one(read={"watermark": AT}).payload == until
    assert one(delivery={"watermark": AT}).payload == {**until, "delivery": "delivered"}
    assert one(read={"mid": "m_1"}).payload == {"delivery": "read", "message": "m_1"}
    assert read({"read": {"watermark": "soon"}}) == []


@pytest.mark.parametrize(
    "event",
    [
        {"reaction": {"mid": "m_1", "action": "react", "emoji": "❤️"}}, {"optin": {"ref": "x"}}, {"something": [1]}, {},
        {"pass_thread_control": {"new_owner_app_id": 1}}, {"policy_enforcement": {"action": "warning"}},
        {"message": {"mid": "m_1", "text": "\u200b"}}, {"message": []}, {"message": None},
        {"message": {"mid": "m_1", "text": "x"}, "sender": None}, {"message": {"mid": "è", "text": "x"}},
        {"message": {"mid": "m_1", "text": "x"}, "sender": {"id": "a b"}}, {"message": {"is_deleted": True}},
        {"message_edit": {"mid": "m_1", "text": ""}}, {"postback": {}},
        {"message": {"mid": "m_1", "is_echo": "yes"}, "recipient": None},
    ],
)
def test_what_is_not_for_the_desk_leads_to_nothing_and_hides_nothing(event: dict[str, Any]) -> None:
    assert [found.text for found in read(event, {"message": {"mid": "m_2", "text": "ciao"}})] == ["ciao"]


@pytest.mark.parametrize(
    "body",
    [
        {"object": "instagram", "entry": delivery({"message": {"mid": "m", "text": "x"}})["entry"]},
        {"object": "page", "entry": [{"id": "999999", "messaging": [{"message": {"mid": "m", "text": "x"}}]}]},
        {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed"}]}, 7, {"id": PAGE, "messaging": "x"}]},
        {"object": "page", "entry": [{"id": PAGE, "messaging": None, "standby": None}]},
        {"object": "page", "entry": []},
    ],
)
def test_what_is_of_another_account_or_kind_leads_to_nothing(body: dict[str, Any]) -> None:
    assert read_delivery(json.dumps(body).encode(), LINE) == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b'{"object": "page"}', b"\xff\xfe", b"[" * 100_000, b"{}"])
def test_what_is_no_delivery_is_an_inbound_error(raw: bytes) -> None:
    with pytest.raises(InboundError, match="This is no delivery of Meta's"):
        read_delivery(raw, LINE)


def test_half_an_emoji_costs_no_message() -> None:
    raw = json.dumps(delivery({"message": {"mid": "m_1", "text": "ciao X"}})).replace("X", "\\ud83d").encode()
    assert [found.text for found in read_delivery(raw, LINE)] == ["ciao"]


@pytest.mark.parametrize("place", ["entry", "event", "message"])
def test_half_an_emoji_in_a_fields_name_costs_no_message(place: str) -> None:
    body = delivery({"message": {"mid": "m_1", "text": "ciao"}})
    event = body["entry"][0]["messaging"][0]
    {"entry": body["entry"][0], "event": event, "message": event["message"]}[place]["future_X"] = 1
    raw = json.dumps(body).replace("X", "\\ud83d").encode()
    assert [found.text for found in read_delivery(raw, LINE)] == ["ciao"]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (AT, datetime(2025, 11, 23, 9, 0, tzinfo=UTC)), (str(AT), datetime(2025, 11, 23, 9, 0, tzinfo=UTC)),
        (AT // 1000, datetime(2025, 11, 23, 9, 0, tzinfo=UTC)), (float(AT), datetime(2025, 11, 23, 9, 0, tzinfo=UTC)),
        ("2025-11-23T10:00:00+01:00", datetime(2025, 11, 23, 9, 0, tzinfo=UTC)),
        ("2025-11-23T09:00:00Z", datetime(2025, 11, 23, 9, 0, tzinfo=UTC)),
        ("2025-11-23 09:00", datetime(2025, 11, 23, 9, 0, tzinfo=UTC)),
        (0, None), (-1, None), (2_222_222, None), (10**30, None), (float("nan"), None), ("soon", None), ("²", None),
        (None, None), (True, None), ([1], None), ("", None), ("9999-12-31T23:59:59-23:00", None),
    ],
)
def test_times_come_in_many_shapes(value: Any, moment: datetime | None) -> None:
    assert moment_of(value) == moment


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
@pytest.mark.parametrize(("file", "texts"), [
    ("bb_Payload.json", ["text"]), ("bb_PayloadWithStandby.json", ["text"]), ("bb_RequestResponse.json", ["asd"]),
    ("bb_PayloadWithReferral.json", []), ("bb_PayloadWithPassThreadControl.json", []),
])
def test_captured_deliveries_read(file: str, texts: list[str]) -> None:
    raw = (PAYLOADS / file).read_bytes()
    accounts = [str(entry["id"]) for entry in json.loads(raw)["entry"]]
    found = [one for account in accounts for one in read_delivery(raw, Line("messenger", "page", account, APP, "it",
                                                                            shown))]
    assert [one.text for one in found if one.kind is EventKind.MESSAGE] == texts
