"""What shoppers send beside words, as an operator sees and hears it."""
import io
import re
import struct
import wave
import zlib

from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from bot.channels import Media
from bot.model.conversation import Attachment, Author
from tests.console.fake_desk import FakeDesk
from tests.console.scenes import request
from tests.console.site import Served, Site


def picture() -> bytes:
    """A green PNG of 48 × 32 pixels."""
    rows = b"".join(b"\0" + b"\x2a\x9d\x5c" * 48 for _ in range(32))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 48, 32, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
              for name, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def second_of_silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(bytes(16000))
    return file.getvalue()


def sends_files(desk: FakeDesk) -> None:
    talk = request(desk, "James Whitlock")
    desk.files = {"1": Media(picture(), "image/png"), "2": Media(second_of_silence(), "audio/wav")}
    photo = Attachment("image", mime_type="image/png", url="/media/whatsapp/1")
    voice = Attachment("audio", mime_type="audio/wav", url="/media/whatsapp/2")
    gone = Attachment("image", mime_type="image/png", url="/media/whatsapp/3")
    form = Attachment("document", name="reso.pdf", mime_type="application/pdf", url="/media/whatsapp/4", size=2048)
    desk.says(talk, Author.CONTACT, "", attachments=(photo, voice, gone, form))
    desk.says(talk, Author.CONTACT, "", delivery="deleted")


def test_a_photo_is_seen_and_a_voice_note_is_heard(page: Page, served: Served) -> None:
    served.do(sends_files)
    page.get_by_role("button", name=re.compile("James Whitlock")).first.click()
    log = page.get_by_role("log")

    expect(log).to_contain_text("Photo: no longer available")
    photo = log.get_by_role("img", name="Photo")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 48
    length = log.locator("audio").evaluate(
        "audio => new Promise(done => { audio.onloadedmetadata = () => done(audio.duration); audio.load(); "
        "audio.preload = 'metadata' })"
    )
    assert length == 1
    expect(log.get_by_role("link", name="reso.pdf")).to_have_attribute("href", "/console/media/whatsapp/4")
    expect(log).to_contain_text("The shopper deleted this message")


def test_a_score_stands_in_the_dossier(page: Page, served: Served) -> None:
    scores = ({"episode": 1, "score": 4, "comment": "veloci"},)
    served.do(lambda desk: request(desk, "Ada").known.update(ratings=scores))
    page.get_by_role("button", name=re.compile("Ada")).first.click()

    expect(page.get_by_text("4/5 “veloci”")).to_be_visible()


def test_files_are_for_operators_only(client: TestClient, site: Site) -> None:
    site.desk.files["1"] = Media(b"x", "image/png")

    assert client.get("/console/media/whatsapp/1").status_code == 401


def test_what_could_run_in_a_browser_is_only_a_download(giulia: TestClient, site: Site) -> None:
    site.desk.files.update({"page": Media(b"<script>", "text/html"), "drawing": Media(b"<svg/>", "image/svg+xml")})
    for reference in ("page", "drawing"):
        answer = giulia.get(f"/console/media/whatsapp/{reference}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_the_provider_deleted_is_a_404_in_words(giulia: TestClient) -> None:
    answer = giulia.get("/console/media/whatsapp/gone")

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "The provider no longer has this file."
