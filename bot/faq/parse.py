"""One FAQ file as entries. Every mistake in it is told with its line, not just the first."""
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Meta, Struct

from bot.model.errors import SettingError
from bot.settings import ChannelKind
from bot.settings.document import Document

_HEADING = re.compile(r"(?P<title>.*?)\s*\{#(?P<id>[^\s}]*)\s*(?P<attributes>[^}]*)\}")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ATTRIBUTE = re.compile(r"""([a-z_]+)=("[^"]*"|'[^']*'|\[[^\]]*\]|\S+)\s*""")
_EXAMPLE = "## How much is shipping? {#shipping-cost}"

# Blocks are all that is needed: an answer stays Markdown as it was written.
_BLOCKS = MarkdownIt("commonmark")
_BLOCKS.core.ruler.disable("inline")
# A line of text above --- is text: headings begin with #.
_BLOCKS.disable("lheading")

Line = tuple[int, str]


class Attributes(Struct, frozen=True):
    """What may stand in the yaml block below a heading."""

    related: tuple[str, ...] = ()
    like: str = ""
    matches: tuple[str, ...] = ()
    never_matches: tuple[str, ...] = ()
    short: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    channels: tuple[ChannelKind, ...] = ()
    answer: Literal["handoff"] | None = None
    draft: bool = False


class FrontMatter(Struct, frozen=True):
    """What may stand between the two --- lines at the top of a file."""

    topic: Annotated[str, Meta(description="topic: and what the entries of this file are about.")]


@dataclass(frozen=True, slots=True)
class Written:
    """One entry as it stands in one file; ``answer`` keeps the line number of each of its lines."""

    id: str
    language: str
    topic: str
    title: str
    phrasings: tuple[Line, ...]
    answer: tuple[Line, ...]
    attributes: Attributes
    file: str
    line: int

    def error(self, message: str, line: int | None = None) -> SettingError:
        return SettingError(message, file=self.file, line=line or self.line)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """``broken`` are the ids of entries that could not be read; ``unread``: the whole file could not."""

    entries: tuple[Written, ...]
    problems: tuple[SettingError, ...]
    broken: frozenset[str] = frozenset()
    unread: bool = False


def parse_file(text: str, *, file: str, language: str) -> ParsedFile:
    """The entries of one file and what is wrong in it; an entry with a problem is not among the entries."""
    entries: list[Written] = []
    problems: list[SettingError] = []
    broken: set[str] = set()
    try:
        if not text.strip():
            raise SettingError(f"the file is empty. Write an entry like '{_EXAMPLE}', or delete it.", file=file, line=1)
        topic, text = _front_matter(text, file)
    except SettingError as error:
        return ParsedFile((), (error,), unread=True)
    lines = text.split("\n")
    for section in _sections(_BLOCKS.parse(text), len(lines)):
        try:
            if section.heading is None:
                _refuse_text_above(section, lines, file)
            else:
                entries.append(_entry(section, lines, file, language, topic))
        except SettingError as error:
            problems.append(error)
            if section.heading is not None:
                broken.add(_id_of(section.title))
    if not entries and not problems:
        problems.append(SettingError(f"there is no entry. Write one like '{_EXAMPLE}'.", file=file, line=1))
    return ParsedFile(tuple(entries), tuple(problems), frozenset(broken))


def _id_of(title: str) -> str:
    """The id that a heading gives, or one made from its words."""
    match = _HEADING.fullmatch(title)
    return match["id"] if match else made_id(title)


def made_id(title: str) -> str:
    """An id from the words of a heading: 'Quanto costa?' is quanto-costa."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    made = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")
    return made if made[:1].isalpha() else f"entry-{made}".strip("-")


def _front_matter(text: str, file: str) -> tuple[str, str]:
    """The topic, and the text with blank lines where the front matter stood, so that lines keep their numbers."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---":
        raise SettingError("the topic is missing. Begin the file with ---, topic: Shipping, ---.", file=file, line=1)
    end = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise SettingError("the --- of line 1 has no second one. Write --- below the topic.", file=file, line=1)
    matter = Document("\n".join(lines[1:end]), file=file, first_line=2).decode(FrontMatter)
    return matter.topic, "\n".join([""] * (end + 1) + lines[end + 1 :])


@dataclass(frozen=True, slots=True)
class _Section:
    """Top-level blocks from one second-level heading to the next; lines count from 0."""

    heading: Token | None
    title: str
    blocks: Sequence[Token]
    start: int
    end: int


def _sections(tokens: Sequence[Token], total: int) -> Iterator[_Section]:
    top = [token for token in tokens if token.level == 0 and token.map]
    titles = {id(tokens[index]): tokens[index + 1].content for index in range(len(tokens) - 1)}
    level = _level(top)
    heads = [index for index, token in enumerate(top) if token.type == "heading_open" and token.tag == level]
    yield _Section(None, "", top[: heads[0]] if heads else top, 0, _start(top[heads[0]]) if heads else total)
    for index, following in zip(heads, [*heads[1:], len(top)][: len(heads)], strict=True):
        end = _start(top[following]) if following < len(top) else total
        heading = top[index]
        yield _Section(heading, titles[id(heading)], top[index + 1 : following], _start(heading), end)


def _level(top: Sequence[Token]) -> str:
    """The level of the entries' headings: the second; without any, the highest below it; without these, the first."""
    used = {token.tag for token in top if token.type == "heading_open"}
    return min(used - {"h1"}, default="h1")


def _refuse_text_above(section: _Section, lines: Sequence[str], file: str) -> None:
    for block in section.blocks:
        if block.type != "heading_open":
            line = _start(block)
            raise SettingError(
                f"'{_shortened(lines[line])}' stands above the first entry. Write a heading above it, like "
                f"'{_EXAMPLE}'.",
                file=file,
                line=line + 1,
            )


def _entry(section: _Section, lines: Sequence[str], file: str, language: str, topic: str) -> Written:
    line = section.start + 1
    match = _HEADING.fullmatch(section.title)
    faq_id, title, on_heading = made_id(section.title), section.title, ""
    if match is not None:
        faq_id, title, on_heading = match["id"], match["title"], match["attributes"]
    if not _ID.fullmatch(faq_id):
        raise SettingError(
            f"'{faq_id}' is no id. Use small letters, digits and single hyphens, like 'shipping-cost'.",
            file=file,
            line=line,
        )
    if not title:
        raise SettingError(f"#{faq_id} has no question. Write it like '{_EXAMPLE}'.", file=file, line=line)
    attributes = _attributes(section, on_heading, lines, file)
    phrasings, taken = _phrasings(section, lines, file)
    answer = _answer(section, lines, taken)
    if not answer and attributes.answer is None:
        raise SettingError(
            f"#{faq_id} has no answer. Write it below the question, or 'answer: handoff' in its yaml block "
            "where a person must answer, or 'draft: true' to keep it out.",
            file=file,
            line=line,
        )
    return Written(faq_id, language, topic, title, phrasings, answer, attributes, file, line)


def _attributes(section: _Section, on_heading: str, lines: Sequence[str], file: str) -> Attributes:
    documents = [_block(block, lines, file) for block in section.blocks if _is_attributes(block)]
    if on_heading:
        if _ATTRIBUTE.sub("", on_heading):
            raise SettingError(
                f"'{on_heading}' is not understood. Behind the id write key=value, or use a yaml block below.",
                file=file,
                line=section.start + 1,
            )
        pairs = ", ".join(f"{key}: {value}" for key, value in _ATTRIBUTE.findall(on_heading))
        documents.append(Document(f"{{{pairs}}}", file=file, first_line=section.start + 1))
    if len(documents) > 1:
        raise documents[0].error((), "attributes of this entry stand in two places. Keep one yaml block.")
    attributes = documents[0].decode(Attributes) if documents else Attributes()
    if attributes.valid_from and attributes.valid_until and attributes.valid_until < attributes.valid_from:
        raise documents[0].error(
            ("valid_until",),
            f"'valid_until' is {attributes.valid_until}, before 'valid_from' {attributes.valid_from}. Swap the two.",
        )
    return attributes


def _block(block: Token, lines: Sequence[str], file: str) -> Document:
    if not block.map or lines[block.map[1] - 1].strip() != block.markup:
        raise SettingError(
            f"this block is not closed. Write a line {block.markup} below it.", file=file, line=_start(block) + 1
        )
    return Document(block.content, file=file, first_line=_start(block) + 2)


def _is_attributes(block: Token) -> bool:
    return block.type == "fence" and block.info.strip().lower() in ("yaml", "yml")


def _phrasings(section: _Section, lines: Sequence[str], file: str) -> tuple[tuple[Line, ...], set[int]]:
    """The lines of the block quotes, and which lines of the file are no part of the answer."""
    phrasings: list[Line] = []
    taken = set(range(*section.heading.map)) if section.heading and section.heading.map else set()
    for block in section.blocks:
        span = range(*block.map) if block.map else range(0)
        if _is_attributes(block):
            taken.update(span)
        if block.type != "blockquote_open":
            continue
        taken.update(span)
        for index in span:
            text = lines[index].strip()
            if text and not text.startswith(">"):
                raise SettingError(
                    f"'{_shortened(text)}' sticks to the quote above it. Leave a line empty before the answer, or "
                    "begin it with > if it is one more way to ask.",
                    file=file,
                    line=index + 1,
                )
            phrasing = text.lstrip("> ").strip()
            if phrasing:
                phrasings.append((index + 1, phrasing))
    return tuple(phrasings), taken


def _answer(section: _Section, lines: Sequence[str], taken: set[int]) -> tuple[Line, ...]:
    kept = [(index + 1, lines[index].rstrip()) for index in range(section.start, section.end) if index not in taken]
    while kept and not kept[0][1]:
        kept.pop(0)
    while kept and not kept[-1][1]:
        kept.pop()
    return tuple(kept)


def _start(token: Token) -> int:
    return token.map[0] if token.map else 0


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else f"{text[:39]}…"
