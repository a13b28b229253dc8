"""The tracker as JSON and back, kept short: its length does not grow with the conversation."""
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

VERSION = 1


def _copy(slot: Slot) -> Slot:
    """What `copy.copy` does, without asking how: Rasa copies every slot several times a message."""
    made: Slot = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


Slot.__copy__ = _copy
#: Contact turns kept as they were; what came before them is folded into its outcome.
KEPT_TURNS = 2
#: The store's limit on one state; a turn of the demo shop's longest form stays far below.
MAX_EVENTS = 60

# Rasa finds an event's class by walking all subclasses, for every event.
_KINDS = {one.type_name: one for one in (ActionExecutionRejected, ActiveLoop, LoopInterrupted, SessionStarted)}
_DROPPED = (BotUttered, DefinePrevUserUtteredFeaturization, EntitiesAdded)
_NOISE = frozenset({"timestamp", "metadata", "policy", "confidence", "action_text", "hide_rule_turn"})


def freeze(tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """The tracker as JSON, folded to its last turns. What was said is not in it, only what it meant."""
    events = [event for event in tracker.events if not isinstance(event, _DROPPED)]
    return {"version": VERSION, "events": [_to_json(event) for event in _fold(events, domain)]}


def thaw(state: dict[str, Any] | None, sender_id: str, domain: Domain) -> DialogueStateTracker:
    """A live tracker; of a new conversation where ``state`` is None."""
    events = _opening() if state is None else [_from_json(event) for event in state["events"]]
    tracker = DialogueStateTracker(sender_id, domain.slots)
    for event in events:
        tracker.update(event)
    return tracker


def _opening() -> list[Event]:
    return [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]


def _fold(events: Sequence[Event], domain: Domain) -> list[Event]:
    cut = _cut(events, KEPT_TURNS)
    folded = [*_head(events[:cut], domain), *events[cut:]]
    if len(folded) <= MAX_EVENTS:
        return folded
    return [*_head(events, domain), ActionExecuted(ACTION_LISTEN_NAME)]


def _cut(events: Sequence[Event], turns: int) -> int:
    """Index of the `action_listen` that precedes the last ``turns`` contact messages; 1 where there are fewer."""
    met = 0
    for index in range(len(events) - 1, 0, -1):
        if isinstance(events[index], UserUttered):
            met += 1
        elif met == turns and _is_listen(events[index]):
            return index
    return 1


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _head(events: Iterable[Event], domain: Domain) -> list[Event]:
    """Rasa's own new-session form of what ``events`` led to: slots and an open form, no turns."""
    past = DialogueStateTracker("fold", domain.slots)
    for event in events:
        past.update(event)
    born = {slot.name: slot.initial_value for slot in domain.slots}
    slots = [
        SlotSet(name, value)
        for name, value in past.current_slot_values().items()
        if value != born.get(name) and name != REQUESTED_SLOT
    ]
    head = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), *slots]
    if past.active_loop_name:
        head += [
            ActionExecuted(past.active_loop_name),
            ActiveLoop(past.active_loop_name),
            SlotSet(REQUESTED_SLOT, past.get_slot(REQUESTED_SLOT)),
        ]
    return head


def _to_json(event: Event) -> dict[str, Any]:
    if isinstance(event, UserUttered):
        entities = [{key: found[key] for key in ("entity", "value") if key in found} for found in event.entities]
        return {"event": "user", "intent": event.intent_name, "entities": entities}
    return {key: value for key, value in event.as_dict().items() if key not in _NOISE}


def _from_json(data: dict[str, Any]) -> Event:
    kind = data["event"]
    if kind == "slot":
        return SlotSet(data["name"], data["value"])
    if kind == "action":
        return ActionExecuted(data["name"])
    if kind == "user":
        return UserUttered("", {"name": data["intent"]}, data["entities"], message_id="")
    if kind not in _KINDS:
        return Event.from_parameters(dict(data))
    return _KINDS[kind]._from_parameters(data)
