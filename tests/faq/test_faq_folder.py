"""The folder of FAQ files as one set of entries."""
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.faq.folder import FolderReader, check_folder, read_entries
from bot.model.errors import SettingError

Write = Callable[[str, str], Path]


def told(project: Path) -> list[str]:
    return [str(problem) for problem in check_folder(project)]


def test_the_demo_shops_files_are_right() -> None:
    project = Path(__file__).parents[2]
    assert told(project) == []
    entries = read_entries(project)
    assert len(entries) == 34
    assert all(set(entry.texts) == {"it", "en"} for entry in entries)
    # As an editor writes: the other ways to ask come with the topics.
    assert all(1 <= len(text.phrasings) <= 3 for entry in entries for text in entry.texts.values())


def test_the_same_id_in_both_languages_is_one_entry(project: Path, write: Write) -> None:
    write("it/a.md", "## Costo? {#cost}\n```yaml\nmatches: [prezzo]\nrelated: [cost]\n```\n> quanto\n\nPoco.\n")
    write("en/a.md", "## Cost? {#cost}\n```yaml\nmatches: [price]\n```\n> how much\n\nLittle.\n")
    (entry,) = read_entries(project)
    assert {language: text.answer for language, text in entry.texts.items()} == {"it": "Poco.", "en": "Little."}
    assert entry.matches == (("it", "prezzo"), ("en", "price"))
    assert (entry.topic, entry.related) == ("Tema", ("cost",))


def test_an_entry_may_stand_in_one_language(project: Path, write: Write) -> None:
    write("en/a.md", "## Cost? {#cost}\n\nLittle.\n")
    assert set(read_entries(project)[0].texts) == {"en"}


def test_placeholders_are_filled(project: Path, write: Write) -> None:
    block = "```yaml\nshort: '{return_days} giorni'\n```\n"
    write("it/a.md", f"## A? {{#a}}\n{block}Sopra {{free_shipping_over}} \\{{così\\}}.\n")
    text = read_entries(project)[0].texts["it"]
    assert (text.answer, text.short_answer) == ("Sopra 60,00 € {così}.", "30 giorni")


def test_a_draft_is_kept_out(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\nx\n\n## B? {#b}\n```yaml\ndraft: true\n```\n> A?\n\nx\n")
    assert [entry.id for entry in read_entries(project)] == ["a"]


def test_a_language_that_the_shop_does_not_serve_is_not_read(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\nx\n")
    write("en/a.md", "## A? {#a}\n\nx\n")
    with (project / "shop.yml").open("a") as file:
        file.write("languages: [it]\n")
    assert set(read_entries(project)[0].texts) == {"it"}


def test_files_that_editors_leave_behind_are_not_read(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\nx\n")
    for name in (".a.md.swp", ".#a.md", "a.md~", "a.md.bak"):
        (project / "faq" / "it" / name).write_text("## A? {#a}")
    assert told(project) == []


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        (
            "## A? {#a}\n\nx\n\nSopra {free_shiping_over}.\n",
            "faq/it/b.md:8: unknown placeholder {free_shiping_over}. Did you mean 'free_shipping_over'? "
            "Allowed: free_shipping_over, return_days, shop_name, shop_email, opening_hours, next_opening. "
            "Add it to faq.placeholders in shop.yml, or correct it.",
        ),
        (
            "## A? {#a}\n> Dov'è il pacco?\n\nx\n\n## B? {#b}\n> DOV'È  IL PACCO\n\nx\n",
            'faq/it/b.md:10: "DOV\'È  IL PACCO" of #b already stands at faq/it/b.md:5 under #a. '
            "Join the answers or reword one.",
        ),
        (
            "## A? {#a}\n\nx\n\n## B? {#b}\n> a\n\nx\n",
            'faq/it/b.md:9: "a" of #b already stands at faq/it/b.md:4 under #a. Join the answers or reword one.',
        ),
        (
            "## A? {#a}\n\nx\n\n## B? {#a}\n\nx\n",
            "faq/it/b.md:8: #a already stands at faq/it/b.md:4. Join the two or rename one.",
        ),
        (
            "## A? {#ship}\n```yaml\nrelated: [shp]\n```\nx\n",
            "faq/it/b.md:4: 'related' of #ship names 'shp', which is no entry. Did you mean 'ship'?",
        ),
    ],
)
def test_what_does_not_fit_together_is_told(project: Path, write: Write, entries: str, problem: str) -> None:
    write("it/b.md", entries)
    assert told(project) == [problem]


def test_a_phrasing_in_two_files_names_both_places(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n> reso\n\nx\n")
    write("it/b.md", "## B? {#b}\n> Reso!\n\nx\n")
    assert told(project) == [
        'faq/it/b.md:5: "Reso!" of #b already stands at faq/it/a.md:5 under #a. Join the answers or reword one.'
    ]


def test_one_phrasing_may_serve_both_languages(project: Path, write: Write) -> None:
    write("it/a.md", "## Klarna {#klarna}\n> Klarna?\n\nx\n")
    write("en/a.md", "## Klarna {#klarna}\n\nx\n")
    assert told(project) == []


def test_both_languages_agree_on_what_holds_for_the_entry(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n```yaml\nvalid_until: 2026-12-31\n```\nx\n")
    write("en/a.md", "## A? {#a}\n```yaml\nvalid_until: 2026-12-30\n```\nx\n")
    assert told(project) == [
        "faq/en/a.md:4: 'valid_until' of #a differs from the one at faq/it/a.md:4. "
        "Write the same in both languages, or in one of them."
    ]


def test_all_problems_of_all_files_are_told_in_order(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\n{x}\n\n## B {#B}\n\ny\n")
    write("en/a.md", "## A? {#A}\n\nx\n")
    assert [text.split(" ")[0] for text in told(project)] == ["faq/en/a.md:4:", "faq/it/a.md:6:", "faq/it/a.md:8:"]


def test_an_entry_that_cannot_be_read_is_told_once(project: Path, write: Write) -> None:
    """Entries that name it are not told to be wrong too."""
    write("it/a.md", "## A? {#a}\n```yaml\nrelated: [b]\n```\nx\n\n## B? {#b}\n")
    assert [text.split(" ")[0] for text in told(project)] == ["faq/it/a.md:10:"]


def test_reading_raises_the_first_problem(project: Path, write: Write) -> None:
    write("it/a.md", "## A {#A}\n\nx\n")
    with pytest.raises(SettingError, match=r"faq/it/a.md:4: 'A' is no id"):
        read_entries(project)


def test_a_broken_shop_file_is_told(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\nx\n")
    (project / "shop.yml").write_text("shop: [")
    assert told(project)[0].startswith("shop.yml:1: this is no YAML")


def test_a_shop_without_entries_is_told_where_to_write_them(project: Path) -> None:
    assert told(project) == ["faq: there are no entries. Write the first one, in faq/it/shipping.md for example."]


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("fr/a.md", "faq/fr: 'fr' is no language that is served. Allowed: it, en."),
        ("a.md", "faq/a.md: entries lie in a language's folder. Move it to faq/it/."),
    ],
)
def test_a_file_in_the_wrong_place_is_told(project: Path, write: Write, file: str, problem: str) -> None:
    (project / "faq" / file).parent.mkdir(exist_ok=True)
    write(file, "## A? {#a}\n\nx\n")
    assert told(project) == [problem]


def test_one_mistake_freezes_only_its_own_entry(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n\n## B? {#b}\n\none\n")
    reader = FolderReader(project)
    reader.read()
    for broken in ("## B? {#b}\n", "## B? {#b}\n\n{unknown}\n", "## B? {#b}\n> A?\n\ntwo\n"):
        write("it/a.md", f"## A? {{#a}}\n\ntwo\n\n{broken}")
        state = reader.read()
        assert len(state.problems) == 1
        assert {entry.id: entry.texts["it"].answer for entry in state.entries} == {"a": "two", "b": "one"}


def test_a_reader_sees_what_was_written_since(project: Path, write: Write) -> None:
    write("it/b.md", "## B? {#b}\n\nx\n")
    reader = FolderReader(project)
    write("it/a.md", "## A? {#a}\n\none\n")
    assert reader.read().entries[0].texts["it"].answer == "one"
    write("it/a.md", "## A? {#a}\n\ntwo\n")
    assert reader.read().entries[0].texts["it"].answer == "two"
    (project / "faq" / "it" / "a.md").unlink()
    assert [entry.id for entry in reader.read().entries] == ["b"]


def test_who_the_shop_is_can_be_named(project: Path, write: Write) -> None:
    text = (project / "shop.yml").read_text()
    (project / "shop.yml").write_text(
        text.replace("shop: {", "shop: {phone: 02 5555, legal_name: Passo S.r.l., vat_number: IT0123, ", 1)
    )
    write("it/a.md", "## A? {#a}\n\n{shop_name}: {shop_phone}, {legal_name}, {vat_number}, {shop_email}.\n")
    answer = read_entries(project)[0].texts["it"].answer
    assert answer.endswith(": 02 5555, Passo S.r.l., IT0123, " + answer.rpartition(", ")[2])
    assert "@" in answer


def test_what_the_shop_leaves_empty_cannot_be_named(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\nChiama {shop_phone}.\n")
    assert "unknown placeholder {shop_phone}" in told(project)[0]


@pytest.mark.parametrize(
    ("like", "meant"),
    [("shiping-cost", " Did you mean 'shipping-cost'?"), ("return-hw", " Did you mean 'return-how'?")],
)
def test_a_topic_that_there_is_not_is_told(project: Path, write: Write, like: str, meant: str) -> None:
    write("it/a.md", f"## Costo? {{#cost}}\n```yaml\nlike: {like}\n```\n\nPoco.\n")

    (problem,) = told(project)

    assert f"'like' of #cost names '{like}', which is no topic.{meant} Allowed:" in problem


@pytest.mark.parametrize("like", ["shipping-cost", "none"])
def test_a_topic_or_none_of_them_is_taken(project: Path, write: Write, like: str) -> None:
    write("it/a.md", f"## Costo? {{#cost}}\n```yaml\nlike: {like}\n```\n\nPoco.\n")

    assert [entry.like for entry in read_entries(project)] == [like]
