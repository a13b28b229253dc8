"""An order in words: what each status says, and which details go with it."""
from actions import wording
from actions.turn import BOTH, Turn
from bot.model.orders import Order, OrderLine, OrderStatus

#: Status → details said after its own sentence, in order.
DETAILS: dict[OrderStatus, tuple[str, ...]] = {
    OrderStatus.RECEIVED: ("lines",),
    OrderStatus.PAID: ("lines", "eta"),
    OrderStatus.PREPARING: ("lines", "eta"),
    OrderStatus.PARTIALLY_SHIPPED: ("carrier", "eta", "tracking", "lines"),
    OrderStatus.SHIPPED: ("carrier", "eta", "tracking", "lines"),
    OrderStatus.OUT_FOR_DELIVERY: ("carrier", "tracking", "lines"),
    OrderStatus.DELIVERED: ("delivered_on", "delivered_by", "delivered_tracking", "lines", "not_found_at_home"),
    OrderStatus.READY_FOR_PICKUP: ("lines",),
    OrderStatus.ON_HOLD: ("lines",),
    OrderStatus.CANCELLED: ("lines",),
    OrderStatus.RETURNED: ("lines",),
    OrderStatus.REFUNDED: ("lines",),
    OrderStatus.FAILED: ("carrier", "tracking", "lines"),
    OrderStatus.UNKNOWN: ("tracking", "lines"),
}
#: Nothing more happens to these without a person, or one may be missed where the parcel is not.
NEED_A_PERSON = frozenset({OrderStatus.ON_HOLD, OrderStatus.FAILED, OrderStatus.DELIVERED, OrderStatus.UNKNOWN})


#: Ends what the slot ``told_order`` says of an order whose day has passed.
LATE = "late"


def told(turn: Turn, order: Order) -> str:
    """What the slot ``told_order`` keeps of an order."""
    return f"{order.number} {order.status}{f' {LATE}' if is_late(turn, order) else ''}"


def opens_to_a_person(told_order: str | None) -> bool:
    """The order that was told last stood so that a person was offered with it."""
    words = (told_order or "").split()
    return bool(words) and (words[-1] == LATE or words[-1] in NEED_A_PERSON)


def in_words(turn: Turn, order: Order) -> str:
    """Status, carrier, tracking, expected day and lines; in both languages where the shopper writes in neither."""
    languages = (turn.facts.language,) if turn.facts.language in BOTH else BOTH
    return "\n\n".join(_in_one_language(turn, order, language) for language in languages)


def is_late(turn: Turn, order: Order) -> bool:
    return "eta" in DETAILS[order.status] and order.eta is not None and order.eta < turn.facts.now.date()


def _in_one_language(turn: Turn, order: Order, language: str) -> str:
    def say(key: str, **values: object) -> str:
        facts = turn.facts
        return turn.ports.texts.say(key, language=language, tone=facts.tone, seed=facts.seed, **values)

    said = [say(f"utter_order_{order.status}", number=order.number)]
    below: list[str] = []
    for detail in DETAILS[order.status]:
        if detail in ("carrier", "delivered_by") and order.carrier:
            said.append(say(f"utter_order_{detail}", carrier=order.carrier))
        elif detail in ("tracking", "delivered_tracking") and order.tracking_url:
            code = order.tracking_code or order.number
            below.append(say(f"utter_order_{detail}", url=order.tracking_url, code=code))
        elif detail in ("tracking", "delivered_tracking") and order.tracking_code:
            below.append(say("utter_order_tracking_code", code=order.tracking_code))
        elif detail == "eta" and order.eta:
            key = "utter_order_eta_past" if is_late(turn, order) else "utter_order_eta"
            said.append(say(key, date=wording.day(order.eta, language)))
        elif detail == "delivered_on" and order.delivered_on:
            said.append(say("utter_order_delivered_on", date=wording.day(order.delivered_on, language)))
        elif detail == "lines" and order.lines:
            lines = wording.listed([_line(line) for line in order.lines], language)
            below.append(say("utter_order_lines", lines=lines))
        elif detail == "not_found_at_home":
            below.append(say("utter_order_not_found_at_home"))
    return "\n".join([" ".join(said), *below])


def _line(line: OrderLine) -> str:
    count = f"{line.quantity} × " if line.quantity != 1 else ""
    variant = f" ({line.variant})" if line.variant else ""
    return f"{count}{line.title}{variant}"
