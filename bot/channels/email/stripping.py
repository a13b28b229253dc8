"""What a shopper has just written: a mail's text without the quoted mails, the signature and "Sent from my phone".

When in doubt, a line stays: a signature too many is read over, a question too few is lost.
"""
import re

from bot.channels.email.quotes import QUOTE_REST, begins_quote
from bot.channels.email.signatures import (
    is_closing,
    is_device_line,
    is_legal_footer,
    is_signature_line,
    says_something,
)

#: What is longer is a document, not a question; it stays whole in the mailbox.
LONGEST = 20_000
#: No line of a quote's head, a closing or a signature is longer.
LONGEST_LINE = 500
_LONGEST_SIGNATURE = 10


def strip_reply(text: str, *, has_files: bool = False) -> str:
    """The shopper's own words; the whole text where stripping would leave nothing, neither words nor a file."""
    whole = tame(text)
    own = _without_signature(_without_quotes(whole))
    return own or ("" if has_files else whole)


def tame(text: str) -> str:
    """Runs of blanks and empty lines shortened: nobody sees them."""
    lines = (" ".join(line.split()) for line in text[:LONGEST].split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_quotes(text: str) -> str:
    """The text without the mails below it; what stands between and below lines that begin with '>' stays."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if lines[at].startswith(">"):
            at += 1
            continue
        skipped = begins_quote(lines, at)
        if skipped == QUOTE_REST:
            break
        if skipped:
            at += skipped
            continue
        kept.append(lines[at])
        at += 1
    return tame("\n".join(kept))


def _without_signature(text: str) -> str:
    paragraphs = _paragraphs(text)
    lines = "\n\n".join(one for at, one in enumerate(paragraphs) if not (at and is_legal_footer(one))).split("\n")
    lines = [line for line in lines if not is_device_line(line)]
    at = 0
    kept: list[str] = []
    while at < len(lines):
        line = lines[at]
        ends = line in ("--", "—", "__") or (any(one.strip() for one in kept) and is_closing(line))
        if not ends or len(line) > LONGEST_LINE:
            kept.append(line)
            at += 1
            continue
        after = _after_signature(lines, at + 1)
        if after is None:  # something is said there, so the line may be no end at all
            kept += [line] if line not in ("--", "—", "__") else [""]
            at += 1
        else:
            at = after
    return tame("\n".join(kept))


def _after_signature(lines: list[str], begin: int) -> int | None:
    """Where the shopper goes on after the signature that begins there; None where none does."""
    at = begin
    while at < len(lines) and at - begin <= _LONGEST_SIGNATURE and (not lines[at] or is_signature_line(lines[at])):
        at += 1
    if at >= len(lines):
        return at
    if at - begin > _LONGEST_SIGNATURE and not any(says_something(line) for line in lines[at:]):
        return len(lines)
    return at if at > begin else None


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\n+", text)

