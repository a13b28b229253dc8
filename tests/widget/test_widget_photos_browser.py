"""A photo in the widget: chosen, looked at, sent with or without words."""
import re
import struct
import zlib

from playwright.sync_api import Page, expect

from tests.widget.test_widget_browser import bubbles, field, open_widget, write
from tests.widget.widget_desk import FakeDesk


def png() -> bytes:
    """Red, 2 × 2 pixels."""
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0\xff\0\0\xff\0\0" * 2)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def choose(page: Page, name: str = "scarpa.png", mime_type: str = "image/png", content: bytes | None = None) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Allega una foto").click()
    chooser.value.set_files({"name": name, "mimeType": mime_type, "buffer": content or png()})


def test_a_photo_waits_above_the_input_and_goes_with_the_words(page: Page, desk: FakeDesk) -> None:
    open_widget(page)
    choose(page)
    expect(page.locator(".tray").get_by_role("img", name="Foto")).to_be_visible()
    assert desk.received == []

    write(page, "è arrivata così")

    expect(page.locator(".tray")).to_be_hidden()
    expect(page.locator(".mine").get_by_role("img", name="Foto")).to_be_visible()
    expect(bubbles(page)).to_have_count(2)
    (inbound,) = desk.received
    assert (inbound.text, [one.kind for one in inbound.attachments]) == ("è arrivata così", ["image"])


def test_a_photo_goes_without_words_and_is_seen_after_a_reload(page: Page, desk: FakeDesk) -> None:
    open_widget(page)
    choose(page)

    page.get_by_role("button", name="Invia", exact=True).click()
    expect(page.locator(".mine .state").last).to_have_text("Inviato")
    page.reload()

    photo = page.locator(".mine").get_by_role("img", name="Foto")
    expect(photo).to_be_visible()
    expect(photo).to_have_attribute("src", re.compile("/api/widget/photos/[0-9a-f]{40}$"))
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("node => node.naturalWidth") == 2


def test_a_photo_can_be_taken_out_again(page: Page) -> None:
    open_widget(page)
    choose(page)

    page.get_by_role("button", name="Togli la foto").click()

    expect(page.locator(".tray")).to_be_hidden()
    expect(page.get_by_role("button", name="Invia", exact=True)).to_be_disabled()
    expect(field(page)).to_be_focused()


def test_what_is_no_photo_is_said_and_nothing_is_sent(page: Page, desk: FakeDesk) -> None:
    open_widget(page)

    choose(page, "scarpa.heic", "image/heic", b"not readable here")

    expect(page.get_by_text("Questa foto non si apre. Provi con un'altra.")).to_be_visible()
    expect(page.get_by_role("button", name="Invia", exact=True)).to_be_disabled()
    assert desk.received == []
