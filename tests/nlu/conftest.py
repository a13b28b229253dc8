"""A small shop, trained once for all tests of understanding, and the demo shop, trained where a test asks for it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.dialogue.merge import BASE_CONFIG, BASE_NLU
from bot.model.faq import FaqEntry, FaqText, Publication
from bot.nlu.archive import Model
from bot.nlu.learn.quality import read_rasa
from bot.nlu.learn.training import Goal, train
from bot.nlu.match.alarms import AlarmReader
from bot.nlu.match.knowledge import shipped
from bot.nlu.match.links import inherited, link
from bot.nlu.match.rows import Row, faq_rows
from bot.nlu.project import entries
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.nlu.text.encoders import resolve
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.language import LanguageReader, learn_words
from bot.settings import read_shop
from bot.topics.library import read_topics

ROOT = Path(__file__).parents[2]
PHRASINGS: dict[str, tuple[list[str], list[str]]] = {
    "shipping-cost": (
        [
            "Quanto costa la spedizione?",
            "spese di spedizione",
            "quanto si paga per la consegna",
            "costo del trasporto",
            "la spedizione è gratis?",
            "prezzo della consegna",
        ],
        [
            "How much is shipping?",
            "delivery cost",
            "what do you charge for delivery",
            "is shipping free?",
            "price of the shipment",
            "shipping fees",
        ],
    ),
    "return-how": (
        [
            "Come faccio un reso?",
            "voglio restituire le scarpe",
            "come posso rendere un articolo",
            "procedura di reso",
            "rimandare indietro il prodotto",
            "dove spedisco il reso",
        ],
        [
            "How do I return an item?",
            "I want to send the shoes back",
            "return procedure",
            "how can I give it back",
            "make a return",
            "where do I send my return",
        ],
    ),
    "cash-on-delivery": (
        [
            "Posso pagare alla consegna?",
            "accettate il contrassegno",
            "pago in contanti al corriere",
            "pagamento alla consegna",
            "si può saldare quando arriva il pacco",
            "contrassegno disponibile?",
        ],
        [
            "Can I pay on delivery?",
            "do you take cash on delivery",
            "pay the courier in cash",
            "payment when it arrives",
            "is cash on delivery available",
            "pay at the door",
        ],
    ),
    "opening-hours": (
        [
            "Quando siete aperti?",
            "orari del negozio",
            "a che ora chiudete",
            "siete aperti il sabato?",
            "orario di apertura",
            "fino a che ora posso venire",
        ],
        [
            "When are you open?",
            "opening hours",
            "what time do you close",
            "are you open on Saturday?",
            "shop hours",
            "until when can I come",
        ],
    ),
    "warranty": (
        [
            "Quanto dura la garanzia?",
            "la garanzia cosa copre",
            "le scarpe hanno due anni di garanzia?",
            "garanzia legale",
            "si è rotta dopo sei mesi, è in garanzia?",
            "come uso la garanzia",
        ],
        [
            "How long is the warranty?",
            "what does the guarantee cover",
            "two years of warranty?",
            "legal guarantee",
            "it broke after six months, is it covered?",
            "use my warranty",
        ],
    ),
}
EXAMPLES: dict[str, list[str]] = {
    "greet": ["ciao", "buongiorno", "salve", "hello", "hi there", "good morning"],
    "thank": ["grazie", "grazie mille", "ti ringrazio", "thanks", "thank you so much", "many thanks"],
    "order_status": [
        "dov'è il mio ordine",
        "a che punto è il mio pacco",
        "traccia il mio ordine",
        "il mio ordine 1005 quando arriva",
        "where is my order",
        "track my parcel",
        "status of order 1005",
        "has my package been sent",
    ],
    "handoff_request": [
        "vorrei parlare con un operatore",
        "passami una persona",
        "voglio un umano",
        "posso parlare con qualcuno",
        "I want to talk to a person",
        "connect me to a human",
        "operator please",
        "can I speak with someone",
    ],
    "inform": ["1005", "mario@example.it", "il numero è 1005", "my email is ann@example.com", "taglia 42", "size 42"],
    "out_of_scope": [
        "vendete frigoriferi?",
        "che tempo fa domani",
        "raccontami una barzelletta",
        "cercate personale?",
        "do you sell fridges?",
        "what's the weather tomorrow",
        "tell me a joke",
        "are you hiring?",
    ],
}


def entry(entry_id: str, italian: Sequence[str], english: Sequence[str] = ()) -> FaqEntry:
    """An entry whose first phrasing is its title."""
    texts = {
        language: FaqText(phrasings[0], tuple(phrasings[1:]), f"Answer of {entry_id}.", f"faq/{language}/x.md", 1)
        for language, phrasings in (("it", italian), ("en", english))
        if phrasings
    }
    return FaqEntry(entry_id, "topic", texts)


def publication(publication_id: str, *entries_of: FaqEntry) -> Publication:
    return Publication(publication_id, entries_of, datetime(2026, 11, 22, tzinfo=UTC))


SHOP = tuple(entry(entry_id, *phrasings) for entry_id, phrasings in PHRASINGS.items())


def dialogue_rows() -> list[Row]:
    reader = LanguageReader()
    return [Row(text, intent, reader.sure(text)) for intent, texts in EXAMPLES.items() for text in texts]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder that the demo shop's config.yml names."""
    pipeline = yaml.safe_load(BASE_CONFIG.read_text())["pipeline"]
    return Encoder(resolve(next(step["model"] for step in pipeline if "model" in step), ROOT, Path("/nowhere")))


def trained(rows: Sequence[Row], encoder: Encoder, *, goal: Goal | None = None, alarms: bool = False) -> Model:
    embeddings = EmbeddingCache(encoder)
    reader = MessageReader(
        LanguageReader(learn_words((row.text, row.language) for row in rows), read_shop(ROOT).products),
        EntityReader(["Vento Trail", "Onda 2"]),
        AlarmReader.fit(rows, embeddings) if alarms else None,
    )
    return Model(reader, train(rows, embeddings, goal or Goal()))


@pytest.fixture(scope="session")
def shop(encoder: Encoder) -> Model:
    """The small shop with a lenient goal: with so few rows nothing could promise 98 %."""
    return trained([*dialogue_rows(), *faq_rows(SHOP)], encoder, goal=Goal(target_precision=0.7), alarms=True)


@pytest.fixture(scope="session")
def demo(encoder: Encoder) -> Model:
    """The demo shop as `rasa train` would train it, without Rasa around it."""
    read = entries("bot.faq.folder:read_entries", ROOT)
    topics = read_topics()
    from_faq = faq_rows(read, inherited(link(read, topics, EmbeddingCache(encoder), shipped().field), topics))
    products = read_shop(ROOT).products
    languages = LanguageReader(learn_words((row.text, row.language) for row in from_faq), products)
    lines = [
        line for folder in (BASE_NLU, ROOT / "data" / "nlu") for line in read_rasa(folder) if line.label != "faq"
    ]
    rows = list(dict.fromkeys(Row(line.text, line.label, languages.sure(line.text)) for line in lines))
    return trained([*rows, *from_faq], encoder, alarms=True)


@pytest.fixture(scope="session")
def test_set() -> Callable[[str], list[list[str]]]:
    """Rows of tests/data without their header line. For measuring only."""

    def read(name: str) -> list[list[str]]:
        lines = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8").splitlines()
        return [line.split("\t") for line in lines[1:]]

    return read
