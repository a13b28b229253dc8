"""Nothing but InboundError ever comes of a bad delivery; fields that we do not know change nothing."""
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.inbound import read_delivery
from bot.model.conversation import Inbound
from bot.model.errors import InboundError
from tests.channels.damaged import at, bitten, changed, places
from tests.channels.fuzzing import fuzz
from tests.channels.whatsapp.deliveries import CONTACT, FILE, OURS, delivery, message, read, status

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "whatsapp"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
PICKED = {"type": "list_reply", "list_reply": {"id": "4.2", "title": "Resi", "description": "Resi e cambi"}}
EDIT = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "nuovo"}}}
MESSAGES = [
    message("text", {"body": "ciao"}, context={"id": "wamid.0", "forwarded": True}, referral={"headline": "Saldi"}),
    message("image", FILE | {"caption": "rotta"}), message("interactive", PICKED),
    message("location", {"latitude": 1.5, "longitude": 2.5, "name": "Bar"}), message("edit", EDIT),
    message("contacts", [{"name": {"formatted_name": "Ben"}, "phones": [{"phone": "+39"}]}]),
    message("button", {"payload": "faq-return-how", "text": "Resi"}),
    message("order", {"product_items": [{"product_retailer_id": "S", "quantity": 1}]}),
    message("system", {"type": "user_changed_number", "wa_id": "399"}),
    message("unsupported", {"type": "poll"}, errors=[{"code": 131051}]),
]
ERROR = {"code": 131047, "title": "x", "error_data": {"details": "y"}}
DELIVERIES = [
    *(delivery(contacts=[CONTACT], messages=[one]) for one in MESSAGES),
    delivery(statuses=[status("failed", errors=[ERROR]), status("read", biz_opaque_callback_data="1-2#1")]),
    delivery("smb_message_echoes", message_echoes=[message("text", {"body": "ciao"}, to="393331234567")]),
]


@fuzz(1500)
@given(data=st.data())
def test_a_damaged_delivery_reads_or_is_an_inbound_error(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(DELIVERIES))
    for _ in range(data.draw(st.integers(1, 3))):
        body = changed(body, data.draw(st.sampled_from(places(body))), data.draw(JSON))
    try:
        found = read_delivery(json.dumps(body).encode(), OURS)
    except InboundError:
        return
    assert_storable(found)


@fuzz(1500)
@given(raw=st.binary(max_size=200) | bitten([json.dumps(one).encode() for one in DELIVERIES]))
def test_any_bytes_read_or_are_an_inbound_error(raw: bytes) -> None:
    for body in (raw, b'{"object":"whatsapp_business_account","entry":' + raw + b"}"):
        try:
            assert_storable(read_delivery(body, OURS))
        except InboundError:
            continue


def assert_storable(found: list[Inbound]) -> None:
    for inbound in found:
        json.dumps([inbound.text, inbound.key, inbound.address, dict(inbound.payload)], ensure_ascii=False).encode()
        assert inbound.sent_at is None or inbound.sent_at.tzinfo is not None


@fuzz(500)
@given(data=st.data())
def test_unknown_fields_change_nothing(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(DELIVERIES))
    known = read(body)
    inner = [path for path in places(body) if isinstance(at(body, path), dict)]
    for path in data.draw(st.lists(st.sampled_from(inner), max_size=4)):
        new = {"future_" + data.draw(st.text(max_size=5)): data.draw(JSON)}
        body = changed(body, path, at(body, path) | new)
    assert read(body) == known


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
def test_captured_deliveries_read() -> None:
    seen: dict[str, int] = {}
    for file in PAYLOADS.glob("*.json"):
        raw = file.read_bytes()
        account = json.loads(raw)["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"]
        seen[file.stem] = len(read_delivery(raw, account))
    assert seen.pop("in_reaction") == 0
    assert len(seen) > 10
    assert set(seen.values()) == {1}
