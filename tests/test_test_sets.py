"""The hand-written test sets are complete, well labelled, and were not trained on."""
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"

COLUMNS = {
    "shop_messages.tsv": ("label", "language", "text"),
    "short_language.tsv": ("language", "text"),
    "alarms.tsv": ("label", "language", "text"),
    "person_requests.tsv": ("label", "language", "text"),
    "follow_ups.tsv": ("previous_faq_id", "language", "text", "expected"),
    "two_questions.tsv": ("language", "text", "expected"),
    "language_words.tsv": ("language", "text", "kind"),
    "language_talks.tsv": ("language", "text", "expected"),
}
LEAST_ROWS = {
    "shop_messages.tsv": 640,
    "short_language.tsv": 320,
    "alarms.tsv": 260,
    "person_requests.tsv": 100,
    "follow_ups.tsv": 44,
    "two_questions.tsv": 40,
    "language_words.tsv": 200,
    "language_talks.tsv": 60,
}
FAQ_IDS = {
    "shipping-cost", "delivery-time", "shipping-abroad", "delivery-failed", "pickup-point", "change-address",
    "order-cancel", "order-modify", "order-confirmation-missing", "missing-item", "wrong-item", "damaged-item",
    "return-how", "return-window", "return-cost", "exchange-size", "refund-when", "payment-methods", "payment-failed",
    "cash-on-delivery", "installments", "invoice", "size-guide", "restock", "product-care", "gift-card",
    "discount-code", "warranty", "account-password", "account-delete", "newsletter-unsubscribe", "opening-hours",
    "contacts", "physical-store",
}
INTENTS = {
    "@greet", "@goodbye", "@thank", "@affirm", "@deny", "@order_status", "@handoff_request", "@complaint",
    "@bot_challenge", "@start_over", "@out_of_scope",
}
ALARMS = {"anger", "legal", "distress", "fraud", "safety"}
LANGUAGES = {"it", "en"}

# Similarity is rapidfuzz's Levenshtein.normalized_similarity (1 - edits / length of the longer text) of folded texts.
TOO_NEAR = 0.8
# "ciao", "order status", "grazie mille" can be said in so few ways that a near training line proves nothing.
LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Line:
    file: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number} {self.text!r}"


def rows(name: str) -> list[dict[str, str]]:
    header, *lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    assert tuple(header.split("\t")) == COLUMNS[name], f"{name}:1 header is {header!r}, expected {COLUMNS[name]}"
    read = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        assert len(cells) == len(COLUMNS[name]) and all(cells), f"{name}:{number} needs {COLUMNS[name]}, met {line!r}"
        read.append(dict(zip(COLUMNS[name], cells, strict=True)))
    return read


def folded(text: str) -> str:
    """Case, accents, punctuation and spacing do not make a line another line."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w\s]|_", " ", bare).split())


def leaks(tested: Sequence[Line], trained: Sequence[Line]) -> list[str]:
    """One sentence for each tested line of LEAST_WORDS or more that some trained line comes too near to."""
    long_enough = [line for line in tested if len(line.text.split()) >= LEAST_WORDS]
    if not long_enough or not trained:
        return []
    scores = cdist(
        [folded(line.text) for line in long_enough],
        [folded(line.text) for line in trained],
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=TOO_NEAR,
    )
    nearest = scores.argmax(axis=1)
    return [
        f"{line} is {scores[row, nearest[row]]:.2f} like {trained[nearest[row]]}"
        for row, line in enumerate(long_enough)
        if scores[row, nearest[row]] >= TOO_NEAR
    ]


def nlu_examples(text: str, file: str) -> Iterator[Line]:
    """Examples of the intents in a Rasa NLU file, entity annotations replaced by the text they mark."""
    intent = examples = False
    for number, line in enumerate(text.splitlines(), start=1):
        if kind := re.match(r"\s*- (intent|synonym|lookup|regex|story|rule):", line):
            intent, examples = kind[1] == "intent", False
        elif re.match(r"\s*examples:", line):
            examples = True
        elif intent and examples and (example := re.match(r"\s*- (?:text: *)?(.+)", line)):
            yield Line(file, number, re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", example[1].strip("'\" ")))


def faq_phrasings(text: str, file: str) -> Iterator[Line]:
    """Titles and other ways to ask of a FAQ file; the answers are not phrasings."""
    for number, line in enumerate(text.splitlines(), start=1):
        if title := re.match(r"##\s+(.+?)\s*(?:\{#.*\})?\s*$", line):
            yield Line(file, number, title[1])
        elif line.startswith(">") and (phrasing := line.lstrip("> ").strip()):
            yield Line(file, number, phrasing)


def other_lines() -> Iterator[Line]:
    """What the encoder and the alarms are taught with."""
    for path in sorted((ROOT / "tools" / "encoder" / "pairs").rglob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for text in line.split("\t"):
                yield Line(path.relative_to(ROOT).as_posix(), number, text)
    for path in sorted((ROOT / "bot" / "nlu" / "alarm_examples").glob("*.yml")):
        for texts in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            for text in texts:
                yield Line(path.relative_to(ROOT).as_posix(), 0, str(text))


def trained_lines() -> tuple[list[Line], list[Line]]:
    nlu = [(path, path.relative_to(ROOT).as_posix()) for folder in ("bot/dialogue/base/nlu", "data")
           for path in sorted((ROOT / folder).rglob("*.yml"))]
    library = (ROOT / "bot" / "topics" / "library").glob("*/*.md")
    written = [*sorted((ROOT / "faq").glob("*/*.md")), *sorted(library)]
    faq = [(path, path.relative_to(ROOT).as_posix()) for path in written]
    examples = [line for path, name in nlu for line in nlu_examples(path.read_text(encoding="utf-8"), name)]
    return (
        [*examples, *other_lines()],
        [line for path, name in faq for line in faq_phrasings(path.read_text(encoding="utf-8"), name)],
    )


@pytest.mark.parametrize("name", COLUMNS)
def test_each_file_has_its_rows_in_both_languages(name: str) -> None:
    read = rows(name)
    assert len(read) >= LEAST_ROWS[name]
    by_language = Counter(row["language"] for row in read)
    assert set(by_language) == LANGUAGES
    assert min(by_language.values()) >= 0.4 * len(read)


@pytest.mark.parametrize("name", COLUMNS)
def test_no_text_stands_twice_in_a_file(name: str) -> None:
    times = Counter(
        (row.get("previous_faq_id", ""), " ".join(row["text"].casefold().split())) for row in rows(name)
    )
    assert not [key for key, count in times.items() if count > 1]


def test_every_entry_has_six_italian_and_four_english_messages_and_every_label_is_known() -> None:
    counted = Counter((row["label"], row["language"]) for row in rows("shop_messages.tsv"))
    assert {label for label, _ in counted} == FAQ_IDS | INTENTS
    assert not [faq_id for faq_id in FAQ_IDS if counted[faq_id, "it"] < 6 or counted[faq_id, "en"] < 4]


def test_dialogue_intents_that_matter_most_have_enough_messages() -> None:
    counted = Counter(row["label"] for row in rows("shop_messages.tsv"))
    least = {"@order_status": 25, "@handoff_request": 20, "@complaint": 15, "@bot_challenge": 8}
    assert not {label: counted[label] for label, wanted in least.items() if counted[label] < wanted}


def test_a_quarter_of_the_shop_messages_is_out_of_scope() -> None:
    labels = [row["label"] for row in rows("shop_messages.tsv")]
    assert labels.count("@out_of_scope") >= max(165, len(labels) / 4)


def test_short_texts_have_one_to_three_words() -> None:
    assert not [row["text"] for row in rows("short_language.tsv") if not 1 <= len(row["text"].split()) <= 3]


def test_every_alarm_is_tested_in_both_languages_beside_enough_harmless_messages() -> None:
    counted = Counter((row["label"], row["language"]) for row in rows("alarms.tsv"))
    assert {label for label, _ in counted} == ALARMS | {"none"}
    assert not [key for key in counted if counted[key] < 12]
    by_label = Counter(row["label"] for row in rows("alarms.tsv"))
    assert min(by_label[label] for label in ALARMS) >= 24
    assert by_label["none"] >= 120


def test_person_requests_have_as_many_near_misses_as_requests() -> None:
    counted = Counter(row["label"] for row in rows("person_requests.tsv"))
    assert set(counted) == {"yes", "no"}
    assert min(counted.values()) >= 50


def test_follow_ups_name_known_entries_and_cover_fifteen() -> None:
    read = rows("follow_ups.tsv")
    assert {row["expected"] for row in read} | {row["previous_faq_id"] for row in read} <= FAQ_IDS
    assert len({row["previous_faq_id"] for row in read}) >= 15


def test_two_questions_name_known_labels_and_hold_ten_single_questions() -> None:
    expected = [row["expected"].split(",") for row in rows("two_questions.tsv")]
    assert {label for labels in expected for label in labels} <= FAQ_IDS | INTENTS
    assert {len(labels) for labels in expected} == {1, 2}
    assert sum(len(labels) == 1 for labels in expected) >= 10


@pytest.mark.parametrize("name", COLUMNS)
def test_no_tested_line_comes_near_a_training_example_or_a_faq_phrasing(name: str) -> None:
    examples, phrasings = trained_lines()
    assert examples and phrasings, "found no intent examples in data/ or no phrasings in faq/: nothing was compared"
    tested = [Line(f"tests/data/{name}", number, row["text"]) for number, row in enumerate(rows(name), start=2)]
    found = leaks(tested, examples + phrasings)
    assert not found, "Remove or reword the training line, never the test line:\n" + "\n".join(found)


def test_the_guard_sees_through_case_accents_punctuation_and_annotations() -> None:
    nlu = "nlu:\n- intent: faq\n  examples: |\n    - Quanto ci mette il [pacco](product) di [Zoe]{\"entity\": \"x\"}?\n"
    faq = "---\ntopic: x\n---\n## Perché è in ritardo il corriere? {#late}\n\n> Come mai tarda il corriere\n\nArriva.\n"
    trained = [*nlu_examples(nlu, "data/nlu/a.yml"), *faq_phrasings(faq, "faq/it/b.md")]
    assert [line.text for line in trained] == [
        "Quanto ci mette il pacco di Zoe?",
        "Perché è in ritardo il corriere?",
        "Come mai tarda il corriere",
    ]
    tested = [
        Line("t.tsv", 2, "QUANTO ci mette il pacco di zoe"),
        Line("t.tsv", 3, "perche e in ritardo il corriere!!!"),
        Line("t.tsv", 4, "vorrei sapere che fine fa la mia roba"),
        Line("t.tsv", 5, "tarda il corriere"),
    ]
    found = leaks(tested, trained)
    assert [message.split(" ")[0] for message in found] == ["t.tsv:2", "t.tsv:3"]
    assert "data/nlu/a.yml:4" in found[0] and "faq/it/b.md:4" in found[1]


def test_the_guard_leaves_synonyms_lookups_and_stories_alone() -> None:
    text = "nlu:\n- lookup: city\n  examples: |\n    - Roma\n- intent: greet\n  examples: |\n    - ciao a tutti\n"
    stories = "stories:\n- story: a\n  steps:\n  - intent: greet\n  - action: utter_greet\n"
    assert [line.text for line in nlu_examples(text + stories, "x.yml")] == ["ciao a tutti"]
