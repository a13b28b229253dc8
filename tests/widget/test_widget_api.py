"""The widget's public API, as a program meets it."""
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.widget.inbound import address_of
from bot.channels.widget.photos import Photos
from bot.model.conversation import Author
from bot.model.ownership import Owner
from bot.web.colour import contrast, readable_on
from bot.web.widget.routes import WidgetLook, routes
from tests.widget.widget_desk import FakeDesk
from tests.widget.widget_site import LOOK, Site


@pytest.fixture
def client(desk: FakeDesk, tmp_path: Path) -> Iterator[TestClient]:
    app = Starlette(routes=routes(desk, LOOK, Photos(tmp_path / "photos")))  # type: ignore[arg-type]
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def session(client: TestClient, token: str | None = None) -> dict[str, Any]:
    return client.post("/api/widget/session", json={"locale": "it", "token": token}).json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_config_says_how_the_widget_looks_and_sets_no_cookie(client: TestClient) -> None:
    answer = client.get("/api/widget/config?locale=en-GB")

    config = answer.json()
    assert (config["shop"], config["locale"], config["tone"]) == ("Passo", "en", "formal")
    assert config["languages"] == ["it", "en"]
    assert config["hours"] == {"open": True, "text": "We are here until 18:00"}
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("locale", "language"), [("it-CH", "it"), ("en_US", "en"), ("de", "en"), ("", "it")])
def test_a_stranger_reads_english_where_the_shop_writes_it(locale: str, language: str) -> None:
    assert LOOK.language_for(locale) == language


def test_a_new_shopper_gets_a_token_and_nothing_is_stored(client: TestClient, desk: FakeDesk) -> None:
    answer = session(client)

    assert len(answer["token"]) == 43
    assert (answer["conversation"]["owner"], answer["cursor"], answer["messages"]) == ("bot", 0, [])
    assert desk.conversations == {}


def test_a_message_is_accepted_answered_and_read_back(client: TestClient) -> None:
    token = session(client)["token"]

    answer = client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token))

    assert (answer.status_code, answer.json()) == (202, {"id": "m-1", "accepted": True})
    mine, theirs = session(client, token)["messages"]
    assert (mine["key"], mine["author"], mine["text"]) == ("m-1", "contact", "ciao")
    assert (theirs["author"], theirs["text"]) == ("bot", "Ha scritto: ciao")
    assert "trace" not in theirs


def test_the_same_id_again_is_the_same_message(client: TestClient, desk: FakeDesk) -> None:
    token = session(client)["token"]

    answers = [
        client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token)) for _ in range(5)
    ]

    assert {answer.status_code for answer in answers} == {202}
    assert len(desk.received) == 1


def test_messages_after_a_number_are_those_after_it(client: TestClient) -> None:
    token = session(client)["token"]
    client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token))

    answer = client.get("/api/widget/messages?after=1", headers=bearer(token)).json()

    assert [message["seq"] for message in answer["messages"]] == [2]
    assert answer["conversation"]["owner"] == "bot"


def test_a_choice_carries_its_title_and_hides_what_it_means(client: TestClient, desk: FakeDesk) -> None:
    token = session(client)["token"]
    client.post("/api/widget/messages", json={"id": "m-1", "text": "scelte"}, headers=bearer(token))
    offered = session(client, token)["messages"][-1]["choices"]

    answer = client.post("/api/widget/messages", json={"id": "m-2", "choice": offered[1]["id"]}, headers=bearer(token))

    assert offered[0] == {"id": "c1", "title": "Quanto costa la spedizione?"}
    assert answer.status_code == 202
    assert (desk.received[-1].choice, desk.received[-1].text) == ("c2", "Nessuna di queste")


def test_a_choice_that_was_never_offered_is_refused(client: TestClient) -> None:
    token = session(client)["token"]

    answer = client.post("/api/widget/messages", json={"id": "m-2", "choice": "c9"}, headers=bearer(token))

    assert answer.status_code == 422
    assert "not offered" in answer.json()["error"]["message"]


def test_the_database_never_sees_a_token(client: TestClient, desk: FakeDesk) -> None:
    token = session(client)["token"]
    client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token))

    assert list(desk.conversations) == [address_of(token)]
    assert token not in repr(desk.received)


def test_one_shopper_never_reads_another(client: TestClient) -> None:
    ada, bob = session(client)["token"], session(client)["token"]
    client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(ada))

    assert client.get("/api/widget/messages", headers=bearer(bob)).json()["messages"] == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic abc"}, bearer("short"), bearer("a" * 44)])
@pytest.mark.parametrize(("method", "path"), [("POST", "messages"), ("GET", "messages"), ("GET", "stream")])
def test_without_a_token_nothing_is_told(client: TestClient, method: str, path: str, headers: dict[str, str]) -> None:
    answer = client.request(method, f"/api/widget/{path}", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/widget/messages", b"{", 400),
        ("POST", "/api/widget/messages", b'{"id": 1}', 422),
        pytest.param("POST", "/api/widget/messages", b'{"id": "m", "text": "%s"}' % (b"x" * 4_001), 413, id="long"),
        pytest.param("POST", "/api/widget/messages", b"x" * 4_000_000, 413, id="4 MB"),
        pytest.param("POST", "/api/widget/messages", b'{"id": "m", "photo": "%"}', 422, id="photo not in base64"),
        pytest.param("POST", "/api/widget/messages", b'{"id": "m", "photo": "PHN2Zz4="}', 422, id="no photo"),
        ("GET", "/api/widget/photos/..%2Fsecret", b"", 404),
        ("GET", f"/api/widget/photos/{'0' * 40}", b"", 404),
        ("POST", "/api/widget/session", b"[1]", 422),
        ("GET", "/api/widget/messages?after=-1", b"", 422),
        ("GET", "/api/widget/messages?after=%C2%B2", b"", 422),
        ("GET", "/api/widget/stream", b"", 404),
        ("GET", "/api/widget/nothing", b"", 404),
        ("DELETE", "/api/widget/messages", b"", 405),
        ("GET", "/api/widget/session", b"", 405),
    ],
)
def test_bad_input_gets_a_json_error(client: TestClient, method: str, path: str, body: bytes, status: int) -> None:
    answer = client.request(method, path, content=body, headers=bearer("a" * 43))

    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message"}
    assert "Traceback" not in answer.text


def test_a_store_that_is_down_acknowledges_nothing(client: TestClient, desk: FakeDesk) -> None:
    desk.refuse = 1
    token = session(client)["token"]

    answer = client.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "not accepted" in answer.json()["error"]["message"]
    assert desk.received == []


def test_any_shops_page_may_call_it_without_cookies(client: TestClient) -> None:
    ask = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    preflight = client.options("/api/widget/messages", headers=ask)
    refusal = client.post("/api/widget/messages", headers={"Origin": "https://shop.example"})

    for answer in (preflight, refusal):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    assert preflight.status_code == 200
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()


def test_the_whole_widget_is_at_most_15_kb_compressed(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content, 9)) <= 15_000
    assert answer.headers["content-type"].startswith("text/javascript")


def test_an_unchanged_script_is_not_sent_twice(client: TestClient) -> None:
    etag = client.get("/widget.js").headers["etag"]

    assert client.get("/widget.js", headers={"If-None-Match": etag}).status_code == 304


def test_no_source_of_the_script_builds_html_from_text(client: TestClient) -> None:
    script = client.get("/widget.js").text

    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write")
    assert not [way for way in ways if way in script]


@pytest.mark.parametrize(("lang", "says"), [("it", "Un passo"), ("en", "One step"), ("xx", "One step")])
def test_the_demo_page_speaks_both_languages_and_asks_nobody_else(client: TestClient, lang: str, says: str) -> None:
    page = client.get(f"/?lang={lang}").text

    assert says in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_a_shop_name_is_text_on_the_demo_page(desk: FakeDesk, tmp_path: Path) -> None:
    look = WidgetLook("<script>x</script>", "#1f6feb", "/privacy", ("it",), "informal")
    client = TestClient(Starlette(routes=routes(desk, look, Photos(tmp_path))))  # type: ignore[arg-type]

    assert "<script>x" not in client.get("/").text


@pytest.mark.parametrize("accent", ["#ffd400", "#000000", "#ffffff", "#1f6feb", "#7fff00", "#808080"])
@pytest.mark.parametrize("paper", ["#ffffff", "#f0f1f4", "#24272e"])
def test_every_accent_is_made_legible(accent: str, paper: str) -> None:
    assert contrast(readable_on(paper, accent), paper) >= 4.5


def test_a_legible_accent_stays_as_the_shop_chose_it() -> None:
    assert readable_on("#ffffff", "#1f6feb") == "#1f6feb"


@pytest.mark.parametrize("accent", ["blue", "#12", "#12345g", "#1234567", ""])
def test_an_accent_that_is_no_colour_is_refused_at_start(desk: FakeDesk, accent: str, tmp_path: Path) -> None:
    look = WidgetLook("Passo", accent, "/privacy", ("it",), "formal")
    with pytest.raises(ValueError, match="is no colour"):
        routes(desk, look, Photos(tmp_path))  # type: ignore[arg-type]


class Events:
    """The events of an open stream, in order."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.iter_lines()

    def take(self, wanted: int) -> list[tuple[str, str | None, dict[str, Any]]]:
        events: list[tuple[str, str | None, dict[str, Any]]] = []
        fields: dict[str, str] = {}
        while len(events) < wanted:
            line = next(self._lines)
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "data" in fields:
                events.append((fields["event"], fields.get("id"), json.loads(fields["data"])))
                fields = {}
        return events


def test_the_stream_tells_who_speaks_then_what_was_missed_then_what_comes(site: Site, desk: FakeDesk) -> None:
    with httpx.Client(base_url=site.url, timeout=15) as http:
        token = http.post("/api/widget/session", json={"locale": "it"}).json()["token"]
        http.post("/api/widget/messages", json={"id": "m-1", "text": "ciao"}, headers=bearer(token))
        with http.stream("GET", "/api/widget/stream?after=1&locale=it", headers=bearer(token)) as stream:
            assert stream.headers["x-accel-buffering"] == "no"
            assert stream.headers["content-type"].startswith("text/event-stream")
            events = Events(stream)
            state, first = events.take(2)
            assert (first[0], first[1], first[2]["text"]) == ("message", "2", "Ha scritto: ciao")
            assert state[2] == {
                "owner": "bot",
                "position": None,
                "operator_name": "",
                "hours": {"open": True, "text": "Siamo qui fino alle 18:00"},
            }
            desk.typing("operator", on=True)
            desk.hand_over(Owner.OPERATOR, name="Giulia")
            desk.say("Eccomi", author=Author.OPERATOR, name="Giulia")
            typing, state, message = events.take(3)

    assert typing == ("typing", None, {"author": "operator", "on": True})
    assert (state[0], state[2]["operator_name"]) == ("state", "Giulia")
    assert (message[1], message[2]["author_name"]) == ("3", "Giulia")
