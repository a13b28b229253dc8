"""Between a Parse and what Rasa carries: the intent Rasa sees and one key ``sportello`` with the whole reading."""

from collections.abc import Sequence
from typing import Any

from bot.model.understanding import Alarm, Band, Candidate, Entity, Hints, Parse, Part

KEY = "sportello"


def hints_of(metadata: Any) -> Hints:
    """The hints of a message's metadata; unknown or malformed ones are left out."""
    given = metadata.get("hints") if isinstance(metadata, dict) else None
    if not isinstance(given, dict):
        return Hints()
    names = ("language", "locale", "previous_faq_id", "previous_intent", "expected")
    return Hints(**{name: given[name] for name in names if isinstance(given.get(name), str)})


def candidates_as_list(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    return [{"intent": c.intent, "faq_id": c.faq_id, "score": c.score} for c in candidates]


def parse_as_dict(parse: Parse) -> dict[str, Any]:
    """The ``sportello`` key; JSON-able."""
    return {
        "language": parse.language,
        "heard": parse.heard,
        "band": parse.band.value,
        "faq_id": parse.faq_id,
        "confidence": parse.confidence,
        "candidates": candidates_as_list(parse.candidates),
        "parts": [
            {
                "text": part.text,
                "start": part.start,
                "end": part.end,
                "intent": part.intent,
                "faq_id": part.faq_id,
                "confidence": part.confidence,
                "band": part.band.value,
                "candidates": candidates_as_list(part.candidates),
            }
            for part in parse.parts
        ],
        "alarm": parse.alarm.value if parse.alarm else None,
        "follows": parse.follows,
        "artefacts": dict(parse.artefacts),
        "signals": dict(parse.signals),
    }


def entities_as_list(entities: Sequence[Entity], extractor: str) -> list[dict[str, Any]]:
    """Rasa's form of entities."""
    return [
        {"entity": e.kind, "value": e.value, "start": e.start, "end": e.end, "extractor": extractor} for e in entities
    ]


def entities_of(text: str, found: Sequence[dict[str, Any]]) -> tuple[Entity, ...]:
    return tuple(
        Entity(str(e["entity"]), str(e["value"]), text[e["start"] : e["end"]], int(e["start"]), int(e["end"]))
        for e in found
    )


def ranking(parse: Parse) -> list[dict[str, Any]]:
    """Rasa's ``intent_ranking``: each intent once, the FAQ entries together under 'faq' with the best one's score."""
    best: dict[str, float] = {}
    for candidate in parse.candidates:
        best[candidate.intent] = max(best.get(candidate.intent, 0.0), candidate.score)
    best.setdefault(parse.intent, parse.confidence)
    return [{"name": name, "confidence": score} for name, score in sorted(best.items(), key=lambda pair: -pair[1])]


def to_parse(data: dict[str, Any]) -> Parse:
    """The Parse that Rasa's parse output holds."""
    text, own = str(data.get("text") or ""), data[KEY]
    return Parse(
        text=text,
        language=own["language"],
        heard=own.get("heard"),
        intent=data["intent"]["name"],
        confidence=own["confidence"],
        band=Band(own["band"]),
        faq_id=own["faq_id"],
        candidates=tuple(Candidate(**candidate) for candidate in own["candidates"]),
        entities=entities_of(text, data.get("entities") or []),
        parts=tuple(_part(part) for part in own["parts"]),
        alarm=Alarm(own["alarm"]) if own["alarm"] else None,
        follows=own["follows"],
        artefacts=own["artefacts"],
        signals=own["signals"],
    )


def _part(part: dict[str, Any]) -> Part:
    candidates = tuple(Candidate(**candidate) for candidate in part["candidates"])
    return Part(**{**part, "band": Band(part["band"]), "candidates": candidates})
