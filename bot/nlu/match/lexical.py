"""Answers from words alone, without Rasa and without the encoder: what still works when all else fails."""
from collections.abc import Iterable

import numpy as np

from bot.model.faq import FaqEntry
from bot.model.understanding import Band, Candidate, Hints, Parse, Part
from bot.nlu.match.bm25 import Bm25, prepared, terms
from bot.nlu.match.rows import OUT_OF_SCOPE, faq_id_of, faq_rows
from bot.nlu.text.text import normalise

#: Share of the message's weight in words that an entry must cover; few and rare words must all be there.
_ANSWER, _OFFER = 0.75, 0.35
_MARGIN = 0.2
_CANDIDATES = 10


class LexicalReader:
    """Reads messages against the FAQ entries of one publication."""

    def __init__(self, entries: Iterable[FaqEntry]) -> None:
        self._rows = faq_rows(entries)
        self._bm25 = Bm25([prepared(row.text)[1] for row in self._rows])

    def parse(self, text: str, hints: Hints) -> Parse:
        """``source`` is 'lexical'. Never raises; sure only where the words leave no doubt."""
        language = hints.language or ("en" if (hints.locale or "").lower().startswith("en") else "it")
        asked = terms(normalise(text))
        best = self._best(asked) if asked and self._rows else []
        if not best or best[0][1] < _OFFER:
            return self._result(text, language, best, Band.HAND_OVER)
        second = best[1][1] if len(best) > 1 else 0.0
        sure = best[0][1] >= _ANSWER and best[0][1] - second >= _MARGIN and len(asked) > 1
        return self._result(text, language, best, Band.ANSWER if sure else Band.OFFER)

    def _best(self, asked: list[str]) -> list[tuple[str, float]]:
        scores = self._bm25.scores(asked)
        found: dict[str, float] = {}
        for number in np.argsort(-scores, kind="stable")[:100].tolist():
            if scores[number] > 0:
                found.setdefault(self._rows[number].label, min(1.0, float(scores[number])))
        return list(found.items())[:_CANDIDATES]

    def _result(self, text: str, language: str, best: list[tuple[str, float]], band: Band) -> Parse:
        candidates = tuple(Candidate("faq", faq_id_of(label), round(score, 4)) for label, score in best)
        if band is Band.HAND_OVER:
            parts = (Part(text, 0, len(text), OUT_OF_SCOPE, None, 0.0, band, candidates),) if text.strip() else ()
            return Parse(text, language, OUT_OF_SCOPE, 0.0, band, candidates=candidates, parts=parts, source="lexical")
        top = candidates[0]
        part = Part(text, 0, len(text), "faq", top.faq_id, top.score, band, candidates)
        return Parse(
            text, language, "faq", top.score, band, faq_id=top.faq_id, candidates=candidates, parts=(part,),
            source="lexical",
        )
