"""What is posted to WhatsApp for one rendered part of a reply."""
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.capabilities import Capabilities
from bot.channels.render import Mode, Rendered, render
from bot.model.conversation import Reply
from bot.model.errors import DeliveryError
from bot.settings.shop import Template

Body = dict[str, Any]

#: Longest value of a template's variable.
PARAMETER = 1024
#: On the button that opens a list; at most 20 characters.
LIST_BUTTON = {"it": "Scegli", "en": "Choose"}
_SCOPED = re.compile(r"[A-Z]{2}\.\S+")
#: A template's variable is plain text, and long answers are refused rather than cut: see `template`.
_PLAIN = Capabilities(text=100_000)


def addressed(to: str, body: Body) -> Body:
    """``to`` is a business-scoped id ('IT.…') or a number; WhatsApp takes each in a field of its own."""
    field = "recipient" if _SCOPED.fullmatch(to) else "to"
    return {"messaging_product": "whatsapp", "recipient_type": "individual", field: to, **body}


def bodies(part: Rendered, language: str) -> list[Body]:
    """One message, or an image and a list: no list has a picture above it."""
    if part.mode is Mode.BUTTONS:
        return [_interactive(part, "button", {"buttons": [
            {"type": "reply", "reply": {"id": one.id, "title": one.title}} for one in part.options
        ]})]
    if part.mode is Mode.LIST:
        above = [_image(part.image)] if part.image else []
        rows = [{"id": one.id, "title": one.title, **_described(one.description)} for one in part.options]
        label = LIST_BUTTON.get(language, LIST_BUTTON["en"])
        whole = Rendered(part.text)
        return [*above, _interactive(whole, "list", {"button": label, "sections": [{"rows": rows}]})]
    if part.image:
        return [_image(part.image, part.text)]
    return [_text(part.text)]


def without_image(body: Body) -> Body:
    """The same with a link: WhatsApp fetches images itself and takes not every one."""
    if body["type"] == "image":
        words = "\n\n".join(filter(None, (body["image"].get("caption"), body["image"]["link"])))
        return {name: value for name, value in body.items() if name != "image"} | _text(words)
    return body | {"interactive": {name: value for name, value in body["interactive"].items() if name != "header"}}


def has_image(body: Body) -> bool:
    return body["type"] == "image" or "header" in body.get("interactive", {})


def template(reply: Reply, settings: Template) -> Body:
    """The approved template around the words of an operator: all that WhatsApp takes after the reply window.

    Raises:
        DeliveryError: the words are too long for it.
    """
    # Line breaks, tabs and rows of spaces are refused in a variable.
    words = " ".join(" ".join(part.text for part in render(reply, _PLAIN)).split())
    if len(words) > PARAMETER:
        raise DeliveryError(
            f"{len(words)} characters are too many: after WhatsApp's reply window a message goes inside a template, "
            f"which holds {PARAMETER}. Shorten it or write two.",
            permanent=True,
        )
    component = {"type": "body", "parameters": [{"type": "text", "text": words}]}
    language = {"code": _code(reply.language, settings.languages)}
    return {
        "type": "template", "template": {"name": settings.name, "language": language, "components": [component]}
    }


def _code(language: str, languages: Mapping[Any, str]) -> str:
    """The template's own code of a language, of any other that it has, or else the language itself."""
    if language in languages:
        return languages[language]
    return next(iter(languages.values()), language if language in LIST_BUTTON else "en")


def _text(text: str) -> Body:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _image(link: str, caption: str = "") -> Body:
    return {"type": "image", "image": {"link": link, **({"caption": caption} if caption else {})}}


def _interactive(part: Rendered, kind: str, action: Body) -> Body:
    header = {"header": {"type": "image", "image": {"link": part.image}}} if part.image else {}
    body = {"type": kind, **header, "body": {"text": part.text}, "action": action}
    return {"type": "interactive", "interactive": body}


def _described(description: str) -> Body:
    return {"description": description} if description else {}
