"""Files as editors really leave them: other encodings, levels, names and slips of the keyboard."""
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.faq.folder import read_entries
from bot.faq.parse import parse_file
from bot.faq.source import read_text
from bot.model.errors import SettingError

TOP = "---\ntopic: Tema\n---\n"
ENTRY = TOP + "## Città? {#a}\n\n> dove\n\nQui.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.markdown", "a.MD", "sub/a.md"])
def test_what_is_plain_is_read(project: Path, encoding: str, end: str, name: str) -> None:
    path = project / "faq" / "it" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(ENTRY.replace("\n", end).encode(encoding))
    (entry,) = read_entries(project)
    assert (entry.texts["it"].title, entry.texts["it"].phrasings) == ("Città?", ("dove",))


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.replace("## ", "##"), ENTRY.replace("## ", "##\xa0"), ENTRY.replace("## ", "### "),
        ENTRY.replace("## ", "# "), ENTRY.replace(">", "\t>"), ENTRY.replace("---", "\u2014"),
        ENTRY.replace("## ", "# Tutto\n\n### "),
    ],
)
def test_slips_of_the_keyboard_are_read(text: str) -> None:
    result = parse_file(read_text(text.encode(), "a.md"), file="a.md", language="it")
    assert not result.problems
    assert [(entry.id, entry.title, len(entry.phrasings)) for entry in result.entries] == [("a", "Città?", 1)]


def test_an_entry_without_an_id_gets_one_from_its_heading() -> None:
    result = parse_file(TOP + "## Perché è così?\n\nx\n", file="a.md", language="it")
    assert [entry.id for entry in result.entries] == ["perche-e-cosi"]


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="#-> \n\r\t`{}a:\xa0[]&*!").map(lambda text: (TOP + text).encode()))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    try:
        parse_file(read_text(content, "a.md"), file="a.md", language="it")
    except SettingError as error:
        assert error.file


def test_comments_and_simple_tags_are_not_shown() -> None:
    text = TOP + '## A {#a}\n\n<!-- da\nrivedere -->\n<p>Vedi <a href="/resi">i <b>resi</b></a>.<br></p>\n'
    (entry,) = parse_file(read_text(text.encode(), "a.md"), file="a.md", language="it").entries
    assert entry.answer == ((8, "Vedi [i **resi**](/resi)."),)
