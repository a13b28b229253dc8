"""What came in and joined no conversation, for people to look at."""
from typing import TYPE_CHECKING

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from bot.web.console.views import Json, plain

if TYPE_CHECKING:
    from bot.service.desk import Desk

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


async def listed(desk: "Desk", request: Request) -> dict[str, Json]:
    """As JSON, the newest first."""
    total, rows = await desk.left_alone(_before(request))
    return {"total": total, "rows": plain(rows)}


async def page(desk: "Desk", pages: Environment, shop_name: str, request: Request) -> Response:
    """As a page, in the reader's language; English where it is neither of ours."""
    total, rows = await desk.left_alone(_before(request), PAGE)
    language = request.query_params.get("lang") or request.headers.get("accept-language", "")
    words = _WORDS.get(language[:2].lower(), _WORDS["en"])
    more = rows[-1].id if len(rows) == PAGE else None
    html = pages.get_template("left_alone.html").render(
        shop_name=shop_name, words=words, total=total, rows=rows, more=more
    )
    return Response(html, media_type="text/html")


def _before(request: Request) -> int | None:
    """The id that a page asks to go on below; None where it is none."""
    given = request.query_params.get("before", "")
    # A database holds no number of any length.
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
