"""Operators, as the service's `OperatorRows` port wants them."""
from collections.abc import Sequence

from bot.model.ports import Clock
from bot.model.views import OperatorView
from bot.storage import desk_rows
from bot.storage.store import Store


class StoredOperators:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def find_operator(self, login: str) -> tuple[int, str, str, str] | None:
        row = await self._store.read(lambda connection: desk_rows.find_operator(connection, login))
        return None if row is None else (row.id, row.login, row.public_name, row.password_hash)

    async def get_operator(self, operator_id: int) -> OperatorView | None:
        row = await self._store.read(lambda connection: desk_rows.get_operator(connection, operator_id))
        return None if row is None else OperatorView(row.id, row.login, row.public_name)

    async def list_operators(self) -> Sequence[OperatorView]:
        rows = await self._store.read(desk_rows.operators)
        return [OperatorView(row.id, row.login, row.public_name) for row in rows]

    async def add_operator(self, login: str, public_name: str, password_hash: str) -> OperatorView:
        now = self._clock.now()
        made = await self._store.write(
            lambda connection: desk_rows.add_operator(connection, login, public_name, password_hash, now)
        )
        if made is None:
            raise ValueError(f"the login {login!r} was taken a moment ago")
        return OperatorView(made, login, public_name)
