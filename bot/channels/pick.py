"""Which of the offered choices a written answer means: "2", "la seconda", "two", "the last one", or a title itself."""
import re
import unicodedata
from collections.abc import Sequence

_NUMBERS = (
    ("1", "uno", "una", "un", "one", "primo", "prima", "first", "1st"),
    ("2", "due", "two", "secondo", "seconda", "second", "2nd"),
    ("3", "tre", "three", "terzo", "terza", "third", "3rd"),
    ("4", "quattro", "four", "quarto", "quarta", "fourth", "4th"),
    ("5", "cinque", "five", "quinto", "quinta", "fifth", "5th"),
    ("6", "sei", "six", "sesto", "sesta", "sixth", "6th"),
    ("7", "sette", "seven", "settimo", "settima", "seventh", "7th"),
    ("8", "otto", "eight", "ottavo", "ottava", "eighth", "8th"),
    ("9", "nove", "nine", "nono", "nona", "ninth", "9th"),
    ("10", "dieci", "ten", "decimo", "decima", "tenth", "10th"),
)
_PLACES = {word: place for place, words in enumerate(_NUMBERS) for word in words}
_LAST = {"ultimo", "ultima", "last"}
#: Words around the number. "one" is both: "the second one" names the second.
_FILLERS = {
    *("il", "lo", "la", "l", "n", "nr", "no", "numero", "opzione", "risposta", "scelta", "quella", "quello", "scelgo"),
    *("prendo", "vorrei", "voglio", "direi", "per", "favore", "grazie", "si", "ok"),
    *("the", "number", "option", "answer", "choice", "i", "choose", "take", "want", "d", "like", "please"),
    *("thanks", "yes"),
}
_MOST_WORDS = 6


def pick(text: str, titles: Sequence[str]) -> int | None:
    """The index of the meant title; None where the text is no such answer, so that it is read as a message.

    >>> pick("la seconda", ["Resi", "Spedizioni"])
    1
    >>> pick("la seconda scarpa", ["Resi", "Spedizioni"])
    """
    words = _words(text)
    for index, title in enumerate(titles):
        if words and words == _words(title):
            return index
    if not titles or len(words) > _MOST_WORDS:
        return None
    told = [word for word in words if word not in _FILLERS]
    if len(told) == 2 and told[1] == "one":
        told.pop()
    if len(told) != 1:
        return None
    place = len(titles) - 1 if told[0] in _LAST else _PLACES.get(told[0])
    return place if place is not None and place < len(titles) else None


def _words(text: str) -> list[str]:
    """Words without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
