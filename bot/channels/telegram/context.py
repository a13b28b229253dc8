"""What a Telegram message answers, and where it was forwarded from."""
from bot.channels.telegram.updates import Message, Quoted, Sender
from bot.channels.text import clean
from bot.model.conversation import Context

_LONGEST = 2_000
#: In words, where a quoted message has none.
_FILES = ("photo", "video", "document", "voice", "sticker", "location", "poll")


def context_of(message: Message) -> tuple[Context, ...]:
    """For operators: the message's own words do not tell it."""
    found = []
    if message.quote is not None and clean(message.quote.text):  # the marked part says more than the whole
        found.append(Context("quote", clean(message.quote.text)[:_LONGEST]))
    elif message.reply_to_message is not None or message.external_reply is not None:
        quoted = [one for one in (message.reply_to_message, message.external_reply) if one is not None]
        found.append(Context("quote", next(filter(None, map(_words, quoted)), "")[:_LONGEST]))
    if message.reply_to_story is not None:
        found.append(Context("story"))
    if (writer := _first_writer(message)) is not None:
        found.append(Context("forwarded", writer[:200]))
    return tuple(found)


def _words(quoted: Quoted) -> str:
    said = clean(quoted.text or quoted.caption)
    return said or next((f"[{name}]" for name in _FILES if getattr(quoted, name) is not None), "")


def _first_writer(message: Message) -> str | None:
    """The name of who wrote a forwarded message first, '' where Telegram keeps it; None where it is not forwarded."""
    origin = message.forward_origin
    if origin is not None:
        places = [one.title for one in (origin.chat, origin.sender_chat) if one is not None]
        return clean(_name(origin.sender_user) or origin.sender_user_name or "".join(places[:1]))
    place = message.forward_from_chat.title if message.forward_from_chat is not None else ""
    old = clean(_name(message.forward_from) or message.forward_sender_name or place)
    return old or ("" if message.forward_date is not None or message.forward_from is not None else None)


def _name(sender: Sender | None) -> str:
    return f"{sender.first_name} {sender.last_name}" if sender is not None else ""
