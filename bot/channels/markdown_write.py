"""Spans of text as a channel shows them."""
from collections.abc import Iterable, Sequence
from itertools import groupby
from urllib.parse import unquote

from bot.channels.capabilities import Markup
from bot.channels.markdown_parse import Span


def write(spans: Sequence[Span], markup: Markup) -> str:
    """The text with its formatting; each line closes what it opens."""
    written = []
    for href, link in groupby(spans, key=lambda span: span.href):
        if not href:
            written.append(_runs(link, markup))
        elif markup is Markup.HTML and href.startswith(("https://", "http://")):
            written.append(f'<a href="{_escape(href)}">{_runs(link, markup)}</a>')
        else:
            written.append(_runs([untitled(link)], markup))
    return "".join(written)


def untitled(link: Iterable[Span]) -> Span:
    """A link as plain text: "title: address", or the address alone where the title says no more."""
    spans = list(link)
    title = "".join(span.text for span in spans)
    href = spans[0].href
    bare = href.removeprefix("mailto:").removeprefix("tel:")
    same = {form.rstrip("/") for form in (href, bare, unquote(bare))}
    same |= {form.removeprefix("https://").removeprefix("http://") for form in same}
    told = bare if title.strip().rstrip("/") in same else f"{title}: {bare}"
    return Span(told, all(span.bold for span in spans), all(span.italic for span in spans))


def _runs(spans: Iterable[Span], markup: Markup) -> str:
    written = []
    for (bold, italic), run in groupby(spans, key=lambda span: (span.bold, span.italic)):
        lines = "".join(span.text for span in run).split("\n")
        written.append("\n".join(_style(line, bold, italic, markup) for line in lines))
    return "".join(written)


def _style(text: str, bold: bool, italic: bool, markup: Markup) -> str:
    if markup is Markup.HTML:
        text = _escape(text)
        if not text.strip():
            return text
        text = f"<i>{text}</i>" if italic else text
        return f"<b>{text}</b>" if bold else text
    if markup is Markup.WHATSAPP:
        text = _mark(text, "_") if italic else text
        text = _mark(text, "*") if bold else text
    return text


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _mark(text: str, sign: str) -> str:
    """WhatsApp takes a sign only where it touches the words, and knows no way to write the sign itself."""
    words = text.strip()
    if not words or sign in words:
        return text
    return text.replace(words, f"{sign}{words}{sign}", 1)
