"""The shop's accounts at the providers of channels: tokens and secrets come from the environment or from files only."""
from bot.settings.accounts.mailbox import MailAccount, Server, read_mailbox
from bot.settings.accounts.meta import MetaAccount, read_meta
from bot.settings.accounts.telegram import TelegramAccount, read_telegram

__all__ = [
    "MailAccount", "MetaAccount", "Server", "TelegramAccount", "read_mailbox", "read_meta", "read_telegram",
]
