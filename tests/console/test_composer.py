"""Writing and acting in the console, in a real browser: nothing is lost, nothing is said twice, nothing by itself."""
import re
import threading

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bot.model.errors import StoreUnavailable
from tests.console.conftest import sign_in_on
from tests.console.scenes import GIULIA, LUCA, complaint, held, request
from tests.console.site import Served
from tests.console.test_page import open_row


@pytest.fixture
def field(page: Page, served: Served) -> Locator:
    """The composer of a conversation that Giulia holds."""
    served.do(lambda desk: held(desk, GIULIA, "Paolo Ricci"))
    open_row(page, "Paolo Ricci")
    return page.get_by_label("Reply to Paolo Ricci")


def replies(served: Served) -> list[str]:
    return [str(payload["text"]) for payload in served.do(lambda desk: desk.done("reply"))]


def sent(page: Page, text: str) -> Locator:
    """The bubble of a reply that the desk confirmed."""
    return page.locator(".message.operator:not(.leaving)", has_text=text)


def leaving(page: Page) -> Locator:
    return page.locator(".message.leaving")


def test_from_the_queue_to_the_end(page: Page, served: Served) -> None:
    """Take, reply, put back, take again, return to the bot, take, close."""
    served.do(complaint)
    open_row(page, "Marta Bellini")
    state = page.locator(".head .held")

    page.get_by_role("button", name="Take", exact=True).click()
    expect(state).to_have_text("Yours")
    expect(page.locator(".mine .row")).to_contain_text("Marta Bellini")
    page.get_by_label("Reply to Marta").fill("Le mando la 39.")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(sent(page, "Le mando la 39.")).to_contain_text("You")

    page.get_by_role("button", name="Put back").click()
    expect(state).to_have_text("Waiting")
    expect(page.get_by_role("status").get_by_text("it waits for a colleague")).to_be_visible()
    page.get_by_role("button", name="Take", exact=True).first.click()
    page.get_by_role("button", name="Return to bot").click()
    expect(state).to_have_text("With the assistant")
    page.locator(".actions").get_by_role("button", name="Take").click()
    page.locator(".actions").get_by_role("button", name="Close").click()
    expect(state).to_have_text("Closed")
    expect(page.locator(".rule.closed")).to_have_text(re.compile("Closed · "))
    expect(page.get_by_text("No one is waiting.").first).to_be_visible()


def test_a_reply_waits_five_seconds_and_then_leaves(page: Page, served: Served, field: Locator) -> None:
    field.fill("Arriva domani.")
    field.press("Enter")
    expect(leaving(page)).to_contain_text(re.compile(r"Sends in \d s"))
    expect(field).to_have_value("")
    assert replies(served) == []

    page.clock.fast_forward(5000)
    expect(sent(page, "Arriva domani.")).to_be_visible()
    expect(leaving(page)).to_have_count(0)
    assert replies(served) == ["Arriva domani."]


@pytest.mark.parametrize("how", ["button", "Control+z"])
def test_a_reply_can_be_taken_back(page: Page, served: Served, field: Locator, how: str) -> None:
    field.fill("Arriva domani.")
    field.press("Enter")
    if how == "button":
        page.get_by_role("button", name="Undo").click()
    else:
        field.press(how)

    expect(field).to_have_value("Arriva domani.")
    expect(field).to_be_focused()
    page.clock.fast_forward(10_000)
    expect(leaving(page)).to_have_count(0)
    assert replies(served) == []


def test_a_second_enter_sends_at_once(page: Page, served: Served, field: Locator) -> None:
    field.fill("Eccolo")
    field.press("Enter")
    field.press("Enter")
    expect(sent(page, "Eccolo")).to_be_visible()
    assert replies(served) == ["Eccolo"]


def test_the_next_reply_sends_the_one_before_and_order_holds(page: Page, served: Served, field: Locator) -> None:
    for text in ("uno", "due", "tre"):
        field.fill(text)
        field.press("Enter")
    field.press("Enter")
    expect(sent(page, "tre")).to_be_visible()
    assert replies(served) == ["uno", "due", "tre"]


def test_a_reply_from_the_queue_takes_the_conversation_at_once(page: Page, served: Served) -> None:
    """The bot must be silent and colleagues must know before the five seconds are over."""
    served.do(complaint)
    open_row(page, "Marta Bellini")
    expect(page.get_by_text("Your reply takes the conversation.")).to_be_visible()
    page.get_by_label("Reply to Marta").fill("Eccomi")
    page.keyboard.press("Enter")

    expect(page.locator(".head .held")).to_have_text("Yours")
    expect(leaving(page)).to_have_count(1)
    assert replies(served) == []


def test_who_was_slower_than_a_colleague_gets_the_text_back(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    page.get_by_label("Reply to Marta").fill("Eccomi")

    served.do(lambda desk: desk.taken_unheard(desk.talks[1], LUCA))
    page.keyboard.press("Enter")

    expect(page.locator(".toast.error")).to_contain_text("Luca holds this conversation already. Your text is kept.")
    expect(page.get_by_role("textbox")).to_have_value("Eccomi")
    assert replies(served) == []


def test_a_reply_whose_answer_was_lost_is_sent_again_and_said_once(page: Page, served: Served, field: Locator) -> None:
    """The desk did it, only its answer was lost: the repeated key makes no second message."""
    tries: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        tries.append(route.request.post_data_json["key"])
        if len(tries) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/reply", lose_the_first_answer)
    field.fill("Arriva domani.")
    field.press("Enter")
    field.press("Enter")

    expect(sent(page, "Arriva domani.")).to_have_count(1)
    expect(leaving(page)).to_have_count(0)
    assert len(tries) == 2
    assert tries[0] == tries[1]
    assert replies(served) == ["Arriva domani."]


def test_without_a_connection_a_reply_waits_and_says_so(page: Page, served: Served, field: Locator) -> None:
    page.context.set_offline(True)
    field.fill("Arriva domani.")
    field.press("Enter")
    field.press("Enter")
    expect(leaving(page)).to_contain_text("Not confirmed. Nothing is lost")
    expect(page.locator(".strip")).to_contain_text("No connection to the desk")

    page.context.set_offline(False)
    expect(sent(page, "Arriva domani.")).to_have_count(1)
    assert replies(served) == ["Arriva domani."]


def test_a_reply_that_the_desk_could_not_store_can_be_sent_again(page: Page, served: Served, field: Locator) -> None:
    served.do(lambda desk: setattr(desk, "fail_with", StoreUnavailable("disk full")))
    field.fill("Arriva domani.")
    field.press("Enter")
    field.press("Enter")
    expect(leaving(page)).to_contain_text("The desk cannot store anything just now. Your text is kept.")

    served.do(lambda desk: setattr(desk, "fail_with", None))
    page.get_by_role("button", name="Send again").click()
    expect(sent(page, "Arriva domani.")).to_have_count(1)


def test_a_reply_that_the_desk_could_not_store_can_be_edited(page: Page, served: Served, field: Locator) -> None:
    served.do(lambda desk: setattr(desk, "fail_with", StoreUnavailable("disk full")))
    field.fill("Arriva domani.")
    field.press("Enter")
    field.press("Enter")
    expect(leaving(page)).to_contain_text("The desk cannot store anything just now. Your text is kept.")

    served.do(lambda desk: setattr(desk, "fail_with", None))
    page.get_by_role("button", name="Edit").click()
    expect(field).to_have_value("Arriva domani.")
    expect(leaving(page)).to_have_count(0)


def test_a_refused_command_is_told_and_nothing_is_shown_as_done(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    served.do(lambda desk: setattr(desk, "refuse", "the shop moved to another planet"))

    page.get_by_role("button", name="Take", exact=True).click()

    expect(page.locator(".toast.error")).to_contain_text("The shop moved to another planet.")
    expect(page.locator(".head .held")).to_have_text("Waiting")


def test_leaving_the_page_sends_what_was_waiting(page: Page, served: Served, field: Locator) -> None:
    arrived = threading.Event()
    served.do(lambda desk: setattr(desk, "after_command", arrived.set))
    field.fill("Arriva domani.")
    field.press("Enter")
    expect(leaving(page)).to_have_count(1)

    page.goto("about:blank")

    assert arrived.wait(10)
    assert replies(served) == ["Arriva domani."]


def test_a_reload_sends_what_was_waiting_once(page: Page, served: Served, field: Locator) -> None:
    field.fill("Arriva domani.")
    field.press("Enter")
    expect(leaving(page)).to_have_count(1)
    page.reload()
    expect(sent(page, "Arriva domani.")).to_have_count(1)
    expect(leaving(page)).to_have_count(0)
    assert replies(served) == ["Arriva domani."]


def test_drafts_are_kept_per_conversation_and_through_a_reload(page: Page, served: Served, field: Locator) -> None:
    field.fill("per Paolo")
    served.do(lambda desk: request(desk, "James Whitlock"))
    open_row(page, "James Whitlock")
    page.get_by_label("Reply to James Whitlock").fill("per James")

    page.reload()
    expect(page.get_by_label("Reply to James Whitlock")).to_have_value("per James")
    open_row(page, "Paolo Ricci")
    expect(field).to_have_value("per Paolo")


def test_an_ended_session_leads_to_the_login_and_back_to_the_draft(page: Page, served: Served, field: Locator) -> None:
    field.fill("non ancora finito")
    page.context.clear_cookies()
    served.do(lambda desk: request(desk, "James Whitlock"))

    expect(page.get_by_text("Your session has ended. Sign in again: your drafts are kept")).to_be_visible()
    sign_in_on(page)
    expect(page.get_by_role("heading", name="Paolo Ricci")).to_be_visible()  # the conversation that was open
    expect(field).to_have_value("non ancora finito")


def test_signing_out_leaves_no_draft_on_the_computer(page: Page, field: Locator) -> None:
    field.fill("segreto")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert "segreto" not in page.evaluate("JSON.stringify(localStorage)")


def test_slash_opens_ready_texts_in_the_shoppers_language_filled_in(page: Page, field: Locator) -> None:
    field.press_sequentially("/ci")
    expect(page.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Ciao Paolo, sono Giulia. Ho letto quello che hai scritto, non serve ripeterlo.")

    field.fill("/")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("/attimo")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_suggestion_is_taken_with_tab_and_never_sent_by_itself(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    field = page.get_by_label("Reply to Marta")
    field.press("Enter")
    assert served.do(lambda desk: desk.commands) == []

    field.press("Tab")
    expect(field).to_have_value(re.compile("^Le mando subito la 39"))
    field.fill("puoi cambiare")
    field.press("Tab")
    expect(field).to_have_value(re.compile("^Puoi cambiare taglia entro 30 giorni"))
    assert served.do(lambda desk: desk.commands) == []


def test_after_escape_tab_moves_on_as_everywhere(page: Page, served: Served) -> None:
    served.do(complaint)
    open_row(page, "Marta Bellini")
    field = page.get_by_label("Reply to Marta")
    field.press("Escape")
    field.press("Tab")
    expect(field).to_have_value("")
    expect(field).not_to_be_focused()


def test_a_note_is_marked_as_seen_by_colleagues_only(page: Page, served: Served, field: Locator) -> None:
    field.fill("cliente abituale")
    page.get_by_role("button", name="Note", exact=True).click()
    page.get_by_role("button", name="Save note").click()

    expect(page.locator(".message.system:not(.leaving)")).to_contain_text("cliente abituale")
    expect(page.get_by_role("button", name="Reply", exact=True)).to_have_attribute("aria-pressed", "true")
    assert served.do(lambda desk: desk.done("note")) == [{"text": "cliente abituale"}]
    assert replies(served) == []


def test_shift_enter_breaks_the_line(page: Page, served: Served, field: Locator) -> None:
    field.press_sequentially("uno")
    field.press("Shift+Enter")
    field.press_sequentially("due")
    expect(field).to_have_value("uno\ndue")
    assert replies(served) == []


def test_a_text_that_is_too_long_cannot_be_sent_and_says_by_how_much(page: Page, field: Locator) -> None:
    field.fill("x" * 3990)
    expect(page.get_by_text("10 characters left")).to_be_visible()
    field.fill("x" * 4002)
    expect(page.get_by_text("2 characters too many")).to_be_visible()
    field.press("Enter")
    expect(leaving(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Send")).to_be_disabled()


def test_the_shopper_sees_that_an_operator_writes(page: Page, served: Served, field: Locator) -> None:
    field.press_sequentially("Contr")
    with page.expect_response("**/typing"):
        field.press("Escape")
    typed = served.do(lambda desk: desk.typed)
    assert typed[0] == (1, "operator", True)
    assert typed[-1] == (1, "operator", False)


def test_a_conversation_is_passed_to_a_colleague(page: Page, served: Served, field: Locator) -> None:
    page.get_by_role("button", name="Pass on…").click()
    page.get_by_role("dialog").get_by_role("button", name="Luca").click()
    expect(page.locator(".head .held")).to_have_text("With Luca")
    expect(page.get_by_text(re.compile("Passed to Luca by you · "))).to_be_visible()
    assert served.do(lambda desk: desk.done("transfer")) == [{"operator_id": LUCA.id}]


def test_a_whole_case_by_keyboard_alone(page: Page, served: Served) -> None:
    served.do(complaint)
    served.do(lambda desk: request(desk, "James Whitlock"))
    expect(page.locator(".waiting .row")).to_have_count(2)
    keys = page.keyboard

    keys.press("n")
    expect(page.get_by_role("heading", name="Marta Bellini")).to_be_visible()
    keys.press("j")
    expect(page.get_by_role("heading", name="James Whitlock")).to_be_visible()
    expect(page.locator(".row.selected")).to_be_focused()
    keys.press("k")
    expect(page.get_by_role("heading", name="Marta Bellini")).to_be_visible()
    keys.press("t")
    expect(page.locator(".head .held")).to_have_text("Yours")
    keys.press("r")
    keys.type("Eccomi")
    keys.press("Enter")
    keys.press("Enter")
    expect(sent(page, "Eccomi")).to_be_visible()
    keys.press("Escape")  # the suggestion goes
    keys.press("Escape")
    expect(page.locator(".row.selected")).to_be_focused()
    keys.press("c")
    expect(page.locator(".head .held")).to_have_text("Closed")
    assert [name for _, name, _, _ in served.do(lambda desk: desk.commands)] == ["take", "reply", "close"]


def test_the_keys_are_listed_and_single_letters_can_be_switched_off(page: Page, served: Served) -> None:
    served.do(complaint)
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Take the reply back")
    dialog.get_by_label("Single-letter keys").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.keyboard.press("n")
    expect(page.get_by_text("No conversation is open.")).to_be_visible()
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
