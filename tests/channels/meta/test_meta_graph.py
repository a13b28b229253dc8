"""What each answer of the Graph API means for a message."""
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.meta.graph import GraphClient
from bot.channels.meta.refusals import CROWDED_PAUSE_S, LOCKED, STOPPED_PAUSE_S, TOKEN, graph_error
from bot.model.errors import DeliveryError
from bot.settings import MetaAccount, Secret
from tests.providers.loopback import Loopback
from tests.providers.meta import Refusal, broken_off

ACCOUNT = "106540352242922"


class Graph:
    """Answers every call alike; ``client`` calls it."""

    def __init__(self) -> None:
        self.answer: Callable[[Request], Response] = lambda request: Response(b'{"id":"1"}')
        self.seen: list[Request] = []

    async def serve(self, request: Request) -> Response:
        await request.body()
        self.seen.append(request)
        return self.answer(request)


@pytest.fixture
async def graph() -> Graph:
    return Graph()


@pytest.fixture
async def client(graph: Graph) -> AsyncIterator[GraphClient]:
    app = Starlette(routes=[Route("/{path:path}", graph.serve, methods=["GET", "POST"])])
    async with Loopback(app) as server:
        client = GraphClient(MetaAccount(ACCOUNT, Secret("the-token-of-the-shop"), Secret("s" * 16), api=server.url))
        yield client
        await client.close()


async def refused(client: GraphClient) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await client.post(f"{ACCOUNT}/messages", {})
    return caught.value


async def test_a_call_goes_to_the_version_with_the_token(graph: Graph, client: GraphClient) -> None:
    assert await client.post(f"{ACCOUNT}/messages", {"a": "è"}) == {"id": "1"}
    assert graph.seen[0].url.path == f"/v26.0/{ACCOUNT}/messages"
    assert graph.seen[0].headers["authorization"] == "Bearer the-token-of-the-shop"
    assert await client.get(ACCOUNT, fields="id") == {"id": "1"}
    assert graph.seen[1].url.query == "fields=id"


CODES = {
    "token": [0, 3, 10, 190, 200, 230, 299], "locked": [368, 131005, 131031],
    "crowded": [4, 613, 80006, 80007, 130429, 131048, 131056, 133016], "later": [1, 2, 131000, 131016, 131052, 131053],
    "unreachable": [551, 131026], "window": [131047],
    "never": [100, 130472, 131049, 131051, 132000, 132001, 132005, 132012, 132015, 132016, 999999],
}


@pytest.mark.parametrize(("what", "code"), [(what, code) for what, codes in CODES.items() for code in codes])
async def test_each_code_of_the_table_is_a_decision(graph: Graph, client: GraphClient, what: str, code: int) -> None:
    graph.answer = lambda request: Refusal(code, "no", status=500 if code in (1, 2) else 400, details="why").answer()
    error = await refused(client)
    assert "why" in str(error)
    assert not error.unknown
    assert error.permanent == (what in ("unreachable", "window", "never"))
    assert error.unreachable == (what == "unreachable")
    assert error.window_closed == (what == "window")
    pause = {"token": STOPPED_PAUSE_S, "locked": STOPPED_PAUSE_S, "crowded": CROWDED_PAUSE_S}.get(what)
    assert error.retry_after_s == pause
    told = {"token": TOKEN, "locked": LOCKED}.get(what)
    assert (client.problem is not None) == (told is not None)
    assert (client.problem or "").startswith(told or "")


@pytest.mark.parametrize(
    ("code", "subcode", "flag"),
    [
        (10, 2018278, "window_closed"), (100, 2018278, "window_closed"), (10, 2534022, "window_closed"),
        (100, 2018001, "unreachable"), (10, 1545041, "unreachable"), (10, 1893063, "stops"), (100, 33, "permanent"),
    ],
)
def test_a_subcode_says_more_than_its_code(code: int, subcode: int, flag: str) -> None:
    assert getattr(graph_error(code, "no", subcode=subcode), flag)


async def test_a_problem_is_over_when_a_call_works(graph: Graph, client: GraphClient) -> None:
    works, graph.answer = graph.answer, lambda request: Refusal(190, "expired", status=401).answer()
    await refused(client)
    assert client.problem is not None
    graph.answer = works
    await client.get(ACCOUNT)
    assert client.problem is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17), ({"Retry-After": "soon"}, CROWDED_PAUSE_S), ({}, CROWDED_PAUSE_S),
        ({"X-Business-Use-Case-Usage": '{"1": [{"call_count": 100, "estimated_time_to_regain_access": 2}]}'}, 120),
        ({"X-Business-Use-Case-Usage": '{"1": 5}'}, CROWDED_PAUSE_S),
    ],
)
async def test_a_rate_limit_says_how_long_to_wait(
    graph: Graph, client: GraphClient, headers: dict[str, str], wait: float
) -> None:
    graph.answer = lambda request: Refusal(130429, "slow down", status=429, headers=headers).answer()
    assert (await refused(client)).retry_after_s == wait


@pytest.mark.parametrize(
    ("status", "body", "is_unknown", "is_permanent"),
    [
        (502, "<html>Bad Gateway</html>", True, False), (504, "", True, False), (429, "", False, False),
        (404, "[]", False, True), (400, '{"error": 5}', False, True), (200, "<html>", True, False),
        (401, "{}", False, False), (500, '{"error": {"code": 131000}}', False, False),
    ],
)
async def test_an_answer_that_is_not_metas(
    graph: Graph, client: GraphClient, status: int, body: str, is_unknown: bool, is_permanent: bool
) -> None:
    graph.answer = lambda request: PlainTextResponse(body, status)
    error = await refused(client)
    assert (error.unknown, error.permanent) == (is_unknown, is_permanent)


async def test_a_connection_lost_after_the_write_leaves_the_outcome_unknown(graph: Graph, client: GraphClient) -> None:
    graph.answer = lambda request: broken_off()
    assert (await refused(client)).unknown
    with pytest.raises(DeliveryError) as caught:
        await client.get(ACCOUNT)
    assert not caught.value.unknown


async def test_a_server_that_cannot_be_reached_took_nothing() -> None:
    client = GraphClient(MetaAccount(ACCOUNT, Secret("t" * 16), Secret("s" * 16), api="http://127.0.0.1:1"))
    error = await refused(client)
    assert (error.unknown, error.permanent) == (False, False)
    await client.close()


def address(graph: Graph) -> str:
    return f"http://{graph.seen[-1].headers['host']}/file"


async def test_a_file_is_fetched_up_to_its_limit(graph: Graph, client: GraphClient) -> None:
    await client.get(ACCOUNT)
    graph.answer = lambda request: Response(b"x" * 1000, media_type="image/jpeg; charset=binary")
    media = await client.fetch(address(graph), limit=1000)
    assert (len(media.content), media.mime_type) == (1000, "image/jpeg")
    assert "authorization" in graph.seen[-1].headers
    await client.fetch(address(graph), limit=1000, with_token=False)
    assert "authorization" not in graph.seen[-1].headers
    with pytest.raises(DeliveryError, match="larger than 0 KB") as caught:
        await client.fetch(address(graph), limit=999)
    assert caught.value.permanent


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", ""])
async def test_what_a_browser_might_run_is_only_a_download(graph: Graph, client: GraphClient, kind: str) -> None:
    await client.get(ACCOUNT)
    graph.answer = lambda request: Response(b"<script>", media_type=kind)
    media = await client.fetch(address(graph), limit=1000)
    assert media.mime_type == "application/octet-stream"


@pytest.mark.parametrize(("status", "is_permanent"), [(404, True), (401, True), (503, False)])
async def test_a_file_that_is_gone(graph: Graph, client: GraphClient, status: int, is_permanent: bool) -> None:
    await client.get(ACCOUNT)
    graph.answer = lambda request: Response(status_code=status)
    with pytest.raises(DeliveryError, match=f"HTTP {status}") as caught:
        await client.fetch(address(graph), limit=1000)
    assert caught.value.permanent == is_permanent


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest", "https://facebook.com.evil.example/x", "https://evilfbsbx.com/x",
        "http://lookaside.fbsbx.com/x", "file:///etc/passwd", "", "http://[", "https://lookaside.fbsbx.com@evil.example/",
    ],
)
async def test_neither_the_token_nor_a_request_goes_to_strangers(client: GraphClient, url: str) -> None:
    with pytest.raises(DeliveryError, match=r"not Meta's|no valid address"):
        await client.fetch(url, limit=1000)
