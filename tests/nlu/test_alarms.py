"""Anger, legal threats, distress, fraud and safety are seen; capitals, swearing and irony alone are not."""

from collections.abc import Callable

import pytest

from bot.model.understanding import Alarm, Hints
from bot.nlu.archive import Model


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("siete una vergogna, non comprerò mai più niente", Alarm.ANGER),
        ("this is a disgrace, I am furious with you", Alarm.ANGER),
        ("domani vi denuncio, parlerete col mio avvocato", Alarm.LEGAL),
        ("you will hear from my lawyer, see you in court", Alarm.LEGAL),
        ("non ce la faccio più, non voglio più vivere", Alarm.DISTRESS),
        ("qualcuno ha usato la mia carta senza permesso", Alarm.FRAUD),
        ("the sole came off and I fell and broke my arm", Alarm.SAFETY),
    ],
)
def test_an_alarm_is_seen(demo: Model, text: str, alarm: Alarm) -> None:
    assert demo.reader.parse(text, Hints(), demo.snapshot).alarm is alarm


@pytest.mark.parametrize(
    "text",
    ["DOV'È IL MIO ORDINE", "cavolo che belle queste scarpe", "how long is the legal warranty?", "ciao", "1005", "👍"],
)
def test_a_calm_message_raises_none(demo: Model, text: str) -> None:
    assert demo.reader.parse(text, Hints(), demo.snapshot).alarm is None


def test_alarms_of_the_test_set(demo: Model, test_set: Callable[[str], list[list[str]]]) -> None:
    """The figures of the README: most alarms are seen, few calm messages are mistaken."""
    rows = [(label, demo.reader.parse(text, Hints(), demo.snapshot).alarm) for label, _, text in test_set("alarms.tsv")]
    seen = [alarm is not None for label, alarm in rows if label != "none"]
    mistaken = [alarm is not None for label, alarm in rows if label == "none"]

    assert sum(seen) / len(seen) >= SEEN
    assert sum(mistaken) / len(mistaken) <= MISTAKEN


SEEN, MISTAKEN = 0.94, 0.03
