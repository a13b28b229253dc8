"""What the Cloud API refuses in the body of a send: wrong fields, lengths, numbers of things.

Facts: developers.facebook.com, WhatsApp Business Platform, "Messages" and the pages of each message type.
"""
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.providers.meta import Refusal

Values = dict[str, Any]
_OUTSIDE = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}


def refuse(details: str) -> Refusal:
    return Refusal(100, "Invalid parameter", details=details)


def fields(value: Any, what: str, *, required: str, optional: str = "") -> Values:
    """``value`` if it is an object with all of one and nothing beside the other."""
    if not isinstance(value, dict):
        raise refuse(f"{what} must be an object")
    missing = set(required.split()) - value.keys()
    extra = value.keys() - set(required.split()) - set(optional.split())
    if missing or extra:
        raise refuse(f"{what}: missing {sorted(missing)}, unexpected {sorted(extra)}")
    return value


def text(value: Any, what: str, limit: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refuse(f"{what} is required")
    if len(value.encode("utf-16-le")) // 2 > limit:
        raise refuse(f"{what} must be at most {limit} characters long, got {len(value)}")
    return value


def check_body(body: Values) -> str:
    """The text that a person reads; choices are not part of it.

    Raises:
        Refusal: as the Cloud API would.
    """
    kind = str(body.get("type"))
    if body.get("messaging_product") != "whatsapp":
        raise refuse("The parameter messaging_product is required")
    if kind not in KINDS:
        raise refuse(f"type must be one of {sorted(KINDS)}, got {kind}")
    fields(body, "body", required=f"messaging_product type {kind}", optional=" ".join(_OUTSIDE))
    if "biz_opaque_callback_data" in body:
        text(body["biz_opaque_callback_data"], "biz_opaque_callback_data", 512)
    return KINDS[kind](body[kind])


def _text(value: Any) -> str:
    fields(value, "text", required="body", optional="preview_url")
    return text(value["body"], "text.body", 4096)


def _image(value: Any) -> str:
    fields(value, "image", required="link", optional="caption")
    _link(value["link"])
    return text(value["caption"], "image.caption", 1024) if "caption" in value else ""


def _interactive(value: Any) -> str:
    fields(value, "interactive", required="type body action", optional="header footer")
    fields(value["body"], "body", required="text")
    said = text(value["body"]["text"], "interactive.body.text", 1024)
    if value["type"] == "button":
        _buttons(value["action"])
        if "header" in value:
            fields(value["header"], "header", required="type image")
            _link(fields(value["header"]["image"], "header.image", required="link")["link"])
    elif value["type"] == "list":
        if "header" in value:
            raise refuse("the header of a list must be a text")
        _rows(value["action"])
    else:
        raise refuse(f"unknown interactive type {value['type']!r}")
    return said


def _buttons(action: Any) -> None:
    buttons = fields(action, "action", required="buttons")["buttons"]
    if not 1 <= len(buttons) <= 3:
        raise refuse(f"1 to 3 buttons are allowed, got {len(buttons)}")
    for button in buttons:
        fields(button, "button", required="type reply")
        fields(button["reply"], "button.reply", required="id title")
        text(button["reply"]["id"], "button id", 256)
        text(button["reply"]["title"], "button title", 20)
    _all_differ([button["reply"] for button in buttons])


def _rows(action: Any) -> None:
    text(fields(action, "action", required="button sections")["button"], "list button", 20)
    sections = action["sections"]
    if not 1 <= len(sections) <= 10:
        raise refuse(f"1 to 10 sections are allowed, got {len(sections)}")
    known = [fields(section, "section", required="rows", optional="title") for section in sections]
    rows = [row for section in known for row in section["rows"]]
    if not 1 <= len(rows) <= 10:
        raise refuse(f"1 to 10 rows are allowed in all sections together, got {len(rows)}")
    for row in rows:
        fields(row, "row", required="id title", optional="description")
        text(row["id"], "row id", 200)
        text(row["title"], "row title", 24)
        if "description" in row:
            text(row["description"], "row description", 72)
    _all_differ(rows)


def _all_differ(options: list[Values]) -> None:
    for name in ("id", "title"):
        if len({option[name] for option in options}) < len(options):
            raise refuse(f"duplicate {name}")


def _template(value: Any) -> str:
    """The words in the variable; the double knows which templates exist."""
    fields(value, "template", required="name language components")
    fields(value["language"], "language", required="code")
    (body,) = value["components"]
    fields(body, "component", required="type parameters")
    if body["type"] != "body" or len(body["parameters"]) != 1:
        raise Refusal(132000, "Number of parameters does not match the expected number of params")
    parameter = fields(body["parameters"][0], "parameter", required="type text")
    said = parameter["text"]
    if not said or re.search(r"[\n\t]| {5,}", said):
        raise refuse("Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    if len(said) > 1024:
        raise Refusal(132005, "Translated text too long")
    return str(said)


def _link(link: Any) -> None:
    if not isinstance(link, str) or not link.startswith("https://"):
        raise refuse("link must be an https:// address")


KINDS: Mapping[str, Callable[[Any], str]] = {
    "text": _text, "image": _image, "interactive": _interactive, "template": _template,
}
