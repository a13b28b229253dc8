"""Instagram, the direct messages of the shop's professional account: docs/channels/instagram.md."""
from bot.channels import ChannelParts
from bot.channels.capabilities import Unit
from bot.channels.meta.messaging import Platform
from bot.channels.meta.messaging_parts import build_parts
from bot.model.ports import Clock
from bot.settings import Settings

#: The node 'me' is the account that the token is of: with Instagram Login the Instagram account, with Facebook Login
#: the page that it is linked to.
PLATFORM = Platform(
    kind="instagram", title="Instagram", object="instagram", account="Instagram account", node="me",
    name_field="username", text=1000, unit=Unit.BYTES,
    fields=("messages", "messaging_postbacks"), permission="instagram_manage_messages", echoes_key=False,
)


def build(settings: Settings, clock: Clock) -> ChannelParts:
    """The channel of the account in ``settings.environment.instagram``, which must be set.

    Raises:
        SettingError: the id of the app is not set.
    """
    account = settings.environment.instagram
    assert account is not None
    return build_parts(PLATFORM, account, settings, clock, human_agent=settings.channels.instagram.human_agent)
