"""E-mail, on IMAP and SMTP: docs/channels/email.md."""
from bot.channels import ChannelParts
from bot.channels.email.answer_cap import AnswerCap
from bot.channels.email.checking import check
from bot.channels.email.compose import CAPABILITIES
from bot.channels.email.fetching import Fetcher
from bot.channels.email.inbound import Reader
from bot.channels.email.mailbox import Mailbox
from bot.channels.email.media import MediaReader
from bot.channels.email.message_ids import MessageIds
from bot.channels.email.outbound import EmailChannel
from bot.channels.email.patience import new_patience
from bot.model.ports import Clock
from bot.settings import Settings


def build(settings: Settings, clock: Clock) -> ChannelParts:
    """The channel of the mailbox in ``settings.environment.email``, which must be set."""
    account = settings.environment.email
    assert account is not None
    ids = MessageIds(account.address.rpartition("@")[2], settings.environment.secret().reveal())
    cap, patience = AnswerCap(clock), new_patience(clock)
    channel = EmailChannel(account, settings.shop.name, ids, cap, clock)
    ours = {account.address, account.imap.user.lower(), account.smtp.user.lower()}
    reader = Reader(account.address, ours, ids, cap)
    fetcher = Fetcher(f"{account.address}:{account.folder}", Mailbox(account), reader, patience, clock)

    async def close() -> None:
        fetcher.close()

    return ChannelParts(
        channel=channel,
        capabilities=CAPABILITIES,
        run=fetcher.run,
        media=MediaReader(account).media,
        check=lambda: check(account, channel),
        problem=lambda: patience.problem or channel.problem,
        close=close,
    )
