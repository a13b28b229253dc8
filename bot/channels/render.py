"""One `Reply` for every channel: choices become buttons, a list or numbered lines; long texts become several parts."""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.channels.capabilities import Capabilities
from bot.channels.markdown_parse import Span, parse
from bot.channels.markdown_write import write
from bot.channels.splitting import Fits, split
from bot.model.conversation import Choice, Reply


class Mode(StrEnum):
    """How the options of a part are shown; numbered lines are text, so they are NONE."""

    NONE = "none"
    BUTTONS = "buttons"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Option:
    """``id`` is what the provider gives back; ``description`` is a list row's second line."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message of the provider.

    Attributes:
        text: formatted in the channel's markup, within its limit; with ``image`` its caption. '' only with an image.
        image: address of an image.
    """

    text: str
    mode: Mode = Mode.NONE
    options: tuple[Option, ...] = ()
    image: str | None = None


def render(reply: Reply, capabilities: Capabilities) -> list[Rendered]:
    """The messages that say ``reply``, in order, the options on the last; none where there is nothing to say."""
    spans = parse(reply.text)
    mode, options = _options(reply, capabilities) if spans else (Mode.NONE, ())
    if reply.choices and mode is Mode.NONE:
        spans = _below(spans, "\n".join(f"{n}. {_line(one)}" for n, one in enumerate(reply.choices, 1)))
    image = reply.image
    if image and not capabilities.images:
        spans, image = _below(spans, image), None
    if image and _fits(capabilities, capabilities.caption)(spans):
        return [Rendered(write(spans, capabilities.markup), mode, options, image)]
    parts = _parts(spans, capabilities, has_options=mode is not Mode.NONE)
    shown = [Rendered("", image=image)] if image else []
    shown += [Rendered(write(part, capabilities.markup)) for part in parts]
    if options:
        shown[-1] = replace(shown[-1], mode=mode, options=options)
    return shown


def join_bubbles(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """The replies of a turn in as few bubbles as keep their rights to leave, for channels with ``one_message``.

    Neighbours become one where they are of one kind and language, have no image, and the first offers no choices.
    """
    joined: list[Reply] = []
    for reply in replies:
        last = joined[-1] if joined else None
        if (
            last is not None
            and (last.kind, last.language) == (reply.kind, reply.language)
            and not (last.choices or last.image or reply.image)
        ):
            joined[-1] = replace(
                last, text=f"{last.text}\n\n{reply.text}", choices=reply.choices, faq_id=last.faq_id or reply.faq_id
            )
        else:
            joined.append(reply)
    return tuple(joined)


def _below(spans: Sequence[Span], text: str) -> list[Span]:
    return [*spans, Span("\n\n" if spans else ""), Span(text)]


def _line(choice: Choice) -> str:
    return " ".join(choice.title.split())


def _options(reply: Reply, capabilities: Capabilities) -> tuple[Mode, tuple[Option, ...]]:
    """Buttons where all labels fit, else a list, else (NONE, ()): providers refuse or cut what is too long."""
    titles = [_line(choice) for choice in reply.choices]
    if not titles or not all(titles):
        return Mode.NONE, ()
    ids = [choice.id for choice in reply.choices]
    labels_fit = all(len(title) <= capabilities.button_label for title in titles)
    if len(titles) <= capabilities.buttons and labels_fit and _differ(titles):
        return Mode.BUTTONS, tuple(map(Option, ids, titles))
    if len(titles) <= capabilities.list_rows:
        rows = [_row(choice_id, title, capabilities) for choice_id, title in zip(ids, titles, strict=True)]
        if _differ([row.title for row in rows]) and all(
            len(row.description) <= capabilities.row_description for row in rows
        ):
            return Mode.LIST, tuple(rows)
    return Mode.NONE, ()


def _row(choice_id: str, title: str, capabilities: Capabilities) -> Option:
    if len(title) <= capabilities.row_title:
        return Option(choice_id, title)
    return Option(choice_id, title[: capabilities.row_title - 1].rstrip() + "…", title)


def _differ(titles: Sequence[str]) -> bool:
    return len({title.casefold() for title in titles}) == len(titles)


def _fits(capabilities: Capabilities, limit: int) -> Fits:
    return lambda spans: capabilities.unit.measure(write(spans, capabilities.markup)) <= limit


def _parts(spans: Sequence[Span], capabilities: Capabilities, *, has_options: bool) -> list[list[Span]]:
    whole = _fits(capabilities, capabilities.text)
    parts = split(spans, whole)
    limit = capabilities.text_with_options
    if not has_options or not limit or _fits(capabilities, limit)(parts[-1]):
        return parts
    # Only the message with the options is so short: what stands before it goes in one piece.
    *heads, tail = split(parts[-1], _fits(capabilities, limit))
    head = [span for index, part in enumerate(heads) for span in ([Span("\n")] if index else []) + part]
    return [*parts[:-1], *([head] if whole(head) else heads), tail]
