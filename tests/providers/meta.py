"""What the doubles of Meta's products share: signed deliveries and their mischief, tokens, refusals in its words."""
import hmac
import itertools
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

TOKEN = "EAAG-token-of-a-test-account-0123456789"
APP_SECRET = "0123456789abcdef0123456789abcdef"
Values = dict[str, Any]


class Refusal(Exception):
    """An answer of the Graph API that is an error; ``headers`` go with it."""

    def __init__(
        self, code: int, message: str = "refused", *, status: int = 400, subcode: int | None = None, details: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.subcode, self.details = code, status, subcode, details
        self.headers = headers or {}

    def answer(self) -> Response:
        error = {"message": f"(#{self.code}) {self}", "type": "OAuthException", "code": self.code, "fbtrace_id": "Az8"}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return JSONResponse({"error": error}, self.status, self.headers)


def as_meta_writes(value: Any) -> bytes:
    """JSON as Meta sends it: slashes and every letter beyond ASCII escaped."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).replace("/", "\\/").encode()


def signature(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The header of a delivery."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()}


def check_bearer(request: Request, token: str = TOKEN) -> None:
    if request.headers.get("authorization") != f"Bearer {token}":
        raise Refusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def broken_off() -> Response:
    """An answer that ends before its length: the connection breaks after the call was done."""
    return StreamingResponse(iter([b"{"]), headers={"content-length": "99"})


@dataclass
class Deliveries:
    """What Meta has to tell the webhook.

    Attributes:
        waiting: bodies not yet accepted with a 200; ``taken``: the others.
        mischief: 'duplicate' (each twice), 'reorder' (last first), 'delay' (the first comes with the next round),
            'drop' (the first never comes).
    """

    waiting: list[Values] = field(default_factory=list)
    taken: list[Values] = field(default_factory=list)
    mischief: set[str] = field(default_factory=set)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1001))

    def add(self, body: Values) -> None:
        self.waiting.append(body)

    async def deliver(self, client: httpx.AsyncClient, path: str) -> list[int]:
        """One round: post what waits; what is not answered with 200 stays for the next. The statuses met."""
        bodies, self.waiting = self.waiting, []
        if bodies and "drop" in self.mischief:
            bodies = bodies[1:]
        if bodies and "delay" in self.mischief:
            self.waiting.append(bodies[0])
            bodies = bodies[1:]
        if "reorder" in self.mischief:
            bodies = bodies[::-1]
        statuses = []
        for body in bodies:
            raw = as_meta_writes(body)
            for _ in range(2 if "duplicate" in self.mischief else 1):
                headers = signature(raw) | {"Content-Type": "application/json"}
                answer = await client.post(path, content=raw, headers=headers)
                statuses.append(answer.status_code)
            (self.taken if answer.status_code == 200 else self.waiting).append(body)
        return statuses
