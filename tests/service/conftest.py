"""A whole desk on a real store, with fakes at its other ports."""
import itertools
import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from bot.channels import ChannelParts
from bot.channels.capabilities import Capabilities
from bot.model.conversation import EventKind, Inbound
from bot.model.ports import Address, Channel
from bot.model.views import ConversationView, MessageView, OperatorView
from bot.service.assembly import Parts, build_desk
from bot.service.desk import Desk
from bot.service.live import Manner
from bot.service.people.operators import Operators
from bot.service.queue.commands import CommandResult
from bot.storage.operator_rows import StoredOperators
from bot.storage.store import Store, open_store
from tests import fakes

GIULIA = OperatorView(1, "giulia", "Giulia")
MARCO = OperatorView(2, "marco", "Marco")


@dataclass
class Care:
    """A desk and its fakes, with short words for what tests do."""

    store: Store
    desk: Desk
    clock: fakes.FakeClock
    hours: fakes.FakeHours
    understanding: fakes.FakeUnderstanding
    dialogue: fakes.FakeDialogue
    orders: fakes.FakeOrders
    push: fakes.FakeChannel
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def writes(
        self, who: str, text: str, *, key: str = "", channel: str = "widget", choice: str | None = None
    ) -> int:
        """A shopper writes (or taps ``choice``); the conversation's id, once its turns are over."""
        inbound = Inbound(
            channel=channel, kind=EventKind.CHOICE if choice else EventKind.MESSAGE,
            key=key or f"key-{next(self.ids)}", address=who, text=text, choice=choice, locale="it-IT",
        )
        found = (await self.desk.receive([inbound]))[0]
        await self.settle()
        return found

    async def settle(self) -> None:
        await self.desk._workers.idle()  # noqa: SLF001  # tests wait for what a running desk does by itself

    async def send(self) -> None:
        while await self.desk._sender.send_due():  # noqa: SLF001
            pass

    async def does(self, operator: OperatorView, conversation: int, name: str, **payload: object) -> CommandResult:
        return await self.desk.command(
            conversation, name, operator=operator, key=f"command-{next(self.ids)}", payload=payload
        )

    async def seen_by(self, who: str, channel: str = "widget") -> list[MessageView]:
        found = await self.desk.find_conversation(Address(channel, "", who))
        assert found is not None
        return await self.desk.messages(found.id)

    async def replies(self, who: str, channel: str = "widget") -> list[str]:
        return [one.text for one in await self.seen_by(who, channel) if one.author != "contact"]

    async def replies_of(self, conversation: int) -> list[str]:
        """Ours, also those that have not left."""
        lines = await self.desk.messages(conversation, for_contact=False)
        return [one.text for one in lines if one.author not in ("contact", "system")]

    async def view(self, conversation: int) -> ConversationView:
        found = await self.desk.conversation(conversation)
        assert found is not None
        return found


def parts_of(channel: Channel, **limits: Any) -> ChannelParts:
    """A channel with generous limits, but for those given."""
    return ChannelParts(channel, Capabilities(**({"text": 4096} | limits)))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own on a socket in a temporary folder; skipped where the server is not installed."""
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("PostgreSQL's initdb and pg_ctl are not on PATH")
    folder = Path("/tmp") / f"sportello-pg-{os.getpid()}"  # a socket path must be short
    folder.mkdir()
    user = None
    if os.geteuid() == 0:  # the server refuses root
        user = next((name for name in ("postgres", "nobody") if _has_user(name)), None)
        if user is None:
            pytest.skip("PostgreSQL refuses to run as root and there is no other user")
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-o", f"-c listen_addresses='' -k {folder} -c fsync=off", "-l",
            str(folder / "log"), "start")
        try:
            yield f"postgresql://desk@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """The same tests on both databases."""
    if request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    else:
        opened = open_store(_new_database(request.getfixturevalue("postgres")))
    yield opened
    await opened.close()


_databases = itertools.count(1)


def _new_database(url: str) -> str:
    import psycopg2

    name = f"desk{next(_databases)}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
async def care(store: Store) -> AsyncIterator[Care]:
    made = await make_care(store)
    yield made
    await made.desk.stop()


async def make_care(store: Store, **others: Any) -> Care:
    clock, hours, dialogue = fakes.FakeClock(), fakes.FakeHours(), fakes.FakeDialogue()
    understanding, orders, push = fakes.FakeUnderstanding(), fakes.FakeOrders(), fakes.FakeChannel()
    push = others.pop("push", push)
    operators = Operators(StoredOperators(store, clock), PasswordHasher(1, 8, 1))
    for one in (GIULIA, MARCO):
        if await operators.get_operator(one.id) is None:
            await operators.add(one.login, one.public_name, "a-long-password")
    parts = Parts(
        store=store, clock=clock, understanding=understanding, dialogue=dialogue, texts=fakes.FakeTexts(),
        hours=hours, orders=orders, live_faq=fakes.FakeLiveFaq(), reader=fakes.FakeReader,  # type: ignore[arg-type]
        operators=operators, channels=others.pop("channels", {"push": parts_of(push)}), shop="Passo",
        manner=Manner("informal", "when_needed"),
        notices=list, **others,
    )
    desk, faq = build_desk(parts)
    await faq.serve(fakes.publication(shipping_cost="4,90 €", return_how="30 giorni"))
    return Care(store, desk, clock, hours, understanding, dialogue, orders, push)
