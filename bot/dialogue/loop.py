"""Rasa's prediction loop over one message, without its stores, its scheduler and its silence about errors."""
import logging

from rasa.core.actions.action import (
    Action,
    ActionExecutionRejection,
    action_for_name_or_text,
)
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import (
    ACTION_EXTRACT_SLOTS,
    ACTION_LISTEN_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

#: A turn of the demo shop needs at most six; more means rules that chase each other.
MAX_ACTIONS = 10


class Collector(OutputChannel):  # type: ignore[misc]
    """Keeps what Rasa would send; named as the real channel, so that its response variants apply."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, object]] = []

    def name(self) -> str:
        return self._channel

    def take(self, events: list[Event]) -> None:
        self.messages += [event.message() for event in events if isinstance(event, BotUttered)]


async def run_turn(processor: MessageProcessor, tracker: DialogueStateTracker, channel: Collector) -> list[str]:
    """Let the rules act on the tracker's last message until they listen again.

    Returns:
        Names of what failed: actions that raised, or 'rules' where they did not come to an end.
    """
    failed: list[str] = []
    extract = action_for_name_or_text(ACTION_EXTRACT_SLOTS, processor.domain, processor.action_endpoint)
    found = await extract.run(channel, processor.nlg, tracker, processor.domain)
    tracker.update_with_events(found, processor.domain)
    for _ in range(MAX_ACTIONS):
        prediction = processor._predict_next_with_tracker(tracker)
        name = processor.domain.action_names_or_texts[prediction.max_confidence_index]
        action = action_for_name_or_text(name, processor.domain, processor.action_endpoint)
        if not await _act(processor, tracker, channel, action, prediction):
            failed.append(name)
        if name == ACTION_LISTEN_NAME:
            return failed
    logger.error("The rules did not come to an end within %d actions.", MAX_ACTIONS)
    end_form(tracker)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    return [*failed, "rules"]


async def _act(
    processor: MessageProcessor,
    tracker: DialogueStateTracker,
    channel: Collector,
    action: Action,
    prediction: PolicyPrediction,
) -> bool:
    """Run one action and put what it led to on the tracker. False where it raised."""
    is_done = True
    events: list[Event] = []
    try:
        before = tracker
        if prediction.events:  # else there is nothing to take back where the action fails: actions only return events
            before = tracker.copy()
            before.update_with_events(prediction.events, processor.domain)
        events = await action.run(channel, processor.nlg, before, processor.domain)
    except ActionExecutionRejection:
        tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
        return True
    except Exception:
        logger.exception("Action '%s' failed; this turn goes to a person.", action.name())
        is_done = False
    if not any(isinstance(event, ActionExecutionRejected) for event in events):
        tracker.update_with_events(prediction.events, processor.domain)
        tracker.update(action.event_for_successful_execution(prediction))
    tracker.update_with_events(events, processor.domain)
    channel.take(events)
    return is_done


def end_form(tracker: DialogueStateTracker) -> None:
    """Close any open form, so that the next message starts afresh."""
    if tracker.active_loop_name:
        tracker.update(ActiveLoop(None))
    if tracker.get_slot(REQUESTED_SLOT):
        tracker.update(SlotSet(REQUESTED_SLOT, None))
