"""The console in a real browser: whom next, what happened, what is known."""
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.model.conversation import Author
from bot.model.ownership import Change
from tests.console.fake_desk import FakeDesk
from tests.console.scenes import GIULIA, LUCA, busy_morning, closed, complaint, held, long_story, long_words, request
from tests.console.site import Served


def open_row(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_an_empty_queue_says_so_and_until_when_the_shop_is_open(page: Page) -> None:
    expect(page.get_by_text("No one is waiting. We are here until 18:00.")).to_be_visible()
    expect(page.get_by_text("they appear on the left, the most urgent first")).to_be_visible()
    expect(page).to_have_title("Desk · Passo")


def test_a_shopper_who_asks_for_a_person_appears_without_a_reload(page: Page, served: Served) -> None:
    served.do(lambda desk: request(desk, "James Whitlock"))

    expect(page.get_by_role("button", name=re.compile("James Whitlock.*WhatsApp.*On request"))).to_be_visible()
    expect(page).to_have_title("(1) Desk · Passo")
    expect(page.locator("[aria-live=polite]", has_text="Now waiting: James Whitlock, On request")).to_be_attached()


def test_the_list_keeps_the_desks_order_under_who_holds_it(page: Page, served: Served) -> None:
    served.do(busy_morning)

    expect(page.locator(".waiting .row .name")).to_have_text(
        ["Marta Bellini", "Francesca Maria Della Valle-Montefiori", "محمد عبد الله", "James Whitlock", "Наталья"]
    )
    expect(page.locator(".mine .row .name")).to_have_text(["Paolo Ricci"])
    expect(page.locator(".colleagues .row")).to_contain_text("Luca")


def test_waiting_times_run_and_turn_late_by_the_desks_clock(page: Page, served: Served) -> None:
    served.do(lambda desk: request(desk, "James Whitlock", minutes=1))
    wait = page.locator(".row .wait")
    expect(wait).to_have_class(re.compile("amber"))
    expect(wait).to_have_text(re.compile(r"^1:\d\d$"))

    page.clock.fast_forward(61_000)
    expect(wait).to_have_text("▲ 2 min")
    expect(wait).to_have_class(re.compile("late"))


def test_nobody_is_late_while_the_shop_is_closed(page: Page, served: Served) -> None:
    served.do(lambda desk: setattr(desk, "open", False))
    served.do(lambda desk: request(desk, "James Whitlock", minutes=30))
    expect(page.locator(".row .wait")).to_have_text("30 min")
    expect(page.locator(".bar .hours")).to_have_text("We are back on Monday at 9:00")


def test_a_reply_window_that_closes_soon_is_shown_with_its_time_left(page: Page, served: Served) -> None:
    served.do(lambda desk: request(desk, "Ada", window_closes_at=desk.clock.now() + timedelta(minutes=38, seconds=30)))
    expect(page.get_by_label("window closes in 38 min")).to_be_visible()


def test_the_conversation_tells_who_said_what_and_when_it_was_handed_over(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    log = page.get_by_role("log")

    expect(log.locator(".rule.day")).to_have_text(["Yesterday", "Today"])
    expect(log.locator(".message.contact .author b").first).to_have_text("Marta Bellini")
    expect(log.locator(".message.bot .author b").first).to_have_text("Automatic assistant")
    expect(log.get_by_text("FAQ return-how · 97% sure")).to_be_visible()
    expect(log.locator(".rule.queue")).to_have_text(re.compile(r"Passed to a person · Complaint · \d\d:\d\d"))
    expect(log.locator(".message.bot li").first).to_have_text("apri I miei ordini")
    expect(log.get_by_role("link", name="https://passo.example/resi")).to_have_attribute("rel", re.compile("noopener"))
    expect(log.locator(".choices .chosen")).to_have_text("✓ Nessuna di queste, chosen")


def test_the_dossier_gives_the_summary_first_then_order_person_and_what_was_weighed(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    dossier = page.get_by_role("complementary", name="What is known")

    expect(dossier.get_by_role("heading", level=3)).to_have_text(
        ["In short", "Orders", "Who", "Already asked", "What the assistant weighed", "Suggested answers"]
    )
    expect(dossier).to_contain_text("taglia 38 invece della 39")
    expect(dossier.locator(".order")).to_contain_text("Shipped")
    expect(dossier.locator(".order")).to_contain_text("expected Tuesday 24 November · €119.80")
    expect(dossier.get_by_role("link", name="Track")).to_have_attribute("href", "https://tracking.example/086123456789")
    expect(dossier.locator(".turn").first).to_contain_text("Mi è arrivata la 38")
    expect(dossier.locator(".turn").first.get_by_role("meter").first).to_have_attribute("value", "0.41")


def test_new_messages_come_in_live_below_a_mark(page: Page, served: Served) -> None:
    talk = served.do(lambda desk: held(desk, GIULIA, "Paolo Ricci"))
    expect(page.get_by_label("1 new")).to_be_visible()
    open_row(page, "Paolo Ricci")
    expect(page.locator(".rule.unread + .message")).to_contain_text("Grazie, resto in attesa")
    expect(page.get_by_label("1 new")).to_have_count(0)

    served.do(lambda desk: desk.says(talk, Author.CONTACT, "Ci siete?"))
    expect(page.get_by_role("log").get_by_text("Ci siete?")).to_be_visible()


def test_a_long_conversation_opens_at_its_end(page: Page, served: Served) -> None:
    served.do(long_story)
    open_row(page, "Elena Ferri")
    expect(page.locator(".message")).to_have_count(202)
    expect(page.get_by_text("Of course. You are next in line.")).to_be_in_viewport()


def test_whoever_scrolled_up_stays_there_and_is_offered_the_way_down(page: Page, served: Served) -> None:
    talk = served.do(long_story)
    open_row(page, "Elena Ferri")
    page.get_by_role("log").evaluate("(log) => log.scrollTo(0, 0)")
    expect(page.get_by_role("button", name="To the latest message")).to_be_visible()

    served.do(lambda desk: desk.says(talk, Author.CONTACT, "E adesso?"))
    newest = page.get_by_role("log").get_by_text("E adesso?")
    expect(newest).to_be_attached()
    expect(page.get_by_text("Messaggio numero 1", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="To the latest message").click()
    expect(newest).to_be_in_viewport()


def test_text_of_shoppers_never_becomes_markup(page: Page, served: Served) -> None:
    attack = "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>"

    def enter(desk: FakeDesk) -> None:
        talk = request(desk, f"Eve {attack}")
        talk.known = {"summary": attack, "suggestions": (attack,), "slots": {"product": attack}, "notes": attack}
        desk.says(talk, Author.CONTACT, attack + " [x](javascript:window.broken=1) javascript:alert(1)")
        desk.says(talk, Author.BOT, attack + " **[x](javascript:window.broken=1)** [y](data:text/html,z)")

    served.do(enter)
    open_row(page, "Eve")

    expect(page.get_by_role("log")).to_contain_text("<script>window.broken=1</script>")
    assert page.locator(".panes img, .panes script").count() == 0
    assert page.locator(".panes a:not([href^='/console/left-alone'])").count() == 0
    assert page.evaluate("window.broken") is None


def test_a_conversation_of_a_colleague_is_read_and_can_be_taken_over(page: Page, served: Served) -> None:
    served.do(lambda desk: held(desk, LUCA, "Sara Conti"))
    open_row(page, "Sara Conti")

    expect(page.get_by_text("Luca is answering here.")).to_be_visible()
    expect(page.get_by_role("textbox")).not_to_be_editable()
    page.get_by_role("button", name="Take over").click()
    expect(page.locator(".head .held")).to_have_text("Yours")
    expect(page.get_by_text(re.compile("Taken by you · "))).to_be_visible()
    assert served.do(lambda desk: desk.done("transfer")) == [{"operator_id": GIULIA.id}]


def test_a_closed_conversation_says_so_and_can_be_reopened(page: Page, served: Served) -> None:
    talk = served.do(closed)
    page.goto(f"/console#/{talk.id}")

    expect(page.locator(".head .held")).to_have_text("Closed")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator(".head .held")).to_have_text("Yours")


def test_an_address_that_leads_nowhere_says_so(page: Page) -> None:
    page.goto("/console#/99")
    expect(page.get_by_text("This conversation does not exist")).to_be_visible()


def test_what_the_desk_reports_of_itself_stands_above_everything(page: Page, served: Served) -> None:
    served.do(lambda desk: desk.problems.append("faq/it/resi.md:14: {#return-how} stands twice."))
    served.do(lambda desk: desk.hub.tell(1, "queue"))
    expect(page.locator(".strip")).to_contain_text("faq/it/resi.md:14")


def test_after_a_lost_line_the_page_reads_everything_again(page: Page, served: Served) -> None:
    assert served.site.desk.watched.wait(10)

    def break_off_and_go_on(desk: FakeDesk) -> None:
        desk.hub.close()
        request(desk, "James Whitlock")

    served.do(break_off_and_go_on)
    expect(page.get_by_role("button", name=re.compile("James Whitlock"))).to_be_visible()
    expect(page.locator(".strip")).to_be_empty()


def test_the_shopper_who_writes_is_shown(page: Page, served: Served) -> None:
    talk = served.do(lambda desk: held(desk, GIULIA, "Paolo Ricci"))
    open_row(page, "Paolo Ricci")
    page.get_by_text("Grazie, resto in attesa").last.wait_for()

    served.do(lambda desk: desk.hub.tell(talk.id, "typing", to_queue=False, author="contact", on=True))
    expect(page.get_by_text("Paolo Ricci is writing…")).to_be_visible()
    page.clock.fast_forward(8000)
    expect(page.get_by_text("Paolo Ricci is writing…")).to_be_hidden()


def test_the_page_speaks_italian_when_asked_and_remembers_it(page: Page, served: Served) -> None:
    served.do(complaint)
    page.get_by_role("button", name="Italiano").click()
    expect(page.get_by_role("navigation", name="Conversazioni")).to_contain_text("Reclamo")
    expect(page.locator("html")).to_have_attribute("lang", "it")
    page.reload()
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_on_a_phone_one_pane_shows_and_back_leads_to_the_list(page: Page, served: Served) -> None:
    served.do(complaint)
    page.set_viewport_size({"width": 390, "height": 844})
    row = page.get_by_role("button", name=re.compile("Marta Bellini"))
    row.click()
    expect(page.get_by_role("log")).to_be_visible()
    expect(row).to_be_hidden()

    page.get_by_role("button", name="What is known").click()
    expect(page.get_by_role("log")).to_be_hidden()
    expect(page.get_by_text("taglia 38 invece della 39")).to_be_visible()
    page.get_by_role("button", name="Back to the conversation").click()
    page.get_by_role("button", name="Back to the list").click()
    expect(row).to_be_focused()


def test_nothing_overflows_at_the_smallest_width_with_endless_words(page: Page, served: Served) -> None:
    served.do(long_words)
    for width in (320, 768, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto("/console#/1")
        page.get_by_text("ParolaSenzaFine").last.wait_for()
        for part in ("html", ".opened", ".log", ".composer"):
            assert page.locator(part).evaluate("(it) => it.scrollWidth <= it.clientWidth"), (part, width)


def test_every_control_has_a_name_and_every_region_a_label(page: Page, served: Served) -> None:
    served.do(busy_morning)
    open_row(page, "Marta Bellini")
    nameless = page.locator("button, input, textarea, a").evaluate_all(
        "(all) => all.filter((it) => !it.textContent.trim() && !it.ariaLabel).map((it) => it.outerHTML)"
    )
    assert nameless == []
    for role in ("banner", "navigation", "main", "complementary", "log"):
        assert page.get_by_role(role).count() == 1, role  # type: ignore[arg-type]


def test_the_rules_name_the_operator_of_each_step(page: Page, served: Served) -> None:
    def steps(desk: FakeDesk) -> None:
        talk = held(desk, LUCA, "Sara Conti")
        desk.change(talk, Change.RETURNED, actor="operator:2")

    served.do(steps)
    page.goto("/console#/1")
    expect(page.locator(".rule.operator")).to_have_text(re.compile("Taken by Luca · "))
    expect(page.locator(".rule.bot")).to_have_text(re.compile("Returned to the assistant · "))


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1280])
def test_name_and_buttons_of_a_conversation_fit_at_every_width(page: Page, served: Served, width: int) -> None:
    served.do(lambda desk: held(desk, GIULIA, "Paolo Ricci"))
    page.set_viewport_size({"width": width, "height": 800})
    open_row(page, "Paolo Ricci")

    name = page.get_by_role("heading", name="Paolo Ricci")
    assert name.evaluate("node => node.scrollWidth <= node.clientWidth")
    for button in page.locator(".head .actions button").all():
        expect(button).to_be_in_viewport(ratio=1)


def test_who_reads_the_end_still_does_when_the_room_for_it_shrinks(page: Page, served: Served) -> None:
    served.do(lambda desk: long_story(desk))
    page.locator(".row").first.click()
    log = page.get_by_role("log")
    expect(log).to_be_visible()
    log.evaluate(
        "node => new Promise(done => { node.scrollTop = node.scrollHeight; "
        "requestAnimationFrame(() => requestAnimationFrame(done)); })"
    )

    page.get_by_label(re.compile("^Reply to")).fill("riga\n" * 8)
    page.set_viewport_size({"width": 1280, "height": 560})

    expect(page.locator(".latest")).to_be_hidden()
    page.wait_for_function(
        "() => { const log = document.querySelector('.log'); "
        "return log.scrollHeight - log.scrollTop - log.clientHeight < 2; }"
    )


def test_a_suggestion_is_read_as_the_shopper_will_read_it(page: Page, served: Served) -> None:
    served.do(lambda desk: request(desk, "Ada").known.update(suggestions=("It costs **€4.90**.",)))
    open_row(page, "Ada")

    expect(page.locator(".suggestions strong")).to_have_text("€4.90")


def test_a_row_of_a_photo_without_words_says_so(page: Page, served: Served) -> None:
    served.do(lambda desk: desk.says(request(desk, "Ada"), Author.CONTACT, ""))

    expect(page.get_by_role("button", name=re.compile("Ada.*A file, no words"))).to_be_visible()
