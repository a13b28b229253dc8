"""The way out to WhatsApp: one message where that can be, a template after the reply window, never a message twice."""
import re
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import structlog

from bot.channels import Media
from bot.channels.capabilities import Capabilities, Markup, Unit
from bot.channels.meta.graph import GraphClient
from bot.channels.meta.refusals import TEMPLATE, GraphError
from bot.channels.pace import Pace
from bot.channels.render import render
from bot.channels.whatsapp.bodies import Body, addressed, bodies, has_image, template, without_image
from bot.channels.whatsapp.inbound import PART
from bot.model.conversation import Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address, Clock
from bot.settings.shop import Template

log = structlog.get_logger(__name__)

CAPABILITIES = Capabilities(
    text=4096, unit=Unit.UTF16, markup=Markup.WHATSAPP, text_with_options=1024, images=True, caption=1024, buttons=3,
    button_label=20, list_rows=10, row_title=24, row_description=72, typing=True, receipts=True,
    reply_window=timedelta(hours=24), one_message=True,
)
#: A template may be sent at any time.
FOR_EVER = timedelta(days=3650)
#: "typing…" ends by itself after 25 seconds.
TYPING = timedelta(seconds=20)
#: Largest files that WhatsApp lets a shopper send, by the first half of their type; any other is a document.
LIMITS = {"image": 5 * 1024**2, "audio": 16 * 1024**2, "video": 16 * 1024**2}
LARGEST = 100 * 1024**2
#: WhatsApp could not fetch, or does not take, an image that we named.
_IMAGE_REFUSED = frozenset({131051, 131052, 131053})
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_REMEMBERED = 1_000


class _Sent(msgspec.Struct):
    id: str


class _Accepted(msgspec.Struct):
    messages: tuple[_Sent, ...] = ()


class _File(msgspec.Struct):
    url: str
    mime_type: str = ""
    file_size: int = 0
    sha256: str = ""


def capabilities(late: Template) -> Capabilities:
    """What the channel can show; with an approved template operators may write after the reply window too."""
    return replace(CAPABILITIES, late_window=FOR_EVER) if late.name else CAPABILITIES


class WhatsAppChannel:
    """The Channel port over the Cloud API.

    An unknown outcome is reconciled: statuses carry the key that was given to `send`, and get a minute to come.

    Args:
        account: the phone-number id that messages come from.
        late: the template for operators' messages after the reply window; its name is '' where there is none.
    """

    kind = "whatsapp"
    delivery = "reconcilable"

    def __init__(self, graph: GraphClient, account: str, clock: Clock, late: Template) -> None:
        self._graph = graph
        self._account = account
        self._clock = clock
        self._template = late
        # One message in six seconds to one person, after a burst of 45; 80 a second in all (developers.facebook.com,
        # "Throughput" and "Pair rate limits"). We stay below.
        self._pace = Pace(clock, per_second=75, per_recipient_s=6.0, burst=10)
        self._accepted: OrderedDict[str, int] = OrderedDict()  # parts of a message that WhatsApp took already
        self._typing: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._template_problem: str | None = None

    @property
    def problem(self) -> str | None:
        """In words what keeps it from sending, or from sending after the reply window."""
        return self._graph.problem or self._template_problem

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        """Deliver one reply, in parts where it is long; a retry goes on with the part that failed."""
        sent = self._accepted.pop(key, 0)
        parts = self._parts(reply)
        self._typing.pop(to.external_id, None)  # the indicator ends with the reply
        provider_id = None
        for number in range(sent, len(parts)):
            is_last = number == len(parts) - 1
            mark = {"biz_opaque_callback_data": key if is_last else f"{key}{PART}{number + 1}"}
            await self._pace.turn(to.external_id)
            try:
                provider_id = await self._post(addressed(to.external_id, parts[number] | mark))
            except DeliveryError as error:
                _remember(self._accepted, key, number)
                self._note_template(error, reply)
                raise
        if reply.late:
            self._template_problem = None
        return provider_id

    def part_arrived(self, key: str, number: int) -> None:
        """WhatsApp has the first ``number`` parts of a message: a retry begins with the next."""
        _remember(self._accepted, key, max(number, self._accepted.get(key, 0)))

    async def typing(self, to: Address, thread: Mapping[str, Any]) -> None:
        """Mark what the shopper wrote as read and show "typing…"; WhatsApp knows these only as one."""
        wamid, now = thread.get("wamid"), self._clock.now()
        shown, until = self._typing.get(to.external_id, ("", now))
        if not isinstance(wamid, str) or (shown == wamid and now < until):
            return
        self._typing.pop(to.external_id, None)
        _remember(self._typing, to.external_id, (wamid, now + TYPING))
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        try:
            await self._graph.post(f"{self._account}/messages", body | {"typing_indicator": {"type": "text"}})
        except DeliveryError as error:
            log.info("whatsapp_typing_not_shown", problem=str(error))

    async def media(self, reference: str) -> Media:
        """The file that a shopper sent; WhatsApp keeps it for seven days.

        Raises:
            DeliveryError: it is too large, gone, or WhatsApp cannot be reached.
        """
        if not _MEDIA_ID.fullmatch(reference):
            raise DeliveryError(f"'{reference[:40]}' is no file of WhatsApp's.", permanent=True)
        found = await self._graph.get(reference, phone_number_id=self._account)
        try:
            file = msgspec.convert(found, _File)
        except msgspec.ValidationError as error:
            raise DeliveryError(f"WhatsApp's answer names no file: {error}", permanent=True) from None
        limit = LIMITS.get(file.mime_type.partition("/")[0], LARGEST)
        if file.file_size > limit:
            raise DeliveryError(f"The file has {file.file_size} bytes; allowed are {limit}.", permanent=True)
        media = await self._graph.fetch(file.url, limit=limit, mime_type=file.mime_type)
        if not _is_whole(media.content, file.sha256):
            raise DeliveryError(
                "The file that WhatsApp gave out is not the one that was sent: its checksum differs. Open it again."
            )
        return media

    def _parts(self, reply: Reply) -> list[Body]:
        if reply.late:
            if not self._template.name:
                raise DeliveryError(
                    "WhatsApp's reply window is closed, and channels.whatsapp.template in shop.yml names no template.",
                    window_closed=True,
                )
            return [template(reply, self._template)]
        can_show = CAPABILITIES
        if reply.image and not reply.image.startswith("https://"):  # Meta fetches images only from such addresses
            can_show = replace(CAPABILITIES, images=False)
        return [body for part in render(reply, can_show) for body in bodies(part, reply.language)]

    async def _post(self, body: Body) -> str | None:
        path = f"{self._account}/messages"
        try:
            answer = await self._graph.post(path, body)
        except GraphError as error:
            if error.code not in _IMAGE_REFUSED or not has_image(body):
                raise
            log.warning("whatsapp_image_refused", problem=str(error))
            answer = await self._graph.post(path, without_image(body))
        try:
            messages = msgspec.convert(answer, _Accepted).messages
        except msgspec.ValidationError:
            messages = ()
        # Accepted, whatever the answer looks like: its statuses will carry our key.
        return messages[0].id if messages else None

    def _note_template(self, error: DeliveryError, reply: Reply) -> None:
        if reply.late and isinstance(error, GraphError) and error.code in TEMPLATE:
            self._template_problem = (
                f"WhatsApp does not take the template '{self._template.name}' ({error}). Look at it in WhatsApp "
                "Manager, under Message templates."
            )


def _is_whole(content: bytes, told: str) -> bool:
    """Whether the file's SHA-256 is the one told, in hexadecimal or Base64; whatever else is told says nothing."""
    digest = sha256(content)
    ours = {64: digest.hexdigest(), 44: b64encode(digest.digest()).decode()}.get(len(told))
    return ours is None or told in (ours, ours.upper())


def _remember(kept: OrderedDict[str, Any], name: str, value: Any) -> None:
    if value:
        kept[name] = value
        if len(kept) > _REMEMBERED:
            kept.popitem(last=False)
