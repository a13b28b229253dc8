"""Between Rasa's dictionaries and the values of `bot.model`, both ways."""
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.model.conversation import (
    Choice,
    CloseRequested,
    EmailLeft,
    HandOffRequested,
    Reply,
    Request,
    WithdrawRequested,
)
from bot.model.errors import SportelloError
from bot.model.ownership import Reason
from bot.model.understanding import Alarm, Band, Candidate, Entity, Parse, Part

KEY = "sportello"


def to_parse(data: Mapping[str, Any]) -> Parse:
    """Rasa's parse of one message as a value.

    Raises:
        SportelloError: the pipeline of config.yml has no Sportello component.
    """
    own = data.get(KEY)
    if own is None:
        raise SportelloError(
            "The trained model does not say how sure it is: its pipeline has no Sportello component. "
            "Use the pipeline of config.yml and run `./sportello train`."
        )
    return Parse(
        text=str(data.get("text") or ""),
        language=own["language"],
        intent=data["intent"]["name"],
        confidence=float(own["confidence"]),
        band=Band(own["band"]),
        faq_id=own.get("faq_id"),
        candidates=_candidates(own.get("candidates")),
        entities=tuple(_entity(one) for one in data.get("entities") or ()),
        parts=tuple(_part(one) for one in own.get("parts") or ()),
        alarm=Alarm(own["alarm"]) if own.get("alarm") else None,
        follows=bool(own.get("follows")),
        artefacts=dict(own.get("artefacts") or {}),
        source=own.get("source", "nlu"),
        signals=dict(own.get("signals") or {}),
    )


def _candidates(found: Sequence[Mapping[str, Any]] | None) -> tuple[Candidate, ...]:
    return tuple(Candidate(one["intent"], one.get("faq_id"), float(one["score"])) for one in found or ())


def _entity(found: Mapping[str, Any]) -> Entity:
    value = str(found["value"])
    start, end = int(found.get("start") or 0), int(found.get("end") or 0)
    return Entity(found["entity"], value, str(found.get("text") or value), start, end)


def _part(found: Mapping[str, Any]) -> Part:
    return Part(
        text=found["text"],
        start=int(found["start"]),
        end=int(found["end"]),
        intent=found["intent"],
        faq_id=found.get("faq_id"),
        confidence=float(found["confidence"]),
        band=Band(found["band"]),
        candidates=_candidates(found.get("candidates")),
    )


def to_rasa(parse: Parse, intent: str, *, with_reading: bool) -> dict[str, Any]:
    """What Rasa's tracker is told of a message: ``intent`` is the one its rules see.

    Args:
        with_reading: add the whole reading, for an action server that cannot see this turn's ports.
    """
    data: dict[str, Any] = {
        "text": parse.text,
        "intent": {"name": intent, "confidence": parse.confidence},
        "intent_ranking": [{"name": intent, "confidence": parse.confidence}],
        "entities": [
            {"entity": one.kind, "value": _told(one, parse), "start": one.start, "end": one.end}
            for one in parse.entities
        ],
    }
    if with_reading:
        data[KEY] = asdict(parse)
    return data


def _told(entity: Entity, parse: Parse) -> str:
    """Its value; of several order numbers all, because Rasa fills a slot with the last of them."""
    if entity.kind != "order_number":
        return entity.value
    return ", ".join(dict.fromkeys(one.value for one in parse.entities if one.kind == entity.kind))


def from_reading(data: Mapping[str, Any]) -> Parse | None:
    """The reading behind Rasa's last message, where an action runs outside of a turn; None for a stock pipeline."""
    return to_parse(data) if data.get(KEY) else None


def to_reply(message: Mapping[str, Any], language: str) -> Reply | None:
    """One message of Rasa's output channel as a bubble; None where it says nothing."""
    own = (message.get("custom") or {}).get(KEY) or {}
    text = str(message.get("text") or "").strip()
    image = message.get("image")
    if not text and not image:
        return None
    choices = tuple(Choice(str(one["title"]), str(one.get("payload") or "")) for one in message.get("buttons") or ())
    source = own.get("source", "intent")
    return Reply(text, language, choices=choices, image=image, source=source, faq_id=own.get("faq_id"))


def to_requests(message: Mapping[str, Any]) -> list[Request]:
    """What the message asks the service to do.

    Raises:
        ValueError: an action asked for something that does not exist.
    """
    own = (message.get("custom") or {}).get(KEY) or {}
    return [_request(one) for one in own.get("requests") or ()]


def _request(asked: Mapping[str, Any]) -> Request:
    match asked["type"]:
        case "hand_off":
            return HandOffRequested(Reason(asked["reason"]))
        case "email_left":
            return EmailLeft(asked["email"])
        case "withdraw":
            return WithdrawRequested()
        case "close":
            return CloseRequested()
    raise ValueError(
        f"An action requests '{asked['type']}'. Possible: hand_off, email_left, withdraw, close."
    )
