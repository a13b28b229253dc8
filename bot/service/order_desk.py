"""Orders with proof: nobody reads an order without its number and its e-mail, and nobody may guess for long."""
from datetime import timedelta

from bot.model.errors import OrderSourceError
from bot.model.orders import Order, Proof, ProofOutcome
from bot.model.ports import Clock, OrderSource
from bot.orders.matching import emails_match, normalise_number
from bot.storage import contacts
from bot.storage.store import Store

TRIES = 5  # failed proofs an hour, per contact and per order; then a person
WINDOW = timedelta(hours=1)


class TurnOrderDesk:
    """The OrderDesk port for one turn of one contact; ``failed`` and ``proven`` are written by the turn's commit."""

    def __init__(self, source: OrderSource, store: Store, clock: Clock, contact_id: int) -> None:
        self._source = source
        self._store = store
        self._clock = clock
        self._contact_id = contact_id
        self.failed: list[str] = []
        self.proven: list[Order] = []

    async def prove(self, number: str, email: str) -> Proof:
        number = normalise_number(number)
        since = self._clock.now() - WINDOW
        by_contact, for_order = await self._store.read(
            lambda connection: contacts.count_order_tries(connection, self._contact_id, number, since)
        )
        if by_contact + len(self.failed) >= TRIES or for_order + self.failed.count(number) >= TRIES:
            return Proof(ProofOutcome.LOCKED)
        try:
            order = await self._source.find(number)
        except OrderSourceError:
            return Proof(ProofOutcome.UNAVAILABLE)
        if order is None or not emails_match(order, email):
            self.failed.append(number)
            return Proof(ProofOutcome.NO_MATCH)
        self.proven.append(order)
        return Proof(ProofOutcome.PROVEN, order)
