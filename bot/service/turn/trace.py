"""Readings and orders as plain JSON, for the record and the dossier."""
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.model.orders import Order, OrderLine, OrderStatus
from bot.model.understanding import Parse


def describe(parse: Parse) -> dict[str, Any]:
    """What a reading rested on, so that it can be shown and computed again."""
    return {
        "text": parse.text,
        "intent": parse.intent,
        "faq_id": parse.faq_id,
        "confidence": round(parse.confidence, 4),
        "band": parse.band.value,
        "language": parse.language,
        "heard": parse.heard,
        "source": parse.source,
        "alarm": parse.alarm.value if parse.alarm else None,
        "faq_version": parse.artefacts.get("faq_version", ""),
        "artefacts": dict(parse.artefacts),
        "candidates": [
            {"intent": one.intent, "faq_id": one.faq_id, "score": round(one.score, 4)} for one in parse.candidates[:5]
        ],
        "parts": [
            {"text": part.text, "intent": part.intent, "faq_id": part.faq_id, "band": part.band.value,
             "confidence": round(part.confidence, 4)}
            for part in parse.parts
        ],
        "entities": [{"kind": one.kind, "value": one.value} for one in parse.entities],
    }


def describe_order(order: Order) -> dict[str, Any]:
    """An order as JSON; `read_order` is its inverse."""
    return {
        "number": order.number, "email": order.email, "phone": order.phone, "postcode": order.postcode,
        "customer_name": order.customer_name, "status": order.status.value,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "lines": [[line.title, line.variant, line.quantity] for line in order.lines],
        "total": str(order.total) if order.total is not None else None, "currency": order.currency,
        "carrier": order.carrier, "tracking_code": order.tracking_code, "tracking_url": order.tracking_url,
        "eta": order.eta.isoformat() if order.eta else None,
        "delivered_on": order.delivered_on.isoformat() if order.delivered_on else None,
    }


def read_order(values: Mapping[str, Any]) -> Order:
    """An order from its JSON."""
    return Order(
        **{
            **values,
            "status": OrderStatus(values["status"]),
            "placed_at": datetime.fromisoformat(values["placed_at"]) if values["placed_at"] else None,
            "lines": tuple(OrderLine(*line) for line in values["lines"]),
            "total": Decimal(values["total"]) if values["total"] is not None else None,
            "eta": date.fromisoformat(values["eta"]) if values["eta"] else None,
            "delivered_on": date.fromisoformat(values["delivered_on"]) if values["delivered_on"] else None,
        }
    )
