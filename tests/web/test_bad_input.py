"""What is not the contract gets a 4xx with words, is not stored, and never shows our inside."""
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import WEBHOOK, Web

WIDGET = "/api/widget/messages"
GOOD = {"sender": "ada", "message": "spedizione"}


def assert_clear(answer: httpx.Response, *statuses: int) -> None:
    """A JSON error in words, without anything of our inside."""
    assert answer.status_code in statuses, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message"} and error["message"]
    for inside in ("Traceback", "File \"", "sqlite", "site-packages"):
        assert inside not in answer.text


def body(**changed: Any) -> bytes:
    """A good body with some fields changed; ``...`` leaves one out."""
    return json.dumps({name: value for name, value in (GOOD | changed).items() if value is not ...}).encode()


CASES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "no JSON"),
    "broken JSON": (b'{"sender": "ada", "message":', 400, "no JSON"),
    "no UTF-8": (b'{"sender": "ada", "message": "\xff\xfe"}', 400, "no JSON"),
    "a form": (b"sender=ada&message=ciao", 400, "no JSON"),
    "a list": (b'[{"sender": "ada", "message": "ciao"}]', 400, "list"),
    "a number": (b"7", 400, "int"),
    "null": (b"null", 400, "object"),
    "JSON nested without end": (b"[" * 60_000, 400, "nested"),
    "metadata nested without end": (
        b'{"sender": "ada", "message": "ciao", "metadata": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001, 400, "nested"
    ),
    "a number of five thousand digits": (b'{"sender": "ada", "message": ' + b"9" * 5000 + b"}", 400, "JSON"),
    "no message": (body(message=...), 422, "'message' is missing"),
    "sender a list": (body(sender=["ada"]), 422, "'sender' is a JSON list"),
    "sender true": (body(sender=True), 422, "'sender' is a JSON bool"),
    "sender of four thousand digits": (body(sender=int("9" * 4000)), 413, "255"),
    "sender empty": (body(sender=""), 422, "'sender'"),
    "sender blank": (body(sender=" \n"), 422, "'sender'"),
    "sender with a NUL": (body(sender="a\x00da"), 422, "'sender'"),
    "sender of 300 characters": (body(sender="a" * 300), 413, "255"),
    "sender with half a surrogate pair": (body(sender="a\ud83d"), 422, "surrogate"),
    "message a list": (body(message=["ciao"]), 422, "'message' is a JSON list"),
    "message empty": (body(message=""), 422, "empty"),
    "message blank": (body(message=" \t\n"), 422, "empty"),
    "message of control characters": (body(message="\x00\x07\x1b"), 422, "empty"),
    "message with half a surrogate pair": (body(message="ciao \ud83d"), 422, "surrogate"),
    "message of 20,001 characters": (body(message="a" * 20_001), 413, "20000"),
    "message of 1 MB": (body(message="a" * 1_000_000), 413, "larger"),
    "metadata a list": (body(metadata=[]), 422, "'metadata'"),
    "metadata a text": (body(metadata="m-1"), 422, "'metadata'"),
    "message_id a number": (body(metadata={"message_id": 7}), 422, "message_id"),
    "message_id zero": (body(metadata={"message_id": 0}), 422, "message_id"),
    "message_id empty": (body(metadata={"message_id": ""}), 422, "message_id"),
    "message_id a list": (body(metadata={"message_id": []}), 422, "message_id"),
    "message_id of 300 characters": (body(metadata={"message_id": "m" * 300}), 422, "255"),
    "message_id with half a surrogate pair": (body(metadata={"message_id": "m\ud83d"}), 422, "message_id"),
    "message_id with a NUL": (body(metadata={"message_id": "m\x00"}), 422, "message_id"),
    "a choice never offered": (body(message="choice:1.1"), 422, "never offered"),
    "a choice of twenty digits": (body(message="choice:99999999999999999999.1"), 422, "never offered"),
    "a choice of five thousand digits": (body(message="choice:" + "9" * 5000 + ".1"), 422, "never offered"),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_wrong_body_is_refused_in_words_and_nothing_is_stored(web: Web, case: str) -> None:
    sent, status, words = CASES[case]

    answer = await web.posts(sent)

    assert_clear(answer, status)
    assert words in answer.json()["error"]["message"]
    assert web.care.understanding.read == []


async def test_control_characters_are_dropped_from_a_message_that_says_something(web: Web) -> None:
    await web.says("ada", "quanto\x00 costa\x07 la spedizione\x1b")

    assert web.care.understanding.read == ["quanto costa la spedizione"]


async def test_a_message_of_the_allowed_length_in_any_script_is_taken(web: Web) -> None:
    assert (await web.says("ada", "好" * 19_000)).status_code == 200


async def test_after_all_that_the_desk_still_answers(web: Web) -> None:
    for sent, _, _ in CASES.values():
        await web.posts(sent)

    assert (await web.says("ada", "spedizione")).json()[0]["text"].endswith("4,90 €")


async def test_a_body_that_stops_halfway_is_no_message(web: Web) -> None:
    async def pieces() -> Any:
        yield b'{"sender": "ada", '
        yield b'"message": "spedi'

    assert_clear(await web.http.post(WEBHOOK, content=pieces()), 400)


@pytest.mark.parametrize(
    "path", ["/nope", "/webhooks", "/webhooks/rest", "/webhooks/rest/other", "/webhooks/telegram/webhook",
             "/api", "/api/widget", "/api/widget/nope", "/console/api/nope", "/widget", "/%00", "/..%2f..%2fetc/passwd",
             "/console/static/../../app.py", "/console/static/nope.js"]
)
async def test_an_unknown_address_is_a_json_404(web: Web, path: str) -> None:
    answer = await web.http.get(path, follow_redirects=True)
    if path == "/webhooks/rest":  # only a slash is missing: Rasa's liveness address
        assert answer.json() == {"status": "ok"}
    else:
        assert_clear(answer, 401 if path.startswith("/console/api") else 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", WEBHOOK), ("PUT", WEBHOOK), ("DELETE", WEBHOOK), ("POST", "/healthz"), ("PUT", "/readyz"),
     ("POST", "/metrics"), ("DELETE", WIDGET), ("GET", "/api/widget/session"), ("POST", "/api/widget/config"),
     ("POST", "/api/widget/stream"), ("PATCH", "/console/login"), ("POST", "/widget.js"), ("DELETE", "/")],
)
async def test_a_wrong_method_is_a_json_405_that_names_the_right_ones(web: Web, method: str, path: str) -> None:
    answer = await web.http.request(method, path)

    assert_clear(answer, 405)
    assert answer.headers["allow"]


# Anything at all. Half of it is nearly right, so that it gets past the first checks.

TEXT = st.text(st.characters(codec=None), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CHOICES = st.from_regex(r"choice:[0-9]{1,25}\.[0-9]{1,25}", fullmatch=True)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "sender": TEXT | JSON,
        "message": TEXT | CHOICES | JSON,
        "metadata": st.dictionaries(st.just("message_id"), TEXT | JSON) | JSON,
    },
)
BODIES = st.binary(max_size=200) | (JSON | NEARLY).map(lambda value: json.dumps(value).encode())
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(BODIES)
async def test_no_body_breaks_the_rest_channel(web: Web, sent: bytes) -> None:
    answer = await web.posts(sent)

    if answer.status_code == 200:
        assert isinstance(answer.json(), list)
    else:
        assert_clear(answer, 400, 413, 422)


WIDGET_NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | TEXT | JSON,
        "text": TEXT | JSON,
        "choice": st.from_regex(r"[0-9]{1,25}\.[0-9]{1,25}", fullmatch=True) | JSON,
        "locale": TEXT | JSON,
        "token": TEXT | JSON,
    },
)


@FUZZ
@given(st.binary(max_size=200) | (JSON | WIDGET_NEARLY).map(lambda value: json.dumps(value).encode()),
       st.sampled_from([WIDGET, "/api/widget/session"]))
async def test_no_body_breaks_the_widgets_api(web: Web, sent: bytes, path: str) -> None:
    token = "a" * 43
    answer = await web.http.post(path, content=sent, headers={"authorization": f"Bearer {token}"})

    if answer.status_code >= 300:
        assert_clear(answer, 400, 413, 422)


@FUZZ
@given(st.binary(max_size=200))
async def test_no_form_breaks_the_sign_in(web: Web, sent: bytes) -> None:
    headers = {"origin": "http://desk.example", "content-type": "application/x-www-form-urlencoded"}

    answer = await web.http.post("/console/login", content=sent, headers=headers)

    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text
