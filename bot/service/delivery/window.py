"""When a channel takes free messages: the reply window that a provider opens with each message of the shopper."""
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.channels import ChannelParts


class Leave(StrEnum):
    """How a message may leave now. LATE: only as the provider allows after its window (a template, a person's tag)."""

    NOW = "now"
    LATE = "late"
    NO = "no"


class Windows:
    """The reply windows of all channels.

    Args:
        channels: the channels that are sent to; those read from our store have no window.
    """

    def __init__(self, channels: Mapping[str, ChannelParts]) -> None:
        self._channels = channels

    def closes_at(self, conversation: Any) -> datetime | None:
        """When the channel stops taking free messages; None = never."""
        parts = self._channels.get(conversation.channel)
        limits = parts.capabilities if parts is not None else None
        if limits is None or limits.reply_window is None or conversation.last_inbound_at is None:
            return None
        closes: datetime = conversation.last_inbound_at + limits.reply_window
        opened = (conversation.thread or {}).get("ad_at")
        if opened is None or limits.ad_window is None:
            return closes
        return max(closes, datetime.fromtimestamp(opened, UTC) + limits.ad_window)

    def can_reply(self, conversation: Any, now: datetime, *, by_person: bool) -> Leave:
        """Whether a message may leave now, and how. Only a person's may leave late."""
        closes = self.closes_at(conversation)
        if closes is None or now < closes:
            return Leave.NOW
        return Leave.LATE if by_person and self._is_late_allowed(conversation, now) else Leave.NO

    def _is_late_allowed(self, conversation: Any, now: datetime) -> bool:
        late = self._channels[conversation.channel].capabilities.late_window
        return late is not None and now - conversation.last_inbound_at < late
