"""Telegram's HTML subset, read as strictly as Telegram reads it."""
import html
import re

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "tg-spoiler", "blockquote"}
_PIECE = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z]+=\"[^\"<>]*\")*)>|(<)|&(?:(lt|gt|amp|quot|#\d+);)?")


class Unparsable(Exception):
    pass


def visible_text(text: str) -> str:
    """The text without its tags.

    Raises:
        Unparsable: an unknown, crossed or open tag, or a bare '<' or '&'.
    """
    opened: list[str] = []
    for found in _PIECE.finditer(text):
        end, tag, _values, bare, entity = found.groups()
        if bare or (found[0].startswith("&") and not entity):
            raise Unparsable(f"unexpected {found[0]!r} at {found.start()}")
        if tag is None:
            continue
        if tag not in TAGS:
            raise Unparsable(f'unsupported start tag "{tag}"')
        if not end:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            raise Unparsable(f'unmatched end tag "{tag}"')
    if opened:
        raise Unparsable(f'can\'t find end tag corresponding to start tag "{opened[-1]}"')
    return html.unescape(re.sub(r"<[^>]*>", "", text))
