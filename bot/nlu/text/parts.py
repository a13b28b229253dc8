"""Several questions in one message: where it may be cut, and what is courtesy around a question."""
import re
from collections.abc import Iterator

Span = tuple[int, int]

_SEPARATOR = re.compile(
    r"(?P<strong>[?!]+|[.;]+(?=\s)|\n+)"
    r"|(?P<weak>,|\s+-\s+|(?<=\s)(?:ed?|and|poi|inoltre|also|oppure|plus)(?=\s))",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:ciao|salve|buon\s?giorno|buona\s?sera|buon pomeriggio|ehi|(?:hey|hi|hello)(?: there)?"
    r"|good (?:morning|afternoon|evening)|dear \w+"
    r"|gentil[ei] \w+|a tutti|scus[ia](?:te)?|scusi il disturbo|senti|senta|sorry|excuse me"
    r"|grazie(?: mille| tante| in anticipo)*|thanks?(?: you| a lot| in advance| so much)*|per favore|per piacere|please"
    r"|cordiali saluti|saluti|cheers|regards)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"\s*(?:{_COURTESY.pattern}(?![\w'])[\s,.!:;]*)+", re.IGNORECASE)
_AFTER = re.compile(rf"(?:[\s,.!:;?]+{_COURTESY.pattern}(?![\w']))+[\s,.!:;]*\Z", re.IGNORECASE)
_DETERMINERS = frozenset(
    re.findall(
        r"\w+'?",
        "il lo la i gli le un uno una del della dei delle un' mio mia miei mie quello quella quelli quelle questo"
        " questa anche pure the a an my your our this that these those some also",
    )
)
_LEAST_WORDS, _MOST_THING_WORDS = 2, 3
MOST_PARTS = 4


def core(text: str) -> Span:
    """The message without its greeting and thanks; the whole message where nothing else is left."""
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    after = _AFTER.search(text, start)
    end = after.start() if after else len(text)
    if after and after.start() < len(text) and text[after.start()] in "?!":
        end += 1
    return (start, end) if any(sign.isalnum() for sign in text[start:end]) else (0, len(text))


def clauses(text: str, span: Span) -> list[Span]:
    """Pieces between possible cuts, each of at least two words; short pieces stay with the one before."""
    pieces: list[Span] = []
    for start, end in _pieces(text, span):
        start, end = _trim(text, start, end)
        if end <= start:
            continue
        if pieces and _is_fragment(text[start:end]):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    if len(pieces) > 1 and _is_fragment(text[slice(*pieces[0])]):
        pieces[:2] = [(pieces[0][0], pieces[1][1])]
    return pieces


def _is_fragment(piece: str) -> bool:
    """One word, or a thing without anything said of it ("la maglia", "my other shoes")."""
    found = piece.lower().split()
    return len(found) < _LEAST_WORDS or (len(found) <= _MOST_THING_WORDS and found[0] in _DETERMINERS)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for match in _SEPARATOR.finditer(text, *span):
        # A question keeps its mark; a conjunction belongs to neither side.
        yield start, match.end() if match.group("strong") else match.start()
        start = match.end()
    yield start, span[1]


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
