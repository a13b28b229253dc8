"""Whatever an operator's browser sends, to any address of the desk: an answer below 500, in words."""
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels import ChannelParts, Media
from bot.channels.capabilities import Capabilities
from bot.model.conversation import Author
from bot.service.queue import ended
from bot.storage import conversations
from bot.storage.store import Store
from tests.fakes import FakeChannel
from tests.service.conftest import make_care
from tests.web.conftest import Web, serve

ORIGIN = "http://desk.example"
BIG = [2**31, 2**53, 2**63 - 1, 2**63, 2**64, 2**70, int("9" * 400)]
IDS = st.sampled_from([0, 1, 2, 3, *BIG]).map(str) | st.text(max_size=8).map(lambda text: quote(text, safe=""))
TEXT = st.text(st.characters(codec=None), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(BIG) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6,
)
COMMANDS = ("take", "reply", "put_back", "return", "close", "transfer", "reopen", "note", "typing", "shout")
BODIES = st.fixed_dictionaries(
    {"key": st.uuids().map(str) | TEXT | JSON},
    optional={"text": TEXT | JSON, "operator_id": st.sampled_from([1, 2, *BIG]) | JSON, "on": st.booleans() | JSON,
              "after": JSON},
)
QUERY = st.dictionaries(
    st.sampled_from(["before", "after", "limit", "lang", "conversation", "locale", "stream"]),
    st.sampled_from([str(one) for one in BIG]) | st.integers().map(str) | st.text(max_size=6), max_size=3,
)
PATHS = st.one_of(
    st.tuples(st.just("/console/api/conversations/"), IDS).map("".join),
    st.tuples(st.just("/console/api/conversations/"), IDS, st.just("/"), st.sampled_from(COMMANDS)).map("".join),
    st.tuples(st.sampled_from(["/console/media/push/", "/console/media/widget/", "/console/media/", "/console/static/",
                               "/console/api/", "/console/", "/api/widget/photos/", "/webhooks/", "/"]),
              st.text(max_size=12).map(lambda text: quote(text, safe="/"))).map("".join),
    st.sampled_from(["/console", "/console/api/me", "/console/api/queue", "/console/api/operators",
                     "/console/api/notices", "/console/api/set-aside", "/console/api/canned", "/console/theme.css",
                     "/console/icon.svg", "/api/widget/config", "/api/widget/messages", "/widget.js", "/",
                     "/console/static/%00", "/console/static/" + "a" * 5000, "/healthz", "/metrics",
                     "/webhooks/rest/webhook", "/webhooks/rest/"]),
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])
HEADERS = st.dictionaries(
    st.sampled_from(["origin", "accept-encoding", "x-csrf-token", "authorization", "if-none-match", "range",
                     "content-type", "sec-fetch-site", "accept-language"]),
    st.sampled_from(["http://[", "http://desk.example", "null", "//", "http://a:99999999", "gzip", "Bearer x",
                     "bytes=9-", "[", "a:b:c", "\xff", ""]),
    max_size=2,
)


async def media(reference: str) -> Media:
    """A provider's client that breaks over any name that is none."""
    return Media(bytes(int(reference)), "image/jpeg")


@pytest.fixture
async def web(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Web]:
    """With an operator signed in, one conversation in the queue and one held."""
    parts = ChannelParts(FakeChannel(), Capabilities(4096), media=media)
    monkeypatch.setattr(ended, "WITHIN_S", 0.05)  # a fuzz names many commands that never come
    care = await make_care(store, channels={"push": parts})
    async with serve(care) as web:
        form = {"login": "giulia", "password": "a-long-password"}
        answer = await web.http.post("/console/login", data=form, headers={"origin": ORIGIN})
        assert answer.status_code == 303, answer.text
        page = (await web.http.get("/console")).text
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        web.http.headers.update({"origin": ORIGIN, "x-csrf-token": token})
        for who in ("ada", "ugo"):
            await care.writes(who, "persona")
        yield web
    await care.desk.stop()


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(METHODS, PATHS, QUERY, BODIES | JSON, HEADERS)
async def test_no_request_of_an_operator_breaks_the_desk(
    web: Web, method: str, path: str, query: dict[str, str], body: object, headers: dict[str, str]
) -> None:
    sent = json.dumps(body).encode() if method in ("POST", "PUT", "PATCH") else b""
    raw = {name: value.encode("latin-1") for name, value in headers.items()}

    answer = await web.http.request(method, path, params=query, content=sent, headers=raw)

    assert answer.status_code < 500, (method, path, query, body, headers, answer.text)


async def commands(web: Web, conversation: object, name: str, **body: object) -> httpx.Response:
    return await web.http.post(f"/console/api/conversations/{conversation}/{name}", json={"key": "k"} | body)


@pytest.mark.parametrize("number", ["0", "x", "-1", "1.0", "٣", "9" * 5000, *map(str, BIG)], ids=lambda one: one[:20])
async def test_a_conversation_of_no_possible_number_is_a_404(web: Web, number: str) -> None:
    assert (await web.http.get(f"/console/api/conversations/{number}")).status_code == 404
    assert (await web.http.get(f"/console/api/conversations/{number}?before=5")).status_code == 404
    assert (await commands(web, number, "take")).status_code == 404
    assert (await commands(web, number, "typing", on=True)).status_code == 404


@pytest.mark.parametrize("number", [0, -1, 2**53, 2**63, 2**70, 1.5, True, "2", None])
async def test_an_operator_of_no_possible_number_is_a_422_and_blocks_nothing(web: Web, number: object) -> None:
    assert (await commands(web, 1, "transfer", operator_id=number)).status_code == 422
    assert (await commands(web, 1, "reply", text="ciao")).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "http://]", "//[", "http://desk.example:x@[", ""])
async def test_an_origin_that_is_no_address_is_refused(web: Web, origin: str) -> None:
    answer = await web.http.post("/console/logout", headers={"origin": origin})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin")


@pytest.mark.parametrize("reference", ["x", "%00", "..%2f..", "a" * 3000, "ж"])
async def test_a_file_of_no_possible_name_is_a_404(web: Web, reference: str) -> None:
    for channel in ("push", "widget", "telegram"):
        assert (await web.http.get(f"/console/media/{channel}/{reference}")).status_code == 404


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "٣", "9" * 30, "0x10", " "])
@pytest.mark.parametrize("name", ["before", "after", "limit"])
async def test_a_place_in_a_conversation_is_a_number(web: Web, name: str, value: str) -> None:
    answer = await web.http.get("/console/api/conversations/1", params={name: value})

    assert answer.status_code == 422
    assert f"'{name}'" in answer.json()["error"]["message"]


async def talk_of(web: Web, count: int) -> int:
    """A conversation of so many messages by hand, the last two of the desk."""
    now = web.care.clock.now()
    rows = [
        {"conversation_id": 1, "seq": seq, "author": Author.CONTACT.value, "text": f"riga {seq}", "at": now,
         "delivery": "received"}
        for seq in range(1, count + 1)
    ]

    def work(connection: object) -> None:
        conversations.add_messages(connection, rows)  # type: ignore[arg-type]
        conversations.update(connection, 1, last_seq=count)  # type: ignore[arg-type]

    had = (await web.care.view(1)).cursor
    rows[:] = [one for one in rows if one["seq"] > had]
    await web.care.store.write(work)
    return count


def seqs(answer: httpx.Response) -> list[int]:
    return [one["seq"] for one in answer.json()["messages"]]


@pytest.mark.parametrize("count", [10, 200, 201, 1500])
async def test_a_conversation_is_read_from_its_end_upwards(web: Web, count: int) -> None:
    await talk_of(web, count)
    path = "/console/api/conversations/1"
    answer = await web.http.get(path)
    read = seqs(answer)

    assert read == list(range(max(1, count - 199), count + 1))
    assert answer.json()["is_delta"] is False
    while answer.json()["has_earlier"]:
        answer = await web.http.get(path, params={"before": read[0]})
        assert len(seqs(answer)) <= 200
        read = seqs(answer) + read
    assert read == list(range(1, count + 1))


@pytest.mark.parametrize("new", [0, 1, 5, 300])
async def test_only_what_is_new_is_asked_for(web: Web, new: int) -> None:
    count = await talk_of(web, 1200)
    answer = (await web.http.get("/console/api/conversations/1", params={"after": count - new})).json()

    assert [one["seq"] for one in answer["messages"]] == list(range(count - new + 1, count + 1))
    assert answer["is_delta"] is True
    assert answer["conversation"]["owner"] == "queue"
    assert answer["deliveries"].get(str(count - new)) == ("received" if new < 200 else None)


async def test_who_was_away_too_long_gets_the_end_and_not_the_difference(web: Web) -> None:
    await talk_of(web, 1500)
    answer = (await web.http.get("/console/api/conversations/1", params={"after": 3})).json()

    assert answer["is_delta"] is False
    assert len(answer["messages"]) == 200
    assert answer["messages"][-1]["seq"] == 1500


async def test_large_json_is_compressed_for_who_takes_it_and_small_is_not(web: Web) -> None:
    await talk_of(web, 400)
    path = "/console/api/conversations/1"

    async with web.http.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    plain = await web.http.get(path, headers={"accept-encoding": "identity"})
    small = await web.http.get("/console/api/me", headers={"accept-encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(packed))
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert len(packed) < len(plain.content) / 4
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in small.headers


async def test_what_was_set_aside_is_listed_for_operators(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise OverflowError("too large")

    with monkeypatch.context() as broken:
        broken.setattr(web.care.desk._workers._turns, "draft", fail)
        await web.care.writes("eva", "spedizione")

    (one,) = (await web.http.get("/console/api/set-aside")).json()["set_aside"]
    assert (one["kind"], one["error"]) == ("message", "OverflowError: too large")
    (notice,) = (await web.http.get("/console/api/notices")).json()["notices"]
    assert "OverflowError: too large" in notice
    assert f"sportello aside retry {one['id']}" in notice
