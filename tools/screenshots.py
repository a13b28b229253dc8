"""Takes the pictures of docs/images: the demo shop with its widget, and the console, on a desk of their own.

    python -m tools.screenshots
"""
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.model.conversation import EventKind, Inbound
from tests.e2e.running_desk import PASSWORD, RunningDesk, SetClock
from tools.setup import find_browser

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}
SHARPNESS = 1.5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
#: Who else waits: (time, name, what they wrote).
OTHERS = (
    ("2026-11-24 10:02", "Marta Conti", "vorrei parlare con una persona, è arrivata la taglia sbagliata"),
    ("2026-11-24 10:09", "James Cole", "I want to talk to a human please"),
    ("2026-11-24 10:14", "Paolo Riva", "è uno schifo, siete dei ladri, pretendo il rimborso"),
)
ASKED, CALLED, ANSWERED = "2026-11-24 10:16", "2026-11-24 10:17", "2026-11-24 10:18"


def main() -> None:
    chromium = find_browser()
    if chromium is None:
        raise SystemExit("No Chromium on PATH: run `make screenshots`, which installs it.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state, sync_playwright() as playwright:
        desk = RunningDesk(ROOT, Path(state), SetClock())
        desk.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            people_wait(desk)
            shopper = talk(browser, desk)
            shopper.screenshot(path=IMAGES / "widget.png")
            desk.clock.set(CALLED)
            shopper.get_by_role("button", name="Parla con una persona").click()
            shopper.get_by_text(re.compile("Ti passo un collega")).last.wait_for()
            desk.clock.set(ANSWERED)
            take(browser, desk).screenshot(path=IMAGES / "console.png")
        finally:
            browser.close()
            desk.stop()


def people_wait(desk: RunningDesk) -> None:
    for number, (moment, name, text) in enumerate(OTHERS):
        desk.clock.set(moment)
        inbound = Inbound("widget", EventKind.MESSAGE, f"scene-{number}", f"scene-{number}", text=text, name=name)
        desk.do(lambda inbound=inbound: desk.house.desk.ask(inbound, 20.0))  # type: ignore[misc]
    desk.clock.set(ASKED)


def talk(browser: Browser, desk: RunningDesk) -> Page:
    """A shopper asks about shipping and about an order."""
    page = open_page(browser, f"{desk.url}/?lang=it")
    page.get_by_role("button", name=re.compile("^Apri l'assistenza")).click()
    write(page, "quanto costa la spedizione?")
    page.get_by_text("4,90 €").last.wait_for()
    write(page, "dov'è il mio ordine 1004? mario.rossi@example.com")
    page.get_by_text("è partito ed è in viaggio").wait_for()
    return page


def take(browser: Browser, desk: RunningDesk) -> Page:
    """An operator opens the shopper's conversation, takes it and answers."""
    desk.operator()
    page = open_page(browser, f"{desk.url}/console")
    page.locator("#login").fill("giulia")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".waiting .row").last.click()
    field = page.get_by_label(re.compile("^Risposta a"))
    field.fill("Ciao Mario, sono Giulia. Il corriere passa domani mattina: vuoi che lo faccia richiamare?")
    field.press("Enter")
    field.press("Enter")
    log = page.get_by_role("log")
    log.get_by_text("Ora ti risponde Giulia").wait_for()
    expect(log.get_by_text("In partenza")).to_have_count(0)
    expect(log.get_by_text("sono Giulia")).to_have_count(1)
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    return page


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Scrivi un messaggio")
    field.fill(text)
    field.press("Enter")


def open_page(browser: Browser, address: str) -> Page:
    context = browser.new_context(
        locale="it-IT", timezone_id="Europe/Rome", viewport=SIZE, device_scale_factor=SHARPNESS, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    return page


if __name__ == "__main__":
    main()
