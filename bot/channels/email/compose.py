"""A reply as a mail: plain text and simple HTML that say the same, in the thread of what it answers."""
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from bot.channels.capabilities import Capabilities, Markup
from bot.channels.email.threads import answer_to
from bot.channels.render import Rendered, render
from bot.model.conversation import OutboxKind, Reply

_TEXT = 1_000_000
CAPABILITIES = Capabilities(text=_TEXT, caption=_TEXT, images=True, one_message=True)
_HTML = Capabilities(text=_TEXT, caption=_TEXT, images=True, one_message=True, markup=Markup.HTML)
#: Lines as long as SMTP carries them: Python would encode an id that does not fit, and no mail program knows it then.
#: '7bit': every server takes it.
_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")


class From(NamedTuple):
    """Who answers: the shop's name and address."""

    name: str
    address: str


def is_automatic(reply: Reply) -> bool:
    """Whether a machine wrote it."""
    return reply.kind is not OutboxKind.OPERATOR


def compose(reply: Reply, *, sender: From, to: str, message_id: str, at: datetime) -> EmailMessage | None:
    """The mail; None where there is nothing to say."""
    plain = _plain(render(reply, CAPABILITIES))
    if not plain:
        return None
    mail = EmailMessage(_POLICY)
    thread = answer_to(reply.thread, subject=sender.name)
    local, _, domain = sender.address.rpartition("@")
    mail["From"] = MailAddress(sender.name, local, domain)
    mail["To"] = to
    mail["Subject"] = thread.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    if thread.in_reply_to:
        mail["In-Reply-To"] = thread.in_reply_to
    if thread.references:
        mail["References"] = " ".join(thread.references)
    if is_automatic(reply):
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(plain)
    mail.add_alternative(_html(render(reply, _HTML), reply.language), subtype="html")
    mail["Content-Language"] = reply.language
    return mail


def _plain(parts: list[Rendered]) -> str:
    return "\n\n".join(text for part in parts for text in (part.text, part.image) if text)


def _html(parts: list[Rendered], language: str) -> str:
    body = []
    for part in parts:
        # What is rendered has no other tags than <b>, <i> and <a>, and none of them spans an empty line.
        body += [f"<p>{'<br>'.join(paragraph.splitlines())}</p>" for paragraph in part.text.split("\n\n") if paragraph]
        if part.image:
            image = escape(part.image)
            body.append(f'<p><a href="{image}"><img src="{image}" alt="{image}" style="max-width:100%"></a></p>')
    return f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<body>\n' + "\n".join(body) + "\n</body>\n</html>\n"
