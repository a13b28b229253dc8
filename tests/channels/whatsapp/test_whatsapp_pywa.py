"""Somebody who is not ours judges the double and the parser: pywa, a client for WhatsApp, reads what we read.

Skipped where pywa is not installed.
"""
from typing import Any

import httpx
import pytest

from bot.channels.render import Mode, Option, Rendered
from bot.channels.whatsapp.bodies import addressed, bodies
from tests.channels.whatsapp.deliveries import read
from tests.providers.meta import APP_SECRET, TOKEN, as_meta_writes, signature
from tests.providers.whatsapp import PHONE_ID, Person, WhatsAppDouble

pywa = pytest.importorskip("pywa")
handlers = pytest.importorskip("pywa.handlers")
errors = pytest.importorskip("pywa.errors")

ADA, SCOPED = "393331234567", "IT.13491208655302741918"
FILE = {"id": "1234567890", "mime_type": "image/jpeg", "sha256": "4654+8g="}
TAP = {"type": "button_reply", "button_reply": {"id": "4.2", "title": "Resi"}}
ROW = {"type": "list_reply", "list_reply": {"id": "4.2", "title": "Resi", "description": "Resi e cambi"}}
CARD = [{"name": {"formatted_name": "Ben Blu", "first_name": "Ben"}, "phones": [{"phone": "+39 333", "type": "CELL"}]}]
ERRORS = [{"code": 131051, "title": "x", "message": "x", "error_data": {"details": "x"}}]


class Judge:
    """pywa as a webhook: ``read`` is what it made of each delivery."""

    def __init__(self) -> None:
        self.read: list[Any] = []
        self.client = pywa.WhatsApp(
            phone_id=PHONE_ID, token="t", server=None, app_secret=APP_SECRET, verify_token="v", filter_updates=False,
        )
        for name in ("Message", "CallbackButton", "CallbackSelection", "MessageStatus", "EditedMessage",
                     "DeletedMessage", "OutgoingMessage"):
            handler = getattr(handlers, f"{name}Handler")
            self.client.add_handlers(handler(lambda _client, update: self.read.append(update)))

    def takes(self, body: dict[str, Any]) -> Any:
        raw = as_meta_writes(body)
        said, status = self.client.webhook_update_handler(raw, signature(raw)["X-Hub-Signature-256"])
        assert (said, status) == ("ok", 200)
        return self.read[-1]


@pytest.fixture
def double() -> WhatsAppDouble:
    return WhatsAppDouble()


@pytest.fixture
def ada(double: WhatsAppDouble) -> Person:
    return double.person("Ada Neri", ADA, SCOPED)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", {"body": "perché no? 🚚"}), ("image", FILE | {"caption": "rotta"}), ("sticker", FILE),
        ("audio", FILE | {"voice": True}), ("video", FILE), ("document", FILE | {"filename": "f.pdf"}),
        ("location", {"latitude": 45.45, "longitude": 9.18, "name": "Bar"}), ("contacts", CARD), ("interactive", TAP),
        ("interactive", ROW), ("unsupported", None),
    ],
)
def test_pywa_and_we_read_the_same_message(double: WhatsAppDouble, ada: Person, kind: str, content: Any) -> None:
    beside = {"unsupported": {"errors": ERRORS}, "interactive": {"context": {"from": "39", "id": "wamid.0"}}}
    ada.sends(kind, content, **beside.get(kind, {}))
    body = double.deliveries.waiting[0]
    theirs = Judge().takes(body)
    (ours,) = read(body)

    assert (ours.key, ours.sent_at, ours.name) == (theirs.id, theirs.timestamp, theirs.from_user.name)
    assert (ours.address, ours.payload["also"]) == (theirs.from_user.bsuid, (theirs.from_user.wa_id,))
    if kind == "interactive":
        assert (ours.choice, ours.text) == (theirs.data, theirs.title)
    elif kind == "text":
        assert ours.text == theirs.text
    elif kind in ("image", "audio", "video", "document", "sticker"):
        (file,) = ours.attachments
        media = getattr(theirs, kind)
        assert (file.url, file.mime_type) == (f"/media/whatsapp/{media.id}", media.mime_type)
        assert ours.text == (theirs.caption or "")


def test_pywa_reads_edits_and_deletions(double: WhatsAppDouble, ada: Person) -> None:
    first = ada.says("ciao")
    ada.edits(first, "ciao!")
    ada.revokes(first)
    _, edit, gone = double.deliveries.waiting
    judge = Judge()
    assert judge.takes(edit).original_message_id == read(edit)[0].payload["edits"] == first
    assert judge.takes(gone).original_message_id == read(gone)[0].payload["edits"] == first


def test_pywa_reads_receipts(double: WhatsAppDouble, ada: Person) -> None:
    message = {"id": "wamid.1", "ladder": [], "biz_opaque_callback_data": "7-3", "visible": ""}
    double._arrive(ada, message, is_late=False)  # noqa: SLF001  # what a send leads to
    double._arrive(ada, message, is_late=True)  # noqa: SLF001
    judge = Judge()
    for body, step in zip(double.deliveries.waiting, ("sent", "delivered", "failed"), strict=True):
        theirs = judge.takes(body)
        (ours,) = read(body)
        assert ours.payload["delivery"] == theirs.status.value == step
        assert (ours.payload["message"], ours.payload["reply"]) == (theirs.id, theirs.tracker) == ("wamid.1", "7-3")
    assert type(theirs.error) is errors.ReEngagementMessage
    assert ours.payload["window_closed"] is True


def test_pywa_refuses_a_delivery_that_is_not_signed(double: WhatsAppDouble, ada: Person) -> None:
    ada.says("è")
    raw = as_meta_writes(double.deliveries.waiting[0])
    _, status = Judge().client.webhook_update_handler(raw, signature(raw, "another-secret")["X-Hub-Signature-256"])
    assert status == 403


def plain(value: Any) -> Any:
    """Without what says nothing: what is empty or off."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one not in (None, "", False)}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


async def test_the_double_takes_what_pywa_sends_and_it_is_what_we_send(double: WhatsAppDouble, ada: Person) -> None:
    theirs = pytest.importorskip("pywa_async")
    types = pytest.importorskip("pywa_async.types")
    wamid = ada.says("ciao")
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=double.app))
    client = theirs.WhatsApp(phone_id=PHONE_ID, token=TOKEN, session=http, api_version=26.0)
    buttons = [types.Button("Resi", "3.1"), types.Button("Spedizione", "3.2")]
    rows = [types.SectionRow("Resi…", "3.1", "Resi e cambi"), types.SectionRow("Spedizione", "3.2")]
    image = "https://shop.example/a.jpg"
    await client.send_message(ADA, "Ciao *Ada*", tracker="7-1")
    await client.send_message(ADA, "Quale?", buttons=buttons, tracker="7-2")
    await client.send_image(ADA, image, caption="Quale?", buttons=buttons, tracker="7-3")
    sections = types.SectionList("Scegli", [types.Section("", rows)])
    await client.send_message(ADA, "Quale?", buttons=sections, tracker="7-4")
    await client.send_image(ADA, image, caption="Ecco", tracker="7-5")
    await client.indicate_typing(wamid)

    options = (Option("3.1", "Resi"), Option("3.2", "Spedizione"))
    shortened = (Option("3.1", "Resi…", "Resi e cambi"), options[1])
    parts = [Rendered("Ciao *Ada*"), Rendered("Quale?", Mode.BUTTONS, options),
             Rendered("Quale?", Mode.BUTTONS, options, image), Rendered("Quale?", Mode.LIST, shortened),
             Rendered("Ecco", image=image)]
    ours = [addressed(ADA, body | {"biz_opaque_callback_data": f"7-{number}"})
            for number, part in enumerate(parts, 1) for body in bodies(part, "it")]
    assert [plain(body) for body in double.sent] == [plain(body) for body in ours]
    assert ada.typing == [wamid]
