"""The library of topics is whole: both languages, many ways to ask, neighbours that exist, nothing of the test sets."""
import re

import pytest

from bot.topics.library import read_topics
from tests.test_test_sets import folded

LEAST_TOPICS, LEAST_PHRASINGS = 110, 25
PLACEHOLDERS = {
    "shop_name", "shipping_price", "free_shipping_over", "delivery_days", "return_days", "support_email",
    "support_phone", "site", "opening_hours",
}  # fmt: skip
TOPICS = read_topics()


def test_there_are_the_topics_of_any_shop() -> None:
    assert len(TOPICS) >= LEAST_TOPICS
    some = {"withdrawal", "shipping-cost", "parcel-on-hold", "double-charge", "scam-messages", "privacy-data"}
    assert some <= set(TOPICS)


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_has_many_different_ways_to_ask(name: str) -> None:
    for text in TOPICS[name].texts.values():
        assert len({folded(phrasing) for phrasing in text.phrasings}) >= LEAST_PHRASINGS


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_names_neighbours_that_exist_and_says_what_a_good_answer_says(name: str) -> None:
    topic = TOPICS[name]

    assert topic.near and set(topic.near) <= set(TOPICS) - {name}
    assert topic.about and set(topic.outlines) == {"it", "en"} and all(topic.outlines.values())


@pytest.mark.parametrize("name", TOPICS)
def test_a_draft_uses_only_placeholders_that_a_new_shop_fills(name: str) -> None:
    for text in TOPICS[name].texts.values():
        assert text.answer
        assert set(re.findall(r"\{(\w+)\}", text.answer)) <= PLACEHOLDERS


def test_no_phrasing_stands_under_two_topics() -> None:
    places: dict[tuple[str, str], set[str]] = {}
    for name, topic in TOPICS.items():
        for language, text in topic.texts.items():
            for phrasing in text.phrasings:
                places.setdefault((language, folded(phrasing)), set()).add(name)

    assert {key: names for key, names in places.items() if len(names) > 1} == {}
