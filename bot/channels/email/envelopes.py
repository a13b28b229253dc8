"""Mails that are the envelope of another one: Italy's certified mail (PEC), and answers of calendars."""
import re

from bot.channels.email.headers import Mime, header, raw_header, sender

_RECEIPTS = re.compile(
    r"(?:accettazione|consegna|presa in carico|avviso di (?:non accettazione|mancata consegna)|non accettazione"
    r"|rilevazione virus|preavviso di mancata consegna)\s*:?", re.IGNORECASE
)
_ENVELOPES = re.compile(r"(?:posta certificata|anomalia messaggio)\s*:", re.IGNORECASE)
_PROVIDER = re.compile(r"posta-?certificata|certified-?mail")
_LINE = re.compile(r"^(METHOD|SUMMARY|DTSTART|PARTSTAT)(?:;[^:\n]*)?:(.{1,200})$", re.MULTILINE | re.IGNORECASE)


def is_pec_receipt(message: Mime) -> bool:
    """What a provider of certified mail says of a mail that was sent."""
    if raw_header(message, "X-Ricevuta"):
        return True
    is_provider = _PROVIDER.match(sender(message)[1]) is not None
    return is_provider and _RECEIPTS.match(header(message, "Subject")) is not None


def pec_inner(message: Mime) -> Mime | None:
    """The mail that lies in an envelope of certified mail; None where it is no envelope."""
    is_envelope = bool(raw_header(message, "X-Trasporto")) or (
        _PROVIDER.match(sender(message)[1]) is not None and _ENVELOPES.match(header(message, "Subject")) is not None
    )
    return inner_mail(message) if is_envelope else None


def inner_mail(message: Mime) -> Mime | None:
    """The first mail inside a mail; None where there is none."""
    for part in message.walk():
        payload = part.get_payload() if part.get_content_type() == "message/rfc822" else None
        if isinstance(payload, list) and payload and not isinstance(payload[0], str):
            return payload[0]
    return None


def calendar_of(message: Mime) -> tuple[str, str]:
    """(method, in words) of an invitation or of the answer to one; ('', '') where there is none."""
    for part in message.walk():
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        found = {name.upper(): value.strip() for name, value in _LINE.findall(text.replace("\r\n", "\n")[:20_000])}
        method = str(found.get("METHOD") or part.get_param("method") or "REQUEST").upper()[:20]
        told = (found.get("SUMMARY", ""), found.get("DTSTART", ""), found.get("PARTSTAT", ""))
        return method, " · ".join(filter(None, (method, *told)))
    return "", ""
