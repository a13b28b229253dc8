"""Orders with proof: nobody reads an order without its number and its e-mail, and nobody may guess for long."""
from datetime import timedelta

from bot.model.errors import OrderSourceError
from bot.model.orders import Order, Proof, ProofOutcome
from bot.model.ports import Clock, OrderSource
from bot.orders.matching import emails_match
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
        number = self._source.key(number)
        since = self._clock.now() - WINDOW
        by_contact, for_order = await self._store.read(
            lambda connection: contacts.count_order_tries(connection, self._contact_id, number, since)
        )
        if by_contact + len(self.failed) >= TRIES or for_order + self.failed.count(number) >= TRIES:
            return Proof(ProofOutcome.LOCKED)
        proof = await _compare(self._source, number, email)
        if proof.outcome is ProofOutcome.NO_MATCH:
            self.failed.append(number)
        if proof.order is not None:
            self.proven.append(proof.order)
        return proof


class LocalOrderDesk:
    """The OrderDesk port for one person at a terminal: the proof, and a count that lasts as long as the process."""

    def __init__(self, source: OrderSource) -> None:
        self._source = source
        self._failed = 0

    async def prove(self, number: str, email: str) -> Proof:
        if self._failed >= TRIES:
            return Proof(ProofOutcome.LOCKED)
        proof = await _compare(self._source, number, email)
        self._failed += proof.outcome is ProofOutcome.NO_MATCH
        return proof


async def _compare(source: OrderSource, number: str, email: str) -> Proof:
    try:
        order = await source.find(number)
    except OrderSourceError:
        return Proof(ProofOutcome.UNAVAILABLE)
    if order is None or not emails_match(order, email):
        return Proof(ProofOutcome.NO_MATCH)
    return Proof(ProofOutcome.PROVEN, order)
