"""A shopper in the widget and an operator in the console, in two browsers, over the real desk."""
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.running_desk import PASSWORD, RunningDesk


@pytest.fixture
def windows(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Each context is a browser of its own; a script error in any of their pages fails the test."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def open_page(browser: Browser, windows: list[BrowserContext], desk: RunningDesk, locale: str) -> Page:
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 800}, base_url=desk.url)
    context.set_default_timeout(10_000)
    windows.append(context)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


@pytest.fixture
def shopper(browser: Browser, windows: list[BrowserContext], desk: RunningDesk) -> Page:
    """On the shop's page in Italian, the widget open."""
    page = open_page(browser, windows, desk, "it-IT")
    page.goto("/?lang=it")
    open_widget(page)
    return page


@pytest.fixture
def operator(browser: Browser, windows: list[BrowserContext], desk: RunningDesk) -> Page:
    """Giulia, signed in to the console."""
    desk.operator()
    page = open_page(browser, windows, desk, "en-GB")
    page.goto("/console")
    page.get_by_label("Login").fill("giulia")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Conversations").wait_for()
    return page


def open_widget(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Apri l'assistenza di Passo")).click()


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Scrivi un messaggio")
    field.fill(text)
    field.press("Enter")


def bubbles(page: Page) -> Locator:
    return page.locator(".log .bubble")


def reply(page: Page, text: str) -> None:
    """The second Enter sends at once what would wait five seconds."""
    field = page.get_by_label(re.compile("^Reply to"))
    field.fill(text)
    field.press("Enter")
    field.press("Enter")


def open_first(page: Page) -> None:
    page.locator(".waiting .row").first.click()


def test_ask_get_the_answer_reach_a_person_and_come_back(shopper: Page, operator: Page) -> None:
    """The main job, end to end."""
    write(shopper, "a casa mia quanto fate pagare il trasporto?")
    expect(bubbles(shopper).last).to_contain_text("4,90 €")
    expect(bubbles(shopper).last).to_contain_text("assistente automatico di Passo")
    write(shopper, "ordine 1004, mario.rossi@example.com")
    expect(bubbles(shopper).last).to_contain_text("è partito ed è in viaggio")
    expect(bubbles(shopper).last.get_by_role("link", name="084730251196")).to_be_visible()

    shopper.get_by_role("button", name="Parla con una persona").click()
    expect(bubbles(shopper).last).to_contain_text("Ti passo un collega: tocca a te")
    expect(shopper.locator(".holder")).to_contain_text("In attesa di una persona")

    expect(operator.locator(".waiting .row")).to_have_count(1)  # without a reload
    open_first(operator)
    dossier = operator.get_by_role("complementary", name="What is known")
    expect(dossier.locator(".order")).to_contain_text("1004")
    expect(dossier).to_contain_text("mario.rossi@example.com")
    expect(operator.get_by_role("log")).to_contain_text("a casa mia quanto fate pagare il trasporto?")

    reply(operator, "Ciao Mario, sono Giulia: il corriere passa domani mattina.")
    expect(bubbles(shopper).last).to_have_text("Ciao Mario, sono Giulia: il corriere passa domani mattina.")
    expect(shopper.locator(".holder")).to_have_text("Stai parlando con Giulia")

    said = bubbles(shopper).count()
    write(shopper, "quanto costa la spedizione?")
    expect(operator.get_by_role("log")).to_contain_text("quanto costa la spedizione?")
    reply(operator, "4,90 euro, come scritto sopra.")
    expect(bubbles(shopper).last).to_have_text("4,90 euro, come scritto sopra.")
    expect(bubbles(shopper)).to_have_count(said + 2)  # the bot was silent

    operator.get_by_role("button", name="Return to bot").click()
    expect(bubbles(shopper).last).to_contain_text("di nuovo l'assistente automatico")
    write(shopper, "entro quanti giorni posso fare il reso?")
    expect(bubbles(shopper).last).to_contain_text("30 giorni")


def test_a_reload_shows_the_same_conversation_on_both_sides(shopper: Page, operator: Page) -> None:
    write(shopper, "vorrei parlare con una persona")
    expect(bubbles(shopper).last).to_contain_text("Ti passo un collega")
    before = bubbles(shopper).all_inner_texts()
    open_first(operator)
    reply(operator, "Eccomi, sono Giulia.")
    expect(bubbles(shopper).last).to_have_text("Eccomi, sono Giulia.")
    asked = bubbles(shopper).count()

    shopper.reload()
    operator.reload()

    expect(bubbles(shopper)).to_have_count(asked)
    assert bubbles(shopper).all_inner_texts()[: len(before)] == before
    expect(operator.get_by_role("log")).to_contain_text("Eccomi, sono Giulia.")
    write(shopper, "grazie Giulia")
    expect(operator.get_by_role("log")).to_contain_text("grazie Giulia")


def test_a_restart_of_the_desk_loses_and_doubles_nothing(shopper: Page, operator: Page, desk: RunningDesk) -> None:
    write(shopper, "quanto costa la spedizione?")
    expect(bubbles(shopper).last).to_contain_text("4,90 €")
    write(shopper, "vorrei parlare con una persona")
    expect(bubbles(shopper).last).to_contain_text("Ti passo un collega")

    desk.stop()
    write(shopper, "siete ancora lì?")
    expect(shopper.get_by_text("Nessuna connessione")).to_be_visible()
    desk.start()

    expect(operator.locator(".waiting .row")).to_have_count(1, timeout=20_000)
    open_first(operator)
    expect(operator.get_by_role("log").get_by_text("siete ancora lì?")).to_have_count(1, timeout=20_000)
    reply(operator, "Sì, eccomi.")
    expect(bubbles(shopper).last).to_have_text("Sì, eccomi.", timeout=20_000)
    mine = [text for text in bubbles(shopper).all_inner_texts() if text == "siete ancora lì?"]
    assert mine == ["siete ancora lì?"]


def test_two_shoppers_do_not_see_each_other(shopper: Page, browser: Browser, windows: list[BrowserContext],
                                             desk: RunningDesk) -> None:
    write(shopper, "quanto costa la spedizione?")
    expect(bubbles(shopper)).to_have_count(2)
    other = open_page(browser, windows, desk, "it-IT")
    other.goto("/?lang=it")
    open_widget(other)

    write(other, "posso pagare con paypal?")

    expect(bubbles(other)).to_have_count(2)
    expect(bubbles(shopper)).to_have_count(2)


def test_at_night_the_header_and_the_handoff_name_the_opening(shopper: Page, desk: RunningDesk) -> None:
    desk.clock.set("2026-11-23 22:30")
    shopper.reload()
    expect(shopper.locator(".hours")).to_contain_text("Torniamo domani alle 9:00")

    shopper.get_by_role("button", name="Parla con una persona").click()

    expect(bubbles(shopper).last).to_contain_text("torniamo domani alle 9:00")
