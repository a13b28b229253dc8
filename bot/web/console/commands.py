"""The commands an operator gives, checked at the door."""
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from bot.model.errors import InboundError
from bot.model.views import is_id

TEXT_LIMIT = 4000
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def command_of(name: str, body: Mapping[str, Any]) -> tuple[str, str, dict[str, object]]:
    """(name, key, payload).

    Raises:
        InboundError: unknown command, no key, or a payload that does not fit the command.
    """
    if name not in _PAYLOADS:
        raise InboundError(f"There is no command '{name}'. Allowed: {', '.join(_PAYLOADS)}.", status=404)
    key = body.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise InboundError("'key' must be 1 to 100 letters, digits or _ . : -, new for each command.", status=422)
    after = body.get("after")
    if after is not None and (not isinstance(after, str) or not _KEY.fullmatch(after)):
        raise InboundError("'after' must be the key of the command that comes first, or be left out.", status=422)
    return name, key, _PAYLOADS[name](body) | ({} if after is None else {"after": after})


def _nothing(_body: Mapping[str, Any]) -> dict[str, object]:
    return {}


def _text(body: Mapping[str, Any]) -> dict[str, object]:
    text = body.get("text")
    if not isinstance(text, str):
        raise InboundError("'text' must be a string.", status=422)
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()
    if not 1 <= len(text) <= TEXT_LIMIT:
        raise InboundError(f"'text' has {len(text)} characters. Allowed: 1 to {TEXT_LIMIT}.", status=422)
    return {"text": text}


def _operator_id(body: Mapping[str, Any]) -> dict[str, object]:
    operator_id = body.get("operator_id")
    if not is_id(operator_id):
        raise InboundError("'operator_id' must be a number from /console/api/operators.", status=422)
    return {"operator_id": operator_id}


_PAYLOADS: dict[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
    "take": _nothing,
    "reply": _text,
    "put_back": _nothing,
    "return": _nothing,
    "close": _nothing,
    "transfer": _operator_id,
    "reopen": _nothing,
    "note": _text,
}
