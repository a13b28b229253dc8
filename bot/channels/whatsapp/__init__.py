"""WhatsApp, on Meta's Cloud API: docs/channels/whatsapp.md."""
from functools import partial

from bot.channels import ChannelParts
from bot.channels.meta.graph import GraphClient
from bot.channels.meta.routes import meta_routes
from bot.channels.meta.signature import verify_token
from bot.channels.whatsapp.checking import Check
from bot.channels.whatsapp.inbound import read_delivery
from bot.channels.whatsapp.outbound import WhatsAppChannel, capabilities
from bot.model.ports import Clock
from bot.settings import Settings

PATH = "/webhooks/whatsapp"


def build(settings: Settings, clock: Clock) -> ChannelParts:
    """The channel of the number in ``settings.environment.whatsapp``, which must be set."""
    account = settings.environment.whatsapp
    assert account is not None
    late = settings.channels.whatsapp.template
    token = verify_token(account, settings.environment.secret(), "whatsapp")
    graph = GraphClient(account)
    channel = WhatsAppChannel(graph, account.id, clock, late)
    parse = partial(read_delivery, account=account.id, arrived=channel.part_arrived)
    return ChannelParts(
        channel=channel,
        capabilities=capabilities(late),
        routes=lambda intake: meta_routes(
            PATH, verify_token=token, app_secret=account.app_secret, parse=parse, intake=intake
        ),
        typing=channel.typing,
        media=channel.media,
        check=Check(graph, account, clock, late, path=PATH, verify_token=token),
        problem=lambda: channel.problem,
        close=graph.close,
    )
