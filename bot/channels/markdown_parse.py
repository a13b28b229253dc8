"""Our light Markdown (bold, italics, links, lists) as spans of text. What is none of that stays the text it is."""
import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: Constructs that shoppers and operators write without meaning Markdown: ">", "```", indentation, "[1]: …", "&copy;".
_LITERAL = ("blockquote", "code", "fence", "html_block", "lheading", "reference", "backticks", "html_inline", "entity")
#: Lists nested deeper than the parser follows would lose their text.
_TOO_DEEP = re.compile(r"^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+){20}|^[ \t]{60}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; '\\n' breaks the line. ``href``: where it leads, '' for plain text."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


def parse(text: str) -> list[Span]:
    """The text in order; paragraphs end in an empty line, list items begin with their mark."""
    if _TOO_DEEP.search(text):
        return [Span(text.strip())]
    walk = _Walk()
    for token in _PARSER.parse(text):
        walk.take(token)
    return walk.spans


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 200}).disable(_LITERAL)


_PARSER = _parser()


class _Walk:
    """Turns the parser's tokens into spans."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._depth = 0
        self._heading = ""
        self._mark = ""  # of a list item whose text has not come yet
        self._end = 0  # source line after the last block
        self._bold = 0
        self._italic = 0
        self._hrefs: list[tuple[str, int]] = []  # with the number of spans before the link

    def take(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._flush()
            self._depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._depth -= 1
        elif token.type == "list_item_open":
            self._begin(token)
            self._mark = "  " * (self._depth - 1) + (f"{token.info}{token.markup} " if token.info else "• ")
        elif token.type == "list_item_close":
            self._flush()
        elif token.type in ("heading_open", "heading_close"):
            self._bold += token.nesting
            self._heading = token.markup
        elif token.type == "hr":
            self._begin(token)
            self._add(token.markup[:1] * 3)
        elif token.type == "inline":
            self._begin(token)
            if not token.content:  # a heading without words
                self._add(self._heading)
            for child in token.children or ():
                self._inline(child)

    def _begin(self, token: Token) -> None:
        """Set a block apart from the one before as the source does: a line break, or an empty line."""
        first, end = token.map or (self._end, self._end)
        if self.spans and not self._mark and first >= self._end:
            self.spans.append(Span("\n" if first == self._end else "\n\n"))
        if token.type == "list_item_open":
            self._end = first
            return
        if self._mark:
            self.spans.append(Span(self._mark))
            self._mark = ""
        self._end = end

    def _flush(self) -> None:
        """A list mark without text is just a sign that somebody typed."""
        if self._mark:
            self.spans.append(Span(self._mark.strip()))
            self._mark = ""

    def _inline(self, token: Token) -> None:
        if token.type in ("softbreak", "hardbreak"):
            self.spans.append(Span("\n"))
        elif token.type in ("strong_open", "strong_close"):
            self._bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            self._italic += token.nesting
        elif token.type == "link_open":
            self._hrefs.append((str(token.attrs["href"]), len(self.spans)))
        elif token.type == "link_close":
            href, before = self._hrefs[-1]
            if len(self.spans) == before:  # a link without a title
                self._add(href)
            self._hrefs.pop()
        elif token.type == "image":
            self._hrefs.append((str(token.attrs["src"]), 0))
            self._add(token.content or self._hrefs[-1][0])
            self._hrefs.pop()
        else:
            self._add(token.content)

    def _add(self, text: str) -> None:
        if text:
            href = self._hrefs[-1][0] if self._hrefs else ""
            self.spans.append(Span(text, self._bold > 0, self._italic > 0, href))
