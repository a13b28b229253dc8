"""What SMTP's refusals mean for a message of ours."""
import re

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.model.errors import DeliveryError
from bot.settings.accounts import Server

#: "Try later" means minutes: greylisting servers want five.
LATER_S = 180.0
#: A wrong password is the shop's to mend; the message waits meanwhile.
OWNER_PAUSE_S = 300.0
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
#: Codes of RFC 3463 that say that there is no such address, or no longer; a full mailbox may be emptied.
GONE = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
_ABOUT_US = re.compile(r"relay|spam|polic|block|reputation|authenticat|denied|full|quota", re.IGNORECASE)


def not_sent(error: Exception, server: Server) -> DeliveryError:
    """The decision about a message of which the server took not a line."""
    if isinstance(error, SMTPAuthenticationError):
        return DeliveryError(login_refused(error, server), retry_after_s=OWNER_PAUSE_S)
    if isinstance(error, SMTPResponseException):
        said = f"{server.host} answered {error.code} {error.message}"
        if error.code < 500:
            return DeliveryError(f"{said}; it is tried again.", retry_after_s=LATER_S)
        if isinstance(error, SMTPRecipientRefused):
            gone = _is_gone(error)
            return DeliveryError(f"The mail server refused the address: {said}", permanent=True, unreachable=gone)
        if isinstance(error, SMTPSenderRefused):
            return DeliveryError(
                f"The mail server does not let us send from this address: {said}. Check SPORTELLO_EMAIL_ADDRESS and "
                "the user in SPORTELLO_EMAIL_SMTP.",
                permanent=True,
            )
        return DeliveryError(f"The mail server refused the message: {said}", permanent=True)
    return DeliveryError(f"The mail server {server.host}:{server.port} cannot be reached: {error}")


def after_data(error: Exception, server: Server) -> DeliveryError:
    """The decision about a message that was on its way when something broke."""
    if isinstance(error, SMTPResponseException):
        return not_sent(error, server)
    return DeliveryError(f"The connection to {server.host} broke while the mail was sent: {error}", unknown=True)


def not_encrypted(server: Server) -> str:
    return (
        f"{server.host}:{server.port} offers no encryption, and the password must not travel in clear. Set "
        f"SPORTELLO_EMAIL_SMTP to smtps://{server.host}."
    )


def login_refused(error: SMTPResponseException, server: Server) -> str:
    return (
        f"{server.host} does not let {server.user} in ({error.code} {error.message}). Check the user in "
        "SPORTELLO_EMAIL_SMTP and SPORTELLO_EMAIL_PASSWORD; where the provider wants two steps, make an app password "
        "there."
    )


def _is_gone(error: SMTPResponseException) -> bool:
    """Whether the address itself is wrong; a full mailbox or a policy may change."""
    found = _ENHANCED.search(error.message)
    if found:
        return found[1] in GONE
    return error.code in (550, 551, 553) and not _ABOUT_US.search(error.message)
