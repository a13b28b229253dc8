"""Messenger, the inbox of the shop's Facebook page: docs/channels/messenger.md."""
from bot.channels import ChannelParts
from bot.channels.capabilities import Unit
from bot.channels.meta.messaging import Platform
from bot.channels.meta.messaging_parts import build_parts
from bot.model.ports import Clock
from bot.settings import Settings

PLATFORM = Platform(
    kind="messenger", title="Messenger", object="page", account="page", node="", name_field="name",
    text=2000, unit=Unit.CHARS,
    fields=("messages", "messaging_postbacks", "message_echoes"), permission="pages_messaging", echoes_key=True,
)


def build(settings: Settings, clock: Clock) -> ChannelParts:
    """The channel of the page in ``settings.environment.messenger``, which must be set.

    Raises:
        SettingError: the id of the app is not set.
    """
    account = settings.environment.messenger
    assert account is not None
    return build_parts(PLATFORM, account, settings, clock, human_agent=settings.channels.messenger.human_agent)
