"""Saved files go live; broken ones leave what serves in place."""
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.faq import folder
from bot.faq.parse import ParsedFile
from bot.faq.watch import FolderWatcher
from bot.model.errors import SettingError, StoreUnavailable
from bot.model.faq import Publication

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATIENCE_S = 10
Write = Callable[[str, str], Path]


class Publisher:
    """Keeps what it was told; refuses while ``fail_with`` is set."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[Publication | list[str]] = asyncio.Queue()
        self.fail_with: StoreUnavailable | None = None

    async def publish(self, publication: Publication) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.told.put_nowait(publication)

    async def complain(self, problems: list[SettingError]) -> None:
        self.told.put_nowait([str(problem) for problem in problems])

    async def answer(self) -> str:
        """The first Italian answer of the next publication."""
        publication = await asyncio.wait_for(self.told.get(), PATIENCE_S)
        assert isinstance(publication, Publication), publication
        return publication.entries[0].texts["it"].answer

    async def complaint(self) -> str:
        problems = await asyncio.wait_for(self.told.get(), PATIENCE_S)
        assert isinstance(problems, list), problems
        return problems[0]


def watcher(project: Path, publisher: Publisher) -> FolderWatcher:
    return FolderWatcher(project, on_good=publisher.publish, on_bad=publisher.complain, now=lambda: NOW)


@asynccontextmanager
async def watched(project: Path) -> AsyncIterator[Publisher]:
    publisher, stop = Publisher(), asyncio.Event()
    task = asyncio.create_task(watcher(project, publisher).run(stop))
    try:
        yield publisher
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_the_first_reading_is_published(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    async with watched(project) as publisher:
        assert await publisher.answer() == "one"


async def test_a_saved_file_goes_live(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    async with watched(project) as publisher:
        await publisher.answer()
        write("it/a.md", "## A? {#a}\n\ntwo\n")
        assert await publisher.answer() == "two"


async def test_a_file_that_an_editor_replaces_goes_live(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    async with watched(project) as publisher:
        await publisher.answer()
        write("it/.new.md", "## A? {#a}\n\ntwo\n").rename(project / "faq" / "it" / "a.md")
        assert await publisher.answer() == "two"


async def test_a_changed_placeholder_goes_live(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\n{return_days}\n")
    async with watched(project) as publisher:
        assert await publisher.answer() == "30"
        shop = project / "shop.yml"
        shop.write_text(shop.read_text().replace('"30"', '"14"'))
        assert await publisher.answer() == "14"


async def test_a_broken_file_is_told_and_its_repair_too(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    async with watched(project) as publisher:
        await publisher.answer()
        write("it/a.md", "## A? {#A}\n\ntwo\n")
        assert (await publisher.complaint()).startswith("faq/it/a.md:4: 'A' is no id.")
        write("it/a.md", "## A? {#a}\n\none\n")
        assert await publisher.answer() == "one"


async def test_a_folder_that_comes_later_is_found(project: Path, write: Write) -> None:
    (project / "faq").rename(project / "away")
    async with watched(project) as publisher:
        assert (await publisher.complaint()).startswith("faq: there are no entries.")
        (project / "away").rename(project / "faq")
        write("it/a.md", "## A? {#a}\n\none\n")
        assert await publisher.answer() == "one"
        write("it/a.md", "## A? {#a}\n\ntwo\n")
        assert await publisher.answer() == "two"


async def test_what_did_not_change_is_told_once(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    publisher = Publisher()
    reading = watcher(project, publisher)
    await reading.check()
    await reading.check()
    assert publisher.told.qsize() == 1


async def test_a_publication_that_the_store_refused_is_tried_again(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    publisher = Publisher()
    publisher.fail_with = StoreUnavailable("disk full")
    reading = watcher(project, publisher)
    try:
        await reading.check()
    except StoreUnavailable:
        publisher.fail_with = None
    await reading.check()
    assert await publisher.answer() == "one"


@pytest.mark.parametrize("error", [ValueError("zip() argument 2 is longer"), KeyError("id"), RecursionError("deep")])
async def test_a_reader_that_breaks_is_told_and_later_edits_go_live(
    project: Path, write: Write, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    whole = folder.parse_file

    def parse(text: str, *, file: str, language: str) -> ParsedFile:
        if "odd" in text:
            raise error
        return whole(text, file=file, language=language)

    monkeypatch.setattr(folder, "parse_file", parse)
    async with watched(project) as publisher:
        assert await publisher.answer() == "one"
        write("it/b.md", "odd")
        assert type(error).__name__ in await publisher.complaint()
        (project / "faq/it/b.md").unlink()
        assert await publisher.answer() == "one"


async def test_a_publication_that_cannot_be_taken_is_told_and_tried_again(project: Path, write: Write) -> None:
    write("it/a.md", "## A? {#a}\n\none\n")
    async with watched(project) as publisher:
        assert await publisher.answer() == "one"
        publisher.fail_with = ValueError("no such column")  # type: ignore[assignment]
        write("it/a.md", "## A? {#a}\n\ntwo\n")
        assert "no such column" in await publisher.complaint()
        publisher.fail_with = None
        assert await publisher.answer() == "two"
