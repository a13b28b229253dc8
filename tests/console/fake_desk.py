"""An honest desk in memory: the facade of bot.service.desk that the console uses, with the real table of owners."""
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.channels import Media
from bot.model.conversation import Author
from bot.model.errors import DeliveryError, TransitionError
from bot.model.ownership import PRIORITY, Change, Owner, Reason, next_owner
from bot.model.ports import Clock
from bot.model.views import ConversationView, Dossier, LeftAlone, MessageView, OperatorView, QueueRow, SetAsideEntry
from bot.service.delivery.hub import Hub, Subscription
from bot.service.queue.commands import CommandResult


@dataclass
class Talk:
    """One conversation; ``known`` holds the dossier's fields that a test wants filled."""

    id: int
    name: str
    channel: str = "widget"
    language: str = "it"
    owner: Owner = Owner.BOT
    reason: Reason | None = None
    operator: OperatorView | None = None
    waiting_since: datetime | None = None
    window_closes_at: datetime | None = None
    seen: int = 0
    messages: list[MessageView] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)


class FakeDesk:
    """``fail_with`` is raised by commands while it is set; ``refuse`` is their answer while it is set."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.hub = Hub()
        self.watched = threading.Event()
        self.talks: dict[int, Talk] = {}
        self.commands: list[tuple[int, str, str, Mapping[str, object]]] = []
        self.typed: list[tuple[int, str, bool]] = []
        self.open = True
        self.problems: list[str] = []
        self.alone: list[LeftAlone] = []
        self.aside: list[SetAsideEntry] = []
        self.fail_with: Exception | None = None
        self.refuse = ""
        self.after_command: Callable[[], None] = lambda: None
        self.files: dict[str, Media] = {}
        self._done: dict[str, CommandResult] = {}

    # What happens around the desk

    def talk(self, name: str, **values: Any) -> Talk:
        talk = Talk(len(self.talks) + 1, name, **values)
        self.talks[talk.id] = talk
        return talk

    def says(self, talk: Talk, author: Author, text: str, *, at: datetime | None = None, **values: Any) -> MessageView:
        operator = talk.operator.public_name if talk.operator and author is Author.OPERATOR else ""
        message = MessageView(
            seq=len(talk.messages) + 1, author=author, author_name=values.pop("author_name", operator), text=text,
            language=values.pop("language", talk.language), at=at or self.clock.now(), **values,
        )
        talk.messages.append(message)
        self.hub.tell(talk.id, "message")
        return message

    def change(
        self, talk: Talk, change: Change, *, actor: str = "bot", reason: Reason | None = None,
        at: datetime | None = None,
    ) -> None:
        before, talk.owner = talk.owner, next_owner(talk.owner, change)
        now = at or self.clock.now()
        talk.reason = reason or talk.reason
        talk.waiting_since = (talk.waiting_since or now) if talk.owner is Owner.QUEUE else None
        if talk.owner is not Owner.OPERATOR:
            talk.operator = None
        talk.changes.append(
            {"change": change, "before": before, "after": talk.owner, "reason": reason, "actor": actor, "at": now}
        )
        self.hub.tell(talk.id, "state")

    def hands_over(self, talk: Talk, reason: Reason, *, at: datetime | None = None) -> None:
        self.change(talk, Change.HANDOFF_REQUESTED, reason=reason, at=at)

    def taken_unheard(self, talk: Talk, operator: OperatorView) -> None:
        """Taken by somebody, and the hint was lost."""
        talk.owner, talk.operator, talk.waiting_since = Owner.OPERATOR, operator, None

    # The facade

    def subscribe(self, *topics: str) -> Subscription:
        self.watched.set()
        return self.hub.subscribe(*topics)

    def hours_state(self, language: str, channel: str = "") -> tuple[bool, str]:
        texts = {
            ("it", True): "Siamo qui fino alle 18:00", ("it", False): "Torniamo lunedì alle 9:00",
            ("en", True): "We are here until 18:00", ("en", False): "We are back on Monday at 9:00",
        }
        return self.open, texts[language, self.open]

    def channel_hours(self, language: str) -> dict[str, tuple[bool, str]]:
        return {}

    def notices(self) -> list[str]:
        return list(self.problems)

    async def left_alone(self, before: int | None = None, limit: int = 100) -> tuple[int, list[LeftAlone]]:
        found = [one for one in self.alone if before is None or one.id < before]
        return len(self.alone), found[:limit]

    async def queue(self, operator_id: int | None = None) -> list[QueueRow]:
        rows = [self._row(talk) for talk in self.talks.values() if talk.owner in (Owner.QUEUE, Owner.OPERATOR)]
        late = self.clock.now()
        return sorted(rows, key=lambda row: (row.owner is Owner.OPERATOR, -row.priority, row.waiting_since or late))

    async def conversation(self, conversation_id: int) -> ConversationView | None:
        talk = self.talks.get(conversation_id)
        return self._view(talk) if talk else None

    async def set_aside(self) -> list[SetAsideEntry]:
        return list(self.aside)

    async def page(self, conversation_id: int, *, before: int, limit: int) -> tuple[list[MessageView], bool] | None:
        talk = self.talks.get(conversation_id)
        if talk is None:
            return None
        earlier = [one for one in talk.messages if one.seq < before]
        return earlier[-limit:], len(earlier) > limit

    async def dossier(self, conversation_id: int, *, after: int | None = None, limit: int = 200) -> Dossier | None:
        talk = self.talks.get(conversation_id)
        if talk is None:
            return None
        shown = talk.messages[-limit:] if after is None else talk.messages[after:]
        talk.seen = len(talk.messages)
        empty: dict[str, Any] = {
            "summary": "", "contact_email": "", "identities": (), "tone": "informal", "notes": "", "orders": (),
            "slots": {}, "sentiment": "neutral", "bot_answers": self._answers(talk), "suggestions": (),
        }
        return Dossier(
            conversation=self._view(talk), reason=talk.reason, contact_name=talk.name,
            waiting_since=talk.waiting_since, window_closes_at=talk.window_closes_at,
            messages=tuple(shown), has_earlier=bool(shown) and shown[0].seq > 1, is_delta=after is not None,
            deliveries={} if after is None else {one.seq: one.delivery for one in talk.messages[:after]},
            owner_changes=tuple(talk.changes), **{**empty, **talk.known},
        )

    async def command(
        self, conversation_id: int, name: str, *, operator: OperatorView, key: str, payload: Mapping[str, object]
    ) -> CommandResult:
        if self.fail_with is not None:
            raise self.fail_with
        if key not in self._done:
            self.commands.append((conversation_id, name, key, payload))
            self._done[key] = self._run(self.talks[conversation_id], name, operator, payload)
        self.after_command()
        return self._done[key]

    async def typing(self, conversation_id: int, *, author: str, on: bool) -> None:
        self.typed.append((conversation_id, author, on))

    async def media(self, channel: str, reference: str) -> Media:
        if reference not in self.files:
            raise DeliveryError("The provider no longer has this file.", permanent=True)
        return self.files[reference]

    def done(self, name: str) -> list[Mapping[str, object]]:
        """The payloads of the commands of that name, in order."""
        return [payload for _, each, _, payload in self.commands if each == name]

    # Inside

    def _run(self, talk: Talk, name: str, operator: OperatorView, payload: Mapping[str, object]) -> CommandResult:
        if self.refuse:
            return CommandResult(False, self.refuse)
        if name in ("take", "reply") and talk.owner is Owner.OPERATOR and talk.operator != operator:
            return CommandResult(False, f"Already taken by {talk.operator.public_name if talk.operator else ''}.")
        try:
            self._steps(talk, name, operator, payload)
        except TransitionError as error:
            return CommandResult(False, str(error))
        return CommandResult(True)

    def _steps(self, talk: Talk, name: str, operator: OperatorView, payload: Mapping[str, object]) -> None:
        actor = f"operator:{operator.id}"
        moves = {
            "put_back": Change.PUT_BACK, "return": Change.RETURNED, "close": Change.RESOLVED,
            "reopen": Change.REOPENED, "take": Change.TAKEN, "transfer": Change.TRANSFERRED,
        }
        if name == "reply" and talk.owner is not Owner.OPERATOR:
            self.change(talk, Change.HUMAN_WROTE, actor=actor)
        elif name in moves and not (name == "take" and talk.owner is Owner.OPERATOR):
            self.change(talk, moves[name], actor=actor)
        if name in ("take", "reply", "reopen"):
            talk.operator = operator
        if name == "transfer":
            to = int(str(payload["operator_id"]))
            talk.operator = operator if to == operator.id else replace(operator, id=to, public_name="Luca")
            self.says(talk, Author.SYSTEM, f"→ {talk.operator.public_name}", author_name=operator.public_name)
        if name in ("reply", "note"):
            author = Author.OPERATOR if name == "reply" else Author.SYSTEM
            self.says(talk, author, str(payload["text"]), author_name=operator.public_name)
        self.hub.tell(talk.id, "state")

    def _row(self, talk: Talk) -> QueueRow:
        unread = [one for one in talk.messages[talk.seen :] if one.author is Author.CONTACT]
        said = [one for one in talk.messages if one.author is Author.CONTACT]
        return QueueRow(
            conversation_id=talk.id, owner=talk.owner, contact_name=talk.name, channel=talk.channel,
            language=talk.language, reason=talk.reason, priority=PRIORITY[talk.reason] if talk.reason else 0,
            waiting_since=talk.waiting_since, preview=said[-1].text if said else "",
            operator_id=talk.operator.id if talk.operator else None,
            operator_name=talk.operator.public_name if talk.operator else "", unread=len(unread),
            window_closes_at=talk.window_closes_at,
        )

    def _view(self, talk: Talk) -> ConversationView:
        return ConversationView(
            id=talk.id, contact_id=talk.id, channel=talk.channel, language=talk.language, owner=talk.owner,
            owner_version=len(talk.changes), operator_id=talk.operator.id if talk.operator else None,
            operator_name=talk.operator.public_name if talk.operator else "", cursor=len(talk.messages),
            position=1 if talk.owner is Owner.QUEUE else None, reason=talk.reason,
        )

    def _answers(self, talk: Talk) -> tuple[dict[str, Any], ...]:
        mine = [one for one in talk.messages if one.author is Author.BOT and one.trace]
        return tuple({"seq": one.seq, "text": one.text, **one.trace} for one in mine)
