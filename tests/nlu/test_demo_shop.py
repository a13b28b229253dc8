"""The demo shop on messages that nobody tuned for (tests/data): floors, so that no change makes it worse unseen."""

from collections.abc import Callable

from bot.model.understanding import Band, Hints
from bot.nlu.archive import Model
from bot.nlu.learn.evaluation import evaluate_faq

TestSet = Callable[[str], list[list[str]]]


def test_shop_messages(demo: Model, test_set: TestSet) -> None:
    rows = [(label, text) for label, _, text in test_set("shop_messages.tsv")]
    found = evaluate_faq(rows, lambda text: demo.reader.parse(text, Hints(), demo.snapshot))["all"]

    assert found["top1"] >= TOP1
    assert found["precision"] >= PRECISION
    assert found["out_of_scope_not_answered"] >= 95


def test_follow_ups(demo: Model, test_set: TestSet) -> None:
    """The right topic is at least among the choices."""
    rows = test_set("follow_ups.tsv")
    right = 0
    for previous, language, text, expected in rows:
        found = demo.reader.parse(text, Hints(language=language, previous_faq_id=previous), demo.snapshot)
        right += any((c.faq_id or f"@{c.intent}") in expected.split(",") for c in found.candidates[:3])

    assert right / len(rows) >= 0.9


def test_near_misses_of_a_request_for_a_person_never_hand_off(demo: Model, test_set: TestSet) -> None:
    sure = [
        text
        for label, _, text in test_set("person_requests.tsv")
        if label == "no"
        and (found := demo.reader.parse(text, Hints(), demo.snapshot)).intent == "handoff_request"
        and found.band is Band.ANSWER
    ]

    assert len(sure) <= 1


def test_two_questions_are_never_answered_with_a_wrong_one(demo: Model, test_set: TestSet) -> None:
    wrong = sum(
        part.band is Band.ANSWER and (part.faq_id or f"@{part.intent}") not in expected.split(",")
        for language, text, expected in test_set("two_questions.tsv")
        for part in demo.reader.parse(text, Hints(language=language), demo.snapshot).parts
    )

    assert wrong <= 1


TOP1, PRECISION = 92, 98
