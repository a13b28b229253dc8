"""The parsers of all channels, each with good bodies to damage and what must hold of everything that it reads."""
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.channels.meta.messaging_echoes import Echoes
from bot.channels.meta.messaging_inbound import read_delivery as read_messaging
from bot.channels.telegram.inbound import number_of, read_update
from bot.channels.whatsapp.inbound import read_delivery as read_whatsapp
from bot.channels.widget.inbound import read_message, read_session
from bot.model.conversation import Inbound
from bot.model.errors import InboundError
from tests.channels.email import mails, test_email_damaged
from tests.channels.messenger import test_messenger_fuzz, test_messenger_inbound
from tests.channels.telegram import test_telegram_inbound
from tests.channels.whatsapp import deliveries, test_whatsapp_fuzz
from tests.fakes import FakeClock


class Parser(NamedTuple):
    """``read`` gives values, or raises InboundError where it refuses; anything else that it raises is a bug."""

    good: Sequence[bytes]
    read: Callable[[bytes], object]


def survives(parser: Parser, raw: bytes) -> bool:
    """True where ``raw`` was read, False where it was refused as it should be."""
    try:
        parser.read(raw)
    except InboundError:
        return False
    return True


def _storable(found: Sequence[Inbound]) -> Sequence[Inbound]:
    for one in found:
        said = [one.text, one.key, one.address, one.name, one.locale, one.choice, dict(one.payload)]
        context = [[each.kind, each.text, each.url, each.key] for each in one.context]
        assert "\x00" not in "".join(map("".join, context))
        files = [[file.kind, file.name, file.mime_type, file.url, file.size] for file in one.attachments]
        json.dumps([said, files, context], ensure_ascii=False, allow_nan=False).encode()
        assert one.key and one.channel
        assert one.sent_at is None or one.sent_at.tzinfo is not None
    return found


def _telegram(raw: bytes) -> object:
    number_of(raw)
    reading = read_update(raw)
    _storable([reading.inbound] if reading.inbound is not None else [])
    return reading


def _email(raw: bytes) -> object:
    reading = mails.read(raw)
    _storable([reading.inbound] if reading.inbound is not None else [])
    return reading


def _widget(raw: bytes) -> object:
    body = read_message(raw)
    json.dumps([body.id, body.text, body.choice], ensure_ascii=False).encode()
    return body


def _bodies(values: Sequence[object]) -> list[bytes]:
    return [json.dumps(one).encode() for one in values]


PARSERS = {
    "telegram": Parser(_bodies(test_telegram_inbound.UPDATES), _telegram),
    "whatsapp": Parser(
        _bodies(test_whatsapp_fuzz.DELIVERIES), lambda raw: _storable(read_whatsapp(raw, deliveries.OURS))
    ),
    "messenger": Parser(
        _bodies(test_messenger_fuzz.DELIVERIES),
        lambda raw: _storable(Echoes(FakeClock()).settle(read_messaging(raw, test_messenger_inbound.LINE))),
    ),
    "email": Parser(test_email_damaged.WHOLE, _email),
    "widget": Parser(_bodies([{"id": "m-1", "text": "ciao", "locale": "it"}, {"id": "2", "choice": "4.2"}]), _widget),
    "session": Parser(_bodies([{"locale": "it", "token": "a" * 43}, {}]), read_session),
}
