"""What of a message tells its writer's language: no names, places, brands, codes, addresses, nothing quoted below."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot.nlu.text.text import normalise

#: Addresses, links and codes are in no language.
_NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\S*\d\S*")
_STREET = re.compile(
    r"\b(?:via|viale|v\.le|piazza|piazzale|p\.zza|corso|c\.so|largo|vicolo|strada|contrada)\s+"
    r"(?:[^\n,;?!]{2,40}?[\s,]+(?:n\.?°?\s*)?\d+\w?\b"
    r"|(?-i:(?:d\w{0,4}['’ ]\s*)?[A-Z][\w'’.]*(?:\s+[A-Z][\w'’.]*){0,3}))"
    r"|\b\d+\w?,?\s+(?:[^\W\d_]+\s+){1,3}(?:street|road|avenue|lane|square|drive|court|close|terrace|st|rd|ave)\b\.?",
    re.IGNORECASE,
)
#: Below such a line nothing is the writer's own.
_BELOW = re.compile(
    r"^(?:>|--\s*$|_{5,}|-{5,}|on .{3,120} wrote:|il .{3,120} ha scritto:|-+ ?(?:original message|messaggio originale)"
    r"|(?:begin forwarded|inizio messaggio inoltrato|get outlook for|ottieni outlook|sent from|inviato da)\b"
    r"|[*_]?(?:disclaimer|confidential\w*|avviso di riservatezza|informativa privacy|privacy notice|legal notice)\b"
    r"|.{0,60}\b(?:intended (?:solely|only|exclusively|recipient)|may contain confidential|privileged and confidential"
    r"|(?:this|the) (?:e-?mail|message|communication)(?: and any)? (?:attachments?|files?|is confidential|may contain)"
    r"|le informazioni contenute|questo messaggio (?:e gli|è destinato|contiene)|il presente messaggio"
    r"|d\.? ?lgs|gdpr|2016/679|registered (?:office|in)|company (?:no|number)|please consider the environment"
    r"|unsubscribe))",
    re.IGNORECASE,
)
_VERB = r"(?:speak|talk|write|answer|reply|respond|switch|continue|chat|parl\w+|scriv\w+|rispond\w+|continu\w+)"
_POLITE = r"(?:please|per favore|per piacere|grazie|thanks|thank you)"
_NAMED = {"en": "(?:english|inglese)", "it": "(?:italian|italiano)"}
_ASKED = {
    language: re.compile(
        rf"^(?:(?:sorry|hi|hello|ciao|please|scusi|scusa|scusate)[,!. ]+)*(?:in )?{name}(?:[,. ]+{_POLITE})*\s*[?!.]*$"
        rf"|\b{_VERB}\b(?: \w+){{0,3}}? {name}\b|\bin {name}[,. ]+{_POLITE}",
        re.IGNORECASE,
    )
    for language, name in _NAMED.items()
}
#: Who does not speak one of the two asks for the other.
_REFUSED = {
    "it": re.compile(
        r"\bnon (?:parlo|capisco|so|conosco|leggo|mastico|parliamo|capiamo)\b(?: \w+){0,3}?[ ']+inglese\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:don't|dont|do not|can't|cannot|no|not) (?:speak|understand|read|know|speaking)(?: \w+){0,2}? italian\b",
        re.IGNORECASE,
    ),
}
_SHORT_CODE = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?")


def own_words(text: str) -> str:
    """The text without what was quoted, signed or appended below it; all of it where nothing would be left."""
    kept: list[str] = []
    for line in text.splitlines():
        if _BELOW.match(line.strip()):
            break
        kept.append(line)
    own = "\n".join(kept).strip()
    return own or text


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def asked_for(text: str) -> str:
    """'it' or 'en' where the message asks to go on in that language; '' where it does not."""
    text = " ".join(normalise(text).replace("’", "'").split())
    refused = next((language for language, pattern in _REFUSED.items() if pattern.search(text)), "")
    return refused or next((language for language, pattern in _ASKED.items() if pattern.search(text)), "")


class NoEvidence:
    """Recognises words that are in no language.

    Args:
        names: the shop's own (products, carriers); each word of them is a name.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._own = frozenset(word.lower() for name in names for word in _WORD.findall(name))
        self._spans = sorted({name.lower() for name in names if name.strip()} | set(_BRANDS), key=len, reverse=True)
        self._words = known_names() | self._own

    def __contains__(self, word: str) -> bool:
        return word.rstrip("'’") in self._words

    def names(self, words: Iterable[str]) -> bool:
        """All of these are names, or what anybody says to a machine."""
        return all(word.rstrip("'’") in known_names(borrowed=False) or word in self._own for word in words)

    def cut(self, text: str) -> str:
        """The text without addresses, links, codes and names of several words."""
        text = _STREET.sub(" ", text)
        text = _NO_WORDS.sub(" ", text)
        low = text.lower()
        for span in self._spans:
            if span in low and len(low) == len(text):
                text = re.sub(rf"(?<!\w){re.escape(span)}(?!\w)", " ", text, flags=re.IGNORECASE)
                low = text.lower()
        return text

    def words(self, text: str, function_words: Iterable[str]) -> list[str]:
        """Its words in small letters, without names: those of the lists, and what is written like one."""
        listed = frozenset(function_words)
        text = self.cut(text)
        found = list(_WORD.finditer(text))
        loud = len(found) > 2 and sum(match[0].isupper() for match in found) > len(found) / 2
        kept: list[str] = []
        for match in found:
            word = match[0].replace("’", "'")
            low = word.lower()
            if low in self:
                continue
            before = text[: match.start()].rstrip()
            begins = not before or before[-1] in ".!?:;\n"
            is_code = len(word) > 1 and word.isupper() and not loud
            if is_code and len(word) <= _SHORT_CODE:
                continue
            is_name = word[0].isupper() and not loud and not (begins and len(found) > 2)
            if (is_code or is_name) and low not in listed:
                continue
            kept.extend(part for part in re.split(r"(?<=')", low) if part)
        return kept


_BRANDS = (
    "the north face",
    "new balance",
    "under armour",
    "foot locker",
    "on running",
    "the body shop",
    "royal mail",
    "poste italiane",
    "black friday",
    "cyber monday",
    "mondial relay",
    "apple pay",
    "google pay",
    "click and collect",
    "click & collect",
    "gift card",
    "buy now pay later",
    "google maps",
    "dr martens",
    "calvin klein",
    "tommy hilfiger",
    "la sportiva",
    "le coq sportif",
    "la redoute",
    "il giornale",
)


@lru_cache(maxsize=2)
def known_names(*, borrowed: bool = True) -> frozenset[str]:
    """The words of names.txt. ``borrowed``: with those that both languages took from English."""
    text = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8")
    lines = (text if borrowed else text.partition("# ---")[0]).splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
