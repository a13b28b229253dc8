"""What operators do to a conversation: each command is an inbox entry, handled by the conversation's own worker."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.model.conversation import OutboxKind, Reply
from bot.model.errors import TransitionError
from bot.model.ownership import Change, Owner
from bot.model.ports import Clock, Dialogue
from bot.service.delivery.window import Leave, Windows
from bot.service.numbers.survey import Survey
from bot.service.turn.announce import Announcer
from bot.service.turn.draft import Draft
from bot.storage import conversations, desk_rows
from bot.storage.store import Store


@dataclass(frozen=True, slots=True)
class CommandResult:
    """``error`` is in words an operator understands; '' where ``ok``."""

    ok: bool
    error: str = ""


class Refused(Exception):
    """A command that cannot be done now; its text goes to the operator."""


class Commands:
    """Makes the draft of one operator's command."""

    def __init__(
        self, store: Store, clock: Clock, dialogue: Dialogue, announcer: Announcer, windows: Windows, survey: Survey
    ) -> None:
        self._windows = windows
        self._survey = survey
        self._store = store
        self._clock = clock
        self._dialogue = dialogue
        self._announcer = announcer
        self._handlers: dict[str, Callable[[Draft, dict[str, Any]], None]] = {
            "take": self._take,
            "reply": self._reply,
            "put_back": self._put_back,
            "return": self._return,
            "close": self._close,
            "transfer": self._transfer,
            "reopen": self._reopen,
            "note": self._note,
        }

    @property
    def names(self) -> list[str]:
        return sorted(self._handlers)

    async def draft(self, row: Any, entry: Any) -> Draft:
        """What to write for a command; a refused one writes only its record, ``Draft.error`` says why."""
        draft = Draft(row, [entry], self._clock.now(), outcome="command")
        command = dict(entry.payload)
        draft.author_name = command.get("operator_name", "")
        draft.trace = {"command": command["name"], "operator": command.get("operator_id")}
        if command["name"] == "transfer":
            command["to"] = await self._store.read(
                lambda connection: desk_rows.get_operator(connection, int(command.get("operator_to") or 0))
            )
        holder = await self._store.read(lambda connection: conversations.find_named(connection, row.id))
        command["holder"] = holder.operator_name or ""
        try:
            self._handlers[command["name"]](draft, command)
        except (Refused, TransitionError) as error:
            trace = draft.trace | {"error": str(error)}
            return Draft(row, [entry], draft.now, outcome="refused", error=str(error), trace=trace)
        return draft

    def human(self, row: Any, entry: Any) -> Draft:
        """Somebody of the shop answered in the channel's own app: the bot is silent from now on."""
        draft = Draft(row, [entry], self._clock.now(), outcome="held")
        if draft.owner is Owner.CLOSED:
            draft.change(Change.REOPENED, actor="channel")
        elif draft.owner is not Owner.OPERATOR:
            draft.change(Change.HUMAN_WROTE, actor="channel")
        draft.values.update(waiting_since=None, operator_wrote_at=draft.now, operator_seen_seq=row.last_seq)
        return draft

    def _actor(self, command: dict[str, Any]) -> str:
        return f"operator:{command['operator_id']}"

    def _language(self, draft: Draft) -> str:
        return draft.row.language or "other"

    def _held_by_another(self, draft: Draft, command: dict[str, Any]) -> bool:
        return draft.owner is Owner.OPERATOR and draft.row.operator_id != command["operator_id"]

    def _only_the_holder(self, draft: Draft, command: dict[str, Any]) -> None:
        """
        Raises:
            Refused: somebody else holds the conversation.
        """
        if self._held_by_another(draft, command):
            holder = command["holder"] or "Somebody else"
            raise Refused(f"{holder} holds this conversation. Ask for a transfer, or leave a note.")

    def _hold(self, draft: Draft, command: dict[str, Any], change: Change) -> None:
        draft.change(change, actor=self._actor(command))
        draft.values["operator_id"] = command["operator_id"]

    def _notice(self, draft: Draft, key: str, **values: object) -> None:
        language = self._language(draft)
        text = self._announcer.say(key, language, draft, **values)
        draft.replies.append(Reply(text, language, kind=OutboxKind.NOTICE, source="notice"))

    def _take(self, draft: Draft, command: dict[str, Any]) -> None:
        if self._held_by_another(draft, command):
            raise Refused(f"Already taken by {command['holder']}. Ask for a transfer.")
        if draft.owner is Owner.OPERATOR:
            return
        self._hold(draft, command, Change.REOPENED if draft.owner is Owner.CLOSED else Change.TAKEN)
        self._notice(draft, "utter_taken", operator=command["operator_name"])

    def _reply(self, draft: Draft, command: dict[str, Any]) -> None:
        self._only_the_holder(draft, command)
        if self._windows.can_reply(draft.row, draft.now, by_person=True) is Leave.NO:
            closed = self._windows.closes_at(draft.row)
            raise Refused(
                f"{draft.row.channel} took free messages until {closed:%d.%m. %H:%M} UTC: nothing can be sent there "
                "until the shopper writes again. Write to the e-mail address in the dossier, if there is one."
            )
        if draft.owner is Owner.CLOSED:
            self._hold(draft, command, Change.REOPENED)
        elif draft.owner is not Owner.OPERATOR:
            self._hold(draft, command, Change.HUMAN_WROTE)
        draft.replies.append(
            Reply(command["text"], self._language(draft), kind=OutboxKind.OPERATOR, source="operator")
        )
        draft.values.update(
            waiting_since=None, operator_wrote_at=draft.now, operator_seen_seq=draft.row.last_seq
        )

    def _put_back(self, draft: Draft, command: dict[str, Any]) -> None:
        self._only_the_holder(draft, command)
        draft.change(Change.PUT_BACK, actor=self._actor(command))
        draft.values["queued_at"] = draft.row.queued_at or draft.now
        draft.values["waiting_since"] = draft.row.waiting_since or draft.now

    def _return(self, draft: Draft, command: dict[str, Any]) -> None:
        self._only_the_holder(draft, command)
        draft.change(Change.RETURNED, actor=self._actor(command))
        draft.values.update(
            state=self._dialogue.remember(draft.row.state, {}), expected=None, waiting_since=None
        )
        self._notice(draft, "utter_returned_to_bot")

    def _close(self, draft: Draft, command: dict[str, Any]) -> None:
        self._only_the_holder(draft, command)
        operator_id = draft.row.operator_id
        draft.change(Change.RESOLVED, actor=self._actor(command))
        draft.values["state"] = None
        self._notice(draft, "utter_closed")
        if operator_id is not None and self._windows.can_reply(draft.row, draft.now, by_person=False) is Leave.NOW:
            self._survey.ask(draft, self._language(draft))

    def _transfer(self, draft: Draft, command: dict[str, Any]) -> None:
        to = command["to"]
        if to is None:
            raise Refused(f"No operator has the id {command.get('operator_to')!r}. Pick one from the list.")
        draft.change(Change.TRANSFERRED, actor=self._actor(command))
        draft.values["operator_id"] = to.id
        draft.system_lines.append(f"→ {to.public_name}")

    def _reopen(self, draft: Draft, command: dict[str, Any]) -> None:
        self._hold(draft, command, Change.REOPENED)

    def _note(self, draft: Draft, command: dict[str, Any]) -> None:
        draft.system_lines.append(command["text"])
