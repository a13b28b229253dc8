"""The way out to Telegram: HTML within its limits, buttons under the message, never a message twice."""
from collections import OrderedDict
from collections.abc import Mapping
from html import escape
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels import Media
from bot.channels.capabilities import Capabilities, Markup, Unit
from bot.channels.pace import Pace
from bot.channels.render import Rendered, render
from bot.channels.telegram.refusals import BAD_TOKEN, delivery_error
from bot.model.conversation import Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address, Clock

log = structlog.get_logger(__name__)

#: A longer label would be cut on a phone; such choices become numbered lines.
BUTTON_LABEL = 48
CAPABILITIES = Capabilities(
    text=4096, unit=Unit.UTF16, markup=Markup.HTML, images=True, caption=1024, buttons=10, button_label=BUTTON_LABEL,
    typing=True,
)
GROUP_WORDS = {
    "it": "Nei gruppi non rispondo. L'assistenza è nella mia chat privata: basta toccare il mio nome.",
    "en": "I don't answer in groups. For help, open my private chat: just tap my name.",
}
_REMEMBERED = 1_000
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """The Channel port over the Bot API. ``problem`` says in words what keeps it from sending."""

    kind = "telegram"
    delivery = "ambiguous"

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._pace = Pace(clock, per_second=28, per_recipient_s=1.0, burst=4)
        self._accepted: OrderedDict[str, int] = OrderedDict()  # parts of a message that Telegram took already
        self.problem: str | None = None

    async def send(self, to: Address, reply: Reply, key: str) -> str | None:
        """Deliver one reply, in parts where it is long; a retry goes on with the part that failed."""
        sent = self._accepted.pop(key, 0)
        provider_id = None
        for part in render(reply, CAPABILITIES)[sent:]:
            await self._pace.turn(to.external_id)
            try:
                provider_id = await self._send_part(to.external_id, part)
            except TelegramError as error:
                self._remember(key, sent)
                self.problem = BAD_TOKEN if isinstance(error, InvalidToken) else self.problem
                raise delivery_error(error) from error
            except (TypeError, KeyError, ValueError) as error:  # the library could not read Telegram's answer
                log.exception("telegram_answer_unreadable", key=key)
                raise DeliveryError(f"Telegram's answer could not be read: {error!r}", unknown=True) from error
            self.problem = None
            sent += 1
        return provider_id

    async def typing(self, to: Address, _thread: Mapping[str, Any]) -> None:
        """Show "typing…" for about five seconds."""
        try:
            await self._bot.send_chat_action(to.external_id, ChatAction.TYPING)
        except TelegramError as error:
            log.info("telegram_typing_not_shown", problem=str(error))

    async def answer_tap(self, callback: str) -> None:
        """End the little clock on a tapped button."""
        try:
            await self._bot.answer_callback_query(callback)
        except TelegramError as error:  # too old, or answered before: nothing is lost
            log.info("telegram_tap_not_answered", problem=str(error))

    async def greet_group(self, chat_id: int, language: str) -> None:
        """Say once, in a group that took the bot in, where it answers."""
        try:
            await self._bot.send_message(chat_id, GROUP_WORDS[language])
        except TelegramError as error:
            log.info("telegram_group_not_greeted", problem=str(error))

    async def media(self, reference: str) -> Media:
        """The file that a shopper sent; Telegram gives out at most 20 MB.

        Raises:
            DeliveryError: it is too large, gone, or Telegram cannot be reached.
        """
        try:
            file = await self._bot.get_file(reference)
            return Media(bytes(await file.download_as_bytearray()), _mime_type(file.file_path or ""))
        except TelegramError as error:
            raise delivery_error(error) from error

    async def _send_part(self, chat_id: str, part: Rendered) -> str:
        keyboard = None
        if part.options:
            keyboard = InlineKeyboardMarkup(
                [[InlineKeyboardButton(one.title, callback_data=one.id)] for one in part.options]
            )
        text = part.text
        if part.image is not None:
            try:
                photo = await self._bot.send_photo(
                    chat_id, part.image, caption=text or None, parse_mode=ParseMode.HTML, reply_markup=keyboard
                )
                return str(photo.message_id)
            except BadRequest as error:  # Telegram fetches images itself and takes not every one
                log.warning("telegram_image_refused", image=part.image, problem=str(error))
                text = "\n\n".join(filter(None, (text, escape(part.image, quote=False))))
        message = await self._bot.send_message(
            chat_id, text, parse_mode=ParseMode.HTML, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
        )
        return str(message.message_id)

    def _remember(self, key: str, sent: int) -> None:
        if sent:
            self._accepted[key] = sent
            if len(self._accepted) > _REMEMBERED:
                self._accepted.popitem(last=False)


_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
    "oga": "audio/ogg", "ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "mp4": "video/mp4",
    "pdf": "application/pdf",
}


def _mime_type(path: str) -> str:
    """By the file's name; whatever a browser might run is only ever a download."""
    return _TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")
