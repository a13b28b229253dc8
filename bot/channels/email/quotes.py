"""Where in a mail's text another mail begins: the lines that mail programs write above a quote or a forward."""
import re
from typing import NamedTuple

#: The quote goes on to the end of the text.
QUOTE_REST = -1
_LONGEST_LINE = 500

_FROM = r"da|from|von|de|mittente|sender|expéditeur|remitente|van"
_SENT = r"data|date|inviato|sent|gesendet|datum|envoyé|enviado|fecha|verzonden|data di invio|inviato il"
_TO = r"a|to|an|à|para|aan|cc|ccn|bcc|kopie|destinatario|destinatari|rispondi a|reply-to|antwort an"
_SUBJECT = r"oggetto|subject|betreff|objet|asunto|onderwerp|re"
_LABEL = re.compile(rf"[* ]*({_FROM}|{_SENT}|{_TO}|{_SUBJECT})[* ]*\s*:[* ]*(.*)", re.IGNORECASE)
_OUTLOOKS = re.compile(r"[* ]*(?:inviato|sent|gesendet|envoyé|enviado|verzonden)[* ]*\s*:", re.IGNORECASE)
_IS_FROM = re.compile(_FROM, re.IGNORECASE)
_IS_SENT = re.compile(_SENT, re.IGNORECASE)
_IS_SUBJECT = re.compile(_SUBJECT, re.IGNORECASE)
_ORIGINAL = re.compile(
    r"[-_*= ]{2,}\s*(?:original message|messaggio originale|messaggio d['’]origine|ursprüngliche nachricht"
    r"|originalnachricht|message d['’]origine|message original|mensaje original|oorspronkelijk bericht)\s*[-_*= ]{2,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:[-_*= ]{2,}\s*)?(?:forwarded message|messaggio inoltrato|weitergeleitete nachricht|message transféré"
    r"|message transmis|mensaje reenviado)\s*(?:[-_*= ]{2,})"
    r"|(?:inizio messaggio inoltrato|begin forwarded message|anfang der weitergeleiteten nachricht"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado)\s*:?",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}[:.]\d{2}")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b\d{4}-\d{2}-\d{2}|\b(?:19|20)\d{2}\b")
_WROTE = re.compile(
    r"(?:ha scritto|scrive|wrote|schrieb|a écrit|escribió|schreef|napisał|написал|skrev)[^:]{0,60}:\s*$", re.IGNORECASE
)
_BEGINS = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}|^(?:il|on|am|le|el|op)\b", re.IGNORECASE)
_ADDRESSED = re.compile(r"<[^<>@]+@[^<>@]+>")
_RULE = re.compile(r"[_-]{10,}")


class HeaderBlock(NamedTuple):
    """The head of a mail as a mail program wrote it into a text. ``end``: the line behind it."""

    sender: str
    subject: str
    end: int


def is_forward_mark(line: str) -> bool:
    """Whether a mail program says here that what follows is passed on."""
    return len(line) <= _LONGEST_LINE and _FORWARDED.fullmatch(line.strip()) is not None


def begins_quote(lines: list[str], at: int) -> int:
    """How many lines to leave out: 0 where no quote begins, `QUOTE_REST` where all that follows is one."""
    line = lines[at]
    if len(line) > _LONGEST_LINE:
        return 0
    if _ORIGINAL.fullmatch(line) or is_forward_mark(line):
        return QUOTE_REST
    if header_block(lines, at) is not None:
        return QUOTE_REST
    if _RULE.fullmatch(line):
        after = _next_said(lines, at + 1)
        return QUOTE_REST if after < len(lines) and header_block(lines, after) is not None else 0
    return _introduction(lines, at)


def header_block(lines: list[str], begin: int) -> HeaderBlock | None:
    """The head of a quoted or forwarded mail that begins at this line.

    Two places ("Da: via Po 1", "A: via Roma 3") are none: a head says who, when and about what, with an address or a
    time.
    """
    first = _LABEL.fullmatch(lines[begin]) if len(lines[begin]) <= _LONGEST_LINE else None
    if first is None:
        return None
    found: dict[str, str] = {}
    count, at, last = 0, begin, ""
    while at < len(lines) and at - begin < 14:
        line = lines[at]
        label = _LABEL.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if label is None:
            # An empty line ends the head, unless the head goes on below; a long list of addresses has several lines.
            goes_on = line == "" or "@" in line or (last and not found.get(last))
            after = _next_said(lines, at)
            more = after < len(lines) and after - at <= 1 and _LABEL.fullmatch(lines[after][:_LONGEST_LINE]) is not None
            if last and line and goes_on:
                found[last] = f"{found.get(last, '')} {line}".strip()
            elif not (line == "" and more and count < 4):
                break
        else:
            count += 1
            last = _kind(label[1])
            found.setdefault(last, label[2].strip())
        at += 1
    is_head = "from" in found and ("sent" in found or "subject" in found) and count >= 3
    has_address = any("@" in value for value in found.values())
    # Outlook names people without their addresses; nobody else writes "Inviato:" with a time.
    is_outlooks = _TIME.search(found.get("sent", "")) is not None and any(
        _OUTLOOKS.match(line) for line in lines[begin:at]
    )
    if not (is_head and (has_address or is_outlooks)):
        return None
    return HeaderBlock(found["from"], found.get("subject", ""), at)


def _kind(label: str) -> str:
    known = {"from": _IS_FROM, "sent": _IS_SENT, "subject": _IS_SUBJECT}
    return next((kind for kind, pattern in known.items() if pattern.fullmatch(label)), "to")


def _introduction(lines: list[str], at: int) -> int:
    """The line or two above a quote that say who wrote when; in any language where '>' follows."""
    for length in (1, 2, 3):
        said = lines[at : at + length]
        if len(said) < length or not all(line and len(line) <= _LONGEST_LINE and line[0] != ">" for line in said):
            return 0
        if not said[-1].endswith(":"):
            continue
        if length > 1 and (not _BEGINS.search(said[0]) or _begins_below(lines, at + 1)):
            return 0  # it begins further down
        words = " ".join(said)
        after = _next_said(lines, at + length)
        is_quoted = after < len(lines) and lines[after].startswith(">")
        if is_quoted and (_TIME.search(words) or _WROTE.search(words)):
            return length
        has_when = _DATE.search(words) is not None and _TIME.search(words) is not None
        is_sure = (has_when and "@" in words) or _ADDRESSED.search(words) is not None
        if after < len(lines) and _WROTE.search(words) and is_sure:
            return QUOTE_REST
        return 0
    return 0


def _begins_below(lines: list[str], at: int) -> bool:
    return _BEGINS.search(lines[at]) is not None and _introduction(lines, at) != 0


def _next_said(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
