"""One shopper, one story, seven channels: each is read on the shopper's own screen, over the real desk and model.

Providers bring everything twice here, and whoever posts to the desk posts twice: what was said once is answered once.
"""
import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from bot.model.conversation import Author
from bot.model.errors import SportelloError
from bot.model.ownership import Owner
from bot.model.ports import Address
from bot.model.views import Dossier, MessageView
from bot.settings import CHANNEL_KINDS
from tests.e2e.conftest import project  # noqa: F401  # a fixture
from tests.e2e.running_desk import RunningDesk, SetClock
from tests.fakes import MONDAY_MORNING
from tests.providers.phone import Phone, Shown
from tests.providers.phone.direct import RestPhone, WidgetPhone
from tests.providers.simulator import PROVIDERS, Simulated, open_provider

PATIENCE_S = 30.0
LOOK_S = 0.03
REST_SENDER = "the-same-shopper"
T = TypeVar("T")


class RunningClock(SetClock):
    """Monday at ten, and from there on as time goes: quiet moments end and pauses are waited out."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def now(self) -> datetime:
        return MONDAY_MORNING + timedelta(seconds=time.monotonic() - self._started)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Stage:
    """All providers that this machine can run, in a thread of their own, and one desk that has an account at each."""

    def __init__(self, project: Path, state: Path) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._stack = AsyncExitStack()
        self._clock = RunningClock()
        self.providers: dict[str, Simulated] = {}
        self.missing: dict[str, str] = {}
        self.do(self._open_providers())
        accounts = {name: value for one in self.providers.values() for name, value in one.environment.items()}
        self.desk = RunningDesk(project, state, self._clock, **accounts)
        self.desk.start()
        self._pushing = [
            asyncio.run_coroutine_threadsafe(one.pushes(self.desk.url), self._loop) for one in self.providers.values()
        ]

    def close(self) -> None:
        for one in self._pushing:
            one.cancel()
        self.desk.stop()
        self.desk.http.close()
        self.do(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something where the providers run."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S + 30)

    def phone(self, kind: str) -> Phone:
        if kind in self.missing:
            pytest.skip(self.missing[kind])
        if kind in self.providers:
            return self.providers[kind].phone()
        web = self.do(self._web())
        if kind == "widget":
            return WidgetPhone(web, times=2)
        return RestPhone(web, REST_SENDER, self._rest_record, times=2)

    async def arrived(self, phone: Phone, known: int, *words: str) -> list[Shown]:
        """What the shop showed beyond the first ``known`` messages, once it holds all the words."""
        until = time.monotonic() + PATIENCE_S
        while True:
            new = [one for one in await phone.shown() if one.side == "shop"][known:]
            text = "\n".join(one.text for one in new)
            if new and all(word in text for word in words):
                return new
            assert time.monotonic() < until, f"the shopper waited for {words} and reads {text!r}"
            await asyncio.sleep(LOOK_S)

    def settle(self) -> None:
        """Everything that is under way arrives, and what came twice has come twice."""
        self.eventually(lambda: all(one.is_quiet() for one in self.providers.values()))
        self.eventually(lambda: not self.desk.do(self._unfinished))

    def eventually(self, holds: Callable[[], bool]) -> None:
        async def wait() -> None:
            until = time.monotonic() + PATIENCE_S
            while not await asyncio.to_thread(holds):
                assert time.monotonic() < until, "it did not happen"
                await asyncio.sleep(LOOK_S)

        self.do(wait())

    async def _unfinished(self) -> list[Any]:
        await self.desk.house.desk._workers.idle()  # noqa: SLF001  # tests wait for what a desk does by itself
        due = "select 1 from outbox where status in ('pending', 'sending') limit 1"
        return await self.desk.house.store.read(lambda connection: connection.exec_driver_sql(due).fetchall())

    async def _open_providers(self) -> None:
        for kind in PROVIDERS:
            try:
                provider = open_provider(kind, self._clock, twice=True)
            except SportelloError as error:
                self.missing[kind] = str(error)
                continue
            self.providers[kind] = await self._stack.enter_async_context(provider)

    async def _web(self) -> httpx.AsyncClient:
        return await self._stack.enter_async_context(httpx.AsyncClient(base_url=self.desk.url, timeout=30))

    async def _rest_record(self) -> list[MessageView]:
        async def read() -> list[MessageView]:
            found = await self.desk.house.desk.find_conversation(Address("rest", "", REST_SENDER))
            return await self.desk.house.desk.messages(found.id) if found is not None else []

        return await asyncio.to_thread(self.desk.do, read)


class Story:
    """A shopper with a phone, and an operator at the desk."""

    def __init__(self, stage: Stage, kind: str) -> None:
        self._stage = stage
        self._kind = kind
        self.phone = stage.phone(kind)
        self.said: list[str] = []
        self.conversation = 0

    def says(self, text: str, *words: str) -> str:
        """Say it; what the shopper then reads, which holds the words."""
        self.said.append(text)
        return self._and_reads(self.phone.says(text), words)

    def picks(self, title: str, typed: str, *words: str) -> str:
        """Tap an option; where there is nothing to tap, type what stands for it."""
        offered = [one.title for one in self._shown()[-1].options]
        if not offered:
            return self.says(typed, *words)
        self.said.append(title)
        return self._and_reads(self.phone.taps(title), words)

    def says_to_the_operator(self, text: str) -> None:
        self.said.append(text)
        self._stage.do(_awaited(self.phone.says(text)))
        self._stage.eventually(lambda: self.dossier().messages[-1].text == text)

    def operator(self, command: str, *words: str, **payload: object) -> str:
        """Do it in the console; what the shopper then reads."""
        if not self.conversation:
            rows = self._stage.desk.do(self._stage.desk.house.desk.queue)
            (self.conversation,) = [row.conversation_id for row in rows if row.channel == self._kind]

        async def act() -> None:
            await asyncio.to_thread(self._stage.desk.command, self.conversation, command, **payload)

        return self._and_reads(act(), words)

    def dossier(self) -> Dossier:
        found = self._stage.desk.do(lambda: self._stage.desk.house.desk.dossier(self.conversation))
        assert found is not None
        return found

    def bubbles(self) -> list[str]:
        """All that the shop showed."""
        return [one.text for one in self._shown() if one.side == "shop"]

    def _shown(self) -> list[Shown]:
        return self._stage.do(_awaited(self.phone.shown()))

    def _and_reads(self, act: Awaitable[None], words: tuple[str, ...]) -> str:
        known = len(self.bubbles())
        self._stage.do(_awaited(act))
        return "\n".join(one.text for one in self._stage.do(self._stage.arrived(self.phone, known, *words)))


async def _awaited(work: Awaitable[T]) -> T:
    return await work


@pytest.fixture(scope="module")
def stage(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:  # noqa: F811
    stage = Stage(project, tmp_path_factory.mktemp("state"))
    yield stage
    stage.close()


@pytest.fixture(params=CHANNEL_KINDS)
def story(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Story]:
    yield Story(stage, request.param)
    stage.desk.send_everyone_home()


def test_faq_order_handoff_operator_score_and_comment_read_the_same_on_every_channel(
    story: Story, stage: Stage
) -> None:
    first = story.says("Quanto costa la spedizione?", "4,90 €", "60,00 €")
    assert first.startswith("Ti risponde l'assistente automatico di Passo.")

    story.says("Dov'è il mio pacco?", "numero del tuo ordine")
    story.says("1004", "Con quale e-mail")
    story.says("mario.rossi@example.com", "è partito ed è in viaggio", "084730251196", "martedì 24 novembre")

    story.says("vorrei parlare con una persona", "Ti passo un collega: tocca a te")
    story.operator("take", "Giulia")
    answer = "Ciao Mario, sono Giulia: il corriere passa domani mattina."
    assert story.operator("reply", answer, text=answer) == answer
    story.says_to_the_operator("perfetto, allora resto a casa")

    story.operator("close", "Com'è andata? Dai un voto da 1 a 5.")
    story.picks("5 – ottimo", "5", "scrivimi in una riga il perché")
    story.says("Giulia è stata gentile e veloce", "Grazie, lo leggeremo.")

    stage.settle()
    dossier = story.dossier()
    assert dossier.conversation.owner is Owner.CLOSED
    assert [(one["score"], one["comment"]) for one in dossier.ratings] == [(5, "Giulia è stata gentile e veloce")]
    assert [order.number for order in dossier.orders] == ["1004"]
    assert_nothing_is_doubled(story, dossier)


def assert_nothing_is_doubled(story: Story, dossier: Dossier) -> None:
    """Each message stands once in the record and once on the screen."""
    assert [one.text for one in dossier.messages if one.author is Author.CONTACT] == story.said
    ours = [one for one in dossier.messages if one.author in (Author.BOT, Author.OPERATOR)]
    assert len(story.bubbles()) == len(ours)
    assert len(set(story.bubbles())) == len(ours)
    assert {one.delivery for one in ours} <= {"sent", "delivered", "read"}
