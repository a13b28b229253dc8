"""The channel as the desk builds it: the webhook, files, and what it says when something is wrong."""
from pathlib import Path

import httpx
import pytest

from bot.channels import CHANNELS
from bot.channels.meta.messaging_media import LIMIT
from bot.channels.meta.routes import MAX_BODY
from bot.channels.meta.signature import SIGNATURE_HEADER
from bot.model.errors import DeliveryError, SettingError, SportelloError
from bot.settings import SETTINGS
from tests.channels.messenger.line import Line, opened
from tests.providers.messenger import APP
from tests.providers.meta import APP_SECRET, Refusal, as_meta_writes, signature

ADA = "7001000000000001"
PATH = "/webhooks/messenger"


async def handshake(web: httpx.AsyncClient, token: str) -> httpx.Response:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token}
    return await web.get(PATH, params=query)


async def made_token(line: Line) -> str:
    assert line.parts.check is not None
    return (await line.parts.check()).rpartition("verify token ")[2]


async def test_the_handshake_takes_the_token_that_doctor_shows(line: Line) -> None:
    answer = await handshake(line.web, await made_token(line))
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert (await handshake(line.web, "wrong")).status_code == 403


@pytest.mark.parametrize("text", ["ciao", "perché così? 👍"])
async def test_a_signed_delivery_is_stored(line: Line, text: str) -> None:
    line.double.shopper(ADA).writes(text)
    assert await line.arrives() == [200]
    assert line.care.understanding.read == [text]


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha1=abc", "sha256=" + "0" * 64, "sha256=è"])
async def test_a_delivery_without_metas_signature_is_refused(line: Line, header: str | None) -> None:
    body = as_meta_writes({"object": "page", "entry": []})
    headers = {SIGNATURE_HEADER: header.encode()} if header is not None else {}
    assert (await line.web.post(PATH, content=body, headers=headers)).status_code == 401
    wrong = signature(body, APP_SECRET[::-1])
    assert (await line.web.post(PATH, content=body, headers=wrong)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 400), (b"x" * (MAX_BODY + 1), 413), (b'{"object": "page", "entry": []}', 200),
        (b'{"object": "instagram", "entry": []}', 200), (b'{"object": "page", "entry": [{"id": "1"}]}', 200),
    ],
)
async def test_a_body_that_is_no_delivery_is_refused(line: Line, body: bytes, status: int) -> None:
    assert (await line.web.post(PATH, content=body, headers=signature(body))).status_code == status


async def test_a_file_is_fetched_only_for_references_of_this_desk(line: Line) -> None:
    assert line.parts.media is not None
    for reference in ("x", "Imh0dHBzOi8vZXZpbC5leGFtcGxlIg.c2lnbmF0dXJl", "http://127.0.0.1/", ""):
        with pytest.raises(DeliveryError, match="not made by this desk"):
            await line.parts.media(reference)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://evil.example/a.jpg", "lies at 'evil.example', which is not Meta's"),
        ("http://169.254.169.254/latest/meta-data", "lies at '169.254.169.254', which is not Meta's"),
        ("https://fbcdn.net.evil.example/a.jpg", "which is not Meta's"),
    ],
)
async def test_a_file_that_does_not_lie_at_meta_is_not_fetched(line: Line, url: str, told: str) -> None:
    line.double.shopper(ADA).writes(attachments=[{"type": "image", "payload": {"url": url}}])
    await line.moves()
    (photo,) = (await line.messages(ADA))[0].attachments
    assert line.parts.media is not None
    with pytest.raises(DeliveryError, match=told):
        await line.parts.media(photo.url.rpartition("/")[2])


async def test_a_file_that_is_gone_or_too_large_is_said_so(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.sends("image", b"", name="gone.jpg")
    ada.sends("file", b"x" * (LIMIT + 1), name="large.zip")
    del line.double.files["gone.jpg"]
    await line.moves()
    gone, large = (one.attachments[0].url.rpartition("/")[2] for one in (await line.messages(ADA))[:2])
    assert line.parts.media is not None
    with pytest.raises(DeliveryError, match="HTTP 403"):
        await line.parts.media(gone)
    with pytest.raises(DeliveryError, match="larger than 25600 KB"):
        await line.parts.media(large)


@pytest.mark.parametrize("kind", ["messenger", "instagram"])
def test_without_the_apps_id_the_channel_does_not_start(tmp_path: Path, kind: str) -> None:
    name = f"SPORTELLO_{kind.upper()}_APP_ID"
    with pytest.raises(SettingError, match=f"{name}: it is missing, and without it the desk takes its own messages"):
        opened(tmp_path, kind, "https://graph.facebook.com", **{name: ""})


def test_the_settings_that_the_channels_name_exist() -> None:
    names = {setting.name for setting in SETTINGS}
    assert {"channels.messenger.human_agent", "channels.instagram.human_agent"} <= names
    assert {"messenger", "instagram"} <= CHANNELS.keys()


async def test_doctor_says_what_works(line: Line) -> None:
    assert line.parts.check is not None
    said = await line.parts.check()
    assert said.startswith(f"page 'Passo', webhook {PATH}, verify token ")
    assert len(await made_token(line)) == 64


async def test_a_verify_token_of_the_shops_own_is_not_shown(line: Line, tmp_path: Path) -> None:
    own = "a-verify-token-of-the-shop"
    parts = opened(tmp_path, "messenger", line.double.url, SPORTELLO_MESSENGER_VERIFY_TOKEN=own)
    assert parts.check is not None
    assert await parts.check() == f"page 'Passo', webhook {PATH}"
    assert parts.close is not None
    await parts.close()


async def told(line: Line) -> str:
    assert line.parts.check is not None
    with pytest.raises(SportelloError) as caught:
        await line.parts.check()
    return str(caught.value)


async def test_doctor_says_what_is_wrong(line: Line) -> None:
    subscribed = line.double.subscribed
    line.double.subscribed = []
    assert f"Messenger: no webhook of app {APP} is on this page, so no message reaches the desk." in await told(line)
    line.double.subscribed = [{"id": "1", "subscribed_fields": ["messages"]}]
    assert "callback URL https://<your desk>/webhooks/messenger, verify token " in await told(line)
    line.double.subscribed = [{"id": APP, "subscribed_fields": ["messages"]}]
    assert "does not tell of messaging_postbacks, message_echoes." in await told(line)
    line.double.subscribed = subscribed
    line.double.scopes = ["pages_show_list"]
    assert "lacks the permission pages_messaging" in await told(line)


async def test_doctor_tells_a_wrong_page_token_or_app_apart(line: Line, tmp_path: Path) -> None:
    async def said(**variables: str) -> str:
        parts = opened(tmp_path, "messenger", line.double.url, **variables)
        assert parts.check is not None
        with pytest.raises(SportelloError) as caught:
            await parts.check()
        assert parts.close is not None
        await parts.close()
        return str(caught.value)

    assert "Meta knows no page 99999, or this token" in await said(SPORTELLO_MESSENGER_PAGE_ID="99999")
    assert "does not accept the access token" in await said(SPORTELLO_MESSENGER_TOKEN="another-token-altogether")
    assert f"belongs to app {APP}, but SPORTELLO_MESSENGER_APP_ID is 77777" in await said(
        SPORTELLO_MESSENGER_APP_ID="77777"
    )
    assert "Check this machine's way to http" in await said(SPORTELLO_MESSENGER_API="http://127.0.0.1:1")


async def test_the_token_is_in_no_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    line.double.shopper(ADA).writes("spedizione")
    line.double.refuse = [Refusal(190, "Invalid OAuth access token", status=401)]
    await line.moves()
    assert "EAAG" not in caplog.text
