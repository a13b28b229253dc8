"""What shoppers send on Messenger and Instagram besides text."""
from collections.abc import Callable, Iterator
from typing import Any

from bot.channels.meta.messaging_events import Attached, Coordinates, Message, Payload, ReplyTo, find
from bot.channels.text import clean
from bot.model.conversation import Attachment

#: Gives the `Attachment.url` under which the desk shows a file of Meta's; '' where it cannot be shown.
Shown = Callable[[str], str]

#: Meta's type: (ours, name where it has none). Reels and shares are posts; an operator sees what was passed on.
_FILES = {
    "image": ("image", ""), "audio": ("audio", ""), "video": ("video", ""), "file": ("document", ""),
    "sticker": ("image", "sticker"), "reel": ("video", "reel"), "ig_reel": ("video", "reel"),
    "share": ("document", "shared post"), "ig_post": ("document", "shared post"),
    "ig_story": ("document", "shared story"), "template": ("document", "template"),
}
#: The thumb at the end of Messenger's line, small, medium and large: a yes, as people use it.
_THUMBS = frozenset({"369239263222822", "369239343222814", "369239383222810"})
_MOST = 30


def attachments_of(message: Message, shown: Shown) -> tuple[Attachment, ...]:
    """What came with a message, and the story it answers; kinds that nobody knows are 'unsupported'."""
    found = [one for attached in _attached(message) if (one := _attachment(attached, message, shown)) is not None]
    replied = find(message.reply_to, ReplyTo)
    if replied is not None and replied.story is not None:
        found.append(Attachment("document", name="story reply", url=shown(replied.story.url)))
    if message.is_unsupported or not (found or message.text):
        found.append(Attachment("unsupported"))
    return tuple(found)


def is_thumb(message: Message) -> bool:
    """It is nothing but a thumb up."""
    stickers = [message.sticker_id, *(_payload(one).sticker_id for one in _attached(message))]
    return any(isinstance(one, str | int) and str(one) in _THUMBS for one in stickers)


def _attached(message: Message) -> Iterator[Attached]:
    for value in (find(message.attachments, list[Any]) or [])[:_MOST]:
        yield find(value, Attached) or Attached("unknown")


def _payload(attached: Attached) -> Payload:
    return find(attached.payload, Payload) or Payload()


def _attachment(attached: Attached, message: Message, shown: Shown) -> Attachment | None:
    payload = _payload(attached)
    title = clean(payload.title or attached.title or "")[:200]
    if attached.type == "story_mention":  # Meta forbids to keep its picture
        return Attachment("image", name="story mention")
    if attached.type == "location":
        return _place(payload, title)
    if attached.type == "fallback":  # the preview of a link; the page itself is somebody else's, never fetched
        link = clean(payload.url or attached.url or "")[:500]
        is_news = link and link not in (message.text or "")
        return Attachment("document", name=f"{title} {link}".strip()) if is_news else None
    if attached.type in _FILES:
        kind, name = _FILES[attached.type]
        name = "sticker" if payload.sticker_id is not None else title or name
        return Attachment(kind, name=name, url=shown(payload.url or ""))
    return Attachment("unsupported", name=clean(attached.type)[:40])


def _place(payload: Payload, title: str) -> Attachment:
    at = find(payload.coordinates, Coordinates)
    words = f"{at.lat:.5f}, {at.long:.5f}" if at is not None else ""
    return Attachment("location", name=f"{title} ({words})" if title and words else title or words)
