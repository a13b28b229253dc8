"""The text of a mail that came as HTML, without what the mail program quoted below it.

A reader of our own, because the standard library's takes minutes over some broken documents: this one looks at each
sign a bounded number of times.
"""
import re
from html import unescape

LONGEST = 500_000
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "svg", "object", "noscript"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "embed", "source"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})
_QUOTE_CLASSES = frozenset({
    "gmail_quote", "gmail_attr", "gmail_signature", "yahoo_quoted", "moz-cite-prefix", "moz-signature",
    "protonmail_quote", "tutanota_quote",
})
_QUOTE_IDS = frozenset({"signature", "mail-editor-reference-message-container", "olk_src_body_section"})
#: Outlook writes the quoted mail behind this element, not into it.
_QUOTE_REST = "divrplyfwdmsg"
#: A tag; a declaration or a tag that is never closed; a sign that only looks like one; text.
_TOKEN = re.compile(r"<(/?)([A-Za-z][^\s/<>]*)([^<>]*)>|<[!?/][^<>]*>?|<|[^<]+")
_VALUE = re.compile(r"\b(class|id|type)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
#: Where in a tag its class may stand; images carry their whole content in one.
_LONGEST_TAG = 1_000


#: What a mail program writes above a mail that is passed on: then the quote is what the mail is about.
_PASSED_ON = re.compile(
    r"(?<!-)-{3,40}\s{0,3}(?:forwarded message|messaggio inoltrato)"
    r"|(?:begin forwarded message|inizio messaggio inoltrato)\s{0,3}:",
    re.IGNORECASE,
)


def html_text(html: str, *, may_be_quote: bool = True, keep_quotes: bool = False) -> str:
    """The readable text; with its quotes where nothing else is left, and where it ``may_be_quote``; or always."""
    document = _without_comments(html[:LONGEST])
    if keep_quotes or _PASSED_ON.search(document):
        return _read(document, keep_quotes=True)
    return _read(document, keep_quotes=False) or (_read(document, keep_quotes=True) if may_be_quote else "")


def _without_comments(html: str) -> str:
    kept = []
    at = 0
    while (begin := html.find("<!--", at)) >= 0:
        kept.append(html[at:begin])
        end = html.find("-->", begin)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, html[at:]])


def _read(html: str, *, keep_quotes: bool) -> str:
    reader = _Reader(keep_quotes=keep_quotes)
    for token in _TOKEN.finditer(html):
        end, tag, rest = token.groups()
        if tag is None:
            reader.text("" if token[0].startswith(("<!", "<?", "</")) else token[0])
        elif end:
            reader.ends(tag.lower())
        else:
            reader.begins(tag.lower(), _values(rest))
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _values(rest: str) -> dict[str, str]:
    found = _VALUE.findall(rest[:_LONGEST_TAG])
    return {name.lower(): (double or single or bare).lower() for name, double, single, bare in found}


class _Reader:
    def __init__(self, *, keep_quotes: bool) -> None:
        self.pieces: list[str] = []
        self._keep_quotes = keep_quotes
        self._skipped = ""  # the element that is being left out
        self._depth = 0  # how many of that name are open
        self._is_over = False

    def begins(self, tag: str, values: dict[str, str]) -> None:
        if self._skipped:
            self._depth += tag == self._skipped
        elif values.get("id") == _QUOTE_REST and not self._keep_quotes:
            self._is_over = True
        elif tag in _HIDDEN or (tag not in _VOID and not self._keep_quotes and _is_quote(tag, values)):
            self._skipped, self._depth = tag, 1
        elif tag in ("br", "hr"):
            self._add("\n")
        elif tag in _BLOCKS:
            self._break("• " if tag == "li" else "")
        elif tag in ("td", "th"):
            self._add(" ")

    def ends(self, tag: str) -> None:
        if self._skipped:
            self._depth -= tag == self._skipped
            self._skipped = self._skipped if self._depth else ""
        elif tag in _BLOCKS:
            self._break("\n" if tag == "p" else "")

    def text(self, text: str) -> None:
        if not self._skipped:
            self._add(" ".join(re.split(r"\s+", _unescaped(text))))

    def _break(self, then: str) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self._add("\n")
        self._add(then)

    def _add(self, text: str) -> None:
        if text and not self._is_over:
            self.pieces.append(text)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # "&#999…" with more digits than Python turns into a number
        return text


def _is_quote(tag: str, values: dict[str, str]) -> bool:
    if tag == "blockquote" and values.get("type") == "cite":
        return True
    return not _QUOTE_CLASSES.isdisjoint(values.get("class", "").split()) or values.get("id", "") in _QUOTE_IDS
