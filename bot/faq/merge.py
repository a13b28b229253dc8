"""The entries of all files as one set: both languages of an entry joined, and what must not stand twice refused."""
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bot.faq.parse import Written
from bot.faq.placeholders import fill
from bot.model.errors import SettingError
from bot.model.faq import FaqEntry, FaqText
from bot.model.topics import NO_TOPIC
from bot.settings.document import suggestion
from bot.topics.library import read_topics

T = TypeVar("T")

_NOT_WORDS = re.compile(r"[\W_]+")


def merge(
    written: Sequence[Written], placeholders: Mapping[str, str], *, complete: bool
) -> tuple[tuple[FaqEntry, ...], list[tuple[str, SettingError]]]:
    """One entry per id, in order of first appearance, and each problem with the id of its entry; drafts are left out.

    Args:
        complete: no file holds an entry that could not be read; only then a name that leads nowhere is a mistake.
    """
    problems = _unknown_relations(written, {one.id for one in written}) if complete else []
    served = [one for one in written if not one.attributes.draft]
    problems += _unknown_topics(written) + _repeated_ids(served) + _repeated_phrasings(served)
    by_id: dict[str, list[Written]] = {}
    for one in served:
        by_id.setdefault(one.id, []).append(one)
    entries: list[FaqEntry] = []
    for faq_id, group in by_id.items():
        try:
            entries.append(_entry(faq_id, group, placeholders))
        except SettingError as error:
            problems.append((faq_id, error))
    return tuple(entries), problems


def _entry(faq_id: str, group: Sequence[Written], placeholders: Mapping[str, str]) -> FaqEntry:
    return FaqEntry(
        id=faq_id,
        topic=group[0].topic,
        texts={one.language: _text(one, placeholders) for one in group},
        hand_off=any(one.attributes.answer == "handoff" for one in group),
        valid_from=_agreed("valid_from", [(one, one.attributes.valid_from) for one in group], None),
        valid_until=_agreed("valid_until", [(one, one.attributes.valid_until) for one in group], None),
        channels=_agreed("channels", [(one, one.attributes.channels) for one in group], ()),
        like=_agreed("like", ((one, one.attributes.like) for one in group), ""),
        related=tuple(dict.fromkeys(other for one in group for other in one.attributes.related)),
        matches=tuple((one.language, text) for one in group for text in one.attributes.matches),
        never_matches=tuple((one.language, text) for one in group for text in one.attributes.never_matches),
    )


def _text(one: Written, placeholders: Mapping[str, str]) -> FaqText:
    return FaqText(
        title=one.title,
        phrasings=tuple(dict.fromkeys(text for _, text in one.phrasings)),
        answer="\n".join(_filled(one, text, line, placeholders) for line, text in one.answer),
        file=one.file,
        line=one.line,
        short_answer=_filled(one, one.attributes.short, one.line, placeholders) or None,
    )


def _filled(one: Written, text: str, line: int, placeholders: Mapping[str, str]) -> str:
    if "{" not in text:
        return text
    try:
        return fill(text, placeholders)
    except ValueError as error:
        raise one.error(str(error), line) from None


def _agreed(attribute: str, values: Iterable[tuple[Written, T]], default: T) -> T:
    """An attribute may stand in one language or in all; where it stands twice, both say the same."""
    first: Written | None = None
    agreed = default
    for one, value in values:
        if value == default:
            continue
        if first is not None and value != agreed:
            raise one.error(
                f"'{attribute}' of #{one.id} differs from the one at {first.file}:{first.line}. "
                "Write the same in both languages, or in one of them."
            )
        first, agreed = one, value
    return agreed


def _unknown_relations(written: Iterable[Written], ids: set[str]) -> list[tuple[str, SettingError]]:
    return [
        (
            one.id,
            one.error(f"'related' of #{one.id} names '{other}', which is no entry.{suggestion(other, sorted(ids))}"),
        )
        for one in written
        for other in one.attributes.related
        if other not in ids
    ]


def _unknown_topics(written: Iterable[Written]) -> list[tuple[str, SettingError]]:
    problems = []
    for one in written:
        like = one.attributes.like
        if like and like != NO_TOPIC and like not in read_topics():
            words = (
                f"'like' of #{one.id} names '{like}', which is no topic.{suggestion(like, sorted(read_topics()))} "
                f"Allowed: a topic that `./sportello faq topics` lists, or '{NO_TOPIC}'."
            )
            problems.append((one.id, one.error(words)))
    return problems


def _repeated_ids(written: Iterable[Written]) -> list[tuple[str, SettingError]]:
    problems = []
    places: dict[tuple[str, str], Written] = {}
    for one in written:
        first = places.setdefault((one.language, one.id), one)
        if first is not one:
            problems.append(
                (
                    one.id,
                    one.error(f"#{one.id} already stands at {first.file}:{first.line}. Join the two or rename one."),
                )
            )
    return problems


def _repeated_phrasings(written: Iterable[Written]) -> list[tuple[str, SettingError]]:
    problems = []
    places: dict[tuple[str, str], tuple[Written, int]] = {}
    for one in written:
        for line, text in ((one.line, one.title), *one.phrasings):
            words = _NOT_WORDS.sub(" ", text.casefold()).strip() or text
            first, first_line = places.setdefault((one.language, words), (one, line))
            if first.id != one.id:
                problems.append(
                    (
                        one.id,
                        one.error(
                            f'"{text}" of #{one.id} already stands at {first.file}:{first_line} under #{first.id}. '
                            "Join the answers or reword one.",
                            line,
                        ),
                    )
                )
    return problems
