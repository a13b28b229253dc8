"""A strict double of the Send API of Messenger and Instagram on loopback: it refuses what Meta refuses.

Facts: developers.facebook.com, "Send API", "Quick replies", "Error codes". Shoppers are `Shopper`s; every message of
the shop's side comes back as an echo, whoever wrote it.
"""
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.providers.messenger_user import Shopper, Values
from tests.providers.meta import TOKEN, Deliveries, Refusal, broken_off, check_bearer

PAGE = "104567890123456"
INSTAGRAM = "17841400008460056"
APP = "220011223344556"
#: The inbox of Meta Business Suite, where people of the shop answer.
INBOX_APP = "263902037430900"
DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
ACTIONS = ("typing_on", "typing_off", "mark_seen")
FILE_TYPES = {"png": "image/png", "webp": "image/webp", "gif": "image/gif", "m4a": "audio/mp4"}
FIELDS = ["messages", "messaging_postbacks", "message_echoes", "message_reads", "message_deliveries"]


@dataclass
class MessagingDouble:
    """The server's state.

    Attributes:
        now: the time.
        sent: every body that was accepted as a message.
        actions: (shopper, action).
        refuse: refusals for the next calls that send a message, in order; None lets one pass.
        lose_answers: so many next messages are sent but never answered.
        has_human_agent: Meta approved it for this app.
        names_app: echoes of the app's messages name it; Messenger's always do.
        subscribed: what GET subscribed_apps answers.
        scopes: of the token.
    """

    is_instagram: bool = False
    now: Callable[[], datetime] = lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    shoppers: dict[str, Shopper] = field(default_factory=dict)
    sent: list[Values] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    refuse: list[Refusal | None] = field(default_factory=list)
    lose_answers: int = 0
    has_human_agent: bool = False
    names_app: bool = True
    deliveries: Deliveries = field(default_factory=Deliveries)
    files: dict[str, bytes] = field(default_factory=dict)
    subscribed: list[Values] = field(default_factory=lambda: [{"id": APP, "subscribed_fields": FIELDS}])
    scopes: list[str] = field(default_factory=lambda: ["pages_messaging", "instagram_manage_messages"])
    app: Starlette = field(init=False)
    url: str = ""

    def __post_init__(self) -> None:
        self._mids = itertools.count(1)
        self.app = Starlette(
            routes=[
                Route("/cdn/{name}", self._file),
                Route("/{version}/debug_token", self._answer(self._token)),
                Route("/{version}/{node}", self._answer(self._account)),
                Route("/{version}/{node}/subscribed_apps", self._answer(self._subscriptions)),
                Route("/{version}/{node}/messages", self._answer(self._send), methods=["POST"]),
            ]
        )

    @property
    def account(self) -> str:
        return INSTAGRAM if self.is_instagram else PAGE

    def shopper(self, shopper_id: str) -> Shopper:
        return self.shoppers.setdefault(shopper_id, Shopper(self, shopper_id))

    def new_mid(self) -> str:
        return f"m_{next(self._mids):04d}-Q3znCzp31iKkarGcToiQWSJGtmSVjUPs7GtwB7WEjVRcg9MxG8TT09Z0wimdrcCH"

    def milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)

    def keep(self, name: str, content: bytes) -> str:
        """The address of a file that a shopper sent."""
        self.files[name] = content
        return f"{self.url}/cdn/{name}"

    def happens(self, shopper: Shopper, *, box: str = "messaging", is_echo: bool = False, **event: Any) -> None:
        """Queue an event for the webhook."""
        ends = {"sender": {"id": shopper.id}, "recipient": {"id": self.account}}
        if is_echo:
            ends = {"sender": ends["recipient"], "recipient": ends["sender"]}
        body = {**ends, "timestamp": self.milliseconds(), **event}
        entry = {"id": self.account, "time": self.milliseconds(), box: [body]}
        self.deliveries.add({"object": "instagram" if self.is_instagram else "page", "entry": [entry]})

    def person_answers(
        self, shopper: Shopper, text: str, *, app_id: str | None = INBOX_APP, box: str = "messaging"
    ) -> None:
        """Somebody of the shop answers in the inbox; from a phone there is no app."""
        message = {"mid": self.new_mid(), "text": text}
        shopper.shown.append(message)
        app = {} if app_id is None else {"app_id": int(app_id)}
        self.happens(shopper, box=box, is_echo=True, message={**message, **app, "is_echo": True})

    def _answer(self, call: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            try:
                check_bearer(request)
                result = call(request)
                result = await result if request.method == "POST" else result
            except Refusal as refusal:
                return refusal.answer()
            return result if isinstance(result, Response) else JSONResponse(result)

        return endpoint

    async def _file(self, request: Request) -> Response:
        if "authorization" in request.headers:
            return Response("no token is wanted here", 400)
        content = self.files.get(request.path_params["name"])
        if content is None:
            return Response("URL signature expired", 403)
        ending = request.path_params["name"].rpartition(".")[2]
        return Response(content, media_type=FILE_TYPES.get(ending, "image/jpeg"))

    def _token(self, request: Request) -> Values:
        if request.query_params.get("input_token") != TOKEN:
            raise Refusal(100, "The input_token is missing")
        return {"data": {"app_id": APP, "is_valid": True, "scopes": self.scopes, "type": "PAGE"}}

    def _account(self, request: Request) -> Values:
        if request.path_params["node"] != self.account:
            raise Refusal(100, "Unsupported get request. Object does not exist", subcode=33)
        name = {"username": "passo_scarpe"} if self.is_instagram else {"name": "Passo"}
        return name | {"id": self.account}

    def _subscriptions(self, request: Request) -> Values:
        return {"data": self.subscribed}

    async def _send(self, request: Request) -> Values | Response:
        if request.path_params["node"] not in ("me", self.account):
            raise Refusal(100, "Unsupported post request. Object does not exist", subcode=33)
        body = await request.json()
        _only(body, "recipient", "messaging_type", "tag", "message", "sender_action")
        shopper = self._recipient(body)
        if "sender_action" in body:
            return self._act(shopper, body)
        refusal = self.refuse.pop(0) if self.refuse else None
        if refusal is not None:
            raise refusal
        self._check_window(shopper, body)
        check_message(body.get("message"), is_instagram=self.is_instagram)
        answer = self._accept(shopper, body)
        if self.lose_answers:
            self.lose_answers -= 1
            return broken_off()
        return answer

    def _recipient(self, body: Values) -> Shopper:
        recipient = body.get("recipient")
        if not isinstance(recipient, dict) or recipient.keys() != {"id"}:
            raise Refusal(100, "param recipient must be non-empty")
        shopper = self.shoppers.get(recipient["id"])
        if shopper is None:
            raise Refusal(100, "No matching user found", subcode=2018001)
        if shopper.is_gone:
            raise Refusal(551, "This person isn't available right now", subcode=1545041)
        return shopper

    def _act(self, shopper: Shopper, body: Values) -> Values:
        _only(body, "recipient", "sender_action")
        if body["sender_action"] not in ACTIONS:
            raise Refusal(100, "Param sender_action must be one of " + ", ".join(ACTIONS))
        self.actions.append((shopper.id, body["sender_action"]))
        return {"recipient_id": shopper.id}

    def _check_window(self, shopper: Shopper, body: Values) -> None:
        kind, tag = body.get("messaging_type"), body.get("tag")
        if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
            raise Refusal(100, "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
        if (kind == "MESSAGE_TAG") != (tag is not None):
            raise Refusal(100, "A tag goes with messaging_type MESSAGE_TAG, and only with it")
        if tag not in (None, "HUMAN_AGENT"):
            raise Refusal(100, "Invalid tag")
        if tag is not None and not self.has_human_agent:
            raise Refusal(100, "This app is not approved for the tag HUMAN_AGENT")
        limit = WEEK if tag else DAY
        if shopper.last_wrote is None or self.now() - shopper.last_wrote > limit:
            raise Refusal(10, "This message is sent outside of allowed window.", status=403, subcode=2018278)

    def _accept(self, shopper: Shopper, body: Values) -> Values:
        mid, message = self.new_mid(), body["message"]
        self.sent.append(body)
        shopper.shown.append({**message, "mid": mid})
        echo = {"mid": mid, "is_echo": True} | {key: message[key] for key in ("text", "metadata") if key in message}
        if "attachment" in message:
            echo["attachments"] = [{"type": "image", "payload": {"url": f"{self.url}/cdn/copy.jpg"}}]
        if self.names_app:
            echo["app_id"] = int(APP)
        self.happens(shopper, is_echo=True, message=echo)
        return {"recipient_id": shopper.id, "message_id": mid}


def check_message(message: Any, *, is_instagram: bool) -> None:
    """Refuse what Meta refuses in a message."""
    if not isinstance(message, dict) or not message:
        raise Refusal(100, "param message must be non-empty")
    _only(message, "text", "attachment", "quick_replies", *(() if is_instagram else ("metadata",)))
    if ("text" in message) == ("attachment" in message):
        raise Refusal(100, "Must send exactly one of text and attachment")
    if "text" in message:
        _check_text(message["text"], is_instagram=is_instagram)
    else:
        _check_image(message["attachment"])
    if "metadata" in message and not 1 <= len(message["metadata"]) <= 1000:
        raise Refusal(100, "Length of param message[metadata] must be less than or equal to 1000")
    if "quick_replies" in message:
        _check_quick_replies(message["quick_replies"])


def _check_text(text: Any, *, is_instagram: bool) -> None:
    if not isinstance(text, str) or not text.strip():
        raise Refusal(100, "param message[text] must be non-empty")
    limit, length = (1000, len(text.encode())) if is_instagram else (2000, len(text))
    if length > limit:
        raise Refusal(100, f"Length of param message[text] must be less than or equal to {limit}")


def _check_image(attachment: Any) -> None:
    if attachment.keys() != {"type", "payload"} or attachment["type"] != "image":
        raise Refusal(100, "Invalid attachment")
    if not attachment["payload"].get("url", "").startswith("https://"):
        raise Refusal(100, "Failed to fetch the file from the url", subcode=2018008)


def _check_quick_replies(replies: Any) -> None:
    if not isinstance(replies, list) or not 1 <= len(replies) <= 13:
        raise Refusal(100, "param message[quick_replies] must have between 1 and 13 elements")
    for reply in replies:
        if reply.keys() != {"content_type", "title", "payload"} or reply["content_type"] != "text":
            raise Refusal(100, "Invalid quick reply")
        if not 1 <= len(reply["title"].strip()) <= 20 or not 1 <= len(reply["payload"]) <= 1000:
            raise Refusal(100, "A quick reply's title has 1 to 20 characters, its payload 1 to 1000")
    for name in ("title", "payload"):
        if len({reply[name] for reply in replies}) != len(replies):
            raise Refusal(100, f"Quick replies must differ in their {name}")


def _only(value: Values, *allowed: str) -> None:
    unknown = value.keys() - {*allowed}
    if unknown:
        raise Refusal(100, f"Unexpected keys {sorted(unknown)}")
