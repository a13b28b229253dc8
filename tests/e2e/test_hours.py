"""Out of hours the notice comes with what needs a person, and only with that."""
import pytest

from tests.e2e.conftest import Talk
from tests.e2e.running_desk import RunningDesk

NOTICE = "I colleghi tornano"
UNSURE = "boh, il corriere"


@pytest.fixture
def evening(desk: RunningDesk) -> RunningDesk:
    """Monday, half past ten at night."""
    desk.clock.set("2026-11-23 22:30")
    return desk


def test_a_greeting_carries_the_notice_with_the_next_opening(evening: RunningDesk, talk: Talk) -> None:
    (said,) = talk("ciao")

    assert f"{NOTICE} domani alle 9:00" in said.text
    assert len(said.bubbles) == 1


def test_an_unsure_answer_carries_the_notice(evening: RunningDesk, talk: Talk) -> None:
    (said,) = talk(UNSURE)

    assert said.trace["source"] == "fallback"
    assert f"{NOTICE} domani alle 9:00" in said.text


def test_a_handoff_is_queued_for_the_opening_and_says_so(evening: RunningDesk, talk: Talk) -> None:
    (said,) = talk("vorrei parlare con una persona")

    assert "Ora non c'è nessuno: torniamo domani alle 9:00" in said.text
    assert said.owner == "queue"


def test_a_sure_answer_and_an_order_stay_alone(evening: RunningDesk, talk: Talk) -> None:
    answer, order = talk("Quanto costa la spedizione?", "ordine 1004, mario.rossi@example.com")

    for said in (answer, order):
        assert NOTICE not in said.text and "torniamo" not in said.text
    assert "4,90 €" in answer.text and "in viaggio" in order.text


def test_the_notice_is_said_once_in_a_closed_period(evening: RunningDesk, talk: Talk) -> None:
    first, second = talk("ciao", "buonasera")

    assert NOTICE in first.text and NOTICE not in second.text


def test_in_english_too(evening: RunningDesk, talk: Talk) -> None:
    assert "My colleagues are back tomorrow at" in talk("hello")[0].text


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-23 13:30", "alle 14:30"),  # the lunch break
        ("2026-11-23 06:10", "alle 9:00"),
        ("2026-11-28 15:00", "lunedì 30 novembre alle 9:00"),  # Saturday afternoon
        ("2026-12-05 18:00", "mercoledì 9 dicembre alle 9:00"),  # Sunday, Saint Ambrose in Milan, the Immaculate
        ("2026-12-08 11:00", "domani alle 9:00"),  # a holiday
        ("2026-12-24 10:00", "lunedì 28 dicembre alle 9:00"),  # our closure, Christmas, Saint Stephen, Sunday
    ],
)
def test_holidays_closures_and_the_lunch_break_count(desk: RunningDesk, talk: Talk, now: str, opening: str) -> None:
    desk.clock.set(now)

    assert f"torniamo {opening}" in talk("vorrei parlare con una persona")[0].text


def test_while_open_nothing_is_said_of_hours(desk: RunningDesk, talk: Talk) -> None:
    assert NOTICE not in talk("ciao")[0].text


def test_the_widgets_header_shows_open_or_the_next_opening(desk: RunningDesk) -> None:
    def hours() -> tuple[bool, str]:
        shown = desk.http.get("/api/widget/config", params={"locale": "it"}).json()["hours"]
        return shown["open"], shown["text"]

    assert hours() == (True, "Siamo qui fino alle 13:00")
    desk.clock.set("2026-11-23 22:30")
    assert hours() == (False, "Torniamo domani alle 9:00")
