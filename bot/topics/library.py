"""Reads the library's files: headings with ids, a yaml block, phrasings as quotes, the draft of an answer."""
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bot.model.faq import FaqText
from bot.model.topics import Topic

LIBRARY = Path(__file__).parent / "library"
LANGUAGES = ("it", "en")
_HEADING = re.compile(r"## (?P<title>.+?) \{#(?P<id>[a-z][a-z0-9-]*)\}")


@dataclass
class _Draft:
    title: str
    file: str
    line: int
    about: dict[str, str] = field(default_factory=dict)
    phrasings: list[str] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def read_topics() -> dict[str, Topic]:
    """id → topic, in the order of the files.

    Raises:
        ValueError: a file of the library that is not written as `docs/topics.md` says: a fault of the framework.
    """
    read: dict[str, dict[str, _Draft]] = {}
    groups: dict[str, str] = {}
    for language in LANGUAGES:
        for file in sorted((LIBRARY / language).glob("*.md")):
            for name, draft in _read(file).items():
                read.setdefault(name, {})[language] = draft
                groups.setdefault(name, file.stem)
    return {name: _topic(name, groups[name], drafts) for name, drafts in read.items()}


def _read(file: Path) -> dict[str, _Draft]:
    found: dict[str, _Draft] = {}
    draft: _Draft | None = None
    inside = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        heading = _HEADING.fullmatch(line.rstrip())
        if heading:
            draft = found[heading["id"]] = _Draft(heading["title"], file.name, number)
        elif draft is None:
            continue
        elif line.startswith("```"):
            inside = not inside
        elif inside:
            # Plain sentences, which may hold a colon: no YAML is read here.
            key, _, value = line.partition(":")
            draft.about[key.strip()] = value.strip()
        elif line.startswith(">"):
            draft.phrasings.append(line[1:].strip())
        else:
            draft.answer.append(line)
    return found


def _topic(name: str, group: str, drafts: dict[str, _Draft]) -> Topic:
    if set(drafts) != set(LANGUAGES):
        raise ValueError(f"topic {name} stands in {sorted(drafts)}: it needs {LANGUAGES}.")
    english = drafts["en"].about
    return Topic(
        id=name,
        group=group,
        about=english["about"],
        near=tuple(one.strip() for one in english["near"].strip("[]").split(",")),
        outlines={language: draft.about["outline"] for language, draft in drafts.items()},
        texts={
            language: FaqText(
                draft.title, tuple(draft.phrasings), "\n".join(draft.answer).strip(), draft.file, draft.line
            )
            for language, draft in drafts.items()
        },
    )
