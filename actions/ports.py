"""What an action may read in this turn."""
import dataclasses

from rasa_sdk.interfaces import Tracker

from bot.dialogue.convert import from_reading
from bot.model.ports import TurnPorts, turn_ports


def current(tracker: Tracker) -> TurnPorts:
    """The turn's ports; under `rasa shell` or `rasa run actions`, where no turn exists, the project's own files."""
    try:
        return turn_ports.get()
    except LookupError:
        return _standalone(tracker)


def _standalone(tracker: Tracker) -> TurnPorts:
    from bot.app import standalone_ports

    parse = from_reading(tracker.latest_message)
    tone = tracker.get_slot("tone") or "informal"
    ports = standalone_ports(parse.language if parse else tracker.get_slot("language") or "it", tone)
    return dataclasses.replace(ports, parse=parse) if parse else ports
