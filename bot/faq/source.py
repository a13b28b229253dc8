"""The bytes of one FAQ file as text: other encodings and slips of the keyboard read where it is plain what is meant."""
import codecs
import re

from bot.model.errors import SettingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HASHES = re.compile(r"( {0,3}#{2,6})[\t\xa0\u2000-\u200b\u202f\u3000]*(?=[^#\s\xa0])")
_SPACED = re.compile(r"( {0,3}#{1,6})[\xa0\u2000-\u200b\u202f\u3000]+")
_QUOTE = re.compile(r"[ \t\xa0]+>")
_RULE = re.compile(r"\s*([-\u2010-\u2015\u2212]{3,}|[\u2013-\u2015]{1,})\s*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"""<a\s[^>]*?href=["']([^"'\s]+)["'][^>]*>(.*?)</a>""", re.IGNORECASE)
_BOLD = re.compile(r"</?(?:b|strong)(?:\s[^>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|span|i|em|u|font|small|center|section|hr)(?:\s[^>]*)?/?>", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def read_text(content: bytes, file: str) -> str:
    """The text of a file in UTF-8, UTF-16 (with its mark) or Windows-1252.

    Raises:
        SettingError: these bytes are no text.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    for name in dict.fromkeys((encoding, "cp1252")):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return _tidied(_BREAKS.sub("\n", text))
    raise SettingError("this is no text file. Save it as plain text in UTF-8.", file=file, line=1)


def _tidied(text: str) -> str:
    """The same lines, each as Markdown wants it; what stands in a fence stays as it is."""
    lines = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text).split("\n")
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    first = start
    if start < len(lines) and _RULE.fullmatch(lines[start]):
        end = next((index for index in range(start + 1, len(lines)) if _RULE.fullmatch(lines[index])), None)
        lines[start] = "---"
        if end is not None:
            lines[end] = "---"
            first = end + 1
    fence = ""
    for index in range(first, len(lines)):
        line = lines[index]
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif mark:
            fence = mark[1]
        else:
            line = _TAG.sub("", _BOLD.sub("**", _LINK.sub(r"[\2](\1)", line))) if "<" in line else line
            line = _SPACED.sub(r"\1 ", line, count=1) if _SPACED.match(line) else line
            line = _HASHES.sub(r"\1 ", line, count=1) if _HASHES.match(line) else line
            lines[index] = _QUOTE.sub(">", line, count=1) if _QUOTE.match(line) else line
    return "\n".join(lines)
