"""A strict double of Telegram's Bot API on loopback: it refuses what Telegram refuses, and a little more.

Facts: core.telegram.org/bots/api. Shoppers are `User`s who write, tap, edit and block; what they got is in ``shown``.
"""
import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.providers.telegram_html import Unparsable, visible_text
from tests.providers.telegram_user import ME, NOW, User

TOKEN = "123456789:AAFthis-is-the-token-of-a-test-bot"
Values = dict[str, Any]


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class TelegramDouble:
    """The server's state.

    Attributes:
        calls: (method, parameters) of every call that was understood.
        refuse: method -> refusals for the next calls of it, in order; None lets one pass.
        lose_answers: methods whose next call is done but never answered.
        mischief: 'duplicate' and 'reorder' change what a poll brings.
    """

    users: dict[int, User] = field(default_factory=dict)
    groups: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    updates: list[Values] = field(default_factory=list)
    calls: list[tuple[str, Values]] = field(default_factory=list)
    refuse: dict[str, list[Refusal | None]] = field(default_factory=dict)
    lose_answers: list[str] = field(default_factory=list)
    mischief: set[str] = field(default_factory=set)
    webhook: Values = field(default_factory=dict)
    answered_taps: list[str] = field(default_factory=list)
    open_taps: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ids = itertools.count(1001)
        self._update_ids = itertools.count(500_001)
        self._polls = 0
        self._news = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/file/bot{token}/{path:path}", self._download),
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            ]
        )

    def user(self, user_id: int, name: str, language: str = "it") -> User:
        self.users[user_id] = User(self, user_id, name, language)
        return self.users[user_id]

    def happens(self, **content: Any) -> Values:
        """Queue an update."""
        update = {"update_id": next(self._update_ids), **content}
        self.updates.append(update)
        self._news.set()
        return update

    def named(self, method: str) -> list[Values]:
        """The parameters of every call of a method."""
        return [values for name, values in self.calls if name == method]

    async def deliver(self, client: httpx.AsyncClient, path: str = "") -> list[int]:
        """Post what is queued to the webhook until it answers 200; the statuses met."""
        statuses = []
        while self.updates:
            answer = await client.post(
                path or urlsplit(self.webhook["url"]).path, json=self.updates[0],
                headers={"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")},
            )
            statuses.append(answer.status_code)
            if answer.status_code != 200:
                break
            self.updates.pop(0)
        return statuses

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            known = METHODS.get(method)
            if known is None:
                raise Refusal(404, "Not Found")
            values = dict(request.query_params) | dict(await request.form())
            unknown = values.keys() - known.fields
            if unknown:
                raise Refusal(400, f"Bad Request: unknown parameters {sorted(unknown)}")
            for name in known.required - values.keys():
                raise Refusal(400, f"Bad Request: parameter {name} is required")
            refusal = self.refuse[method].pop(0) if self.refuse.get(method) else None
            if refusal is not None:
                raise refusal
            self.calls.append((method, values))
            result = await known.run(self, values)
        except Refusal as refusal:
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            parameters = {"parameters": refusal.parameters} if refusal.parameters else {}
            return JSONResponse(body | parameters, refusal.status)
        if method in self.lose_answers:
            self.lose_answers.remove(method)
            return StreamingResponse(iter([b"{"]), headers={"content-length": "99"})  # the connection breaks
        # Telegram writes every letter beyond ASCII as \\uXXXX.
        return Response(json.dumps({"ok": True, "result": result}), media_type="application/json")

    async def _download(self, request: Request) -> Response:
        return Response(self.files[request.path_params["path"]])

    async def get_updates(self, values: Values) -> list[Values]:
        if self.webhook:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        self._polls += 1
        mine = self._polls
        self._news.set()  # an older poll ends now
        offset, hold = int(values.get("offset", 0)), float(values.get("timeout", 0))
        self.updates = [one for one in self.updates if one.get("update_id", 0) >= offset]
        if hold and not self.updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), hold)
            except TimeoutError:
                return []
        if mine != self._polls:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")
        allowed = json.loads(values.get("allowed_updates", "[]"))
        batch = [one for one in self.updates if not allowed or one.keys() & {*allowed}][: int(values.get("limit", 100))]
        batch = [one for one in batch for _ in range(2 if "duplicate" in self.mischief else 1)]
        return batch[::-1] if "reorder" in self.mischief else batch

    def target(self, values: Values) -> User | None:
        """The chat a call is for; None for a group."""
        chat_id = int(values["chat_id"])
        if chat_id in self.groups:
            return None
        user = self.users.get(chat_id)
        if user is None:
            raise Refusal(400, "Bad Request: chat not found")
        if user.has_blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return user

    def show(self, values: Values, said: str, limit: int, **content: Any) -> Values:
        try:
            visible = visible_text(said) if values.get("parse_mode") == "HTML" else said
        except Unparsable as error:
            raise Refusal(400, f"Bad Request: can't parse entities: {error}") from None
        if len(visible.encode("utf-16-le")) // 2 > limit:
            raise Refusal(400, "Bad Request: message is too long")
        user = self.target(values)
        chat = {"id": int(values["chat_id"]), "type": "private"}
        message = {"message_id": next(self.ids), "date": NOW, "from": ME, "chat": chat} | content | _keyboard(values)
        if user is not None:
            user.shown.append(message | {"visible": visible})
        return message


def _keyboard(values: Values) -> Values:
    if "reply_markup" not in values:
        return {}
    markup = json.loads(values["reply_markup"])
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if not buttons or len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise Refusal(400, "Bad Request: wrong number of buttons")
    for button in buttons:
        if not button["text"].strip():
            raise Refusal(400, "Bad Request: inline keyboard button text is empty")
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"reply_markup": markup}


async def _get_me(double: TelegramDouble, values: Values) -> Any:
    return ME


async def _send_message(double: TelegramDouble, values: Values) -> Any:
    if not values["text"].strip():
        raise Refusal(400, "Bad Request: message text is empty")
    return double.show(values, values["text"], 4096, text=values["text"])


async def _send_photo(double: TelegramDouble, values: Values) -> Any:
    if not values["photo"].startswith("https://"):
        raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
    photo = [{"file_id": "photo-out", "file_unique_id": "p", "width": 9, "height": 9}]
    return double.show(values, values.get("caption", ""), 1024, photo=photo)


async def _chat_action(double: TelegramDouble, values: Values) -> Any:
    double.target(values)
    return True


async def _answer_tap(double: TelegramDouble, values: Values) -> Any:
    if values["callback_query_id"] not in double.open_taps:
        raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    double.open_taps.discard(values["callback_query_id"])
    double.answered_taps.append(values["callback_query_id"])
    return True


async def _set_webhook(double: TelegramDouble, values: Values) -> Any:
    if not values["url"].startswith("https://"):
        raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    double.webhook = values
    return True


async def _delete_webhook(double: TelegramDouble, values: Values) -> Any:
    double.webhook = {}
    return True


async def _webhook_info(double: TelegramDouble, values: Values) -> Any:
    return {
        "url": double.webhook.get("url", ""), "has_custom_certificate": False,
        "pending_update_count": len(double.updates),
    } | ({"last_error_message": double.webhook["error"], "last_error_date": NOW} if "error" in double.webhook else {})


async def _get_file(double: TelegramDouble, values: Values) -> Any:
    path = next((one for one in double.files if PurePosixPath(one).stem == values["file_id"]), None)
    if path is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    size = len(double.files[path])
    return {"file_id": values["file_id"], "file_unique_id": "u", "file_size": size, "file_path": path}


@dataclass(frozen=True)
class Method:
    run: Callable[[TelegramDouble, Values], Awaitable[Any]]
    required: frozenset[str]
    optional: frozenset[str]

    @property
    def fields(self) -> frozenset[str]:
        return self.required | self.optional


def _method(run: Callable[[TelegramDouble, Values], Awaitable[Any]], required: str = "", optional: str = "") -> Method:
    return Method(run, frozenset(required.split()), frozenset(optional.split()))


METHODS: Mapping[str, Method] = {
    "getMe": _method(_get_me),
    "getUpdates": _method(TelegramDouble.get_updates, "", "offset limit timeout allowed_updates"),
    "sendMessage": _method(_send_message, "chat_id text", "parse_mode reply_markup link_preview_options"),
    "sendPhoto": _method(_send_photo, "chat_id photo", "caption parse_mode reply_markup"),
    "sendChatAction": _method(_chat_action, "chat_id action"),
    "answerCallbackQuery": _method(_answer_tap, "callback_query_id", "text"),
    "setWebhook": _method(_set_webhook, "url", "secret_token allowed_updates max_connections"),
    "deleteWebhook": _method(_delete_webhook, "", "drop_pending_updates"),
    "getWebhookInfo": _method(_webhook_info),
    "getFile": _method(_get_file, "file_id"),
}
