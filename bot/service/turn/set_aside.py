"""What becomes of an entry whose handling fails each time: kept with its error, out of the way of what comes after."""
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels import ChannelParts
from bot.model.conversation import Author, EventKind, OutboxKind
from bot.model.ownership import PRIORITY, Change, Owner, OwnerChanged, Reason
from bot.model.ports import Clock
from bot.model.views import MessageView
from bot.service.supervise import describe_error
from bot.service.turn.draft import Draft, view
from bot.service.turn.turn import ShopperTurn
from bot.storage import aside, conversations, outbox
from bot.storage.store import Store

#: Said where every other word failed: no template, no language, no tone is needed for it.
WORDS = (
    "Qualcosa da noi non ha funzionato. Il messaggio è al sicuro e lo legge una persona.\n\n"
    "Something on our side did not work. The message is safe and a person will read it."
)
REFUSAL = (
    "This could not be done: it failed each of {attempts} times ({error}). Nothing was changed and nothing was sent; "
    "it was set aside, see `sportello aside list`."
)
LINE = "This could not be handled and was set aside ({error}). See `sportello aside list`."
OUTCOME = "set_aside"
SHOPPER = frozenset({EventKind.MESSAGE.value, EventKind.CHOICE.value})


class SetAside:
    """Ends what cannot be handled, first with everything a turn can do, then with as little as possible."""

    def __init__(self, store: Store, clock: Clock, turns: ShopperTurn, channels: Mapping[str, ChannelParts]) -> None:
        self._store = store
        self._clock = clock
        self._turns = turns
        self._channels = channels

    async def draft(self, row: Any, entries: Sequence[Any], error: Exception, attempts: int) -> Draft:
        """A draft that sets the entries aside: the shopper gets a person, the operator a refusal."""
        words = describe_error(error)
        kind = entries[0].kind
        if kind in SHOPPER:
            draft = await self._turns.rescue(row, entries)
        else:
            draft = Draft(row, list(entries), self._clock.now())
        if kind == EventKind.COMMAND.value:
            draft.error = REFUSAL.format(attempts=attempts, error=words)
            draft.trace = {"command": entries[0].payload.get("name"), "error": draft.error}
        draft.system_lines.append(LINE.format(error=words))
        draft.outcome, draft.aside = OUTCOME, words
        return draft

    async def bare(self, conversation_id: int, error: Exception) -> tuple[int, str, list[MessageView]] | None:
        """Set the first due entry aside where even its draft fails; (entry id, kind, what was said), None if none is.

        Nothing is read but what must be: one value that cannot be read or written has led here.
        """
        now, words = self._clock.now(), describe_error(error)
        try:
            return await self._store.write(lambda connection: self._end(connection, conversation_id, words, now))
        except Exception:  # noqa: BLE001  # the conversation itself is broken: at least its next entry must go on
            return await self._store.write(lambda connection: _put(connection, conversation_id, words, now))

    def _end(
        self, connection: Any, conversation_id: int, words: str, now: datetime
    ) -> tuple[int, str, list[MessageView]] | None:
        ended = _put(connection, conversation_id, words, now)
        if ended is None:
            return None
        head = aside.head(connection, conversation_id)
        lines = [(Author.SYSTEM, LINE.format(error=words))]
        passed = ended[1] in SHOPPER and head.owner in (Owner.BOT.value, Owner.CLOSED.value)
        if passed:
            lines.append((Author.BOT, WORDS))
            _pass_on(connection, conversation_id, head, now)
        parts = self._channels.get(head.channel)
        is_stored = parts is None or parts.channel.delivery == "stored"
        rows = [
            {
                "conversation_id": conversation_id, "seq": head.last_seq + place, "author": author.value, "text": text,
                "at": now, "delivery": "sent" if is_stored or author is Author.SYSTEM else "pending",
            }
            for place, (author, text) in enumerate(lines, 1)
        ]
        conversations.add_messages(connection, rows)
        conversations.update(connection, conversation_id, last_seq=head.last_seq + len(rows), turns=head.turns + 1)
        if passed and not is_stored:
            outbox.add(
                connection, conversation_id=conversation_id, seq=rows[-1]["seq"], channel=head.channel,
                kind=OutboxKind.NOTICE.value, owner_version=head.owner_version + 1, due_at=now,
            )
        return ended[0], ended[1], [view(one) for one in rows if one["author"] != Author.SYSTEM.value]


def _put(connection: Any, conversation_id: int, words: str, now: datetime) -> tuple[int, str, list[MessageView]] | None:
    first = aside.first_due(connection, conversation_id, now)
    if first is None:
        return None
    aside.put(connection, [first.id], words, now)
    return int(first.id), str(first.kind), []


def _pass_on(connection: Any, conversation_id: int, head: Any, now: datetime) -> None:
    """To the queue, from whoever had it: here no table of steps may refuse."""
    reason = Reason.TOOL_FAILURE
    step = OwnerChanged(
        Change.HANDOFF_REQUESTED, Owner(head.owner), Owner.QUEUE, head.owner_version + 1, "bot", now, reason
    )
    conversations.update(
        connection, conversation_id, owner=Owner.QUEUE.value, owner_version=step.version, operator_id=None,
        reason=reason.value, priority=PRIORITY[reason], queued_at=now, waiting_since=now, closed_at=None,
        updated_at=now, expected=None, state=None,
    )
    conversations.add_owner_change(connection, conversation_id, step)
