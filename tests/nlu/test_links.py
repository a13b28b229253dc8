"""Which topic an entry is, and what comes with it."""
from dataclasses import replace

import pytest

from bot.model.faq import FaqEntry, FaqText
from bot.nlu.match.knowledge import shipped
from bot.nlu.match.links import Link, inherited, link
from bot.nlu.match.rows import INHERITED, TITLE, faq_rows
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.topics.library import read_topics

TOPICS = read_topics()


def entry(name: str, title: str, answer: str = "", *phrasings: str, like: str = "") -> FaqEntry:
    return FaqEntry(name, "", {"it": FaqText(title, phrasings, answer, "faq/it/x.md", 1)}, like=like)


@pytest.fixture(scope="module")
def cache(encoder: Encoder) -> EmbeddingCache:
    return EmbeddingCache(encoder)


def linked(cache: EmbeddingCache, *entries: FaqEntry) -> dict[str, Link]:
    return link(entries, TOPICS, cache, shipped().field)


def test_the_id_of_a_topic_or_like_names_it(cache: EmbeddingCache) -> None:
    found = linked(cache, entry("shipping-cost", "Costi"), entry("resi-2", "Varie", like="return-how"))

    topics = {name: one.topic for name, one in found.items()}
    assert topics == {"shipping-cost": "shipping-cost", "resi-2": "return-how"}
    assert all(one.given and one.made for one in found.values())


def test_like_none_refuses_even_its_own_id(cache: EmbeddingCache) -> None:
    assert linked(cache, entry("shipping-cost", "Quanto costa la spedizione?", like="none")) == {}


@pytest.mark.parametrize(
    ("title", "answer", "topic"),
    [
        ("Quanto costa la spedizione?", "La spedizione costa 5 €, gratis sopra i 50 €.", "shipping-cost"),
        ("Come posso pagare?", "Accettiamo carte, PayPal e bonifico.", "payment-methods"),
        ("Ho dimenticato la password", "Usa il link nella pagina di accesso.", "account-password"),
    ],
)
def test_an_entry_that_leaves_no_doubt_is_linked_by_itself(
    cache: EmbeddingCache, title: str, answer: str, topic: str
) -> None:
    found = linked(cache, entry("domanda-1", title, answer))["domanda-1"]

    assert (found.topic, found.made, found.given) == (topic, True, False)


@pytest.mark.parametrize(
    "title",
    ["Ogni quanto si annaffia il limone in vaso?", "Quanto vive un pesce rosso?", "Quale vino con il pesce?"],
)
def test_what_is_of_the_trade_is_linked_to_nothing(cache: EmbeddingCache, title: str) -> None:
    assert not any(one.made for one in linked(cache, entry("domanda-1", title)).values())


def test_of_two_entries_like_one_topic_only_the_nearest_gets_its_phrasings(cache: EmbeddingCache) -> None:
    general = entry("uno", "Quanto costa la spedizione?", "La spedizione costa 5 €.")
    special = entry("due", "Costo della spedizione di mobili ingombranti", "Per i mobili la spedizione costa 49 €.")

    found = linked(cache, general, special)

    assert found["uno"].made
    assert "due" not in found or found["due"].topic != "shipping-cost" or not found["due"].made


def test_inherited_phrasings_stand_beside_the_entrys_own(cache: EmbeddingCache) -> None:
    own = entry("shipping-cost", "Quanto costa la spedizione?", "5 €.", "spese")
    rows = faq_rows([own], inherited(linked(cache, own), TOPICS))

    assert [row.text for row in rows if row.kind == TITLE] == ["Quanto costa la spedizione?"]
    assert sum(row.kind == INHERITED for row in rows) >= 50
    assert {row.language for row in rows if row.kind == INHERITED} == {"it", "en"}


def test_without_the_library_nothing_is_linked(cache: EmbeddingCache) -> None:
    assert link([replace(entry("x", "Quanto costa la spedizione?"))], {}, cache, shipped().field) == {}
