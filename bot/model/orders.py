"""Orders as the desk knows them, whatever system they come from (reference: docs/architecture.md, "Orders")."""
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands. A word that nobody explained is UNKNOWN: it is told as such."""

    RECEIVED = "received"
    PAID = "paid"
    PREPARING = "preparing"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    READY_FOR_PICKUP = "ready_for_pickup"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OrderLine:
    title: str
    variant: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Order:
    """``eta`` only where the source gives one; nobody guesses. ``total`` in ``currency`` units."""

    number: str
    email: str
    phone: str
    postcode: str
    customer_name: str
    status: OrderStatus
    placed_at: datetime | None
    lines: tuple[OrderLine, ...] = ()
    total: Decimal | None = None
    currency: str = "EUR"
    carrier: str | None = None
    tracking_code: str | None = None
    tracking_url: str | None = None
    eta: date | None = None
    delivered_on: date | None = None


class ProofOutcome(StrEnum):
    """PROVEN opens the order; NO_MATCH is one neutral answer for a wrong pair and an unknown number alike."""

    PROVEN = "proven"
    NO_MATCH = "no_match"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Proof:
    """``order`` is set exactly when ``outcome`` is PROVEN."""

    outcome: ProofOutcome
    order: Order | None = None
