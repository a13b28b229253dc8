"""One folder per channel: what comes in is checked here, what goes out is rendered here."""
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from bot.channels.capabilities import Capabilities
from bot.model.conversation import Inbound
from bot.model.ports import Address, Channel, Clock

if TYPE_CHECKING:
    from bot.settings import Settings


class Intake(Protocol):
    """The service's door for webhooks."""

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        """Store events; the ids of their conversations, after the commit.

        Raises:
            StoreUnavailable: nothing was stored; do not acknowledge.
            InboundError: an event names something that does not exist; nothing was stored.
        """


class PollDesk(Protocol):
    """The service's door for channels that fetch: a cursor moves in the transaction that stores what it passed."""

    async def receive_polled(self, source: str, cursor: int, inbounds: Sequence[Inbound]) -> None:
        """Store events and ``cursor`` together; ``inbounds`` may be empty. Errors as in `Intake.receive`."""

    async def cursor(self, source: str) -> int | None:
        """The cursor last stored for ``source``; None before the first."""


class Door(Intake, PollDesk, Protocol):
    """Both doors."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file that a shopper sent."""

    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class ChannelParts:
    """A channel as its ``build`` returns it. A part that is None is one the channel does not have.

    Attributes:
        channel: the way out.
        routes: Starlette routes for the provider's webhooks, given the service's door.
        run: what must run while the desk does (polling, registering a webhook); ends when cancelled, raises nothing.
        typing: show an address that an answer is being written, given its last thread (`Reply.thread`); raises nothing.
        media: the file behind an `Attachment.url` of the form ``/media/<channel>/<reference>``; DeliveryError.
        check: for `sportello doctor`: in words what works. SportelloError says what is wrong and what to do.
        problem: in words what keeps the running channel from working; None while it works.
        close: release connections.
    """

    channel: Channel
    capabilities: Capabilities
    routes: Callable[[Intake], list[Any]] | None = None
    run: Callable[[PollDesk], Awaitable[None]] | None = None
    typing: Callable[[Address, Mapping[str, Any]], Awaitable[None]] | None = None
    media: Callable[[str], Awaitable[Media]] | None = None
    check: Callable[[], Awaitable[str]] | None = None
    problem: Callable[[], str | None] | None = None
    close: Callable[[], Awaitable[None]] | None = None


#: kind: (title, build function, loaded on first use). Kinds are stored in SQL rows: never rename one.
CHANNELS = {
    "telegram": ("Telegram", "bot.channels.telegram:build"),
    "whatsapp": ("WhatsApp", "bot.channels.whatsapp:build"),
    "messenger": ("Messenger", "bot.channels.messenger:build"),
    "instagram": ("Instagram", "bot.channels.instagram:build"),
    "email": ("E-mail", "bot.channels.email:build"),
}


def open_channels(settings: "Settings", clock: Clock) -> dict[str, ChannelParts]:
    """The channels that have an account in the environment (``Environment.<kind>``); the others are not even imported.

    Raises:
        SettingError: an account cannot be used as it is set.
    """
    opened = {}
    for kind, (_title, where) in CHANNELS.items():
        if getattr(settings.environment, kind) is not None:
            module, _, build = where.partition(":")
            opened[kind] = getattr(import_module(module), build)(settings, clock)
    return opened
