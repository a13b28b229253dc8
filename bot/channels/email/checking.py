"""What `sportello doctor` says about the mailbox."""
import asyncio

from bot.channels.email.mailbox import Mailbox
from bot.channels.email.outbound import EmailChannel
from bot.settings.accounts import MailAccount


async def check(account: MailAccount, channel: EmailChannel) -> str:
    """In words what works, after a login at both servers.

    Raises:
        SportelloError: what is wrong and what to do.
    """
    mailbox = Mailbox(account)
    try:
        await asyncio.to_thread(mailbox.open)
    finally:
        await asyncio.to_thread(mailbox.close)
    async with channel.connection() as smtp:
        await smtp.noop()
    how = "told of new mail at once" if mailbox.can_wait else "asking for new mail twice a minute"
    return f"{account.address}, folder {account.folder}, {how}, sending through {account.smtp.host}"
