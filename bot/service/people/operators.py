"""Operators: who may open the console, and how their passwords are kept (argon2id)."""
import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.model.errors import SportelloError
from bot.model.views import OperatorView

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
# Without look-alikes (0 O, 1 l I): a first password is read from a terminal and typed.
_PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105


class OperatorError(SportelloError):
    """An operator cannot be added as asked."""


class OperatorRows(Protocol):
    """What is stored about operators; logins are lower case."""

    async def find_operator(self, login: str) -> tuple[int, str, str, str] | None:
        """(id, login, public name, password hash)."""

    async def get_operator(self, operator_id: int) -> OperatorView | None: ...

    async def list_operators(self) -> Sequence[OperatorView]: ...

    async def add_operator(self, login: str, public_name: str, password_hash: str) -> OperatorView: ...


class Operators:
    """Authentication on top of the stored rows."""

    def __init__(self, rows: OperatorRows, hasher: PasswordHasher | None = None) -> None:
        self._rows = rows
        self._hasher = hasher or PasswordHasher()
        # A login that does not exist is checked against this, so that it takes as long as one that does.
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        # One check holds 64 MiB and a core for a moment; a burst of logins must not starve the desk.
        self._one_at_a_time = asyncio.Semaphore(1)

    async def authenticate(self, login: str, password: str) -> OperatorView | None:
        """The operator, None for an unknown login and a wrong password alike."""
        row = await self._rows.find_operator(_normal(login))
        stored = row[3] if row else self._nobody
        async with self._one_at_a_time:
            matches = await asyncio.to_thread(self._matches, stored, password[:MAX_PASSWORD_LENGTH])
        return OperatorView(id=row[0], login=row[1], public_name=row[2]) if row and matches else None

    async def get_operator(self, operator_id: int) -> OperatorView | None:
        return await self._rows.get_operator(operator_id)

    async def list_operators(self) -> Sequence[OperatorView]:
        return await self._rows.list_operators()

    async def add(self, login: str, public_name: str, password: str) -> OperatorView:
        """Add an operator.

        Raises:
            OperatorError: the login is taken or malformed, the name is empty, the password too short or too long.
        """
        login, public_name = _normal(login), public_name.strip()
        if not _LOGIN.fullmatch(login):
            raise OperatorError(
                f"The login {login!r} cannot be used. Allowed: 1 to 64 of a-z, 0-9 and . _ @ + -, starting with a "
                "letter or digit."
            )
        if not public_name or len(public_name) > 60:
            raise OperatorError("The public name is what shoppers read: give 1 to 60 characters, such as 'Giulia'.")
        if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
            raise OperatorError(
                f"The password has {len(password)} characters. Allowed: {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH}."
            )
        if await self._rows.find_operator(login):
            raise OperatorError(f"There is already an operator with the login {login!r}. Choose another login.")
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        return await self._rows.add_operator(login, public_name, hashed)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def make_password() -> str:
    """A password for a new operator: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(4)) for _ in range(4))


def _normal(login: str) -> str:
    return login.strip().lower()
