"""Which mail no machine may answer: other machines, mailing lists, ourselves (RFC 3834 and what it does not cover)."""
import re
from collections.abc import Container

from bot.channels.email.headers import Mime, header, raw_header, sender

_LISTS = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SYSTEM = frozenset({"mailer-daemon", "mailerdaemon", "postmaster", "bounce", "bounces"})
_NOBODY = re.compile(
    r"(?:no|do[._-]?not|dont|non|ne[._-]?pas|nicht|keine?)[._-]?"
    r"(?:reply|replies|respond|response|rispondere|risposta|repondre|responder|antworten?|contestar)(?:[\d+._-].*)?"
)
_MARKS = ("X-Autoreply", "X-Autorespond", "X-Loop")
#: How subjects begin that only machines write. Some answer without any other mark (RFC 3834 is not widely read).
_SUBJECTS = re.compile(
    r"\W*(?:"
    r"automatic (?:reply|response)|auto[ -]?(?:reply|response)|out of (?:the )?office"
    r"|risposta automatica|messaggio automatico|fuori ufficio|assente dall['’]ufficio|assenza dall['’]ufficio"
    r"|automatische (?:antwort|beantwoording)|abwesenheit\w*|automatisch antwoord|afwezigheid\w*"
    r"|r[ée]ponse automatique|absence du bureau|absent du bureau|message d['’]absence"
    r"|respuesta autom[áa]tica|fuera de la oficina|resposta autom[áa]tica|fora do escrit[óo]rio"
    r"|auto(?:matiskt? )?svar|fr[åa]nvaro\w*|frav[æe]r\w*|automaattinen vastaus|automatyczna odpowied[źz]"
    r"|odpowied[źz] automatyczna|automatick[áa] odpov[ěe][ďd]|otomatik yan[ıi]t|автоматический ответ|автоответ"
    r"|自動応答|自動返信|自动回复|자동 회신"
    r"|undeliver(?:ed|able)|delivery status notification|mail delivery (?:failed|failure|subsystem)|returned mail"
    r"|failure notice|delivery failure|mancato recapito|impossibile recapitare|non recapitabile|unzustellbar"
    r")(?!\w)",
    re.IGNORECASE,
)


def why_automatic(message: Mime, ours: Container[str]) -> str:
    """Why this mail must not be answered; '' where a person seems to have written it.

    Args:
        ours: our own addresses, in small letters.
    """
    return _by_headers(message) or _by_sender(message, ours) or _by_subject(message)


def _by_headers(message: Mime) -> str:
    submitted = raw_header(message, "Auto-Submitted").partition(";")[0].partition("(")[0].strip().lower()
    if submitted not in ("", "no"):
        return f"Auto-Submitted: {submitted}"
    if message.get("Return-Path") is not None and raw_header(message, "Return-Path") in ("<>", ""):
        return "an empty Return-Path"
    if message.get_content_type() == "multipart/report":
        return "a report"
    precedence = raw_header(message, "Precedence").lower()
    if precedence in _LISTS:
        return f"Precedence: {precedence}"
    listed = next((name for name in message.keys() if name.lower().startswith("list-")), "")  # noqa: SIM118
    if listed:
        return f"the header {listed}"
    if raw_header(message, "X-Auto-Response-Suppress").lower() not in ("", "none"):
        return "the header X-Auto-Response-Suppress"
    marked = next((name for name in _MARKS if raw_header(message, name).lower() not in ("", "no")), "")
    return f"the header {marked}" if marked else ""


def _by_sender(message: Mime, ours: Container[str]) -> str:
    _name, address = sender(message)
    local = address.partition("@")[0]
    if address in ours:
        return "it comes from our own address"
    if local.partition("+")[0] in _SYSTEM:
        return f"it comes from {local}"
    if _NOBODY.fullmatch(local):
        return f"nobody reads {local}"
    return ""


def _by_subject(message: Mime) -> str:
    subject = header(message, "Subject")
    return f"the subject {subject[:60]!r}" if _SUBJECTS.match(subject) else ""
