"""What each event of WhatsApp's becomes."""
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.whatsapp.inbound import read_delivery
from bot.model.conversation import Attachment, EventKind, Inbound
from bot.model.errors import InboundError
from tests.channels.whatsapp.deliveries import ADA, CONTACT, FILE, OURS, SCOPED, delivery, message, one, read, status


def test_a_text() -> None:
    assert one("text", {"body": " Dov'è il mio ordine?\r\n1004\u0000 "}) == Inbound(
        channel="whatsapp", account=OURS, kind=EventKind.MESSAGE, key="wamid.A1", address=SCOPED,
        text="Dov'è il mio ordine?\n1004", sent_at=datetime(2025, 11, 23, 9, 0, tzinfo=UTC), name="Ada Neri",
        payload={"thread": {"wamid": "wamid.A1"}, "also": (ADA,)},
    )


CARD = {"name": {"formatted_name": "Ben Blu", "first_name": "Ben"}, "phones": [{"phone": "+39 333"}],
        "emails": [{"email": "ben@b.example"}]}
ITEMS = [{"product_retailer_id": "SKU-7", "quantity": 2, "item_price": 19.9, "currency": "EUR"}]
PLACE = {"latitude": 45.45, "longitude": 9.18}
ERRORS = [{"code": 131051, "title": "Message type unknown"}]
UNSUPPORTED = ("unsupported",)


@pytest.mark.parametrize(
    ("kind", "content", "text", "attachments"),
    [
        ("image", FILE | {"caption": "rotta"}, "rotta", [("image", "", "image/jpeg", "/media/whatsapp/1234567890")]),
        ("video", {"id": "v"}, "", [("video", "", "", "/media/whatsapp/v")]),
        ("audio", {"id": "a", "mime_type": "audio/ogg; codecs=opus", "voice": True}, "",
         [("audio", "", "audio/ogg", "/media/whatsapp/a")]),
        ("document", {"id": "../d", "filename": "f.pdf", "mime_type": "application/pdf"}, "",
         [("document", "f.pdf", "application/pdf", "/media/whatsapp/..%2Fd")]),
        ("sticker", {"id": "s", "mime_type": "image/webp", "animated": False}, "",
         [("image", "", "image/webp", "/media/whatsapp/s")]),
        ("location", PLACE, "", [("location", "45.45000, 9.18000")]),
        ("location", PLACE | {"name": "Bar", "address": "via Po", "url": "https://x"}, "",
         [("location", "Bar, via Po (45.45000, 9.18000)")]),
        ("contacts", [CARD, {}], "", [("contact", "Ben Blu +39 333 ben@b.example"), ("contact", "")]),
        ("order", {"catalog_id": "1", "text": "in rosso", "product_items": ITEMS}, "in rosso",
         [("document", "2 × SKU-7 (19.9 EUR)")]),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "old", "title": "Resi"}}, "Resi", []),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json":
         '{"flow_token": "x", "taglia": 42}'}}, "taglia: 42", []),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{"}}, "", [("unsupported", "form")]),
        ("interactive", {"type": "something_new"}, "", [UNSUPPORTED]),
        ("interactive", None, "", [UNSUPPORTED]),
        ("button", {"payload": "TRACK", "text": "Dov'è il pacco?"}, "Dov'è il pacco?", []),
        ("button", {"payload": "Sì"}, "Sì", []),
        ("unsupported", {"type": "poll"}, "", [("unsupported", "poll")]),
        ("unsupported", None, "", [UNSUPPORTED]),
        ("hologram", {"depth": 3}, "", [UNSUPPORTED]),
        ("image", None, "", [UNSUPPORTED]),
        ("text", {"body": 5}, "5", []), ("text", {"body": [1]}, "", [UNSUPPORTED]),
        ("image", {"mime_type": "image/png"}, "", [UNSUPPORTED]),
    ],
)
def test_what_a_shopper_sends(kind: str, content: Any, text: str, attachments: list[tuple[str, ...]]) -> None:
    found = one(kind, content, errors=ERRORS)
    assert (found.kind, found.text) == (EventKind.MESSAGE, text)
    assert found.attachments == tuple(Attachment(*each) for each in attachments)


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("interactive", {"type": "button_reply", "button_reply": {"id": "4.2", "title": "Resi"}}, "Resi"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "4.2", "title": "Come faccio a rendere…",
         "description": "Come faccio a rendere le scarpe?"}}, "Come faccio a rendere le scarpe?"),
        ("button", {"payload": "4.2", "text": "Resi"}, "Resi"),
    ],
)
def test_a_tap_is_a_choice(kind: str, content: Any, text: str) -> None:
    found = one(kind, content, context={"from": "390212345678", "id": "wamid.B2"})
    assert (found.kind, found.choice, found.text) == (EventKind.CHOICE, "4.2", text)
    assert found.payload["thread"] == {"wamid": "wamid.A1", "quotes": "wamid.B2"}


def test_a_button_of_a_template_may_name_a_faq_entry() -> None:
    found = one("button", {"payload": "faq-return-how", "text": "Come rendo?"})
    assert (found.kind, found.text, found.payload["choice"]) == (EventKind.MESSAGE, "Come rendo?", "faq:return-how")


def test_what_a_message_stands_in_is_its_thread() -> None:
    referral = {"source_url": "https://fb.me/1", "source_type": "ad", "headline": "Saldi", "ctwa_clid": "x"}
    found = one("text", {"body": "è vero?"}, context={"forwarded": True}, referral=referral)
    ad = {"source_url": "https://fb.me/1", "source_type": "ad", "headline": "Saldi"}
    assert found.payload["thread"] == {"wamid": "wamid.A1", "forwarded": True, "referral": ad}


@pytest.mark.parametrize(
    ("contacts", "ids", "address", "also", "name"),
    [
        ([CONTACT], {}, SCOPED, (ADA,), "Ada Neri"),
        ([{"wa_id": ADA, "profile": {"name": "Ada"}}], {}, ADA, None, "Ada"),
        ([], {}, ADA, None, None),
        ([], {"from_user_id": SCOPED}, SCOPED, (ADA,), None),
        ([{"user_id": SCOPED, "profile": {"name": "Ada", "username": "@ada"}}], {"from": "", "from_user_id": SCOPED},
         SCOPED, None, "Ada"),
        ([{"wa_id": "399", "user_id": "IT.9", "profile": {"name": "Ben"}}, CONTACT], {}, SCOPED, (ADA,), "Ada Neri"),
        ([{"wa_id": 5}, CONTACT], {}, SCOPED, (ADA,), "Ada Neri"),
    ],
)
def test_who_wrote(
    contacts: list[Any], ids: dict[str, str], address: str, also: tuple[str, ...] | None, name: str | None
) -> None:
    (found,) = read(delivery(contacts=contacts, messages=[message("text", {"body": "ciao"}, **ids)]))
    assert (found.address, found.payload.get("also"), found.name) == (address, also, name)


def test_an_edit_and_a_deletion_name_the_message_they_change() -> None:
    edit = one("edit", {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "nuovo"}}})
    assert (edit.kind, edit.key, edit.text, edit.payload) == (
        EventKind.EDIT, "wamid.A1", "nuovo", {"edits": "wamid.0"},
    )
    caption = {"type": "image", "image": FILE | {"caption": "nuova"}}
    assert one("edit", {"original_message_id": "wamid.0", "message": caption}).text == "nuova"
    gone = one("revoke", {"original_message_id": "wamid.0"})
    assert (gone.kind, gone.payload) == (EventKind.EDIT, {"edits": "wamid.0", "deleted": True})


@pytest.mark.parametrize(
    ("system", "payload"),
    [
        ({"type": "user_changed_number", "wa_id": "399"}, {"moved_to": "399"}),
        ({"type": "user_changed_number", "wa_id": "399", "user_id": "IT.9"}, {"moved_to": "IT.9", "also": ("399",)}),
        ({"type": "user_changed_user_id", "user_id": "IT.9"}, {"moved_to": "IT.9"}),
    ],
)
def test_a_new_number_moves_the_address(system: dict[str, str], payload: dict[str, Any]) -> None:
    (found,) = read(delivery(messages=[message("system", system)]))
    assert (found.kind, found.address, found.payload) == (EventKind.STATUS, ADA, payload)


@pytest.mark.parametrize(
    "content",
    [
        {"messages": [message("reaction", {"message_id": "wamid.B2", "emoji": "👍"})]},
        {"messages": [message("reaction", {"message_id": "wamid.B2"})]},
        {"messages": [message("system", {"type": "customer_identity_changed", "body": "x"})]},
        {"messages": [message("system", {"type": "user_changed_number"})]},
        {"messages": [message("text", {"body": "\u200b"})]},
        {"messages": [message("text", {"body": "ciao"}, group_id="g1")]},
        {"messages": [message("text", {"body": "ciao"}, **{"from": ""})]},
        {"messages": [{"type": "text"}, 5, None, []]},
        {"messages": [message("edit", {"original_message_id": "0", "message": {"type": "image", "image": FILE}})]},
        {"statuses": [status("deleted"), status("warning"), {"id": 5}]},
        {"errors": [{"code": 130429, "title": "Rate limit hit"}]},
        {"messages": "x"}, {"field": "account_update", "event": "DISABLED"}, {"account": OURS + "9", "messages": [
            message("text", {"body": "ciao"})]},
        {"field": "message_template_status_update", "messages": [message("text", {"body": "ciao"})]}, {},
    ],
)
def test_what_is_not_for_the_desk_leads_to_nothing(content: dict[str, Any]) -> None:
    assert read(delivery(**content)) == []


def test_other_products_of_metas_are_left_alone() -> None:
    assert read(delivery(messages=[message("text", {"body": "ciao"})]) | {"object": "page"}) == []


def test_a_bad_event_does_not_cost_the_others() -> None:
    body = delivery(contacts=[CONTACT], messages=[5, message("text", {"body": "uno"}), {"id": 7}])
    more = delivery(messages=[message("text", {"body": "due"}, id="wamid.A2")], statuses=[{}, status("read")])
    body["entry"] += [None, {"changes": [3, {"field": "messages", "value": []}]}, *more["entry"]]
    assert [(found.kind, found.text) for found in read(body)] == [
        (EventKind.MESSAGE, "uno"), (EventKind.MESSAGE, "due"), (EventKind.STATUS, ""),
    ]


@pytest.mark.parametrize(
    ("step", "delivery_step"), [("sent", "sent"), ("delivered", "delivered"), ("read", "read"), ("played", "read")]
)
def test_a_receipt_names_the_message_and_our_key(step: str, delivery_step: str) -> None:
    beside = {"recipient_user_id": SCOPED, "biz_opaque_callback_data": "12-3"}
    (found,) = read(delivery(contacts=[CONTACT], statuses=[status(step, **beside)]))
    assert (found.kind, found.key, found.address) == (EventKind.STATUS, f"wamid.B2:{step}", SCOPED)
    assert found.payload == {"delivery": delivery_step, "message": "wamid.B2", "reply": "12-3", "also": (ADA,)}


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        (131047, {"window_closed": True}), (131026, {"unreachable": True}), (130472, {}), (131049, {}), (131053, {}),
        (190, {}), (999999, {}),
    ],
)
def test_a_failure_says_why(code: int, flags: dict[str, bool]) -> None:
    error = {"code": code, "title": "Short", "message": "Long", "error_data": {"details": "Because of this."}}
    (found,) = read(delivery(statuses=[status("failed", errors=[error])]))
    assert "Because of this." in found.payload["why"]
    assert {name: found.payload[name] for name in ("window_closed", "unreachable") if name in found.payload} == flags


def test_a_failure_without_a_reason_says_so() -> None:
    (found,) = read(delivery(statuses=[status("failed")]))
    assert found.payload["why"] == "WhatsApp does not say why."


def test_an_early_part_of_a_long_answer_speaks_only_of_failure() -> None:
    arrived: list[tuple[str, int]] = []
    early = [status(step, biz_opaque_callback_data="12-3#1") for step in ("sent", "read", "failed")]
    early += [status("sent", biz_opaque_callback_data=f"12-3#{odd}") for odd in ("x", "9" * 500, "0")]
    raw = json.dumps(delivery(statuses=early)).encode()
    (found,) = read_delivery(raw, OURS, lambda key, number: arrived.append((key, number)))
    assert (found.payload["delivery"], found.payload["reply"]) == ("failed", "12-3")
    assert arrived == [("12-3", 1), ("12-3", 1)]


def test_what_the_shop_writes_in_its_own_app_is_a_persons_answer() -> None:
    echo = message("text", {"body": "Eccomi"}, **{"from": "390212345678"}, to=ADA, to_user_id=SCOPED)
    (found,) = read(delivery("smb_message_echoes", message_echoes=[echo, 5, message("reaction", {}, to=ADA)]))
    assert (found.kind, found.address, found.text) == (EventKind.HUMAN, SCOPED, "Eccomi")
    assert found.payload == {"also": (ADA,)}
    revoke = message("revoke", {"original_message_id": "wamid.0"}, to=ADA)
    (gone,) = read(delivery("smb_message_echoes", message_echoes=[revoke]))
    assert (gone.kind, gone.address, gone.payload) == (EventKind.EDIT, ADA, {"edits": "wamid.0", "deleted": True})


@pytest.mark.parametrize(
    "timestamp", ["", "soon", -1, 10**30, "1e400", 1763888400, 1763888400.5, "1763888400"]
)
def test_a_moment_is_read_in_any_form_and_never_in_the_way(timestamp: Any) -> None:
    found = one("text", {"body": "ciao"}, timestamp=timestamp)
    assert found.text == "ciao"
    assert found.sent_at is None or found.sent_at.year in (1969, 2025)


def test_half_an_emoji_costs_nothing_but_itself() -> None:
    cut = [message("text", {"body": "ecco \ud83d!"}), message("text", {"body": "ciao"}, id="wamid.A2")]
    assert [found.text for found in read(delivery(messages=cut))] == ["ecco !", "ciao"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"5", b'{"object": 5}', b'{"entry": []}', b"\xff\xfe", b"[" * 100_000, b"NaN",
        b'{"object": "x", "entry": [' + b"9" * 5000 + b"]",
    ],
)
def test_what_is_no_delivery_is_an_inbound_error(raw: bytes) -> None:
    with pytest.raises(InboundError, match="This is no delivery of Meta's"):
        read_delivery(raw, OURS)


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "wamid.\n1"}, {"id": "w" * 513}, {"from": "39 333", "id": "w"}])
def test_a_message_whose_ids_are_none_of_metas_is_left_out(change: dict[str, str]) -> None:
    good = message("text", {"body": "ciao"})
    assert [one.text for one in read(delivery(messages=[good | {"from_user_id": ""} | change, good]))] == ["ciao"]
