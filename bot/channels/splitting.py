"""Cuts a long text into parts that fit, where a reader would: paragraph, line, sentence, word. Never inside a link."""
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from bot.channels.markdown_parse import Span
from bot.channels.markdown_write import untitled

Fits = Callable[[Sequence[Span]], bool]
Chunk = list[Span]  # what stays together: a word, a link, white space, a line break

_PIECES = re.compile(r"\n|[^\S\n]+|\S+")
_SENTENCE_END = (".", "!", "?", "…", ":", ";")
_JOINERS = ("\u200d", "\ufe0e", "\ufe0f", "\u20e3")  # they belong to the sign before them


def split(spans: Sequence[Span], fits: Fits) -> list[list[Span]]:
    """Parts in order, each of which ``fits``; white space at a cut is dropped, nothing else."""
    rest = _chunks(spans)
    parts = []
    while rest := _without_blank_ends(rest):
        taken = _most(rest, fits)
        if taken == 0:
            rest = [*_loosen(rest[0], fits), *rest[1:]]
            continue
        if taken < len(rest):
            taken = _reader_break(rest, taken)
        parts.append([span for chunk in _without_blank_ends(rest[:taken]) for span in chunk])
        rest = rest[taken:]
    return parts


def _chunks(spans: Sequence[Span]) -> list[Chunk]:
    found: list[Chunk] = []
    for href, group in groupby(spans, key=lambda span: span.href):
        together = list(group)
        found += [together] if href else [[piece] for span in together for piece in _pieces(span)]
    return found


def _pieces(span: Span) -> Iterator[Span]:
    for text in _PIECES.findall(span.text):
        yield Span(text, span.bold, span.italic, span.href)


def _is_blank(chunk: Chunk) -> bool:
    return not any(span.text.strip() for span in chunk)


def _without_blank_ends(chunks: list[Chunk]) -> list[Chunk]:
    full = [index for index, chunk in enumerate(chunks) if not _is_blank(chunk)]
    return chunks[full[0] : full[-1] + 1] if full else []


def _most(chunks: list[Chunk], fits: Fits) -> int:
    """How many chunks from the start fit together."""
    low, high = 0, len(chunks)
    while low < high:
        middle = (low + high + 1) // 2
        if fits([span for chunk in chunks[:middle] for span in chunk]):
            low = middle
        else:
            high = middle - 1
    return low


def _reader_break(chunks: list[Chunk], most: int) -> int:
    """The best place to cut at or before ``most``: as late as possible, but no later than a better kind allows."""
    text = ["".join(span.text for span in chunk) for chunk in chunks]
    late = range(most, most // 2, -1)
    kinds: tuple[tuple[range, Callable[[int], bool]], ...] = (
        (late, lambda at: text[at] == "\n" and text[at - 1] == "\n"),
        (late, lambda at: text[at] == "\n"),
        (late, lambda at: text[at].isspace() and text[at - 1].endswith(_SENTENCE_END)),
        (range(most, 0, -1), lambda at: text[at].isspace() or text[at - 1].isspace()),
    )
    for places, is_good in kinds:
        for at in places:
            if is_good(at) and any(part.strip() for part in text[:at]):
                return at
    return most


def _loosen(chunk: Chunk, fits: Fits) -> list[Chunk]:
    """Smaller chunks of one that does not fit alone."""
    if chunk[0].href:
        words = [[piece] for span in chunk for piece in _pieces(span)]
        if len(words) > 1 and all(fits(word) for word in words):
            return words
        return [[piece] for piece in _pieces(untitled(chunk))]
    span = chunk[0]
    low, high = 0, len(span.text) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if fits([Span(span.text[:middle], span.bold, span.italic)]):
            low = middle
        else:
            high = middle - 1
    if low == 0:  # the style alone is too long
        return [[Span(span.text)]] if span.bold or span.italic else [[Span(sign)] for sign in span.text]
    cut = _between_signs(span.text, low)
    return [[Span(text, span.bold, span.italic)] for text in (span.text[:cut], span.text[cut:])]


def _between_signs(text: str, cut: int) -> int:
    """The last place at or before ``cut`` that leaves every visible sign whole."""
    for at in range(cut, 0, -1):
        if not unicodedata.combining(text[at]) and text[at] not in _JOINERS and text[at - 1] != "\u200d":
            return at
    return cut
