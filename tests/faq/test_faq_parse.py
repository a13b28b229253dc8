"""One FAQ file: what its Markdown means, and how each mistake is told."""
from datetime import date

import pytest

from bot.faq.parse import ParsedFile, Written, parse_file

TOP = "---\ntopic: Spedizioni\n---\n"
ENTRY = """\
## Quanto costa la spedizione? {#shipping-cost}

> Quanto si paga per la consegna?
> Spese di spedizione

La spedizione standard costa **4,90 €**.
"""


def parsed(text: str) -> ParsedFile:
    return parse_file(text, file="faq/it/a.md", language="it")


def only(text: str) -> Written:
    result = parsed(TOP + text)
    assert not result.problems, [str(problem) for problem in result.problems]
    (entry,) = result.entries
    return entry


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parsed(text).problems]


def test_heading_quote_and_text_are_question_phrasings_and_answer() -> None:
    entry = only(ENTRY)
    assert (entry.id, entry.topic, entry.title) == ("shipping-cost", "Spedizioni", "Quanto costa la spedizione?")
    assert entry.phrasings == ((6, "Quanto si paga per la consegna?"), (7, "Spese di spedizione"))
    assert entry.answer == ((9, "La spedizione standard costa **4,90 €**."),)
    assert (entry.file, entry.line) == ("faq/it/a.md", 4)


def test_an_answer_keeps_its_markdown() -> None:
    answer = "Così:\n\n1. apri **Resi**\n2. stampa\n\n### Costi\n\n```\n## niente {#titolo}\n```"
    entry = only(f"## Come? {{#how}}\n\n{answer}\n\n\n")
    assert "\n".join(text for _, text in entry.answer) == answer


def test_windows_line_ends_change_nothing() -> None:
    assert parsed((TOP + ENTRY).replace("\n", "\r\n")) == parsed(TOP + ENTRY)


def test_attributes_stand_in_a_yaml_block_below_the_heading() -> None:
    block = (
        "## A? {#a}\n\n```yaml\nrelated: [b]\nmatches: [aa]\nnever_matches: [bb]\nshort: 'Sì: 4,90 €'\n"
        "valid_from: 2026-12-01\nvalid_until: 2026-12-31\nchannels: [widget, email]\ndraft: true\n```\n\n> x\n\n"
        "Risposta.\n"
    )
    attributes = only(block).attributes
    assert attributes.related == ("b",)
    assert (attributes.matches, attributes.never_matches) == (("aa",), ("bb",))
    assert attributes.short == "Sì: 4,90 €"
    assert (attributes.valid_from, attributes.valid_until) == (date(2026, 12, 1), date(2026, 12, 31))
    assert attributes.channels == ("widget", "email")
    assert attributes.draft
    assert only(block).answer[0][1] == "Risposta."


def test_attributes_may_stand_on_the_heading() -> None:
    entry = only('## A? {#a draft=true short="Sì, subito" related=[b]}\n\nRisposta.\n')
    assert (entry.title, entry.attributes.draft, entry.attributes.short) == ("A?", True, "Sì, subito")
    assert entry.attributes.related == ("b",)


def test_an_entry_for_people_needs_no_answer() -> None:
    assert only("## Avvocato {#legal}\n\n```yaml\nanswer: handoff\n```\n\n> causa\n").answer == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "faq/it/a.md:1: the file is empty. Write an entry like '## How much is shipping? {#shipping-cost}'"),
        (ENTRY, "faq/it/a.md:1: the topic is missing. Begin the file with ---, topic: Shipping, ---."),
        ("---\ntopic: x\n", "faq/it/a.md:1: the --- of line 1 has no second one. Write --- below the topic."),
        ("---\ntopics: x\n---\n", "faq/it/a.md:2: unknown key 'topics'. Did you mean 'topic'? Allowed here: topic."),
        ("---\n---\n" + ENTRY, "faq/it/a.md:2: 'topic' is missing. Write it: topic: and what the entries of this file"),
        (TOP + "Salve.\n\n" + ENTRY, "faq/it/a.md:4: 'Salve.' stands above the first entry. Write a heading above it"),
        (TOP, "faq/it/a.md:1: there is no entry. Write one like"),
        (TOP + "Salve\n---\n\n" + ENTRY, "faq/it/a.md:4: 'Salve' stands above the first entry. Write a heading"),
        (TOP + "## A {#Ship_Cost}\n\nx\n", "faq/it/a.md:4: 'Ship_Cost' is no id. Use small letters, digits and single"),
        (TOP + "## {#a}\n\nx\n", "faq/it/a.md:4: #a has no question."),
        (TOP + "## A {#a}\n\n> b\n", "faq/it/a.md:4: #a has no answer. Write it below the question, or 'answer: hando"),
        (TOP + "## A {#a}\n\n> b\nrisposta\n", "faq/it/a.md:7: 'risposta' sticks to the quote above it. Leave a line"),
        (TOP + "## A {#a}\n```yaml\nrelatd: [b]\n```\nx\n", "faq/it/a.md:6: unknown key 'relatd'. Did you mean 'relat"),
        (TOP + "## A {#a}\n```yaml\nanswer: hand_off\n```\n", "faq/it/a.md:6: 'answer' is 'hand_off'. Did you mean 'h"),
        (TOP + "## A {#a}\n```yaml\nchannels: [sms]\n```\nx\n", "faq/it/a.md:6: 'channels' is 'sms'. Allowed: widget,"),
        (TOP + "## A {#a}\n```yaml\nvalid_from: Natale\n```\nx\n", "faq/it/a.md:6: 'valid_from' is 'Natale': a date l"),
        (TOP + "## A {#a}\n```yaml\ndraft: [\n```\nx\n", "faq/it/a.md:6: this is no YAML: "),
        (TOP + "## A {#a}\n```yaml\ndraft: true\n\n## B {#b}\n\nx\n", "faq/it/a.md:5: this block is not closed. Write"),
        (TOP + "## A {#a draft}\n\nx\n", "faq/it/a.md:4: 'draft' is not understood. Behind the id write key=value"),
        (TOP + "## A {#a draft=true}\n```yaml\nshort: x\n```\nx\n", "faq/it/a.md:6: attributes of this entry stand in"),
        (
            TOP + "## A {#a}\n```yaml\nvalid_from: 2026-12-31\nvalid_until: 2026-12-01\n```\nx\n",
            "faq/it/a.md:7: 'valid_until' is 2026-12-01, before 'valid_from' 2026-12-31. Swap the two.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    assert problems(text)[0].startswith(told)


def test_all_mistakes_of_a_file_are_told() -> None:
    found = problems(TOP + "## A {#A}\n\nx\n\n## B {#b}\n\nx\n\n## C {#C}\n\nx\n")
    assert [text.split(" ")[0] for text in found] == ["faq/it/a.md:4:", "faq/it/a.md:12:"]
