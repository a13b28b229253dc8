"""The door: claim an event, mask it, put it on disk. Only then does the provider get its 200."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.conversation import Author, EventKind, Inbound
from bot.model.errors import InboundError
from bot.model.ports import Address, Clock
from bot.service.numbers import metrics
from bot.service.turn.amend import amend
from bot.service.turn.context import context_rows
from bot.service.turn.masking import mask_cards
from bot.storage import contacts, conversations, inbox, left_alone, outbox
from bot.storage.store import Connection, Store


@dataclass(frozen=True, slots=True)
class Received:
    """``is_new`` is False for a repeated delivery."""

    conversation_id: int
    entry_id: int
    is_new: bool


class Receiver:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def receive(self, inbounds: Sequence[Inbound], cursor: tuple[str, int] | None = None) -> list[Received]:
        """Store events in one transaction.

        Args:
            cursor: (source, position) of a polled source, moved in the same transaction.

        Raises:
            StoreUnavailable: nothing was stored; the caller must not acknowledge.
            InboundError: an event names a choice that was never offered.
        """
        now = self._clock.now()
        # Provider time sorts only what arrives together; without it the order given stands.
        ordered = sorted(inbounds, key=lambda inbound: inbound.sent_at or now)

        def work(connection: Connection) -> list[Received]:
            stored = [_store(connection, one, now) for one in ordered]
            if cursor is not None:
                inbox.set_cursor(connection, *cursor)
            return [one for one in stored if one is not None]

        return await self._store.write(work)

    async def command(self, conversation_id: int, key: str, payload: dict[str, Any]) -> Received:
        """Store an operator's command in the conversation's own inbox.

        Raises:
            InboundError: the key was given to another command before.
        """
        now = self._clock.now()

        def work(connection: Connection) -> Received:
            entry = inbox.claim(
                connection, conversation_id=conversation_id, channel="console", account="",
                kind=EventKind.COMMAND.value, provider_key=key, payload=payload, received_at=now, due_at=now,
            )
            if entry is None:
                found = inbox.find(connection, "console", "", EventKind.COMMAND.value, key)
                if found.conversation_id != conversation_id or found.payload != payload:
                    raise InboundError(
                        f"the key {key[:100]!r} belongs to another command. Give each command a key of its own.",
                        status=409,
                    )
                return Received(conversation_id, found.id, False)
            return Received(conversation_id, entry, True)

        return await self._store.write(work)


def _store(connection: Connection, inbound: Inbound, now: datetime) -> Received | None:
    """None for an event that concerns nobody we know, or that joins no conversation."""
    if "aside" in inbound.payload:
        _set_aside(connection, inbound, now)
        return None
    to = contacts.resolve(
        connection, Address(inbound.channel, inbound.account, inbound.address), inbound.payload.get("also", ())
    )
    if inbound.kind in (EventKind.EDIT, EventKind.STATUS):
        amended = amend(connection, to, inbound, now)
        return None if amended is None else Received(amended, 0, False)
    if inbound.kind is EventKind.HUMAN and not _is_a_persons(connection, to, inbound):
        return None
    row = contacts.open_conversation(connection, to, now=now, name=inbound.name, locale=inbound.locale)
    payload = dict(inbound.payload)
    thread = _thread(payload.pop("thread", None), row.thread, now)
    also = payload.pop("also", ())
    text = mask_cards(inbound.text)
    if inbound.kind is EventKind.CHOICE:
        title, payload["choice"] = _find_choice(connection, row.id, inbound.choice or "")
        text = text or title
    entry = inbox.claim(
        connection, conversation_id=row.id, channel=inbound.channel, account=inbound.account, kind=inbound.kind.value,
        provider_key=inbound.key, payload=payload, message_seq=row.last_seq + 1, received_at=now, due_at=now,
    )
    if entry is None:
        found = inbox.find(connection, inbound.channel, inbound.account, inbound.kind.value, inbound.key)
        return Received(found.conversation_id, found.id, False)
    _append(connection, row, inbound, text, now)
    if inbound.kind is not EventKind.HUMAN:
        if row.unreachable is not None:
            contacts.mark_reachable(connection, to)  # who writes can be written to
        contacts.add_aliases(connection, row.address_id, to, also)
        conversations.note_inbound(
            connection, row.id, seq=row.last_seq + 1, now=now, locale=inbound.locale, thread=thread
        )
    else:
        conversations.update(connection, row.id, last_seq=row.last_seq + 1, updated_at=now)
    return Received(row.id, entry, True)


def _set_aside(connection: Connection, inbound: Inbound, now: datetime) -> None:
    payload = inbound.payload
    url = next((one.url for one in inbound.context if one.url), "")
    is_new = left_alone.add(
        connection, channel=inbound.channel, account=inbound.account, provider_key=inbound.key, sender=inbound.address,
        name=inbound.name or "", subject=mask_cards(str(payload.get("subject", ""))), text=mask_cards(inbound.text),
        why=str(payload["aside"]), url=url, at=now,
    )
    if is_new:
        metrics.LEFT_ALONE.labels(inbound.channel).inc()


def _thread(given: Mapping[str, Any] | None, known: Mapping[str, Any] | None, now: datetime) -> dict[str, Any] | None:
    """What the channel says of the thread; the ad that opened it, and when, is remembered for its reply window."""
    if given is None:
        return None
    opened = {"ad_at": now.timestamp()} if "ad" in given else {}
    earlier = {name: known[name] for name in ("ad", "ad_at") if known and name in known}
    return earlier | dict(given) | opened


def _is_a_persons(connection: Connection, to: Address, inbound: Inbound) -> bool:
    """False for an echo of our own message, and for what the shop writes to one who never wrote to us."""
    conversation_id = contacts.find_conversation(connection, to)
    return conversation_id is not None and (
        outbox.find_sent(connection, conversation_id, inbound.channel, inbound.key, None) is None
    )


def _append(connection: Connection, row: Any, inbound: Inbound, text: str, now: datetime) -> None:
    is_ours = inbound.kind is EventKind.HUMAN
    author, delivery = (Author.OPERATOR, "sent") if is_ours else (Author.CONTACT, "received")
    conversations.add_messages(
        connection,
        [
            {
                "conversation_id": row.id, "seq": row.last_seq + 1, "author": author.value, "key": inbound.key,
                "text": text, "at": now, "delivery": delivery, "chosen": inbound.choice,
                "attachments": [_attachment(one) for one in inbound.attachments] or None,
                "context": context_rows(connection, row.id, inbound) or None,
            }
        ],
    )


def _attachment(one: Any) -> dict[str, Any]:
    return {"kind": one.kind, "name": one.name, "mime_type": one.mime_type, "url": one.url, "size": one.size}


def _find_choice(connection: Connection, conversation_id: int, choice_id: str) -> tuple[str, str]:
    """(title, payload) of a choice this conversation was offered. Ids are '<seq>.<n>'."""
    seq, _, _ = choice_id.partition(".")
    is_seq = seq.isascii() and seq.isdigit() and len(seq) < 10  # a database holds no number of any length
    row = conversations.find_message(connection, conversation_id, int(seq)) if is_seq else None
    for choice in (row.choices or []) if row is not None else []:
        if choice["id"] == choice_id:
            return choice["title"], choice["payload"]
    raise InboundError(
        f"choice {choice_id[:40]!r} was never offered in this conversation; send the id of a choice from a message.",
        status=422,
    )
