"""A desk that listens beyond its own machine asks REST callers for a token."""
from collections.abc import AsyncIterator

import pytest

from bot.storage.store import Store
from tests.service.conftest import make_care
from tests.web.conftest import WEBHOOK, Web, serve

TOKEN = "a token of the tests"
BODY = {"sender": "ada", "message": "spedizione"}


@pytest.fixture
async def guarded(store: Store) -> AsyncIterator[Web]:
    care = await make_care(store)
    async with serve(care, rest_token=TOKEN) as web:
        yield web
    await care.desk.stop()


@pytest.mark.parametrize("shown", [None, b"Bearer", b"Bearer wrong", b"Basic a token of the tests", b"Bearer \xe9"])
async def test_a_caller_without_the_token_is_refused_and_nothing_is_stored(guarded: Web, shown: bytes | None) -> None:
    answer = await guarded.http.post(WEBHOOK, json=BODY, headers={b"authorization": shown} if shown else {})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "unauthorized"
    assert guarded.care.understanding.read == []


async def test_a_caller_with_the_token_is_answered(guarded: Web) -> None:
    answer = await guarded.http.post(WEBHOOK, json=BODY, headers={"authorization": f"Bearer {TOKEN}"})

    assert answer.json()[0]["text"].endswith("4,90 €")


async def test_the_health_addresses_need_no_token(guarded: Web) -> None:
    assert (await guarded.http.get("/healthz")).status_code == 200
