"""The way out to Messenger and Instagram: plain text within their limits, quick replies under it, images before it.

developers.facebook.com, "Send API".
"""
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import structlog

from bot.channels.capabilities import Capabilities
from bot.channels.meta.graph import GraphClient
from bot.channels.meta.messaging import Platform
from bot.channels.meta.messaging_echoes import IMAGE, Echoes
from bot.channels.meta.refusals import GraphError
from bot.channels.pace import Pace
from bot.channels.render import Rendered, render
from bot.model.conversation import OutboxKind, Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address, Clock

log = structlog.get_logger(__name__)

#: Meta takes 300 calls a second from a page or an account.
PER_SECOND = 100
_BAD_PARAMETER = 100
_REMEMBERED = 1_000


class MessagingChannel:
    """The Channel port over the Send API."""

    #: Meta gives no key that keeps a message from being sent twice; an echo may tell later that it was sent.
    delivery = "ambiguous"

    def __init__(
        self, platform: Platform, capabilities: Capabilities, account: str, graph: GraphClient, echoes: Echoes,
        clock: Clock,
    ) -> None:
        self.kind = platform.kind
        self._platform = platform
        self._capabilities = capabilities
        self._path = f"{platform.node or account}/messages"
        self._graph = graph
        self._echoes = echoes
        self._pace = Pace(clock, per_second=PER_SECOND, per_recipient_s=0.5, burst=6)
        self._accepted: OrderedDict[str, int] = OrderedDict()  # parts of a message that Meta took already
        self._seen: OrderedDict[str, str] = OrderedDict()  # shopper: the message last marked as seen

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        """Deliver one reply, in parts where it is long; a retry goes on with the part that failed."""
        how = self._how(reply)
        sent = self._accepted.pop(key, 0)
        parts = render(reply, self._capabilities)
        message = None
        while sent < len(parts):
            await self._pace.turn(to.external_id)
            is_last = sent == len(parts) - 1
            try:
                message = await self._send_part(to.external_id, parts[sent], how, key if is_last else "")
            except DeliveryError:
                _remember(self._accepted, key, sent)
                raise
            sent += 1
        return message

    async def typing(self, to: Address, thread: Mapping[str, Any]) -> None:
        """Mark what was written as seen, once, and show "typing…" for about twenty seconds."""
        message = str(thread.get("message", ""))
        if message and self._seen.get(to.external_id) != message:
            _remember(self._seen, to.external_id, message)
            await self._act(to.external_id, "mark_seen")
        await self._act(to.external_id, "typing_on")

    async def _act(self, address: str, action: str) -> None:
        try:
            await self._graph.post(self._path, {"recipient": {"id": address}, "sender_action": action})
        except DeliveryError as error:
            log.info("meta_action_not_shown", channel=self.kind, action=action, problem=str(error))

    def _how(self, reply: Reply) -> dict[str, str]:
        """Meta's name for why this may be sent now."""
        if not reply.late:
            return {"messaging_type": "RESPONSE"}
        if self._capabilities.late_window is None or reply.kind is not OutboxKind.OPERATOR:
            raise DeliveryError(
                f"{self._platform.title} takes no message after 24 hours, but an operator's where Meta has approved "
                f"Human Agent (channels.{self.kind}.human_agent in shop.yml).",
                window_closed=True,
            )
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}

    async def _send_part(self, address: str, part: Rendered, how: Mapping[str, str], key: str) -> str | None:
        if part.image:
            image = {"attachment": {"type": "image", "payload": {"url": part.image, "is_reusable": False}}}
            try:
                return await self._post(address, image, how, key)
            except GraphError as error:
                if error.code != _BAD_PARAMETER or not error.permanent or error.unreachable:
                    raise
                # Meta fetches images itself and takes not every one.
                log.warning("meta_image_refused", channel=self.kind, image=part.image, problem=str(error))
                return await self._post(address, {"text": part.image}, how, key)
        replies = [{"content_type": "text", "title": one.title, "payload": one.id} for one in part.options]
        message = {"text": part.text} | ({"quick_replies": replies} if replies else {})
        return await self._post(address, message, how, key)

    async def _post(self, address: str, message: dict[str, Any], how: Mapping[str, str], key: str) -> str | None:
        words = message.get("text", IMAGE)
        if key and self._platform.echoes_key:
            message = {**message, "metadata": key}
        self._echoes.expect(address, words, key)
        try:
            answer = await self._graph.post(self._path, {"recipient": {"id": address}, **how, "message": message})
        except DeliveryError as error:
            if not error.unknown:
                self._echoes.refused(address, words)
            raise
        sent = answer.get("message_id")
        if not isinstance(sent, str):
            return None
        self._echoes.taken(address, words, sent)
        return sent


def _remember(kept: "OrderedDict[str, Any]", name: str, value: Any) -> None:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
