"""`sportello doctor` and the channels: one line each, with what the provider said."""
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.cli.conftest import Command
from tests.fakes import FakeClock
from tests.providers.loopback import Loopback
from tests.providers.simulator import Backstage, simulated


@pytest.fixture
def accounts() -> Iterator[dict[str, str]]:
    """Of a Telegram bot and a Messenger page on this machine."""
    with Backstage() as backstage:
        telegram, messenger = (
            backstage.entered(simulated(kind, "http://127.0.0.1:9", FakeClock())) for kind in ("telegram", "messenger")
        )
        with telegram as one, messenger as other:
            yield one.variables | other.variables


def test_each_channel_says_what_works(sportello: Command, shop: Path, accounts: dict[str, str]) -> None:
    ended = sportello("doctor", "--project", str(shop), **accounts)

    assert "✓ channels: widget, rest, telegram, messenger" in ended.out
    assert "✓ telegram: @passo_bot, polling, 0 waiting" in ended.out
    assert "✓ messenger: page 'Passo', webhook /webhooks/messenger, verify token " in ended.out


def test_one_ill_channel_hides_nothing_of_the_others(
    sportello: Command, shop: Path, accounts: dict[str, str]
) -> None:
    revoked = {"SPORTELLO_TELEGRAM_TOKEN": "123456789:AAFthis-token-was-revoked-long-ago-aaa"}
    ended = sportello("doctor", "--project", str(shop), **accounts | revoked)

    assert ended.status == 1
    assert "✗ telegram: Telegram does not know this bot token. Copy the token from @BotFather" in ended.out
    assert "✓ messenger: page 'Passo'" in ended.out


def test_a_channel_that_is_set_wrong_is_named(sportello: Command, shop: Path, accounts: dict[str, str]) -> None:
    ended = sportello("doctor", "--project", str(shop), **accounts | {"SPORTELLO_MESSENGER_APP_ID": ""})

    assert ended.status == 1
    assert "SPORTELLO_MESSENGER_APP_ID" in ended.out


@pytest.mark.parametrize("kind", ["telegram", "whatsapp", "messenger", "instagram"])
def test_a_provider_that_cannot_be_reached_says_where_to_look(sportello: Command, shop: Path, kind: str) -> None:
    with Backstage() as backstage, backstage.entered(simulated(kind, "http://127.0.0.1:9", FakeClock())) as double:
        variables = double.variables | {f"SPORTELLO_{kind.upper()}_API": "http://127.0.0.1:9"}
    ended = sportello("doctor", "--project", str(shop), **variables)

    assert "cannot be reached" in ended.out
    assert "Check this machine's way to http://127.0.0.1:9." in ended.out


@pytest.mark.parametrize("kind", ["whatsapp", "messenger", "instagram"])
def test_what_answers_as_meta_does_not_is_told_with_its_setting(sportello: Command, shop: Path, kind: str) -> None:
    with Backstage() as backstage:
        meta = backstage.entered(simulated(kind, "http://127.0.0.1:9", FakeClock()))
        with meta as double, backstage.entered(Loopback(Starlette())) as other:
            variables = double.variables | {f"SPORTELLO_{kind.upper()}_API": other.url}
            ended = sportello("doctor", "--project", str(shop), **variables)

    assert f"{other.url} does not answer as Meta does" in ended.out
    assert f"Is SPORTELLO_{kind.upper()}_API right?" in ended.out


def test_a_mail_server_that_cannot_be_reached_is_told_with_its_setting(sportello: Command, shop: Path) -> None:
    variables = {
        "SPORTELLO_EMAIL_ADDRESS": "a@passo.example", "SPORTELLO_EMAIL_PASSWORD": "x",
        "SPORTELLO_EMAIL_IMAP": "imap://127.0.0.1:9", "SPORTELLO_EMAIL_SMTP": "smtp://127.0.0.1:9",
    }
    ended = sportello("doctor", "--project", str(shop), **variables)

    assert "The mailbox at 127.0.0.1:9 cannot be reached" in ended.out
    assert "Check SPORTELLO_EMAIL_IMAP and this machine's way there." in ended.out
