"""`sportello doctor` and the channels: one line each, with what the provider said."""
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.fakes import FakeClock
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
