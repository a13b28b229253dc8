"""What a message stands in, as operators see it below the message."""
from playwright.sync_api import Page, expect

from bot.model.conversation import Author, Context
from tests.console.fake_desk import FakeDesk
from tests.console.scenes import request
from tests.console.site import Served
from tests.console.test_page import open_row

ATTACK = "<img src=x onerror=\"window.broken=1\">"


def test_what_a_message_stands_in_is_shown_below_it(page: Page, served: Served) -> None:
    def enter(desk: FakeDesk) -> None:
        talk = request(desk, "Ada Neri")
        desk.says(talk, Author.CONTACT, "e questo?", context=(
            Context("quote", f"Costa 4,90 € {ATTACK}"), Context("product", "SKU-7"), Context("forwarded", "Bruno"),
            Context("forward", "una riga\n" * 40), Context("whole", url="/media/email/7-5-whole"),
            Context("whole", url="javascript:window.broken=1"), Context("of tomorrow", "qualcosa"),
        ))

    served.do(enter)
    open_row(page, "Ada Neri")

    log = page.get_by_role("log")
    for words in ("Costa 4,90 €", "SKU-7", "Bruno", "una riga", "qualcosa", "<img src=x"):
        expect(log).to_contain_text(words)
    assert log.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))") == [
        "/console/media/email/7-5-whole"
    ]
    assert log.locator("img").count() == 0
    assert page.evaluate("window.broken") is None
    assert log.locator("details").count() == 1


def test_the_list_leads_to_what_was_left_alone(page: Page, served: Served) -> None:
    served.do(lambda desk: request(desk, "Ada Neri"))
    open_row(page, "Ada Neri")
    page.locator("nav.list a[href^='/console/left-alone']").click()
    expect(page.locator("h1")).to_be_visible()
