"""One run of an action: reads its ports and slots, says texts, offers choices, requests, remembers."""
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.ports import current
from bot.model.conversation import Choice
from bot.model.ownership import Reason
from bot.model.understanding import Band

#: Both are read by those who write in neither.
BOTH = ("it", "en")


class Turn:
    """What actions have in common. ``events`` is what the action returns to Rasa."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self.ports = current(tracker)
        self.facts = self.ports.facts
        self.parse = self.ports.parse
        self.events: list[EventType] = []

    @property
    def intent(self) -> str:
        """The intent that the rules saw."""
        return str((self._tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def requested(self) -> str | None:
        """The slot that an open form waits for."""
        requested: str | None = self._tracker.get_slot("requested_slot") if self.is_in_form else None
        return requested

    @property
    def is_in_form(self) -> bool:
        return self._tracker.active_loop_name is not None

    def slot(self, name: str) -> Any:
        return self._tracker.slots.get(name)

    def has_run(self, action: str) -> bool:
        """That action already ran for this message."""
        for event in reversed(self._tracker.events):
            if event["event"] == "user":
                return False
            if event["event"] == "action" and event["name"] == action:
                return True
        return False

    def remember(self, **slots: Any) -> None:
        """Set slots, where they differ."""
        for name, value in slots.items():
            if self._tracker.slots.get(name) != value:
                self.events.append(SlotSet(name, value))
                self._tracker.slots[name] = value

    def text(self, key: str, **values: object) -> str:
        language, tone, seed = self.facts.language, self.facts.tone, self.facts.seed
        return self.ports.texts.say(key, language=language, tone=tone, seed=seed, **values)

    def title(self, key: str) -> str:
        """A text short enough for a button, on one line also where it is said in two languages."""
        return " / ".join(dict.fromkeys(self.text(key).split("\n\n")))

    def say(self, key: str, *, choices: Sequence[Choice] = (), source: str = "intent", **values: object) -> None:
        self.say_text(self.text(key, **values), choices=choices, source=source)

    def say_text(
        self, text: str, *, choices: Sequence[Choice] = (), source: str = "intent", faq_id: str | None = None
    ) -> None:
        buttons = [{"title": one.title, "payload": one.payload} for one in choices]
        own = {"source": source, "faq_id": faq_id}
        self._dispatcher.utter_message(text=text, buttons=buttons, json_message={"sportello": own})

    def request(self, kind: str, **values: str) -> None:
        self._dispatcher.utter_message(json_message={"sportello": {"requests": [{"type": kind, **values}]}})

    def hand_off(self, reason: Reason) -> None:
        """Ask for a person; whatever was open ends. What happens next is told by the service."""
        self.request("hand_off", reason=reason.value)
        self.end_form()
        self.succeed()
        self.remember(upset=None, missing=None)

    def end_form(self) -> None:
        """Close an open form and listen: no rule of the form may go on with it."""
        if self.is_in_form:
            self.events += [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction("action_listen")]

    def succeed(self) -> None:
        """The bot could help: the ladder starts again from its foot."""
        self.remember(failures=0, refused=None, offered=None, last_answer=None)

    def apologise(self) -> bool:
        """Say sorry, once, to someone who has just become upset. True where it was said now."""
        if self.slot("upset") != "new":
            return False
        self.say("utter_apology")
        self.remember(upset="said")
        return True

    def person_choice(self) -> Choice:
        return Choice(self.title("utter_title_person"), "hand_off")

    def sure_faq_ids(self) -> list[str]:
        """FAQ entries that this message surely asks for, in its order."""
        parts = [part.faq_id for part in self.parse.parts if part.faq_id and part.band is Band.ANSWER]
        if not parts and self.parse.intent == "faq" and self.parse.faq_id and self.parse.band is Band.ANSWER:
            parts = [self.parse.faq_id]
        return list(dict.fromkeys(parts))
