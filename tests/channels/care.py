"""A whole desk on a real store, with real channels and fakes at its other ports."""
from collections.abc import Mapping

from argon2 import PasswordHasher

from bot.channels import ChannelParts
from bot.model.ports import Channel
from bot.service.assembly import Parts, build_desk
from bot.service.live import Manner
from bot.service.people.operators import Operators
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import Store
from tests import fakes
from tests.service.conftest import GIULIA, Care, parts_of


async def channel_care(store: Store, channels: Mapping[str, Channel | ChannelParts], **answers: str) -> Care:
    """``answers``: FAQ answers by id (underscores for hyphens); the fakes find 'shipping_cost' and 'return_how'."""
    clock, hours, dialogue = fakes.FakeClock(), fakes.FakeHours(), fakes.FakeDialogue()
    understanding, orders = fakes.FakeUnderstanding(), fakes.FakeOrders()
    operators = Operators(StoredOperators(store, clock), PasswordHasher(1, 8, 1))
    if await operators.get_operator(GIULIA.id) is None:
        await operators.add(GIULIA.login, GIULIA.public_name, "a-long-password")
    desk, faq = build_desk(
        Parts(
            store=store, clock=clock, understanding=understanding, dialogue=dialogue, texts=fakes.FakeTexts(),
            hours=hours, orders=orders, live_faq=fakes.FakeLiveFaq(), reader=fakes.FakeReader,  # type: ignore[arg-type]
            operators=operators, channels={kind: _parts(one) for kind, one in channels.items()}, shop="Passo",
            manner=Manner("informal", "when_needed"), notices=list,
        )
    )
    await faq.serve(fakes.publication(**({"shipping_cost": "Costa **4,90 €**", "return_how": "30 giorni"} | answers)))
    return Care(store, desk, clock, hours, understanding, dialogue, orders, fakes.FakeChannel())


def _parts(channel: Channel | ChannelParts) -> ChannelParts:
    return channel if isinstance(channel, ChannelParts) else parts_of(channel)
