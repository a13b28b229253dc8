"""Photos that a shopper sends from the site: kept before they are accepted, seen by both sides, by nobody else."""
import base64
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.widget.photos import MAX_PHOTO, Photos
from bot.model.errors import DeliveryError, InboundError
from bot.web.widget.routes import routes
from tests.widget.test_widget_api import bearer, session
from tests.widget.widget_desk import FakeDesk
from tests.widget.widget_site import LOOK

JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


@pytest.fixture
def client(desk: FakeDesk, photos: Photos) -> TestClient:
    return TestClient(Starlette(routes=routes(desk, LOOK, photos)))  # type: ignore[arg-type]


def photo_body(content: bytes = JPEG, **more: str) -> dict[str, str]:
    return {"id": "m-1", "photo": base64.b64encode(content).decode(), **more}


def test_a_photo_is_kept_and_its_message_names_it(client: TestClient, desk: FakeDesk) -> None:
    token = session(client)["token"]

    answer = client.post("/api/widget/messages", json=photo_body(text="è rotta"), headers=bearer(token))

    assert answer.status_code == 202
    (inbound,) = desk.received
    (photo,) = inbound.attachments
    assert (inbound.text, photo.kind, photo.mime_type, photo.size) == ("è rotta", "image", "image/jpeg", len(JPEG))
    assert photo.url.startswith("/media/widget/")


def test_the_shoppers_browser_is_told_an_address_that_shows_the_photo(client: TestClient) -> None:
    token = session(client)["token"]
    client.post("/api/widget/messages", json=photo_body(), headers=bearer(token))

    told = client.get("/api/widget/messages?after=0", headers=bearer(token)).json()["messages"][0]["attachments"]

    shown = client.get(told[0]["url"])
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_the_same_photo_sent_again_is_one_photo(client: TestClient, desk: FakeDesk, tmp_path: Path) -> None:
    token = session(client)["token"]
    for _ in range(2):
        client.post("/api/widget/messages", json=photo_body(), headers=bearer(token))

    assert len(desk.received) == 1
    assert len(list((tmp_path / "photos").iterdir())) == 1


async def test_two_shoppers_with_the_same_message_id_have_two_photos(photos: Photos) -> None:
    ada, bob = await photos.keep(JPEG, "ada", "m-1"), await photos.keep(JPEG + b"!", "bob", "m-1")

    assert ada.url != bob.url
    assert (await photos.media(ada.url.rpartition("/")[2])).content == JPEG


async def test_what_is_too_large_or_no_photo_is_refused(photos: Photos) -> None:
    with pytest.raises(InboundError, match="larger than 2 MB"):
        await photos.keep(JPEG + b"x" * MAX_PHOTO, "ada", "m-1")
    with pytest.raises(InboundError, match="no JPEG"):
        await photos.keep(b"<svg onload=alert(1)>", "ada", "m-1")


@pytest.mark.parametrize("reference", ["", "../secret", "0" * 40, "A" * 40])
async def test_only_the_name_of_a_photo_opens_one(photos: Photos, reference: str) -> None:
    with pytest.raises(DeliveryError):
        await photos.media(reference)
