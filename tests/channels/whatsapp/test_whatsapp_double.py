"""The double refuses what the Cloud API refuses."""
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.providers.whatsapp import PHONE_ID, TOKEN, WhatsAppDouble

ADA = "393331234567"


@pytest.fixture
async def double() -> WhatsAppDouble:
    double = WhatsAppDouble(templates={("after_window", "it")})
    double.person("Ada", ADA, "IT.1").says("ciao")
    return double


@pytest.fixture
async def graph(double: WhatsAppDouble) -> AsyncIterator[httpx.AsyncClient]:
    base = f"https://graph/v26.0/{PHONE_ID}/"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(double.app), base_url=base, headers=headers) as client:
        yield client


def body(kind: str, content: Any, **other: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": ADA, "type": kind, kind: content} | other


def buttons(*titles: str, said: str = "Quale?", **other: Any) -> dict[str, Any]:
    rows = [{"type": "reply", "reply": {"id": f"3.{number}", "title": title}} for number, title in enumerate(titles)]
    return body("interactive", {"type": "button", "body": {"text": said}, "action": {"buttons": rows}} | other)


def rows(*titles: str, button: str = "Scegli", **row: str) -> dict[str, Any]:
    shown = [{"id": f"3.{number}", "title": title, **row} for number, title in enumerate(titles)]
    action = {"button": button, "sections": [{"rows": shown}]}
    return body("interactive", {"type": "list", "body": {"text": "Quale?"}, "action": action})


def template(words: str, name: str = "after_window", code: str = "it") -> dict[str, Any]:
    component = {"type": "body", "parameters": [{"type": "text", "text": words}]}
    return body("template", {"name": name, "language": {"code": code}, "components": [component]})


HELLO = body("text", {"body": "ciao"})


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (HELLO, 0), (buttons("a", "b", "c"), 0), (rows("a", description="x" * 72), 0), (template("x" * 1024), 0),
        (body("text", {"body": "x" * 4096}), 0), ({**HELLO, "biz_opaque_callback_data": "x" * 512}, 0),
        (body("text", {"body": "x" * 4097}), 100), (body("text", {"body": " "}), 100), (body("text", {}), 100),
        (body("text", {"body": "x", "mood": 1}), 100), ({**HELLO, "extra": 1}, 100), (body("telegram", {}), 100),
        ({**HELLO, "messaging_product": "sms"}, 100), ({**HELLO, "recipient": "IT.1"}, 100),
        ({name: value for name, value in HELLO.items() if name != "to"}, 100), ({**HELLO, "to": "39000"}, 131026),
        ({**HELLO, "biz_opaque_callback_data": "x" * 513}, 100),
        (buttons("a", "b", "c", "d"), 100), (buttons(), 100), (buttons("x" * 21), 100), (buttons("a", "a"), 100),
        (buttons("a", said="x" * 1025), 100), (buttons("a", said=""), 100),
        (buttons("a", header={"type": "image", "image": {"link": "http://x"}}), 100),
        (rows(*"abcdefghijk"), 100), (rows("x" * 25), 100), (rows("a", description="x" * 73), 100),
        (rows("a", "a"), 100), (rows("a", button="x" * 21), 100),
        (body("image", {"link": "https://x/a.jpg", "caption": "x" * 1025}), 100),
        (template("due\nrighe"), 100), (template("x     y"), 100), (template("x" * 1025), 132005),
        (template("x", name="gone"), 132001), (template("x", code="fr"), 132001),
        ({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.unknown"}, 100),
    ],
)
async def test_a_body_is_taken_or_refused_with_metas_code(
    graph: httpx.AsyncClient, sent: dict[str, Any], code: int
) -> None:
    answer = (await graph.post("messages", json=sent)).json()
    assert answer.get("error", {}).get("code", 0) == code
    assert ("messages" in answer) == (code == 0)


async def test_a_token_a_version_and_an_id_must_be_right(graph: httpx.AsyncClient) -> None:
    for url, headers, code in (
        ("messages", {"Authorization": "Bearer wrong"}, 190), (f"https://graph/v2/{PHONE_ID}/messages", {}, 2635),
        ("https://graph/v26.0/1/messages", {}, 100),
    ):
        answer = await graph.post(url, json=HELLO, headers=headers)
        assert answer.json()["error"]["code"] == code


async def test_more_than_the_rates_allow_is_refused(double: WhatsAppDouble, graph: httpx.AsyncClient) -> None:
    codes = [(await graph.post("messages", json=HELLO)).json().get("error", {}).get("code") for _ in range(46)]
    assert codes == [None] * 45 + [131056]
    double.clock.advance(seconds=6)
    assert (await graph.post("messages", json=HELLO)).status_code == 200
    for number in range(80):
        double.person("X", str(number)).says("ciao")
    many = [(await graph.post("messages", json=HELLO | {"to": str(number)})).status_code for number in range(80)]
    assert many == [200] * 79 + [429]


async def test_a_message_after_the_window_fails_later_or_at_once(
    double: WhatsAppDouble, graph: httpx.AsyncClient
) -> None:
    double.clock.advance(hours=25)
    double.deliveries.waiting.clear()
    assert (await graph.post("messages", json=HELLO)).status_code == 200
    status = double.deliveries.waiting[-1]["entry"][0]["changes"][0]["value"]["statuses"][0]
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131047)
    double.refuses_late_at_once = True
    assert (await graph.post("messages", json=HELLO)).json()["error"]["code"] == 131047
