"""Messenger and Instagram, put together."""
from typing import Any

from bot.channels import ChannelParts, Intake
from bot.channels.meta.graph import GraphClient
from bot.channels.meta.messaging import Platform
from bot.channels.meta.messaging_checking import check
from bot.channels.meta.messaging_echoes import Echoes
from bot.channels.meta.messaging_inbound import read_delivery
from bot.channels.meta.messaging_media import MediaDoor
from bot.channels.meta.messaging_outbound import MessagingChannel
from bot.channels.meta.messaging_values import Line
from bot.channels.meta.routes import meta_routes
from bot.channels.meta.signature import verify_token
from bot.model.conversation import Inbound
from bot.model.errors import SettingError
from bot.model.ports import Clock
from bot.settings import MetaAccount, Settings


def build_parts(
    platform: Platform, account: MetaAccount, settings: Settings, clock: Clock, *, human_agent: bool
) -> ChannelParts:
    """The channel of ``account``.

    Raises:
        SettingError: the id of the app is not set.
    """
    if not account.app_id:
        raise SettingError(
            f"it is missing, and without it the desk takes its own messages on {platform.title} for a person's and "
            "falls silent. Copy the app id from the app's basic settings.",
            file=f"SPORTELLO_{platform.kind.upper()}_APP_ID",
        )
    secret = settings.environment.secret()
    path = f"/webhooks/{platform.kind}"
    graph, echoes = GraphClient(account), Echoes(clock)
    capabilities = platform.capabilities(human_agent=human_agent)
    channel = MessagingChannel(platform, capabilities, account.id, graph, echoes, clock)
    door = MediaDoor(platform.kind, graph, secret.reveal())
    line = Line(platform.kind, platform.object, account.id, account.app_id, settings.languages[0], door.shown)
    shown_token = verify_token(account, secret, platform.kind)

    def parse(raw: bytes) -> list[Inbound]:
        return echoes.settle(read_delivery(raw, line))

    def routes(intake: Intake) -> list[Any]:
        return meta_routes(path, verify_token=shown_token, app_secret=account.app_secret, parse=parse, intake=intake)

    made_token = "" if account.verify_token else shown_token
    return ChannelParts(
        channel=channel,
        capabilities=capabilities,
        routes=routes,
        typing=channel.typing,
        media=door.media,
        check=lambda: check(platform, account, graph, path, made_token),
        problem=lambda: graph.problem,
        close=graph.close,
    )
