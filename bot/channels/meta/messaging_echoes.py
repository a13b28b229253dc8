"""What this process sent: so an echo of it is not taken for a person's answer, and receipts find their messages.

Messenger's echoes name our app and need no memory. Instagram's may name none: then the id that Meta gave the message
tells, or, where the echo is faster than Meta's answer or that answer was lost, the words.
"""
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.model.conversation import EventKind, Inbound
from bot.model.ports import Clock

log = structlog.get_logger(__name__)

_MOST_ADDRESSES = 5_000
_MOST_MESSAGES = 40
#: The words of a message that is only an image.
IMAGE = "[image]"


@dataclass(slots=True)
class _Known:
    """Of one shopper.

    Attributes:
        expected: (words, key) of messages whose id is not known: under way, or lost with their answer.
        taken: id: when Meta took it, oldest first.
    """

    expected: list[tuple[str, str]] = field(default_factory=list)
    taken: "OrderedDict[str, datetime]" = field(default_factory=OrderedDict)


class Echoes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def expect(self, address: str, text: str, key: str = "") -> None:
        """A message is about to be sent. ``key``: of the reply that it completes, '' for an earlier part."""
        known = self._known.setdefault(address, _Known())
        self._known.move_to_end(address)
        known.expected = [*known.expected, (_words(text), key)][-_MOST_MESSAGES:]
        if len(self._known) > _MOST_ADDRESSES:
            self._known.popitem(last=False)

    def taken(self, address: str, text: str, message: str) -> None:
        """Meta took it under the id ``message``."""
        self._forget(address, text)
        self._note(address, message, self._clock.now())

    def refused(self, address: str, text: str) -> None:
        """It was surely not sent."""
        self._forget(address, text)

    def settle(self, inbounds: Sequence[Inbound]) -> list[Inbound]:
        """The same events; our own echoes are statuses, and statuses name their messages."""
        return [settled for inbound in inbounds for settled in self._settle(inbound)]

    def _settle(self, inbound: Inbound) -> Iterator[Inbound]:
        if inbound.kind is EventKind.HUMAN:
            yield self._own(inbound) or inbound
        elif inbound.kind is EventKind.STATUS and "until" in inbound.payload:
            until = datetime.fromisoformat(inbound.payload["until"])
            known = self._known.get(inbound.address, _Known())
            messages = [message for message, at in known.taken.items() if at <= until]
            yield from self._receipts(inbound, messages)
        elif inbound.kind is EventKind.STATUS and inbound.payload["delivery"] == "read":
            last = inbound.payload["message"]
            ids = list(self._known.get(inbound.address, _Known()).taken)
            yield from self._receipts(inbound, ids[: ids.index(last) + 1] if last in ids else [last])
        else:
            if inbound.payload.get("delivery") == "sent":
                self._sent(inbound)
            yield inbound

    def _own(self, echo: Inbound) -> Inbound | None:
        """The status that an echo without our app's id stands for; None where a person wrote it."""
        known = self._known.get(echo.address, _Known())
        words = _words(echo.text or (IMAGE if any(one.kind == "image" for one in echo.attachments) else ""))
        key = next((key for expected, key in known.expected if expected == words), None)
        if echo.key not in known.taken:
            if key is None:
                return None
            self.taken(echo.address, words, echo.key)
        log.info("meta_echo_without_our_app", channel=echo.channel, message=echo.key)
        told = {"delivery": "sent", "message": echo.key} | ({"reply": key} if key else {})
        return replace(
            echo, kind=EventKind.STATUS, key=f"{echo.key}:sent", text="", attachments=(), payload=told
        )

    def _sent(self, status: Inbound) -> None:
        """Meta's own time of a message is what its read receipts are measured with."""
        known = self._known.get(status.address)
        if known is None:
            return
        known.expected = [one for one in known.expected if not one[1] or one[1] != status.payload.get("reply")]
        self._note(status.address, status.payload["message"], status.sent_at or self._clock.now())

    def _receipts(self, receipt: Inbound, messages: Sequence[str]) -> Iterator[Inbound]:
        delivery = receipt.payload["delivery"]
        known = self._known.get(receipt.address, _Known())
        for message in messages:
            if delivery == "read":
                known.taken.pop(message, None)
            told = {"delivery": delivery, "message": message}
            yield replace(receipt, key=f"{message}:{delivery}", payload=told)

    def _note(self, address: str, message: str, at: datetime) -> None:
        known = self._known.setdefault(address, _Known())
        known.taken[message] = at
        if len(known.taken) > _MOST_MESSAGES:
            known.taken.popitem(last=False)

    def _forget(self, address: str, text: str) -> None:
        known = self._known.get(address, _Known())
        found = next((one for one in known.expected if one[0] == _words(text)), None)
        if found is not None:
            known.expected.remove(found)


def _words(text: str) -> str:
    return " ".join(text.split())
