"""Phones without a provider: a browser with the widget, and a program that speaks REST."""
import itertools
from collections.abc import Awaitable, Callable, Sequence

import httpx

from bot.model.conversation import Author
from bot.model.views import MessageView
from tests.providers.phone import Bubble, Phone


class WidgetPhone(Phone):
    """``web``: a client whose base is the desk's address."""

    def __init__(self, web: httpx.AsyncClient) -> None:
        super().__init__()
        self._web = web
        self._ids = itertools.count(1)
        self._token = ""

    async def theirs(self) -> Sequence[Bubble]:
        return [
            Bubble(False, one["text"], tuple(choice["title"] for choice in one["choices"]), image=one["image"] or "")
            for one in await self._messages()
        ]

    async def _say(self, text: str) -> None:
        await self._post(text=text)

    async def _tap(self, title: str) -> None:
        for message in reversed(await self._messages()):
            for choice in message["choices"]:
                if choice["title"] == title:
                    return await self._post(choice=choice["id"])
        raise LookupError(title)

    async def _post(self, **content: str) -> None:
        body = {"id": f"tap-{next(self._ids)}", "locale": "it-IT", **content}
        headers = await self._login()
        for _ in range(2):  # a browser that does not hear the answer sends it again
            (await self._web.post("/api/widget/messages", json=body, headers=headers)).raise_for_status()

    async def _messages(self) -> list[dict]:  # type: ignore[type-arg]
        answer = await self._web.get("/api/widget/messages", headers=await self._login())
        return [one for one in answer.raise_for_status().json()["messages"] if one["author"] != "contact"]

    async def _login(self) -> dict[str, str]:
        if not self._token:
            session = await self._web.post("/api/widget/session", json={"locale": "it-IT"})
            self._token = session.raise_for_status().json()["token"]
        return {"authorization": f"Bearer {self._token}"}


class RestPhone(Phone):
    """Who asks over REST is told the answers; what a person writes stands in the conversation, which ``kept`` reads."""

    def __init__(self, web: httpx.AsyncClient, sender: str, kept: Callable[[], Awaitable[list[MessageView]]]) -> None:
        super().__init__()
        self._web = web
        self._sender = sender
        self._kept = kept
        self._ids = itertools.count(1)
        self.answers: list[str] = []

    async def theirs(self) -> Sequence[Bubble]:
        return [
            Bubble(False, one.text, tuple(choice.title for choice in one.choices), image=one.image or "")
            for one in await self._kept()
            if one.author is not Author.CONTACT
        ]

    async def _say(self, text: str) -> None:
        message_id = f"{self._sender}-{next(self._ids)}"
        body = {"sender": self._sender, "message": text, "metadata": {"message_id": message_id}}
        for is_again in (False, True):  # a program that does not hear the answer asks again
            answer = await self._web.post("/webhooks/rest/webhook", json=body, timeout=20)
            if not is_again:
                self.answers += [one["text"] for one in answer.raise_for_status().json()]

    async def _tap(self, title: str) -> None:
        for message in reversed(await self._kept()):
            for choice in message.choices:
                if choice.title == title:
                    return await self._say(f"choice:{choice.id}")
        raise LookupError(title)
