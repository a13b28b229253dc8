"""Damaged, random and future deliveries: only InboundError comes of them, and what is new changes nothing."""
import json

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.meta.messaging_echoes import Echoes
from bot.channels.meta.messaging_inbound import read_delivery
from bot.model.errors import InboundError
from tests.channels.damaged import at, bitten, changed, places
from tests.channels.fuzzing import fuzz
from tests.channels.messenger.test_messenger_inbound import AT, LINE, attached, delivery
from tests.fakes import FakeClock

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
MESSAGE = {
    "mid": "m_1", "text": "ciao", "quick_reply": {"payload": "4.2"}, "reply_to": {"story": {"url": "https://x/s"}},
    "referral": {"ref": "promo", "source": "ADS", "ad_id": "1"}, "attachments": [attached("image", url="https://x/a.jpg"),
    attached("location", coordinates={"lat": 1.5, "long": 2.5}), {"type": "fallback", "url": "https://x/y"}],
}
DELIVERIES = [
    delivery({"message": MESSAGE}, {"message": {**MESSAGE, "quick_reply": None}}),
    delivery({"message": {**MESSAGE, "is_echo": True, "app_id": 5}}, {"message": {"mid": "m_1", "is_deleted": True}}),
    delivery({"postback": {"mid": "m_1", "title": "T", "payload": "faq-x", "referral": {"ref": "faq-y"}}},
             {"postback": {"title": "T", "payload": "p"}}, {"referral": {"ref": "order-1"}}),
    delivery({"delivery": {"mids": ["m_1"], "watermark": AT}}, {"read": {"watermark": AT}}, {"read": {"mid": "m"}}),
    delivery({"message_edit": {"mid": "m_1", "text": "x", "num_edit": 1}}, {"reaction": {"mid": "m_1"}}),
    delivery({"message": {**MESSAGE, "is_echo": True}}, box="standby"),
]


@fuzz(2000)
@given(data=st.data())
def test_a_damaged_delivery_reads_or_is_an_inbound_error(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(DELIVERIES))
    for _ in range(data.draw(st.integers(1, 3))):
        body = changed(body, data.draw(st.sampled_from(places(body))), data.draw(JSON))
    _reads_or_is_refused(json.dumps(body).encode())


@fuzz(1000)
@given(raw=st.binary(max_size=200) | bitten([json.dumps(one).encode() for one in DELIVERIES]))
def test_any_bytes_read_or_are_an_inbound_error(raw: bytes) -> None:
    _reads_or_is_refused(raw)


def _reads_or_is_refused(raw: bytes) -> None:
    try:
        found = read_delivery(raw, LINE)
    except InboundError:
        return
    for inbound in Echoes(FakeClock()).settle(found):
        json.dumps([inbound.text, inbound.key, dict(inbound.payload)], ensure_ascii=False).encode()


@fuzz(300)
@given(data=st.data())
def test_unknown_fields_change_nothing(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(DELIVERIES))
    known = read_delivery(json.dumps(body).encode(), LINE)
    inner = [path for path in places(body) if isinstance(at(body, path), dict)]
    for path in data.draw(st.lists(st.sampled_from(inner), max_size=4)):
        new = {"future_" + data.draw(st.text(max_size=5)): data.draw(JSON)}
        body = changed(body, path, at(body, path) | new)
    assert read_delivery(json.dumps(body).encode(), LINE) == known
