"""The one process-wide place where Rasa's graph components find the live understanding.

Rasa builds its components itself, so nothing can be handed to them. The application registers its live understanding
before it loads the agent; `bot.nlu.graph.Understanding` hands it the trained model and from then on reads through it.
Where nothing is registered (`rasa shell`, `rasa test nlu`), the component serves what its archive holds.
"""
from bot.nlu.live import LiveUnderstanding

_live: LiveUnderstanding | None = None


def register(live: LiveUnderstanding | None) -> None:
    """Declare the process's live understanding; None takes it back and stops what it was fitting."""
    global _live
    if _live is not None and _live is not live:
        _live.stop()
    _live = live


def find() -> LiveUnderstanding | None:
    return _live
