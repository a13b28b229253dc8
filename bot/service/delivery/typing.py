"""Showing the shopper that somebody is writing."""
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.channels import ChannelParts
from bot.model.ownership import Owner
from bot.service.delivery.hub import Hub
from bot.storage import contacts
from bot.storage.store import Store

#: Providers show it for five seconds and more (Telegram five, WhatsApp 25).
AGAIN_AFTER_S = 4.0


@asynccontextmanager
async def show_typing(
    store: Store, hub: Hub, parts: ChannelParts | None, row: Any, *, on: bool
) -> AsyncIterator[None]:
    """Show it while the block runs: in the widget and, where the channel can, at the provider's."""
    if not on or row.owner == Owner.OPERATOR.value:
        yield
        return
    hub.tell(row.id, "typing", to_queue=False, author="bot", on=True)
    if parts is None or parts.typing is None:
        yield
        return
    shown = asyncio.create_task(_keep_showing(store, parts, row))
    try:
        yield
    finally:
        shown.cancel()


async def show_once(store: Store, parts: ChannelParts, row: Any) -> None:
    """Show it at the provider's for as long as one call lasts."""
    assert parts.typing is not None
    to = await store.read(lambda connection: contacts.address_of(connection, row.id))
    await parts.typing(to, row.thread or {})


async def _keep_showing(store: Store, parts: ChannelParts, row: Any) -> None:
    while True:
        await show_once(store, parts, row)
        await asyncio.sleep(AGAIN_AFTER_S)
