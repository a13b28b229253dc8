"""Meta's webhook: who gets in, what is refused, and that one bad event never holds up the others."""
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.meta.routes import MAX_BODY, meta_routes
from bot.channels.meta.signature import verify_token
from bot.model.conversation import EventKind, Inbound
from bot.model.errors import InboundError, StoreUnavailable
from bot.settings import MetaAccount, Secret
from tests.providers.meta import APP_SECRET, as_meta_writes, signature

PATH = "/webhooks/x"
VERIFY = "a-verify-token-of-the-shop"


def event(key: str, kind: EventKind = EventKind.MESSAGE, text: str = "ciao") -> Inbound:
    return Inbound(channel="x", kind=kind, key=key, address="1", text=text, choice="9.9")


@dataclass
class Door:
    """Stores whole batches or nothing; a choice is never one that was offered."""

    stored: list[tuple[str, EventKind]] = field(default_factory=list)
    is_down: bool = False

    async def receive(self, inbounds: Sequence[Inbound]) -> list[int]:
        if self.is_down:
            raise StoreUnavailable("disk full")
        if any(one.kind is EventKind.CHOICE for one in inbounds):
            raise InboundError("never offered", status=422)
        self.stored += [(one.key, one.kind) for one in inbounds]
        return [1]


@dataclass
class Site:
    door: Door
    events: list[Inbound]
    bodies: list[bytes] = field(default_factory=list)

    def parse(self, raw: bytes) -> list[Inbound]:
        if raw == b"{":
            raise InboundError("no JSON")
        self.bodies.append(raw)
        return self.events

    async def asks(self, method: str, path: str = PATH, **content: object) -> httpx.Response:
        routes = meta_routes(
            PATH, verify_token=VERIFY, app_secret=Secret(APP_SECRET), parse=self.parse, intake=self.door
        )
        transport = httpx.ASGITransport(app=Starlette(routes=routes))
        async with httpx.AsyncClient(transport=transport, base_url="https://desk") as client:
            return await client.request(method, path, **content)  # type: ignore[arg-type]

    async def gets(self, body: bytes, **headers: str) -> int:
        return (await self.asks("POST", content=body, headers=signature(body) | headers)).status_code


@pytest.fixture
def site() -> Site:
    return Site(Door(), [event("1")])


async def test_the_handshake_gives_back_the_challenge(site: Site) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "<b>1158201444"}
    answer = await site.asks("GET", params=asked)
    assert (answer.status_code, answer.text) == (200, "<b>1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "change", [{"hub.verify_token": "wrong"}, {"hub.verify_token": "è"}, {"hub.mode": "unsubscribe"}, None]
)
async def test_a_handshake_without_the_token_is_refused(site: Site, change: dict[str, str] | None) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"} | (change or {})
    answer = await site.asks("GET", params=asked if change else {})
    assert answer.status_code == 403
    assert "1158201444" not in answer.text


async def test_the_bytes_that_came_are_what_is_signed(site: Site) -> None:
    body = as_meta_writes({"text": "perché no? 🚚", "url": "https://shop.example/a"})
    assert b"\\u00e9" in body
    assert b"\\/" in body
    assert await site.gets(body) == 200
    assert site.bodies == [body]


@pytest.mark.parametrize("shown", [None, "", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "è"])
async def test_a_wrong_signature_is_refused(site: Site, shown: str | None) -> None:
    headers = {"X-Hub-Signature-256": shown.encode()} if shown is not None else {}
    answer = await site.asks("POST", content=b"{}", headers=headers)
    assert answer.status_code == 401
    assert "copy the app secret again" in answer.json()["error"]["message"]
    assert site.door.stored == []


async def test_a_changed_byte_breaks_the_signature(site: Site) -> None:
    answer = await site.asks("POST", content=b'{"a":2}', headers=signature(b'{"a":1}'))
    assert answer.status_code == 401


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"x" * (MAX_BODY + 1), 413), (b"{}", 200)])
async def test_a_body_that_is_no_delivery_is_refused(site: Site, body: bytes, status: int) -> None:
    assert await site.gets(body) == status


async def test_a_store_that_is_down_lets_meta_try_again(site: Site) -> None:
    site.door.is_down = True
    assert await site.gets(b"{}") == 503


async def test_one_refused_event_does_not_cost_the_others(site: Site) -> None:
    site.events = [event("1"), event("2", EventKind.CHOICE, text=""), event("3")]
    assert await site.gets(b"{}") == 200
    assert [key for key, _ in site.door.stored] == ["1", "3"]


async def test_a_tap_that_was_never_offered_is_read_as_its_words(site: Site) -> None:
    site.events = [event("1", EventKind.CHOICE, text="Resi")]
    assert await site.gets(b"{}") == 200
    assert site.door.stored == [("1", EventKind.MESSAGE)]


async def test_without_events_nothing_is_stored(site: Site) -> None:
    site.events = []
    assert await site.gets(b"{}") == 200
    assert site.door.stored == []


def test_a_verify_token_is_the_given_one_or_made_from_the_desks_secret() -> None:
    account = MetaAccount("12345", Secret("t" * 16), Secret("s" * 16))
    desk = Secret("the-secret-of-the-desk")
    made = verify_token(account, desk, "whatsapp")
    assert len(made) == 64
    assert made == verify_token(account, desk, "whatsapp") != verify_token(account, desk, "messenger")
    given = MetaAccount("12345", Secret("t" * 16), Secret("s" * 16), verify_token=Secret("given"))
    assert verify_token(given, desk, "whatsapp") == "given"
