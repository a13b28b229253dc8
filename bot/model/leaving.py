"""Words that leave the order form: "annulla", "stop", "no"."""
import re

_OUT = re.compile(
    r"\W*(?:basta(?: cos[iì])?|annulla(?: tutto)?|stop|esci|uscire?|fine|cancel|exit|quit|leave it|never ?mind"
    r"|forget it|lascia(?:mo)?(?: stare| perdere)|fa(?:cciamo)? niente|non importa|non serve(?: più)?|niente|nulla"
    r"|chiudi)(?:[\s,]+(?:grazie|thanks|thank you|please|per favore))?\W*",
    re.IGNORECASE,
)
_NO = re.compile(r"\W*(?:no|nope)(?:[\s,]+(?:no|grazie|thanks|thank you))*\W*", re.IGNORECASE)


def wants_out(text: str) -> bool:
    """The whole message is a word that leaves the form, a mere no among them."""
    return leaves(text) or _NO.fullmatch(text) is not None


def leaves(text: str) -> bool:
    """The same, but for a mere no, which may also refuse what was offered."""
    return _OUT.fullmatch(text) is not None
