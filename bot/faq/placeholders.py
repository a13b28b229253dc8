"""``{name}`` in an answer becomes the shop's own words; ``\\{`` is a brace."""
import re
from collections.abc import Mapping

from bot.settings.document import listed, suggestion

_PLACEHOLDER = re.compile(r"(?<!\\)\{([^{}]*)\}")


def fill(text: str, placeholders: Mapping[str, str]) -> str:
    """The text with its placeholders filled.

    Raises:
        ValueError: a placeholder that ``shop.yml`` does not know; its text names those it does.
    """

    def known(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in placeholders:
            raise ValueError(
                f"unknown placeholder {{{name}}}.{suggestion(name, placeholders)} Allowed: {listed(placeholders)}. "
                "Add it to faq.placeholders in shop.yml, or correct it."
            )
        return placeholders[name]

    return _PLACEHOLDER.sub(known, text).replace("\\{", "{").replace("\\}", "}")
