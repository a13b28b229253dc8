"""Who is at the console: a signed session cookie, a CSRF token bound to it, and a brake on password guessing."""
import hmac
import math
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from bot.model.ports import Clock

COOKIE = "sportello_console"
IDLE_LIMIT = timedelta(hours=12)
RENEW_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Session:
    """``used_at``: seconds since the epoch when the cookie was last written."""

    id: str
    operator_id: int
    used_at: int


class Sessions:
    """Sessions live in the cookie, so a restart signs nobody out; only sign-outs are remembered here."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._cookie = URLSafeSerializer(secret, salt="sportello.console.session")
        self._csrf = URLSafeSerializer(secret, salt="sportello.console.csrf")
        self._clock = clock
        self._ended: dict[str, int] = {}

    def start(self, request: Request, response: Response, operator_id: int) -> None:
        """Begin a session under a new id; one that the browser already had ends."""
        self.end(request, response)
        self._write(request, response, Session(secrets.token_urlsafe(24), operator_id, self._now()))

    def find(self, request: Request) -> Session | None:
        """None where there is none, it was tampered with, ended, or not used for `IDLE_LIMIT`."""
        try:
            session = Session(*self._cookie.loads(request.cookies.get(COOKIE, "")))
        except (BadSignature, TypeError):
            return None
        fresh = self._now() - session.used_at < IDLE_LIMIT.total_seconds()
        return session if fresh and session.id not in self._ended else None

    def renew(self, request: Request, response: Response, session: Session) -> None:
        """Move the idle limit on, at most once per `RENEW_AFTER`."""
        if self._now() - session.used_at >= RENEW_AFTER.total_seconds():
            self._write(request, response, Session(session.id, session.operator_id, self._now()))

    def end(self, request: Request, response: Response) -> None:
        now = self._now()
        self._ended = {key: until for key, until in self._ended.items() if until > now}
        session = self.find(request)
        if session is not None:
            self._ended[session.id] = now + int(IDLE_LIMIT.total_seconds())
        response.delete_cookie(COOKIE, path="/console")

    def csrf_token(self, session: Session) -> str:
        return str(self._csrf.dumps(session.id))

    def is_csrf_token(self, session: Session, token: str) -> bool:
        return hmac.compare_digest(self.csrf_token(session).encode(), token.encode())

    def _write(self, request: Request, response: Response, session: Session) -> None:
        response.set_cookie(
            COOKIE,
            str(self._cookie.dumps([session.id, session.operator_id, session.used_at])),
            max_age=int(IDLE_LIMIT.total_seconds()),
            path="/console",
            httponly=True,
            samesite="lax",
            secure=request.scope["scheme"] == "https",
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def is_same_origin(request: Request) -> bool:
    """Whether a POST comes from our own page.

    Only host and port are compared: behind a proxy that ends TLS the scheme we see is not the browser's.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc == request.headers.get("host")
        except ValueError:  # 'http://[' is no address at all
            return False
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


class LoginThrottle:
    """Counts tries per (login, address) and per address, before the password is checked."""

    WINDOW = timedelta(minutes=5)
    TRIES_PER_LOGIN = 5
    TRIES_PER_ADDRESS = 40

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: dict[tuple[str, str], deque[float]] = {}

    def wait_s(self, login: str, address: str) -> int:
        """Seconds until the next try is allowed; 0 = now, and the try is counted."""
        now = self._clock.now().timestamp()
        self._forget(now - self.WINDOW.total_seconds())
        limits = {(login.strip().lower(), address): self.TRIES_PER_LOGIN, ("", address): self.TRIES_PER_ADDRESS}
        waits = [
            tries[-limit] + self.WINDOW.total_seconds() - now
            for key, limit in limits.items()
            if len(tries := self._tries.get(key, deque())) >= limit
        ]
        if waits:
            return max(1, math.ceil(max(waits)))
        for key in limits:
            self._tries.setdefault(key, deque()).append(now)
        return 0

    def succeeded(self, login: str, address: str) -> None:
        self._tries.pop((login.strip().lower(), address), None)

    def _forget(self, before: float) -> None:
        for key, tries in list(self._tries.items()):
            while tries and tries[0] <= before:
                tries.popleft()
            if not tries:
                del self._tries[key]
