"""The doubles running and joined to a desk, for `sportello simulate` and the test of the whole conversation."""
import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from bot.model.errors import SportelloError
from bot.model.ports import Clock
from tests.providers.loopback import Loopback
from tests.providers.meta import APP_SECRET, Deliveries
from tests.providers.meta import TOKEN as META_TOKEN
from tests.providers.phone import Phone
from tests.providers.phone.page import page

T = TypeVar("T")
#: How often what waits at Meta is looked for, and how long a desk that did not take it is left alone.
LOOK_S, AGAIN_S = 0.02, 0.5
#: Who holds the simulated phone: name and e-mail address, those of order 1004 of the demo shop.
SHOPPER = ("Mario Rossi", "mario.rossi@example.com")


@dataclass(frozen=True)
class Simulated:
    """A provider on this machine.

    Attributes:
        variables: the desk's account there, as environment variables.
        phone: makes the phone of somebody with this name and, where it matters, e-mail address.
        mischief: what the provider does beside its duty; 'duplicate' tells the desk everything twice.
    """

    kind: str
    variables: dict[str, str]
    phone: Callable[[str, str], Phone]
    mischief: set[str]


def simulated(kind: str, desk_url: str, clock: Clock) -> AbstractAsyncContextManager[Simulated]:
    """The double of a channel's provider while the block runs.

    Args:
        desk_url: where the desk is, or will be: nothing is lost until it answers.

    Raises:
        SportelloError: on entering: something that the double needs is not installed.
    """
    return SIMULATED[kind](desk_url, clock)


@asynccontextmanager
async def _telegram(_desk_url: str, _clock: Clock) -> AsyncIterator[Simulated]:
    from tests.providers.phone.telegram import TelegramPhone
    from tests.providers.telegram import TOKEN, TelegramDouble

    double = TelegramDouble()
    async with Loopback(double.app) as server:
        variables = {"SPORTELLO_TELEGRAM_TOKEN": TOKEN, "SPORTELLO_TELEGRAM_API": server.url}
        users = iter(range(7001, 8000))
        yield Simulated(
            "telegram", variables, lambda name, _mail: TelegramPhone(double.user(next(users), name)), double.mischief
        )
        double.happens()  # whoever still holds a question open is answered, so that the server can end


@asynccontextmanager
async def _whatsapp(desk_url: str, clock: Clock) -> AsyncIterator[Simulated]:
    from tests.providers.phone.whatsapp import WhatsAppPhone
    from tests.providers.whatsapp import PHONE_ID, WhatsAppDouble

    double = WhatsAppDouble(clock=clock)  # type: ignore[arg-type]  # it only asks for the time
    numbers = iter(range(393335550101, 393335550199))
    async with Loopback(double.app) as server, _delivering(double.deliveries, f"{desk_url}/webhooks/whatsapp"):
        variables = _meta("WHATSAPP", server.url, SPORTELLO_WHATSAPP_PHONE_NUMBER_ID=PHONE_ID)
        yield Simulated(
            "whatsapp", variables, lambda name, _mail: WhatsAppPhone(double.person(name, str(next(numbers)))),
            double.deliveries.mischief,
        )


def _messaging(kind: str) -> Callable[[str, Clock], AbstractAsyncContextManager[Simulated]]:
    @asynccontextmanager
    async def opened(desk_url: str, clock: Clock) -> AsyncIterator[Simulated]:
        from tests.providers.messenger import APP, MessagingDouble
        from tests.providers.phone.messaging import MessagingPhone

        double = MessagingDouble(is_instagram=kind == "instagram", now=clock.now, has_human_agent=True)
        ids = iter(range(24_001_000_000_001, 24_001_000_001_000))
        async with Loopback(double.app) as server, _delivering(double.deliveries, f"{desk_url}/webhooks/{kind}"):
            double.url = server.url
            prefix = f"SPORTELLO_{kind.upper()}_"
            account = {f"{prefix}{'ACCOUNT_ID' if double.is_instagram else 'PAGE_ID'}": double.account}
            variables = _meta(kind.upper(), server.url, **account, **{f"{prefix}APP_ID": APP})
            yield Simulated(
                kind, variables, lambda _name, _mail: MessagingPhone(double.shopper(str(next(ids)))),
                double.deliveries.mischief,
            )

    return opened


@asynccontextmanager
async def _email(_desk_url: str, clock: Clock) -> AsyncIterator[Simulated]:
    try:
        from tests.providers.mail_imap import MISSING, PASSWORD, find_dovecot, running_dovecot
        from tests.providers.mail_shopper import Shopper
        from tests.providers.mail_smtp import SmtpDouble
        from tests.providers.phone.email import EmailPhone
    except ImportError as error:
        raise SportelloError(f"{error.name} is missing: install the developer's packages with uv sync.") from None
    if find_dovecot() is None:
        raise SportelloError(f"{MISSING}. Install it, or try another channel.")
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the double's library warns of what is meant so here
    box = "assistenza@passo.example"
    with running_dovecot() as dovecot:
        async with SmtpDouble(senders={box}) as smtp:
            variables = {
                "SPORTELLO_EMAIL_ADDRESS": box, "SPORTELLO_EMAIL_PASSWORD": PASSWORD,
                "SPORTELLO_EMAIL_IMAP": f"imap://127.0.0.1:{dovecot.port}",
                "SPORTELLO_EMAIL_SMTP": f"smtp://127.0.0.1:{smtp.port}",
            }

            def phone(name: str, mail: str) -> Phone:
                def arrives(content: bytes) -> None:
                    dovecot.deliver(box, content, clock.now())

                return EmailPhone(Shopper(mail, name, box, smtp, clock, arrives))

            yield Simulated("email", variables, phone, set())


SIMULATED: dict[str, Callable[[str, Clock], AbstractAsyncContextManager[Simulated]]] = {
    "telegram": _telegram, "whatsapp": _whatsapp, "messenger": _messaging("messenger"),
    "instagram": _messaging("instagram"), "email": _email,
}


def _meta(name: str, url: str, **more: str) -> dict[str, str]:
    prefix = f"SPORTELLO_{name}_"
    return {f"{prefix}TOKEN": META_TOKEN, f"{prefix}APP_SECRET": APP_SECRET, f"{prefix}API": url, **more}


@asynccontextmanager
async def _delivering(deliveries: Deliveries, url: str) -> AsyncIterator[None]:
    """Meta calls the webhook while the block runs."""

    async def run() -> None:
        async with httpx.AsyncClient(timeout=20) as client:
            while True:
                await asyncio.sleep(LOOK_S)
                bodies = list(deliveries.waiting)
                try:
                    statuses = await deliveries.deliver(client, url)
                    if any(status != httpx.codes.OK for status in statuses):
                        await asyncio.sleep(AGAIN_S)
                except httpx.TransportError:
                    new = [body for body in deliveries.waiting if body not in bodies]
                    deliveries.waiting = [body for body in bodies if body not in deliveries.taken] + new
                    await asyncio.sleep(AGAIN_S)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Backstage:
    """A thread with a loop of its own, in which doubles and phones live beside a desk that runs elsewhere."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def do(self, work: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        """Run something there and wait for it."""

        async def run() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    @contextmanager
    def entered(self, block: AbstractAsyncContextManager[T]) -> Iterator[T]:
        """An ``async with`` over there, as a ``with`` here."""
        value = self.do(block.__aenter__())
        try:
            yield value
        finally:
            self.do(block.__aexit__(None, None, None))

    def __enter__(self) -> "Backstage":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _At(Loopback):
    """Serves on a port that was asked for."""

    def __init__(self, app: Starlette, port: int) -> None:
        super().__init__(app)
        self._socket.close()
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{port}"


@contextmanager
def phone_page(kind: str, *, title: str, shop: str, desk_url: str, port: int, clock: Clock) -> Iterator[dict[str, str]]:
    """A double with the page of one phone on ``port``, beside a desk; the variables of the desk's account.

    Raises:
        SportelloError: something that the double needs is not installed.
    """
    with Backstage() as backstage, backstage.entered(simulated(kind, desk_url, clock)) as double:
        app = page(double.phone(*SHOPPER), kind=kind, title=title, shop=shop, desk_url=desk_url)
        with backstage.entered(_At(app, port)):
            try:
                yield double.variables
            finally:
                app.state.is_over = True
