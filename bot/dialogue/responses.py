"""The texts of domain.yml by language and tone: for Rasa's own responses and, as the port `Texts`, for the house."""
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.dialogue.builtin_texts import NEEDED, builtin
from bot.dialogue.merge import Variation, read_domain
from bot.model.errors import SettingError
from bot.model.ports import turn_ports

log = structlog.get_logger(__name__)

_PLACEHOLDER = re.compile(r"{(\w+)}")
TONES = ("formal", "informal")
#: Read together by those who write in neither.
BOTH = ("it", "en")
#: What any text may name in braces, beside what its turn knows.
SHARED_NAMES = ("shop", "email", "number_help")


class ResponseTexts:
    """The port `Texts`.

    Args:
        shared: values that any text may use, by language: ``{"it": {"shop": "Passo"}, "en": {…}}``.
    """

    def __init__(
        self, responses: Mapping[str, Sequence[Variation]], shared: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        self._responses = responses
        self._shared = shared or {}
        self._missed: set[tuple[str, str]] = set()  # (key, language) for which built-in words were said

    @classmethod
    def read(cls, domain_file: Path, shared: Mapping[str, Mapping[str, object]] | None = None) -> "ResponseTexts":
        """
        Raises:
            SettingError: the file is no domain.
        """
        return cls(read_responses(domain_file), shared)

    def swap(self, responses: Mapping[str, Sequence[Variation]]) -> None:
        """Speak these from now on (domain.yml was saved)."""
        self._responses = responses
        self._missed.clear()

    def say(self, key: str, *, language: str, tone: str, seed: int = 0, **values: object) -> str:
        if language not in BOTH:
            return "\n\n".join(self.say(key, language=one, tone=tone, seed=seed, **values) for one in BOTH)
        slots = {"language": language, "tone": tone}
        variation = self.pick(key, slots, channel="", seed=seed)
        text = str(variation.get("text") or "").strip() if variation is not None else ""
        if not text:
            # Whoever waits for an answer gets one; what is missing is for the owner to read.
            if (key, language) not in self._missed:
                log.error("text_missing", text=key, language=language, tone=tone)
            self._missed.add((key, language))
            text = builtin(key, language)
        return self.fill(text, language, values)

    def missing(self) -> list[str]:
        """Texts that the desk needs and that have no words, as 'utter_x (it)'."""
        lacks = {
            (key, language)
            for key in NEEDED for language in BOTH
            for tone in TONES
            if not self._has(key, language, tone)
        }
        return [f"{key} ({language})" for key, language in sorted(lacks | self._missed)]

    def _has(self, key: str, language: str, tone: str) -> bool:
        found = self.pick(key, {"language": language, "tone": tone}, channel="", seed=0)
        return found is not None and bool(str(found.get("text") or "").strip())

    def pick(self, key: str, slots: Mapping[str, Any], *, channel: str, seed: int) -> Variation | None:
        """The variation that fits best: this channel's before any channel's, more conditions before fewer.

        Among equals ``seed`` decides, so the same turn says the same again. None where nothing fits.
        """
        sayable = (one for one in self._responses.get(key, ()) if one.get("channel") in (None, channel))
        fits = [one for one in sayable if _fits(one, slots)]
        if not fits:
            return None
        best = max(_rank(one) for one in fits)
        equals = [one for one in fits if _rank(one) == best]
        return equals[zlib.crc32(f"{seed}:{key}".encode()) % len(equals)]

    def fill(self, text: str, language: str, values: Mapping[str, object]) -> str:
        """Put values into ``{placeholders}``; one that nobody knows stays as it is."""
        known = {**self._shared.get(language, {}), **values}
        return _PLACEHOLDER.sub(lambda met: str(known.get(met[1], met[0])), text)


def _fits(variation: Variation, slots: Mapping[str, Any]) -> bool:
    return all(slots.get(one["name"]) == one["value"] for one in variation.get("condition") or ())


def _rank(variation: Variation) -> tuple[bool, int]:
    return variation.get("channel") is not None, len(variation.get("condition") or ())


def read_responses(domain_file: Path) -> Mapping[str, Sequence[Variation]]:
    """The responses of a shop's domain file over the framework's, which serve alone where the shop has no file.

    Raises:
        SettingError: the file is no domain.
    """
    try:
        responses: Mapping[str, Sequence[Variation]] = read_domain(domain_file).responses
    except (RasaException, OSError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise SettingError(_first_lines(str(error)), file=domain_file.name, line=_line(str(error))) from error
    return responses


def _first_lines(text: str) -> str:
    return " ".join(part.strip() for part in text.splitlines() if part.strip())[:400]


def _line(text: str) -> int | None:
    met = re.search(r"line (\d+)", text)
    return int(met[1]) if met else None


class DeskResponses(NaturalLanguageGenerator):  # type: ignore[misc]
    """Rasa's generator of ``utter_…`` actions, on the same texts."""

    def __init__(self, texts: ResponseTexts) -> None:
        self._texts = texts

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        slots = tracker.current_slot_values()
        values = {**slots, **kwargs}
        seed = turn_ports.get().facts.seed
        languages = (slots["language"],) if slots["language"] in BOTH else BOTH
        made = [self._one(utter_action, {**slots, "language": one}, output_channel, seed, values) for one in languages]
        found = [one for one in made if one]
        if not found:
            return None
        buttons = [[dict(button) for button in one.get("buttons") or ()] for one in found]
        joined = [
            {**same[0], "title": " / ".join(dict.fromkeys(one["title"] for one in same))}
            for same in zip(*buttons, strict=False)
        ]
        return {**found[0], "text": "\n\n".join(one["text"] for one in found), "buttons": joined}

    def _one(
        self, key: str, slots: Mapping[str, Any], channel: str, seed: int, values: Mapping[str, object]
    ) -> dict[str, Any] | None:
        variation = self._texts.pick(key, slots, channel=channel, seed=seed)
        if variation is None:
            return None
        said = {name: value for name, value in variation.items() if name not in ("condition", "channel", "id")}
        return {**said, "text": self._texts.fill(str(said.get("text") or ""), slots["language"], values)}
