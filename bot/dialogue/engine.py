"""Understanding and dialogue on one trained Rasa model: the ports `Understanding` and `Dialogue`."""
import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.exceptions import ModelNotFound
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.actions import ActionCalls, action_calls, noting_failures, validate_once
from bot.dialogue.convert import to_parse, to_rasa, to_reply, to_requests
from bot.dialogue.loop import Collector, end_form, run_turn
from bot.dialogue.reading import FORM_VALUES, intent_for_rules, upset
from bot.dialogue.responses import DeskResponses, ResponseTexts
from bot.dialogue.runner import PlanRunner
from bot.dialogue.state import freeze, thaw
from bot.model.conversation import Facts, Reply, Request, StepResult
from bot.model.errors import SportelloError
from bot.model.ports import TurnPorts, turn_ports
from bot.model.understanding import Band, Hints, Parse

MESSAGE, TRACKER = "__message__", "__tracker__"
Fallback = Callable[[str, Hints], Parse]
#: Slots of the bot's own stretch, over once a person has answered.
FORGOTTEN = ("failures", "refused", "offered", "upset", "last_answer", "missing", "told_order")


class RasaEngine:
    """Two ports on one model. Nothing is kept between two calls; `RasaEngine.load` makes one."""

    def __init__(self, agent: Agent, calls: ActionCalls, fallback: Fallback) -> None:
        self._processor = agent.processor
        self._domain: Domain = agent.domain
        self._calls = calls
        self._fallback = fallback

    @classmethod
    def load(
        cls, model: Path, *, fallback: Fallback, texts: ResponseTexts, endpoints: Path | None = None
    ) -> "RasaEngine":
        """Load a trained model.

        Args:
            model: the archive, or a folder whose newest archive is taken.
            fallback: reads a message when the model cannot.
            endpoints: ``endpoints.yml``; None or absent = actions run in this process.

        Raises:
            SportelloError: there is no model that can be loaded.
            SettingError: endpoints.yml names an action address of an unknown kind.
        """
        logging.getLogger("rasa").setLevel(logging.ERROR)
        logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
        validate_once()
        calls = action_calls(endpoints)
        try:
            agent = Agent.load(
                str(model),
                generator=DeskResponses(texts),
                tracker_store=InMemoryTrackerStore(Domain.empty()),
                lock_store=InMemoryLockStore(),
                action_endpoint=calls,
            )
        except ModelNotFound as error:
            raise SportelloError(f"No trained model at {model}. Run `./sportello train`.") from error
        agent.processor.graph_runner = PlanRunner.over(agent.processor.graph_runner)
        _hush_rasa()
        return cls(agent, calls, fallback)

    async def parse(self, text: str, hints: Hints) -> Parse:
        if not text.strip():
            return Parse(text, hints.language or "it", "out_of_scope", 0.0, Band.HAND_OVER)
        message = UserMessage(text, metadata={"hints": _as_metadata(hints)})
        target = self._processor.model_metadata.nlu_target
        inputs = {MESSAGE: [message], TRACKER: DialogueStateTracker("parse", ())}
        read = self._processor.graph_runner.run(inputs, [target])[target][0]
        return to_parse(read.as_dict(only_output_properties=True))

    def fallback(self, text: str, hints: Hints) -> Parse:
        return self._fallback(text, hints)

    async def step(
        self, state: dict[str, Any] | None, parse: Parse, facts: Facts, ports: TurnPorts
    ) -> StepResult:
        tracker = thaw(state, str(facts.conversation_id), self._domain)
        self._tell(tracker, parse, facts)
        channel = Collector(facts.channel)
        token = turn_ports.set(ports)
        try:
            with noting_failures() as raised:
                failed = await run_turn(self._processor, tracker, channel)
        finally:
            turn_ports.reset(token)
        failed += raised
        if failed:
            end_form(tracker)
        return self._result(tracker, channel, facts, failed)

    def remember(self, state: dict[str, Any] | None, slots: Mapping[str, Any]) -> dict[str, Any]:
        tracker = thaw(state, "remember", self._domain)
        end_form(tracker)
        known = tracker.current_slot_values()
        born = {slot.name: slot.initial_value for slot in self._domain.slots}
        fresh = {name: born[name] for name in FORGOTTEN if name in born}
        for name, value in {**fresh, **slots}.items():
            if name in known and known[name] != value:
                tracker.update(SlotSet(name, value))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return freeze(tracker, self._domain)

    def _tell(self, tracker: DialogueStateTracker, parse: Parse, facts: Facts) -> None:
        slots = tracker.current_slot_values()
        told = {"language": facts.language, "tone": facts.tone, "upset": upset(parse, slots)}
        for name, value in told.items():
            if slots.get(name) != value:
                tracker.update(SlotSet(name, value))
        data = to_rasa(parse, intent_for_rules(parse, slots), with_reading=self._calls.is_remote)
        tracker.update(
            UserUttered(
                parse.text,
                data["intent"],
                data["entities"],
                data,
                input_channel=facts.channel,
                message_id=str(facts.seed),
            )
        )

    def _result(
        self, tracker: DialogueStateTracker, channel: Collector, facts: Facts, failed: list[str]
    ) -> StepResult:
        replies: list[Reply] = []
        requests: list[Request] = []
        for message in channel.messages:
            reply = to_reply(message, facts.language)
            if reply:
                replies.append(reply)
            requests += to_requests(message)
        slots = {name: tracker.get_slot(name) for name in FORM_VALUES if tracker.get_slot(name)}
        return StepResult(
            freeze(tracker, self._domain),
            tuple(replies),
            tuple(requests),
            slots,
            tuple(dict.fromkeys(failed)),
            FORM_VALUES.get(tracker.get_slot(REQUESTED_SLOT) or ""),
        )


def _as_metadata(hints: Hints) -> dict[str, str | None]:
    return {
        "language": hints.language,
        "locale": hints.locale,
        "previous_faq_id": hints.previous_faq_id,
        "previous_intent": hints.previous_intent,
        "expected": hints.expected,
    }


def _hush_rasa() -> None:
    """Rasa's modules log through structlog, which has no level of its own as a library."""
    for lazy in ("rasa.core.actions.forms", "rasa.core.actions.two_stage_fallback"):
        importlib.import_module(lazy)  # Rasa imports these at the first message that needs them
    quiet = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr), wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    for name, module in list(sys.modules.items()):
        if name.startswith("rasa.") and hasattr(module, "structlogger"):
            setattr(module, "structlogger", quiet)  # noqa: B010
