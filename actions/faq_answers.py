"""Says FAQ entries: shared by the action that answers questions and those that meet one beside their own subject."""
from actions.turn import BOTH, Turn
from bot.model.conversation import Choice
from bot.model.faq import FaqEntry
from bot.model.ownership import Reason
from bot.model.understanding import Band

#: Channels with small bubbles: the editor's short answer is said there.
TIGHT_CHANNELS = frozenset({"instagram", "messenger", "sms"})
MOST_CHOICES = 2


def say_sure_parts(turn: Turn) -> bool:
    """Answer what this message surely asks of the FAQ, one bubble an entry. False where nothing was said.

    An entry of the kind ``answer: handoff`` hands over.
    """
    entries = [entry for faq_id in turn.sure_faq_ids() if (entry := find(turn, faq_id))]
    for entry in entries:
        is_last = entry is entries[-1]
        _say(turn, entry, _next(turn, entry) if is_last and not entry.hand_off else [])
    if any(entry.hand_off for entry in entries):
        turn.hand_off(Reason.POLICY)
    return bool(entries)


def say_other_parts(turn: Turn) -> bool:
    """Answer the FAQ questions that came in one message with something else."""
    return not turn.has_run("action_answer_faq") and say_sure_parts(turn)


def find(turn: Turn, faq_id: str) -> FaqEntry | None:
    return turn.ports.faq.find(faq_id, channel=turn.facts.channel, at=turn.facts.now)


def title(turn: Turn, faq_id: str) -> str | None:
    """What the entry asks, in the shopper's language where it has one."""
    entry = find(turn, faq_id)
    if entry is None or not entry.texts:
        return None
    return entry.texts[_language(turn, entry)].title


def _language(turn: Turn, entry: FaqEntry) -> str:
    wanted = turn.facts.language if turn.facts.language in BOTH else "en"
    return wanted if wanted in entry.texts else next(iter(entry.texts))


def _say(turn: Turn, entry: FaqEntry, choices: list[Choice]) -> None:
    if not entry.texts:
        return
    language = _language(turn, entry)
    told = entry.texts[language]
    answer = told.short_answer if told.short_answer and turn.facts.channel in TIGHT_CHANNELS else told.answer
    if not answer.strip():
        return
    if turn.facts.language in BOTH and language != turn.facts.language:
        answer = f"{turn.text(f'utter_only_in_{language}')}\n\n{answer}"
    turn.say_text(answer, choices=choices, source="faq", faq_id=entry.id)


def _next(turn: Turn, entry: FaqEntry) -> list[Choice]:
    """What the message may have asked besides, then what the editor calls related."""
    unsure = [part.faq_id for part in turn.parse.parts if part.faq_id and part.band is Band.OFFER]
    asked = set(turn.sure_faq_ids())
    titles = {faq_id: title(turn, faq_id) for faq_id in (*unsure, *entry.related) if faq_id not in asked}
    return [Choice(name, f"faq:{faq_id}") for faq_id, name in titles.items() if name][:MOST_CHOICES]
