"""The channel as the desk builds it: polling, webhook, what it says when something is wrong."""
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels import CHANNELS, ChannelParts, open_channels
from bot.channels.telegram.patience import CONFLICT, new_patience
from bot.channels.telegram.refusals import BAD_TOKEN
from bot.channels.telegram.routes import MAX_BODY, PATH, SECRET_HEADER
from bot.model.errors import SettingError, SportelloError, StoreUnavailable
from bot.settings import load_settings
from tests.channels.telegram.conftest import Line
from tests.fakes import FakeClock
from tests.providers.telegram import TOKEN, Refusal

SECRET = "a-webhook-secret-of-the-shop"
WEBHOOK = {
    "SPORTELLO_TELEGRAM_MODE": "webhook", "SPORTELLO_PUBLIC_URL": "https://desk.shop.example/",
    "SPORTELLO_TELEGRAM_SECRET": SECRET,
}


def opened(project: Path, url: str, **variables: str) -> ChannelParts:
    (project / "shop.yml").write_text("shop: {name: Passo, email: a@b.example, privacy_url: /p}\n")
    values = {"SPORTELLO_TELEGRAM_TOKEN": TOKEN, "SPORTELLO_TELEGRAM_API": url} | variables
    return open_channels(load_settings(project, values), FakeClock())["telegram"]


@pytest.fixture
async def polled(line: Line, tmp_path: Path) -> AsyncIterator[ChannelParts]:
    parts = opened(tmp_path, line.url)
    yield parts
    assert parts.close is not None
    await parts.close()


@pytest.fixture
async def hooked(line: Line, tmp_path: Path) -> AsyncIterator[ChannelParts]:
    parts = opened(tmp_path, line.url, **WEBHOOK)
    yield parts
    assert parts.close is not None
    await parts.close()


@pytest.fixture
async def web(hooked: ChannelParts, line: Line) -> AsyncIterator[httpx.AsyncClient]:
    """The desk's webhook, as Telegram reaches it."""
    assert hooked.routes is not None
    app = Starlette(routes=hooked.routes(line.door))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://desk") as client:
        yield client


def test_without_a_token_there_is_no_telegram(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("shop: {name: Passo, email: a@b.example, privacy_url: /p}\n")
    assert open_channels(load_settings(tmp_path, {}), FakeClock()) == {}
    assert CHANNELS["telegram"][0] == "Telegram"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"SPORTELLO_TELEGRAM_TOKEN": "not-a-token-at-all-no"}, "SPORTELLO_TELEGRAM_TOKEN: this is no bot token."),
        ({"SPORTELLO_TELEGRAM_TOKEN": ""}, "SPORTELLO_TELEGRAM_API: SPORTELLO_TELEGRAM_TOKEN is missing. Set"),
        ({"SPORTELLO_TELEGRAM_MODE": "push"}, "SPORTELLO_TELEGRAM_MODE: 'push' is no mode. Allowed: polling, webhook."),
        ({"SPORTELLO_TELEGRAM_MODE": "webhook"}, "SPORTELLO_TELEGRAM_MODE: Telegram must reach the desk"),
        ({"SPORTELLO_TELEGRAM_SECRET": "with spaces in it, no"}, "SPORTELLO_TELEGRAM_SECRET: Telegram takes letters"),
        ({"SPORTELLO_TELEGRAM_API": "api.telegram.org"}, "SPORTELLO_TELEGRAM_API: 'api.telegram.org' is no address."),
        ({"SPORTELLO_PUBLIC_URL": "desk.shop.example"}, "SPORTELLO_PUBLIC_URL: 'desk.shop.example' is no address."),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, variables: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError) as caught:
        opened(tmp_path, "https://api.telegram.org", **variables)
    assert str(caught.value).startswith(told)


async def until_stored(line: Line, count: int, parts: ChannelParts) -> None:
    """Run the channel until it stored something ``count`` times."""
    assert parts.run is not None
    running = asyncio.create_task(parts.run(line.door))
    async with asyncio.timeout(20):
        for number in range(count):
            line.double.user(7001 + number, "Ada").sends(text="spedizione")
            await line.door.stored.wait()
            line.door.stored.clear()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await line.care.settle()


async def test_polling_takes_a_webhook_away_and_brings_what_is_written(line: Line, polled: ChannelParts) -> None:
    line.double.webhook = {"url": "https://old.example"}
    await until_stored(line, 3, polled)
    assert line.double.webhook == {}
    assert len(line.care.understanding.read) == 3


async def test_polling_goes_on_after_whatever_went_wrong(line: Line, polled: ChannelParts) -> None:
    line.double.refuse["deleteWebhook"] = [Refusal(502, "Bad Gateway")]
    line.double.refuse["getUpdates"] = [
        Refusal(409, "Conflict: terminated by other getUpdates request"), Refusal(401, "Unauthorized"),
        Refusal(502, "Bad Gateway"), Refusal(429, "Too Many Requests", retry_after=3),
    ]
    line.double.lose_answers.append("getUpdates")
    line.door.fail = StoreUnavailable("disk full")
    await until_stored(line, 1, polled)
    assert line.care.understanding.read == ["spedizione"]
    assert polled.problem is not None
    assert polled.problem() is None


@pytest.mark.parametrize(
    ("error", "problem", "pause"),
    [
        (Conflict("terminated by other getUpdates request"), CONFLICT, 1), (InvalidToken(), BAD_TOKEN, 60),
        (RetryAfter(7), None, 7), (NetworkError("lost"), None, 1),
    ],
)
async def test_each_trouble_has_its_pause_and_its_words(error: TelegramError, problem: str | None, pause: int) -> None:
    clock = FakeClock()
    begin, patience = clock.now(), new_patience(clock)
    await patience.wait_out(error)
    assert patience.problem == problem
    assert (clock.now() - begin).total_seconds() == pause
    patience.worked()
    assert patience.problem is None


async def test_a_connection_that_stays_lost_is_told_and_asked_for_less_and_less() -> None:
    clock = FakeClock()
    begin, patience = clock.now(), new_patience(clock)
    for _ in range(8):
        await patience.wait_out(NetworkError("no route"))
    assert patience.problem == "No message comes from Telegram: no route"
    assert (clock.now() - begin).total_seconds() == 1 + 2 + 4 + 8 + 16 + 30 + 30 + 30


async def test_the_webhook_is_registered_with_its_secret(line: Line, hooked: ChannelParts) -> None:
    line.double.refuse["setWebhook"] = [Refusal(502, "Bad Gateway")]
    assert hooked.run is not None
    await hooked.run(line.door)
    assert line.double.webhook["url"] == f"https://desk.shop.example{PATH}"
    assert line.double.webhook["secret_token"] == SECRET


async def test_a_message_comes_through_the_webhook_once(
    line: Line, hooked: ChannelParts, web: httpx.AsyncClient
) -> None:
    assert hooked.run is not None
    await hooked.run(line.door)
    ada = line.double.user(7001, "Ada")
    ada.sends(text="spedizione")
    line.double.updates *= 2
    line.double.happens(message={"message_id": "x"})  # unreadable, and it would read no better the next time
    line.double.happens(callback_query={"id": "9", "from": ada.sender, "chat_instance": "1", "data": "9.9"})

    assert await line.double.deliver(web) == [200, 200, 200, 200]
    await line.care.settle()
    assert line.care.understanding.read == ["spedizione"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "è"])
async def test_a_call_without_the_secret_is_refused(web: httpx.AsyncClient, secret: str | None) -> None:
    headers = {SECRET_HEADER: secret.encode()} if secret is not None else {}
    answer = await web.post(PATH, content=b'{"update_id": 1}', headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"update_id": "x"}', 400), (b"x" * (MAX_BODY + 1), 413), (b'{"update_id": 1}', 200)],
)
async def test_a_body_that_is_no_update_is_refused(web: httpx.AsyncClient, body: bytes, status: int) -> None:
    answer = await web.post(PATH, content=body, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == status
    assert ("error" in answer.json()) == (status != 200)


async def test_a_store_that_is_down_lets_telegram_try_again(line: Line, web: httpx.AsyncClient) -> None:
    line.door.fail = StoreUnavailable("disk full")
    update = {"update_id": 1, "message": line.double.user(7001, "Ada").sends(text="spedizione")}
    answer = await web.post(PATH, json=update, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 503


async def test_without_a_secret_of_its_own_the_webhook_has_one_made_from_the_desks(line: Line, tmp_path: Path) -> None:
    parts = opened(tmp_path, line.url, **WEBHOOK | {"SPORTELLO_TELEGRAM_SECRET": ""})
    assert parts.run is not None
    await parts.run(line.door)
    assert len(line.double.webhook["secret_token"]) == 64


async def test_doctor_says_how_messages_come(line: Line, polled: ChannelParts, hooked: ChannelParts) -> None:
    assert polled.check is not None
    assert hooked.check is not None
    assert hooked.run is not None
    assert await polled.check() == "@passo_bot, polling, 0 waiting"
    assert await hooked.check() == "@passo_bot, webhook not registered yet, 0 waiting"
    await hooked.run(line.door)
    assert await hooked.check() == f"@passo_bot, webhook https://desk.shop.example{PATH}, 0 waiting"


async def test_doctor_says_what_is_wrong(line: Line, polled: ChannelParts, hooked: ChannelParts) -> None:
    async def told(parts: ChannelParts) -> str:
        assert parts.check is not None
        with pytest.raises(SportelloError) as caught:
            await parts.check()
        return str(caught.value)

    line.double.refuse["getMe"] = [Refusal(401, "Unauthorized"), Refusal(502, "Bad Gateway")]
    assert await told(polled) == BAD_TOKEN
    assert (await told(polled)).startswith("Telegram cannot be reached (Bad Gateway)")
    line.double.webhook = {"url": "https://other.example/x"}
    assert "sends its messages to https://other.example/x. The desk takes it away" in await told(polled)
    assert "sends its messages to https://other.example/x. The desk sets its own" in await told(hooked)
    line.double.webhook = {"url": f"https://desk.shop.example{PATH}", "error": "Connection refused"}
    assert "could not deliver to https://desk.shop.example/webhooks/telegram: Connection refused" in await told(hooked)
    line.double.webhook = {}
    line.double.updates = [{"update_id": number} for number in range(101)]
    assert (await told(polled)).startswith("101 messages to @passo_bot wait to be fetched")


async def test_the_token_is_in_no_log(line: Line, polled: ChannelParts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    line.double.user(7001, "Ada").sends(text="spedizione")
    await line.moves()
    assert TOKEN not in caplog.text
