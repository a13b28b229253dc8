"""Who wrote a mail: its sender, or the shopper in whose name a form, a list or a system sent it."""
import re
from collections.abc import Container
from email.utils import getaddresses
from typing import NamedTuple

from bot.channels.email.headers import Mime, decoded, header, is_address, raw_header, sender

#: Whose domains everybody shares: an address there makes nobody a colleague.
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.it", "hotmail.com", "hotmail.it", "live.com", "live.it",
    "msn.com", "yahoo.com", "yahoo.it", "ymail.com", "icloud.com", "me.com", "mac.com", "libero.it", "virgilio.it",
    "tiscali.it", "alice.it", "tim.it", "tin.it", "email.it", "inwind.it", "iol.it", "fastwebnet.it", "aruba.it",
    "pec.it", "gmx.com", "gmx.de", "gmx.net", "web.de", "aol.com", "proton.me", "protonmail.com", "pm.me",
    "tutanota.com", "fastmail.com", "zoho.com", "mail.com", "legalmail.it", "arubapec.it",
})
_SYSTEM = frozenset({"mailer-daemon", "mailerdaemon", "postmaster", "bounce", "bounces"})
_NOBODY = re.compile(
    r"(?:[\w.+-]{1,40}[._+-])?(?:no|do[._-]?not|dont|non|ne[._-]?pas|nicht|keine?)[._-]?"
    r"(?:reply|replies|respond|response|rispondere|risposta|repondre|responder|antworten?|contestar)(?:[\d+._-].*)?"
)
#: Senders that write for somebody else: the forms of shops and their services.
_FORMS = re.compile(
    r"(?:wordpress|wp|woocommerce|prestashop|magento|shopify|joomla|drupal|typo3|wix|squarespace|webflow|elementor"
    r"|typeform|jotform|www(?:-data)?|web(?:site|server|master|form|mail)?|website|sito(?:web)?|apache2?|nginx|httpd"
    r"|nobody|root|daemon|server|host|php|cgi|forms?|form-?mail|form-?submissions?|submissions?|modul[oi]|contatt[oi]"
    r"|posta-certificata|contacts?|contact-?form|contact-?us|mailer|mailing|mail|email|sendmail|smtp|notif\w*|notification?s?|alerts?"
    r"|avvis[oi]|messages?|messaggi|enquir(?:y|ies)|inquir(?:y|ies)|leads?|system|automat\w*|robot|bot)"
    r"(?:[\d+._-].*)?"
)
#: Of these, the ones that no person has: a program of the site sends from them.
_SITES = re.compile(
    r"(?:wordpress|woocommerce|prestashop|magento|joomla|drupal|www-data|webserver|apache2?|nginx|httpd|nobody|root|daemon"
    r"|php|cgi|formmail|form-?submissions?|contact-?form)(?:[+._-].*)?"
)
#: Where a form writes down the address that was filled in.
_FILLED_IN = re.compile(
    r"\b(?:e-?mail|posta elettronica|mittente|da|from)\*?[ \t]{0,3}:([^\n]{1,200})", re.IGNORECASE
)
_ADDRESS = re.compile(r"[^\s<>@:;,()\[\]\"*]{1,64}@[^\s<>@:;,()\[\]\"*]{1,189}")
#: Headers that scripts of web sites set.
_SCRIPTS = re.compile(r"x-(?:php-|wpcf7|wp-|form|contact-form|phpmailer|elementor|jotform|typeform)", re.IGNORECASE)
_SCRIPT_MAILERS = re.compile(r"php|wp ?mail|wordpress|contact form|swiftmailer|symfony|laravel|drupal", re.IGNORECASE)


class Writer(NamedTuple):
    """``via``: the address that sent it for them; '' where they did so themselves."""

    name: str
    address: str
    via: str = ""


def writer_of(message: Mime, ours: Container[str], account: str, text: str = "") -> Writer:
    """Who is to be answered; without an address where none can be read.

    ``Reply-To`` counts where the sender is ourselves, nobody, a form or a list that puts itself in the writer's place,
    and never where it names one of those: else one's own answer would come back as a new question.
    """
    name, address = sender(message)
    others = [
        one for one in _replies_to(message)
        if one.address != address and _is_a_person(one.address, ours) and not is_colleague(one.address, account)
    ]
    if others and writes_for_others(message, address, ours, account, others[0].address, text):
        return others[0]._replace(via=address)
    if address in ours or is_site(address):
        lines = _FILLED_IN.findall(text[:20_000])
        told = {one.lower() for line in lines for one in _ADDRESS.findall(line)}
        shoppers = [one for one in told if _is_a_person(one, ours) and not is_colleague(one, account)]
        if len(shoppers) == 1 and is_address(shoppers[0]):
            return Writer("", shoppers[0], address)
    return Writer(name, address)


def writes_for_others(
    message: Mime, address: str, ours: Container[str], account: str, other: str, text: str
) -> bool:
    local = address.partition("@")[0]
    if not address or address in ours or is_system(address) or is_nobody(address) or _FORMS.fullmatch(local):
        return True
    if is_colleague(address, account):
        return True
    if address in raw_header(message, "List-Post").lower() or address in raw_header(message, "Mailing-list").lower():
        return True
    marked = any(_SCRIPTS.match(name) for name in message.keys())  # noqa: SIM118
    mailer = raw_header(message, "X-Mailer")
    submitted = raw_header(message, "Auto-Submitted").lower()
    if marked or _SCRIPT_MAILERS.search(mailer) or submitted.startswith("auto-generated"):
        return True
    # Forms write down what was filled in: the shopper's address stands in the text, and the sender's does not.
    return other in text.lower() and address not in text.lower()


def is_colleague(address: str, account: str) -> bool:
    """Whether it is an address of the shop's own domain."""
    domain, own = address.rpartition("@")[2], account.rpartition("@")[2]
    return own not in FREE_MAIL and (domain == own or domain.endswith(f".{own}"))


def is_site(address: str) -> bool:
    """An address that programs of a site send from."""
    return _SITES.fullmatch(address.partition("@")[0]) is not None


def names_writer(message: Mime, writer: Writer) -> bool:
    """Whether a header names the person in whose name the mail was sent; else only its text does."""
    return any(one.address == writer.address for one in _replies_to(message))


def is_nobody(address: str) -> bool:
    """An address that says that nobody reads it."""
    return _NOBODY.fullmatch(address.partition("@")[0]) is not None


def is_system(address: str) -> bool:
    """An address of mail servers."""
    return address.partition("@")[0].partition("+")[0] in _SYSTEM


def _is_a_person(address: str, ours: Container[str]) -> bool:
    return address not in ours and not is_nobody(address) and not is_system(address)


def _replies_to(message: Mime) -> list[Writer]:
    """Everybody whom the mail asks to answer; where a list hides the writer, who it says that it was."""
    found = []
    for field in ("Reply-To", "X-Original-From", "X-Original-Sender"):
        for name, address in getaddresses([raw_header(message, field)])[:20]:
            if is_address(address):
                found.append(Writer(decoded(name), address.lower()))
    posts = raw_header(message, "List-Post").lower()
    to = header(message, "To").lower() if posts else ""
    return [one for one in found if one.address not in posts and not (posts and one.address in to)]
