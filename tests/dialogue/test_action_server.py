"""Actions elsewhere: a server named in endpoints.yml is asked over HTTP and can be `rasa run actions`."""
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection, Tracker

from actions import ports as action_ports
from bot.dialogue.actions import executor, run_in_process
from bot.dialogue.convert import from_reading, to_rasa
from bot.dialogue.engine import RasaEngine
from bot.dialogue.merge import read_domain
from bot.dialogue.responses import ResponseTexts
from tests.dialogue.talk import Talk, faq, says, unclear


class ActionServer:
    """Answers every call with ``answer`` and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.status = 200
        self.answer: dict[str, Any] = {"events": [], "responses": []}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.removeprefix("content-length:")) for line in lines if line.startswith("content-length:"))
        self.calls.append(json.loads(await reader.readexactly(length)))
        body = json.dumps(self.answer).encode()
        told = f"HTTP/1.1 {self.status} x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(told.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def served(server: ActionServer) -> AsyncIterator[str]:
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/webhook"
    finally:
        listening.close()
        await listening.wait_closed()


def engine_at(url: str, model: Path, texts: ResponseTexts, folder: Path) -> RasaEngine:
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"action_endpoint: {{url: '{url}'}}\n")
    return RasaEngine.load(model, fallback=lambda text, hints: faq("x"), texts=texts, endpoints=endpoints)


async def test_a_remote_action_answers_and_gets_the_whole_reading(
    model: Path, texts: ResponseTexts, tmp_path: Path
) -> None:
    server = ActionServer()
    own = {"source": "faq", "faq_id": "gift-card", "requests": [{"type": "hand_off", "reason": "policy"}]}
    server.answer["responses"] = [{"text": "from afar", "custom": {"sportello": own}}]
    async with served(server) as url:
        talk = Talk(engine_at(url, model, texts, tmp_path), texts)
        await talk.hears(faq("gift-card", "quanto dura?"))
    assert talk.last and talk.last.replies[0].faq_id == "gift-card"
    assert (talk.bot, [reason.value for reason in talk.handed_off]) == (["from afar"], ["policy"])
    [call] = server.calls
    assert call["next_action"] == "action_answer_faq"
    assert from_reading(call["tracker"]["latest_message"]) == faq("gift-card", "quanto dura?")


async def test_a_remote_action_that_breaks_is_a_failed_action(
    model: Path, texts: ResponseTexts, tmp_path: Path
) -> None:
    server = ActionServer()
    server.status = 500
    async with served(server) as url:
        talk = Talk(engine_at(url, model, texts, tmp_path), texts)
        await talk.hears(faq("gift-card"))
    assert talk.last and talk.last.failed_actions == ("action_answer_faq",)


async def test_an_action_server_that_is_away_is_a_failed_action(
    model: Path, texts: ResponseTexts, tmp_path: Path
) -> None:
    async with served(ActionServer()) as url:
        pass
    talk = Talk(engine_at(url, model, texts, tmp_path), texts)
    await talk.hears(faq("gift-card"))
    assert talk.last and talk.last.failed_actions == ("action_answer_faq",)


async def test_a_remote_answer_that_is_none_is_a_failed_action(
    model: Path, texts: ResponseTexts, tmp_path: Path
) -> None:
    server = ActionServer()
    server.answer = {"events": "no list", "responses": []}
    async with served(server) as url:
        talk = Talk(engine_at(url, model, texts, tmp_path), texts)
        await talk.hears(faq("gift-card"))
    assert talk.last and talk.last.failed_actions == ("action_answer_faq",)


def test_outside_of_a_turn_actions_read_the_message_from_the_tracker(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `rasa run actions` and `rasa shell` call them: no turn, so ports of the shop's own files."""
    asked: list[tuple[str, str]] = []

    def standalone(language: str, tone: str) -> object:
        asked.append((language, tone))
        return talk.ports(unclear())

    monkeypatch.setitem(sys.modules, "bot.app", SimpleNamespace(standalone_ports=standalone))
    parse = says("how much?", "faq", language="en", faq_id="gift-card")
    message = to_rasa(parse, "faq", with_reading=True)
    tracker = Tracker("s", {"tone": "formal"}, message, [], False, None, {}, None)
    assert action_ports.current(tracker).parse == parse
    assert asked == [("en", "formal")]


async def test_an_action_that_declines_says_so_as_an_action_server_would(monkeypatch: pytest.MonkeyPatch) -> None:
    def decline(dispatcher: object, tracker: object, domain: object) -> None:
        raise ActionExecutionRejection("action_declines", "not now")

    monkeypatch.setitem(executor("actions").actions, "action_declines", decline)
    with pytest.raises(ClientResponseError) as declined:
        await run_in_process({"next_action": "action_declines", "sender_id": "s", "tracker": {"sender_id": "s"}})
    assert declined.value.status == 400
    assert json.loads(declined.value.text) == {"error": "not now", "action_name": "action_declines"}


def test_each_action_of_the_domain_is_written_and_each_written_one_declared() -> None:
    declared = set(read_domain(Path(__file__).parents[2] / "domain.yml").user_actions)
    own = {name for name, run in executor("actions").actions.items() if run.__module__.startswith("actions.")}
    assert own == {name for name in declared if not name.startswith("utter_")}
