"""The first line of a dossier: what was asked last, which orders it is about, what has been said so far."""
from collections.abc import Sequence
from datetime import datetime

from bot.model.conversation import Author
from bot.model.orders import Order, OrderStatus
from bot.model.views import MessageView

#: What the shopper asked last is cut after this many characters.
LONGEST = 140
_STATUS = {
    OrderStatus.RECEIVED: ("ricevuto", "received"),
    OrderStatus.PAID: ("pagato", "paid"),
    OrderStatus.PREPARING: ("in preparazione", "being prepared"),
    OrderStatus.PARTIALLY_SHIPPED: ("spedito in parte", "partly shipped"),
    OrderStatus.SHIPPED: ("spedito", "shipped"),
    OrderStatus.OUT_FOR_DELIVERY: ("in consegna", "out for delivery"),
    OrderStatus.DELIVERED: ("consegnato", "delivered"),
    OrderStatus.READY_FOR_PICKUP: ("pronto per il ritiro", "ready for pickup"),
    OrderStatus.ON_HOLD: ("fermo", "on hold"),
    OrderStatus.CANCELLED: ("annullato", "cancelled"),
    OrderStatus.RETURNED: ("reso", "returned"),
    OrderStatus.REFUNDED: ("rimborsato", "refunded"),
    OrderStatus.FAILED: ("non riuscito", "failed"),
    OrderStatus.UNKNOWN: ("stato sconosciuto", "state unknown"),
}
#: What may still be late.
_UNDER_WAY = frozenset(
    {OrderStatus.PAID, OrderStatus.PREPARING, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.UNKNOWN,
     OrderStatus.OUT_FOR_DELIVERY}
)  # fmt: skip


def summarise(
    messages: Sequence[MessageView], orders: Sequence[Order], language: str, at: datetime | None = None
) -> str:
    """One line in the conversation's language; English where that is neither Italian nor English.

    Args:
        at: when a person was asked for; an order that was overdue then is marked.
    """
    italian = language == "it"
    asked = [one for one in messages if one.author is Author.CONTACT]
    answered = sum(one.author is Author.BOT for one in messages)
    parts = [f"«{_short(asked[-1].text)}»"] if asked else []
    for order in orders[-2:]:
        status = _STATUS[order.status][0 if italian else 1]
        if at is not None and order.eta is not None and order.eta < at.date() and order.status in _UNDER_WAY:
            status += f", {'in ritardo dal' if italian else 'late since'} {order.eta:%d/%m/%Y}"
        parts.append(f"{'ordine' if italian else 'order'} {order.number}: {status}")
    if italian:
        parts.append(_count(len(asked), "messaggio", "messaggi"))
        parts.append(_count(answered, "risposta del bot", "risposte del bot"))
    else:
        parts.append(_count(len(asked), "message", "messages"))
        parts.append(_count(answered, "bot answer", "bot answers"))
    return " · ".join(parts)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
