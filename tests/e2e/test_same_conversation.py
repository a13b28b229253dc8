"""One scripted conversation on all seven channels: FAQ, order, handoff, operator, score. Everything is told twice.

The desk is the real one with the shop's model; the providers are doubles on this machine that repeat every event.
"""
import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels import Media
from bot.model.conversation import Author
from bot.model.ports import Address
from bot.model.views import MessageView
from bot.nlu import registry
from tests.e2e.running_desk import RunningDesk, SetClock
from tests.providers.mail_imap import MISSING, find_dovecot
from tests.providers.phone import File, Phone
from tests.providers.phone.desk import RestPhone, WidgetPhone
from tests.providers.phone.page import VOICE_NOTE
from tests.providers.simulator import SIMULATED, Backstage, simulated

MAIL = "mario.rossi@example.com"
GOOD_WORD = "Giulia è stata gentilissima e ha risolto subito"
SOON_S = 30
#: What the shopper reads from beginning to end; each of it once.
READS = (
    "4,90 €", "numero del tuo ordine", "è partito ed è in viaggio", "Ti passo un collega", "Ora ti risponde Giulia",
    "il corriere passa domani mattina", "La conversazione è chiusa", "Dai un voto da 1 a 5",
    "scrivimi in una riga il perché", "Grazie, lo leggeremo",
)


class GoingClock(SetClock):
    """A Monday at ten, and then as time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ChannelDesk(RunningDesk):
    """The desk with accounts at providers."""

    def __init__(self, project: Path, state: Path) -> None:
        super().__init__(project, state, GoingClock())
        self.accounts = self._environ


@dataclass
class Line:
    """A shopper with a phone, and the desk at the other end."""

    kind: str
    desk: ChannelDesk
    backstage: Backstage
    phone: Phone

    def says(self, text: str) -> None:
        self.backstage.do(self.phone.says(text))

    def scores(self, title: str) -> None:
        """Tap where there is something to tap, else write the number."""
        try:
            self.backstage.do(self.phone.taps(title))
        except LookupError:
            self.says(title[0])

    def theirs(self) -> list[str]:
        return [one.text for one in self.backstage.do(self.phone.theirs())]

    def reads(self, *parts: str) -> None:
        """Wait until the shop's messages hold these."""
        until = time.monotonic() + SOON_S
        while not all(part in "\n".join(self.theirs()) for part in parts):
            assert time.monotonic() < until, f"{self.kind} never showed {parts}, but {self.theirs()}"
            time.sleep(0.05)

    def operator(self, name: str, **payload: object) -> None:
        self.desk.command(self.conversation, name, **payload)

    @property
    def conversation(self) -> int:
        return self.desk.do(lambda: newest(self.desk, self.kind))


async def newest(desk: ChannelDesk, kind: str) -> int:
    """The channel's conversation that waits for or is held by a person."""
    (row,) = [row for row in await desk.house.desk.queue() if row.channel == kind]
    return row.conversation_id


async def of_contact(desk: ChannelDesk, address: Address) -> list[MessageView]:
    found = await desk.house.desk.find_conversation(address)
    return await desk.house.desk.messages(found.id) if found is not None else []


@pytest.fixture(scope="module")
def line_of(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Line]]:
    """Makes a line of a channel; one desk serves all."""
    desk = ChannelDesk(project, tmp_path_factory.mktemp("channels"))
    other = registry.find()  # of the other tests' desk, which goes on afterwards
    with Backstage() as backstage, ExitStack() as stack:
        doubles = {}
        for kind in SIMULATED:
            if kind != "email" or find_dovecot() is not None:
                doubles[kind] = stack.enter_context(backstage.entered(simulated(kind, desk.url, desk.clock)))
                doubles[kind].mischief.add("duplicate")
                desk.accounts.update(doubles[kind].variables)
        desk.start()
        stack.callback(desk.stop)
        web = stack.enter_context(backstage.entered(httpx.AsyncClient(base_url=desk.url, timeout=20)))

        async def kept() -> list[MessageView]:
            return await asyncio.to_thread(desk.do, lambda: of_contact(desk, Address("rest", "", "mario")))

        def line(kind: str, mail: str = MAIL) -> Line:
            if kind == "widget":
                return Line(kind, desk, backstage, WidgetPhone(web))
            if kind == "rest":
                return Line(kind, desk, backstage, RestPhone(web, "mario", kept))
            return Line(kind, desk, backstage, doubles[kind].phone("Mario Rossi", mail))

        yield line
    desk.http.close()
    registry.register(other)


KINDS = ("widget", "rest", "telegram", "whatsapp", "messenger", "instagram", "email")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_conversation_passes_on_every_channel(line_of: Callable[..., Line], kind: str) -> None:
    if kind == "email" and find_dovecot() is None:
        pytest.skip(MISSING)
    line = line_of(kind)

    line.says("Quanto costa la spedizione?")
    line.reads("Ti risponde l'assistente automatico di Passo", "4,90 €")
    line.says("Dov'è il mio pacco?")
    line.reads("numero del tuo ordine")
    line.says(f"1004 {MAIL}")
    line.reads("1004", "è partito ed è in viaggio", "BRT", "084730251196", "martedì 24 novembre")
    line.says("vorrei parlare con una persona")
    line.reads("Ti passo un collega")

    conversation = line.conversation
    line.operator("take")
    line.reads("Ora ti risponde Giulia")
    line.operator("reply", text="Ciao Mario, sono Giulia: il corriere passa domani mattina.")
    line.reads("il corriere passa domani mattina")
    line.says("va bene, allora aspetto domani")
    heard(line, conversation, "va bene, allora aspetto domani")

    line.operator("close")
    line.reads("La conversazione è chiusa", "Dai un voto da 1 a 5")
    line.scores("5 – ottimo")
    line.reads("scrivimi in una riga il perché")
    line.says(GOOD_WORD)
    line.reads("Grazie, lo leggeremo")

    dossier = line.desk.do(lambda: line.desk.house.desk.dossier(conversation))
    assert dossier is not None
    assert [(one["score"], one["comment"]) for one in dossier.ratings] == [(5, GOOD_WORD)]
    assert_nothing_is_lost_or_doubled(line, conversation)


def heard(line: Line, conversation: int, text: str) -> None:
    """Wait until the desk has a message to which nobody answers by itself."""
    until = time.monotonic() + SOON_S
    while not any(text in one.text for one in stored(line, conversation)):
        assert time.monotonic() < until, f"{line.kind}: the desk never got {text!r}"
        time.sleep(0.05)


def stored(line: Line, conversation: int) -> list[MessageView]:
    return line.desk.do(lambda: line.desk.house.desk.messages(conversation, for_contact=False))


def assert_nothing_is_lost_or_doubled(line: Line, conversation: int) -> None:
    screen = "\n".join(line.theirs())
    assert [(part, screen.count(part)) for part in READS] == [(part, 1) for part in READS]
    messages = stored(line, conversation)
    assert sum(one.author is Author.CONTACT for one in messages) == 7
    ours = [one for one in messages if one.author in (Author.BOT, Author.OPERATOR)]
    assert {one.delivery for one in ours} <= {"sent", "delivered", "read"}
    if isinstance(line.phone, RestPhone):
        assert [one for one in line.phone.answers if one not in line.theirs()] == []


@pytest.mark.parametrize("kind", SIMULATED)
def test_photos_and_voice_notes_reach_the_operator_as_they_were_sent(line_of: Callable[..., Line], kind: str) -> None:
    if kind == "email" and find_dovecot() is None:
        pytest.skip(MISSING)
    line = line_of(kind, "elena.fontana@example.com")
    photo = File("photo", "image/png", b"\x89PNG\r\n\x1a\n and what follows")

    line.backstage.do(line.phone.sends(photo))
    line.backstage.do(line.phone.sends(VOICE_NOTE))
    line.says("vorrei parlare con una persona")
    line.reads("Ti passo un collega")

    found = [one for message in stored(line, line.conversation) for one in message.attachments]
    assert [one.kind for one in found] == ["image", "audio"]
    media = [line.desk.do(lambda one=one: fetched(line, one.url)) for one in found]  # type: ignore[misc]
    assert [(one.content, one.mime_type) for one in media] == [
        (one.content, one.mime_type) for one in (photo, VOICE_NOTE)
    ]
    line.operator("close")


async def fetched(line: Line, url: str) -> Media:
    return await line.desk.house.desk.media(line.kind, url.removeprefix(f"/media/{line.kind}/"))
