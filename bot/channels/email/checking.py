"""What `sportello doctor` says about the mailbox."""
import asyncio

from aiosmtplib import SMTPException

from bot.channels.email.mailbox import Mailbox, MailboxError
from bot.channels.email.outbound import EmailChannel
from bot.model.errors import DeliveryError, SportelloError
from bot.settings.accounts import MailAccount

_TODO = "Check SPORTELLO_EMAIL_{} and this machine's way there."


async def check(account: MailAccount, channel: EmailChannel) -> str:
    """In words what works, after a login at both servers.

    Raises:
        SportelloError: what is wrong and what to do.
    """
    mailbox = Mailbox(account)
    try:
        await asyncio.to_thread(mailbox.open)
    except MailboxError as error:
        raise SportelloError(str(error) if error.needs_owner else f"{error}. {_TODO.format('IMAP')}") from error
    finally:
        await asyncio.to_thread(mailbox.close)
    try:
        async with channel.connection() as smtp:
            await smtp.noop()
    except (DeliveryError, SMTPException) as error:
        is_told = isinstance(error, DeliveryError) and error.retry_after_s is not None
        raise SportelloError(str(error) if is_told else f"{error}. {_TODO.format('SMTP')}") from error
    how = "told of new mail at once" if mailbox.can_wait else "asking for new mail twice a minute"
    return f"{account.address}, folder {account.folder}, {how}, sending through {account.smtp.host}"
