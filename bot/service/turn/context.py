"""What a message stands in, as it is stored with it."""
from typing import Any

from bot.model.conversation import Context, Inbound
from bot.service.turn.masking import mask_cards
from bot.storage import conversations, outbox
from bot.storage.store import Connection

LONGEST = 20_000


def context_rows(connection: Connection, conversation_id: int, inbound: Inbound) -> list[dict[str, str]]:
    """The message's context as JSON; what it quotes by its id alone, with that message's words."""
    return [_row(connection, conversation_id, inbound, one) for one in inbound.context]


def read_context(values: Any) -> tuple[Context, ...]:
    """As `context_rows` wrote it."""
    return tuple(Context(**one) for one in values or ())


def _row(connection: Connection, conversation_id: int, inbound: Inbound, one: Context) -> dict[str, str]:
    text = one.text
    if one.key and not text:
        text = _quoted(connection, conversation_id, inbound.channel, one.key)
    return {"kind": one.kind, "text": mask_cards(text[:LONGEST]), "url": one.url, "key": one.key}


def _quoted(connection: Connection, conversation_id: int, channel: str, key: str) -> str:
    """The words of the message that the provider knows under that id, ours or the shopper's; '' where it is unknown."""
    ours = outbox.find_sent(connection, conversation_id, channel, key, None)
    row = (
        conversations.find_message(connection, conversation_id, ours.seq)
        if ours is not None
        else conversations.find_by_key(connection, conversation_id, key)
    )
    return str(row.text) if row is not None else ""
