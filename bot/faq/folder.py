"""The folder ``faq/`` of a shop: ``faq/<language>/*.md``."""
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from bot.faq.merge import merge
from bot.faq.parse import ParsedFile, parse_file
from bot.faq.placeholders import known_placeholders
from bot.faq.source import read_text
from bot.model.errors import SettingError
from bot.model.faq import FaqEntry
from bot.settings import ShopFile, read_shop
from bot.settings.document import listed
from bot.settings.shop import Language

FOLDER = "faq"
#: Files that hold entries, in capitals too.
SUFFIXES = (".md", ".markdown", ".txt")


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the files say now. An entry with a problem stands among ``entries`` as it last was right, or not at all."""

    entries: tuple[FaqEntry, ...]
    problems: tuple[SettingError, ...]


def read_entries(project: Path) -> tuple[FaqEntry, ...]:
    """The entries of a shop, drafts left out.

    Raises:
        SettingError: the first problem, by file and line.
    """
    state = FolderReader(project).read()
    if state.problems:
        raise state.problems[0]
    return state.entries


def check_folder(project: Path) -> list[SettingError]:
    """Everything that is wrong in the FAQ files, by file and line."""
    return list(FolderReader(project).read().problems)


class FolderReader:
    """Reads the folder again and again; a file whose bytes did not change is not parsed again."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._parsed: dict[str, tuple[bytes, ParsedFile]] = {}
        self._seen: object = None
        self._good: dict[str, FaqEntry] = {}
        self._state = FolderState((), ())

    def read(self) -> FolderState:
        """The folder as it is now; the very same state while nothing changed.

        Never raises for what an owner or editor wrote.
        """
        try:
            shop = read_shop(self._project)
            files = list(self._files(shop.languages))
        except SettingError as error:
            return FolderState((), (error,))
        parsed: dict[str, tuple[bytes, ParsedFile]] = {}
        for language, path in files:
            file = path.relative_to(self._project).as_posix()
            parsed[file] = self._parse(path, file, language)
        self._parsed = parsed
        seen = (shop.languages, shop.faq, shop.shop, {file: digest for file, (digest, _) in parsed.items()})
        if seen != self._seen:
            self._state = self._merged(shop, parsed)
            self._seen = seen
        return self._state

    def _merged(self, shop: ShopFile, parsed: Mapping[str, tuple[bytes, ParsedFile]]) -> FolderState:
        written = [entry for _, content in parsed.values() for entry in content.entries]
        problems = [problem for _, content in parsed.values() for problem in content.problems]
        entries, more = merge(written, known_placeholders(shop), complete=not problems)
        problems += [problem for _, problem in more]
        broken = {faq_id for faq_id, _ in more}.union(*(content.broken for _, content in parsed.values()))
        unread = {file for file, (_, content) in parsed.items() if content.unread}
        entries = self._frozen(entries, broken, unread)
        if not entries and not problems:
            problems.append(self._empty(shop.languages[0]))
        return FolderState(entries, tuple(sorted(problems, key=lambda problem: (problem.file, problem.line or 0))))

    def _frozen(self, entries: tuple[FaqEntry, ...], broken: set[str], unread: set[str]) -> tuple[FaqEntry, ...]:
        """The entries as they are, those with a problem as they were when they last had none."""
        broken |= {
            faq_id for faq_id, entry in self._good.items() if any(text.file in unread for text in entry.texts.values())
        }
        kept = [entry for entry in entries if entry.id not in broken]
        kept += [entry for faq_id, entry in self._good.items() if faq_id in broken]
        self._good = {entry.id: entry for entry in kept}
        return tuple(kept)

    def _files(self, languages: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
        folder = self._project / FOLDER
        if not folder.is_dir():
            raise self._empty(languages[0])
        for inside in sorted(folder.iterdir()):
            if inside.is_dir() and not inside.name.startswith(".") and inside.name not in get_args(Language):
                raise SettingError(
                    f"'{inside.name}' is no language that is served. Allowed: {listed(get_args(Language))}.",
                    file=f"{FOLDER}/{inside.name}",
                )
            if inside.suffix.lower() in SUFFIXES and not inside.name.startswith("."):
                raise SettingError(
                    f"entries lie in a language's folder. Move it to {FOLDER}/{languages[0]}/.",
                    file=f"{FOLDER}/{inside.name}",
                )
        for language in languages:
            for path in sorted((folder / language).rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
                if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
                    yield language, path

    def _parse(self, path: Path, file: str, language: str) -> tuple[bytes, ParsedFile]:
        try:
            content = path.read_bytes()
            digest = hashlib.sha256(content).digest()
            kept = self._parsed.get(file)
            if kept is not None and kept[0] == digest:
                return kept
            return digest, parse_file(read_text(content, file), file=file, language=language)
        except SettingError as error:
            problem = error
        except OSError as error:
            digest = b""
            problem = SettingError(f"cannot be read ({error.strerror}).", file=file)
        return digest, ParsedFile((), (problem,), unread=True)

    def _empty(self, language: str) -> SettingError:
        return SettingError(
            f"there are no entries. Write the first one, in {FOLDER}/{language}/shipping.md for example.", file=FOLDER
        )
