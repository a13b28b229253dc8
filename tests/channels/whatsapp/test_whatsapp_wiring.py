"""The channel as the desk builds it: its webhook, what it can do, what doctor says."""
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import CHANNELS
from bot.channels.whatsapp import PATH
from bot.model.errors import SettingError, SportelloError
from tests.channels.whatsapp.conftest import SHOP, VERIFY, Line, opened
from tests.fakes import FakeClock
from tests.providers.whatsapp import BUSINESS, TOKEN, Refusal, WhatsAppDouble

NEW_YEAR = 1767225600


def test_the_channel_has_its_row() -> None:
    assert CHANNELS["whatsapp"][0] == "WhatsApp"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"SPORTELLO_WHATSAPP_PHONE_NUMBER_ID": "+39 333"}, "SPORTELLO_WHATSAPP_PHONE_NUMBER_ID: '+39 333' is no id"),
        ({"SPORTELLO_WHATSAPP_APP_SECRET": ""}, "SPORTELLO_WHATSAPP_APP_SECRET: it is missing"),
        ({"SPORTELLO_WHATSAPP_API_VERSION": "latest"}, "SPORTELLO_WHATSAPP_API_VERSION: 'latest' is no version"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, variables: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError) as caught:
        opened(tmp_path, "https://graph.facebook.com", FakeClock(), **variables)
    assert str(caught.value).startswith(told)


async def test_only_with_a_template_may_people_write_late(line: Line, tmp_path: Path) -> None:
    assert line.parts.capabilities.reply_window == timedelta(hours=24)
    assert line.parts.capabilities.late_window == timedelta(days=3650)
    without = opened(tmp_path, line.url, FakeClock(), shop=SHOP)
    assert without.capabilities.late_window is None
    assert without.close is not None
    await without.close()


async def test_the_handshake_takes_the_shops_verify_token(line: Line) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    for token, status in ((VERIFY, 200), ("wrong", 403)):
        answer = await line.web.get(PATH, params=asked | {"hub.verify_token": token})
        assert answer.status_code == status


async def test_without_a_verify_token_of_its_own_the_webhook_has_one_made_from_the_desks(
    line: Line, tmp_path: Path
) -> None:
    parts = opened(tmp_path, line.url, FakeClock(), SPORTELLO_WHATSAPP_VERIFY_TOKEN="")
    line.double.hook = ""
    assert parts.check is not None
    with pytest.raises(SportelloError, match=r"the verify token [0-9a-f]{64}, then subscribe"):
        await parts.check()
    assert parts.close is not None
    await parts.close()


async def told(line: Line) -> str:
    assert line.parts.check is not None
    with pytest.raises(SportelloError) as caught:
        await line.parts.check()
    return str(caught.value)


async def test_doctor_says_what_works(line: Line) -> None:
    assert line.parts.check is not None
    assert await line.parts.check() == f"+39 02 1234 5678 (Passo), webhook https://desk.shop.example{PATH}"
    line.double.quality = "RED"
    assert "quality RED: shoppers block or report this number" in await line.parts.check()
    line.double.token = {"expires_at": NEW_YEAR + 365 * 86400}
    assert (await line.parts.check()).endswith("the token works until 2027-01-01 00:00 UTC")


WRONG: list[tuple[Callable[[WhatsAppDouble], None], str]] = [
    (lambda double: setattr(double, "hook", "https://old.example/x"), "messages to https://old.example/x. In the app,"),
    (lambda double: setattr(double, "hook", ""), f"enter the callback URL https://<your desk>{PATH}"),
    (lambda double: setattr(double, "status", "PENDING"), "is PENDING, not CONNECTED. Finish its registration"),
    (lambda double: setattr(double, "subscribed", False), f"business account {BUSINESS}"),
    (lambda double: double.templates.clear(), "The template 'after_window' is not approved (there is none)"),
    (lambda double: double.token.update(expires_at=NEW_YEAR), "The token is a temporary one: the token works until"),
    (lambda double: double.token.update(scopes=["whatsapp_business_management"]), "lacks whatsapp_business_messaging"),
]


@pytest.mark.parametrize(("breaks", "words"), WRONG)
async def test_doctor_says_what_is_wrong(line: Line, breaks: Callable[[WhatsAppDouble], None], words: str) -> None:
    breaks(line.double)
    assert words in await told(line)


async def test_doctor_knows_a_number_that_the_token_may_not_use(line: Line, tmp_path: Path) -> None:
    parts = opened(tmp_path, line.url, FakeClock(), SPORTELLO_WHATSAPP_PHONE_NUMBER_ID="999999")
    assert parts.check is not None
    with pytest.raises(SportelloError, match="Meta knows no phone number 999999"):
        await parts.check()
    assert parts.close is not None
    await parts.close()


async def test_doctor_knows_a_wrong_token(line: Line, tmp_path: Path) -> None:
    parts = opened(tmp_path, line.url, FakeClock(), SPORTELLO_WHATSAPP_TOKEN="another-token-altogether")
    assert parts.check is not None
    with pytest.raises(SportelloError, match="Meta does not accept the access token any more"):
        await parts.check()
    assert parts.close is not None
    await parts.close()


async def test_a_token_that_may_not_look_at_itself_is_no_trouble(line: Line) -> None:
    line.double.token = {"refused": True}
    assert line.parts.check is not None
    assert "webhook https://desk.shop.example" in await line.parts.check()


async def test_the_token_is_in_no_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    caplog.set_level("INFO", logger="root")
    line.double.person("Ada", "393331234567").says("spedizione")
    line.double.refuse = [Refusal(190, "expired", status=401)]
    await line.moves()
    assert line.parts.check is not None
    await line.parts.check()
    assert TOKEN not in caplog.text
