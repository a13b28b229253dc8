"""What a shopper has just written: a mail's text without the quoted mails, the signature and "Sent from my phone"."""
import re

from mailparser_reply.parser import EmailMessage  # type: ignore[import-untyped]

#: What is longer is a document, not a question; it stays whole in the mailbox.
LONGEST = 20_000
#: The library's patterns take quadratic time over a line; no line that introduces a quote is this long.
LONGEST_LINE = 500
LANGUAGES = ("it", "en", "fr", "de", "es")
#: How Italian and English mails end, beyond what the library knows; a name and a number may follow, not a story.
_CLOSING = re.compile(
    r"(?:(?:molti|cordiali|distinti|cari) saluti|saluti|un saluto|un cordiale saluto|cordialmente|cordialità"
    r"|in attesa di (?:un )?(?:vostro |suo |tuo )?(?:gentile )?riscontro.*"
    r"|(?:(?:kind|best|warm) )?regards|sincerely|yours (?:sincerely|faithfully|truly)|cheers)\W*",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 8
#: In any language, the line or two above a quote that hold a date and end in a colon say who wrote it.
_INTRODUCTION = re.compile(r"^[^\n>]*\d{1,2}[:.]\d{2}[^\n]*(?:\n[^\n>][^\n]*)?:\n{1,2}(?=>)", re.MULTILINE)


def strip_reply(text: str, *, has_files: bool = False) -> str:
    """The shopper's own words; the whole text where stripping would leave nothing, neither words nor a file."""
    whole = _tame(text)
    if any(len(line) > LONGEST_LINE for line in whole.split("\n")):
        return _without_quotes(whole) or ("" if has_files else whole)
    newest = EmailMessage(text=whole, languages=list(LANGUAGES), keep_hyphen_lists=True).read().replies[0]
    own = _without_quotes(newest.body) or ("" if has_files else newest.body)
    return _without_closing(own) or own or ("" if has_files else whole)


def _tame(text: str) -> str:
    """Runs of blanks and empty lines shortened: nobody sees them, and the library's patterns stumble over them."""
    lines = (" ".join(line.split()) for line in text[:LONGEST].split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_quotes(text: str) -> str:
    own = _INTRODUCTION.sub("", text)
    return "\n".join(line for line in own.split("\n") if not line.startswith(">")).strip()


def _without_closing(text: str) -> str:
    lines = text.split("\n")
    for at in range(max(1, len(lines) - _LONGEST_SIGNATURE), len(lines)):
        if _CLOSING.fullmatch(lines[at].strip()):
            return "\n".join(lines[:at]).strip()
    return text
