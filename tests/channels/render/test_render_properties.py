"""Whatever is said: no part over the limit, nothing lost, no tag left open."""
import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.capabilities import Capabilities, Markup, Unit
from bot.channels.render import Mode, Rendered, render
from bot.model.conversation import Choice, Reply
from tests.channels.render.capability_sets import SETS

PIECES = st.sampled_from(
    ["**", "*", "_", "__", "- ", "\n", "\n\n", "1. ", "# ", "[", "](https://x.it/a)", "<", ">", "&", "`", "~",
     "\\", "|", "parola", "è", "€", "👨‍👩‍👧", "e\u0301", " ", "  ", "https://shop.example/" + "p" * 40, "x" * 70,
     "---\n", "    "]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join)
TITLES = st.lists(st.text(min_size=1, max_size=40).filter(str.strip), max_size=6, unique_by=str.casefold)
LIMITS = st.builds(
    Capabilities, text=st.integers(32, 300), unit=st.sampled_from(Unit), markup=st.sampled_from(Markup),
    text_with_options=st.sampled_from([0, 32, 100]), buttons=st.integers(0, 4), button_label=st.integers(0, 30),
    list_rows=st.integers(0, 6), row_title=st.integers(2, 24), row_description=st.integers(0, 40),
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in ("a", "b", "i")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def visible(parts: list[Rendered], markup: Markup) -> str:
    text = "".join(one.text for one in parts)
    return html.unescape(re.sub(r"<[^>]*>", "", text)) if markup is Markup.HTML else text


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, limits=LIMITS)
def test_no_part_is_over_the_limit_and_no_tag_is_cut(text: str, limits: Capabilities) -> None:
    for part in render(Reply(text, "it"), limits):
        assert limits.unit.measure(part.text) <= limits.text
        assert part.text.strip()
        if limits.markup is Markup.HTML:
            tags = Tags()
            tags.feed(part.text)
            assert tags.open == []


@settings(max_examples=400, deadline=None)
@given(text=TEXTS.filter(lambda text: "](" not in text and "\x00" not in text), limits=LIMITS)
def test_no_letter_is_lost_however_small_the_parts(text: str, limits: Capabilities) -> None:
    whole = render(Reply(text, "it"), Capabilities(1_000_000, markup=limits.markup))
    parts = render(Reply(text, "it"), limits)
    assert letters(visible(parts, limits.markup)) == letters(visible(whole, limits.markup)) == letters(text)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, titles=TITLES, limits=LIMITS)
def test_every_choice_can_be_read_and_made(text: str, titles: list[str], limits: Capabilities) -> None:
    choices = tuple(Choice(title, "none", f"7.{n}") for n, title in enumerate(titles, 1))
    parts = render(Reply(text, "it", choices=choices), limits)
    if not choices:
        return
    last = parts[-1]
    if last.mode is Mode.NONE:
        assert letters(visible(parts, limits.markup)).endswith(
            letters("".join(f"{n}{' '.join(title.split())}" for n, title in enumerate(titles, 1)))
        )
        return
    assert limits.unit.measure(last.text) <= (limits.text_with_options or limits.text)
    assert [one.id for one in last.options] == [one.id for one in choices]
    most = limits.buttons if last.mode is Mode.BUTTONS else limits.list_rows
    longest = limits.button_label if last.mode is Mode.BUTTONS else limits.row_title
    assert len(last.options) <= most
    assert all(len(one.title) <= longest and len(one.description) <= limits.row_description for one in last.options)


@pytest.mark.parametrize("name", SETS)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=6000))
def test_any_text_can_be_shown_on_any_channel(name: str, text: str) -> None:
    limits = SETS[name]
    assert all(limits.unit.measure(one.text) <= limits.text for one in render(Reply(text, "it"), limits))
