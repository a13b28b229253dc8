"""The page where an operator signs in: a plain form, no script."""
import math
from dataclasses import dataclass
from urllib.parse import parse_qs

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from bot.model.errors import InboundError
from bot.web.json_errors import read_body

_FORM_LIMIT = 8 * 1024
_WORDS = {
    "en": {
        "title": "Sign in",
        "desk": "Operator console",
        "login": "Login",
        "password": "Password",
        "submit": "Sign in",
        "other": "Italiano",
        "other_code": "it",
        "refused": "Login or password is wrong. Check both and try again.",
        "throttled_one": "Too many tries. You can try again in one minute.",
        "throttled": "Too many tries. You can try again in {minutes} minutes.",
        "origin": "This sign-in came from another site and was refused. Use the form on this page.",
        "form": "The form could not be read. Fill it in again.",
        "ended": "Your session has ended. Sign in again: your drafts are kept on this computer.",
        "signed_out": "You are signed out.",
        "help": "No login yet? Whoever runs the desk makes one with “./sportello operator add”.",
    },
    "it": {
        "title": "Accedi",
        "desk": "Console operatori",
        "login": "Nome utente",
        "password": "Password",
        "submit": "Accedi",
        "other": "English",
        "other_code": "en",
        "refused": "Nome utente o password non corretti. Controlla e riprova.",
        "throttled_one": "Troppi tentativi. Puoi riprovare tra un minuto.",
        "throttled": "Troppi tentativi. Puoi riprovare tra {minutes} minuti.",
        "origin": "La richiesta arrivava da un altro sito ed è stata rifiutata. Usa il modulo di questa pagina.",
        "form": "Il modulo non è leggibile. Compilalo di nuovo.",
        "ended": "La sessione è scaduta. Accedi di nuovo: le bozze sono conservate su questo computer.",
        "signed_out": "Sei uscito dalla console.",
        "help": "Non hai un accesso? Lo crea chi gestisce lo sportello con «./sportello operator add».",
    },
}


@dataclass(frozen=True, slots=True)
class LoginForm:
    login: str
    password: str


class LoginPage:
    def __init__(self, pages: Environment, shop_name: str) -> None:
        self._template = pages.get_template("login.html")
        self._shop_name = shop_name

    async def read(self, request: Request) -> LoginForm:
        """The form as sent.

        Raises:
            InboundError: too large or not a form.
        """
        body = await read_body(request, _FORM_LIMIT)
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=8)
        except ValueError as error:
            raise InboundError("The form could not be read.") from error
        return LoginForm(fields.get("login", [""])[0], fields.get("password", [""])[0])

    def render(
        self, request: Request, *, status: int = 200, problem: str = "", wait_s: int = 0, login: str = ""
    ) -> Response:
        """``problem``: 'refused', 'throttled', 'origin', 'form' or ''; a visit may carry ?ended or ?signed_out."""
        language = _language(request)
        words = _WORDS[language]
        minutes = math.ceil(wait_s / 60)
        said = words["throttled_one"] if problem == "throttled" and minutes == 1 else words.get(problem, "")
        note = next((words[name] for name in ("ended", "signed_out") if name in request.query_params), "")
        html = self._template.render(
            words=words,
            language=language,
            shop_name=self._shop_name,
            problem=said.format(minutes=minutes),
            note="" if said else note,
            login=login,
        )
        return Response(html, status_code=status, media_type="text/html")


def _language(request: Request) -> str:
    """?lang= first, then the first of the browser's languages that we speak."""
    wished = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").lower().split(",")]
    return next((each.strip()[:2] for each in wished if each.strip()[:2] in _WORDS), "en")
