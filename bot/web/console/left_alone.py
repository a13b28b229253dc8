"""The page that lists what came in and joined no conversation."""
from collections.abc import Sequence

from jinja2 import Environment

from bot.model.views import LeftAlone

PAGE = 100
_WORDS = {
    "it": {
        "lang": "it", "title": "Lasciati stare", "back": "← Alla coda", "why": "Perché", "whole": "Apri la mail intera",
        "about": "Risposte automatiche, avvisi e ciò che nessuno può leggere: nessuno ha risposto, nulla è perso.",
        "none": "Niente finora.", "older": "Più vecchi →", "no_subject": "(senza oggetto)",
        "no_sender": "(senza mittente)",
    },
    "en": {
        "lang": "en", "title": "Left alone", "back": "← To the queue", "why": "Why", "whole": "Open the whole mail",
        "about": "Automatic replies, notices and what nobody can read: nobody answered, nothing is lost.",
        "none": "Nothing so far.", "older": "Older →", "no_subject": "(no subject)", "no_sender": "(no sender)",
    },
}


def before_of(given: str) -> int | None:
    """The id that a page asks to go on below; None where it is none."""
    # A database holds no number of any length.
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def render(pages: Environment, shop_name: str, language: str, total: int, rows: Sequence[LeftAlone]) -> str:
    """``language``: of the reader; English where it is neither."""
    words = _WORDS.get(language[:2].lower(), _WORDS["en"])
    more = rows[-1].id if len(rows) == PAGE else None
    return pages.get_template("left_alone.html").render(
        shop_name=shop_name, words=words, total=total, rows=rows, more=more
    )
