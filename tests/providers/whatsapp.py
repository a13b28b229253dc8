"""A strict double of the WhatsApp Cloud API on loopback: it refuses what Meta refuses, and tells the webhook the rest.

Shoppers are `Person`s who write, tap, edit and read; what they got is in ``shown``. `deliver` brings the webhook what
Meta has to tell, signed as Meta signs.
"""
import base64
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes import FakeClock
from tests.providers.meta import APP_SECRET, TOKEN, Deliveries, Refusal, broken_off, check_bearer
from tests.providers.whatsapp_checks import check_body, fields, refuse
from tests.providers.whatsapp_person import Person

PHONE_ID = "106540352242922"
BUSINESS = "102290129340398"
PATH = "/webhooks/whatsapp"
WINDOW = timedelta(hours=24)
Values = dict[str, Any]

__all__ = ["APP_SECRET", "BUSINESS", "PATH", "PHONE_ID", "TOKEN", "Person", "Refusal", "WhatsAppDouble"]


@dataclass
class WhatsAppDouble:
    """The server's state.

    Attributes:
        written: who wrote each message that came in.
        sent: the body of every message that was accepted.
        calls: method and path of every call.
        refuse: refusals for the next sends, in order; None lets one pass.
        lose_answers: so many next sends are done but never answered.
        lose_requests: so many next sends are neither done nor answered.
        refuses_late_at_once: whether the closed window is an answer (True) or a failed status later (as mostly).
        templates: (name, language) of the approved ones.
        hook: the webhook's address, as entered in the app.
        token: what is told about the token.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    number: str = "390212345678"
    people: list[Person] = field(default_factory=list)
    deliveries: Deliveries = field(default_factory=Deliveries)
    written: dict[str, Person] = field(default_factory=dict)
    sent: list[Values] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuse: list[Refusal | None] = field(default_factory=list)
    lose_answers: int = 0
    lose_requests: int = 0
    refuses_late_at_once: bool = False
    templates: set[tuple[str, str]] = field(default_factory=set)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    hook: str = f"https://desk.shop.example{PATH}"
    status: str = "CONNECTED"
    quality: str = "GREEN"
    subscribed: bool = True
    token: Values = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._posted: list[datetime] = []
        self._booked: dict[str, datetime] = {}
        self.app = Starlette(
            routes=[
                Route("/files/{name}", self._download),
                Route(r"/{version}/{path:path}", self._call, methods=["GET", "POST"]),
            ]
        )

    def person(self, name: str, number: str = "", user_id: str = "") -> Person:
        self.people.append(Person(self, name, number, user_id))
        return self.people[-1]

    async def deliver(self, client: httpx.AsyncClient) -> list[int]:
        """One round of what Meta has to tell; the statuses met."""
        return await self.deliveries.deliver(client, PATH)

    def tells(self, field: str = "messages", **content: Any) -> None:
        """Queue one event for the webhook."""
        metadata = {"display_phone_number": self.number, "phone_number_id": PHONE_ID}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **content}
        entry = {"id": BUSINESS, "changes": [{"value": value, "field": field}]}
        self.deliveries.add({"object": "whatsapp_business_account", "entry": [entry]})

    def arrives(self, person: Person, content: Values) -> str:
        message = {**person.writer, "id": self._wamid(), "timestamp": self._now(), **content}
        self.written[message["id"]] = person
        self.tells(contacts=[person.contact], messages=[message])
        return str(message["id"])

    def answers_from_the_app(self, person: Person, words: str) -> str:
        """Somebody of the shop writes in the WhatsApp Business app."""
        echo = {"from": self.number, "to": person.number, "id": self._wamid(), "timestamp": self._now(),
                "type": "text", "text": {"body": words}}
        self.tells("smb_message_echoes", message_echoes=[echo])
        return str(echo["id"])

    def reads_up_to(self, person: Person, wamid: str) -> None:
        for shown in person.shown:
            if "read" not in shown["ladder"]:
                shown["ladder"].append("read")
                self._tell_status(person, shown, "read")
            if shown["id"] == wamid:
                break

    def _wamid(self) -> str:
        return "wamid." + base64.b64encode(f"HBgL{next(self.deliveries.numbers)}".encode()).decode()

    def _now(self) -> str:
        return str(int(self.clock.now().timestamp()))

    async def _call(self, request: Request) -> Response:
        path = request.path_params["path"]
        self.calls.append(f"{request.method} {path}")
        try:
            check_bearer(request)
            if not re.fullmatch(r"v\d\d\.0", request.path_params["version"]):
                raise Refusal(2635, "You are calling a deprecated version of the API")
            if request.method == "POST" and path == f"{PHONE_ID}/messages":
                return self._messages(await request.json())
            if request.method == "GET":
                return JSONResponse(self._read(path, dict(request.query_params), str(request.base_url)))
            raise Refusal(100, f"Unsupported request. Object with ID '{path}' does not exist", subcode=33)
        except Refusal as refusal:
            return refusal.answer()

    def _messages(self, body: Values) -> Response:
        if body.get("status") == "read":
            return self._mark_read(body)
        if self.lose_requests:
            self.lose_requests -= 1
            return broken_off()
        refusal = self.refuse.pop(0) if self.refuse else None
        if refusal is not None:
            raise refusal
        visible = check_body(body)
        if ("to" in body) == ("recipient" in body):
            raise refuse("one of to and recipient is required")
        to = body.get("to") or body["recipient"]
        person = next((one for one in self.people if to == (one.number if "to" in body else one.user_id)), None)
        if person is None:
            raise Refusal(131026, "Message undeliverable", details="Message Undeliverable.")
        self._keep_pace(to)
        is_late = person.last_wrote is None or self.clock.now() - person.last_wrote > WINDOW
        if body["type"] == "template":
            known = (body["template"]["name"], body["template"]["language"]["code"])
            if known not in self.templates:
                raise Refusal(132001, "Template name does not exist in the translation", status=404)
        elif is_late and self.refuses_late_at_once:
            raise Refusal(131047, "Re-engagement message")
        message = body | {"id": self._wamid(), "visible": visible, "ladder": []}
        self.sent.append(body)
        self._arrive(person, message, is_late=is_late and body["type"] != "template")
        if self.lose_answers:
            self.lose_answers -= 1
            return broken_off()
        contact = {"input": to, **({"wa_id": to} if "to" in body else {"user_id": to})}
        told = {"id": message["id"], "message_status": "accepted"}
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]})

    def _arrive(self, person: Person, message: Values, *, is_late: bool) -> None:
        if person.has_blocked or is_late:
            code, title = (131026, "Message undeliverable") if person.has_blocked else (131047, "Re-engagement message")
            error = {"code": code, "title": title, "message": title, "error_data": {"details": f"{title}."}}
            return self._tell_status(person, message, "failed", errors=[error])
        person.shown.append(message)
        for step in ("sent", "delivered"):
            message["ladder"].append(step)
            self._tell_status(person, message, step)
        return None

    def _tell_status(self, person: Person, message: Values, step: str, **beside: Any) -> None:
        status = {"id": message["id"], "status": step, "timestamp": self._now(), **beside}
        ids = {"recipient_id": person.number, "recipient_user_id": person.user_id,
               "biz_opaque_callback_data": message.get("biz_opaque_callback_data")}
        self.tells(contacts=[person.contact], statuses=[status | {key: value for key, value in ids.items() if value}])

    def _mark_read(self, body: Values) -> Response:
        fields(body, "body", required="messaging_product status message_id", optional="typing_indicator")
        person = self.written.get(body["message_id"])
        if person is None:
            raise refuse("message_id is none of a message that came in")
        if body.get("typing_indicator") == {"type": "text"}:
            person.typing.append(body["message_id"])
        return JSONResponse({"success": True})

    def _keep_pace(self, to: str) -> None:
        now = self.clock.now()
        self._posted = [one for one in self._posted if now - one < timedelta(seconds=1)]
        # One in six seconds to one person; up to 45 may be borrowed from the future.
        booked = max(self._booked.get(to, now), now) + timedelta(seconds=6)
        if len(self._posted) >= 80:
            raise Refusal(130429, "Rate limit hit", status=429)
        if booked - now > timedelta(seconds=6 * 45):
            raise Refusal(131056, "(Business Account, Consumer Account) pair rate limit hit")
        self._posted.append(now)
        self._booked[to] = booked

    def _read(self, path: str, asked: dict[str, str], base: str) -> Values:
        if path == PHONE_ID:
            known = {"display_phone_number": "+39 02 1234 5678", "verified_name": "Passo", "status": self.status,
                     "quality_rating": self.quality, "webhook_configuration": {"application": self.hook}}
            wanted = asked["fields"].split(",")
            return {"id": PHONE_ID} | {name: known[name] for name in wanted if known[name] or name == "id"}
        if path == "debug_token" and asked.get("input_token") == TOKEN:
            if self.token.get("refused"):
                raise Refusal(100, "You must provide an app access token, or a user access token that is an owner")
            scopes = ["whatsapp_business_messaging", "whatsapp_business_management"]
            granular = [{"scope": scope, "target_ids": [BUSINESS]} for scope in scopes]
            data = {"is_valid": True, "expires_at": 0, "scopes": scopes, "granular_scopes": granular}
            return {"data": data | self.token}
        if path == f"{BUSINESS}/subscribed_apps":
            return {"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Passo"}}] if self.subscribed else []}
        if path == f"{BUSINESS}/message_templates":
            found = [one for one in sorted(self.templates) if one[0] == asked["name"]]
            return {"data": [{"name": name, "language": code, "status": "APPROVED"} for name, code in found]}
        if path in self.files and asked.get("phone_number_id") == PHONE_ID:
            kind, content = self.files[path]
            return {"messaging_product": "whatsapp", "url": f"{base}files/{path}", "mime_type": kind, "id": path,
                    "sha256": self.checksums.get(path, sha256(content).hexdigest()), "file_size": len(content)}
        raise Refusal(100, f"Unsupported get request. Object with ID '{path}' does not exist", subcode=33)

    async def _download(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}" or request.path_params["name"] not in self.files:
            return Response(status_code=404)
        kind, content = self.files[request.path_params["name"]]
        return Response(content, media_type=kind)
