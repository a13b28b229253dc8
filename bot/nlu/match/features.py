"""What tells how well a message and an entry match, in numbers that mean the same for one example or sixty.

Each is a property of the pair (message, label): nothing is voted or summed over examples, so no label gains by having
many. What remains of their number, that the nearest of sixty is nearer than the nearest of two, the matcher corrects.
"""
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.match.bm25 import Bm25, prepared
from bot.nlu.match.field import Field
from bot.nlu.match.rows import ANSWER, ASKED, GROUP, INHERITED, TITLE, Row, is_faq
from bot.nlu.match.store import Array
from bot.nlu.text.letters import Letters

#: In this order in every vector of features:
#: nearest         cosine of the nearest phrasing
#: typical         mean cosine of the three nearest phrasings (of all where there are fewer)
#: mean            cosine of the mean vector of the label's phrasings
#: letters         likeness of spelling to the nearest phrasing
#: words           share of the message's words, by weight, that one phrasing holds
#: answer          cosine of the nearest sentence of the answer
#: answer_letters  likeness of spelling to the nearest sentence of the answer
#: coverage        share of the message's words, by weight, that phrasings, answer and group hold together
#: title           cosine of the title, or of the name of an intent
#: field           how much message and phrasings mean the same topics of the library (1 = just the same)
#: field_told      the same with the sentences of the answer
#: examples        log(1 + number of phrasings): what the other numbers are worth with so many
#: dialogue        1 for a dialogue intent, which has no answer to look into
FEATURES = (
    "nearest", "typical", "mean", "letters", "words", "answer", "answer_letters", "coverage", "title", "field",
    "field_told", "examples", "dialogue",
)
#: What a row of the other language loses: a translation helps where the message's own language has nothing.
FOREIGN_PENALTY = 0.1
#: What an inherited phrasing loses against the entry's own.
INHERITED_PENALTY = 0.02
_TYPICAL = 3
_SPOKEN = ("it", "en", "")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows sorted by label, so that each label's best row is one reduction.

    Attributes:
        present, starts: the labels that have rows, and the first row of each.
        penalties: language → what each row loses against a message in it.
    """

    rows: tuple[Row, ...]
    labels: Array
    present: Array
    starts: Array
    matrix: Array
    penalties: dict[str, Array]

    def best(self, values: Array, size: int) -> Array:
        """Each label's highest value; 0 for labels without a row."""
        out = np.zeros(size, dtype=np.float32)
        if len(self.starts):
            out[self.present] = np.maximum.reduceat(values, self.starts)
        return out


def block(rows: Sequence[Row], numbers: dict[str, int], matrix: Array) -> Block:
    """``rows`` sorted by label; ``matrix``: their embeddings."""
    labels = np.array([numbers[row.label] for row in rows], dtype=np.int64)
    present, starts = np.unique(labels, return_index=True)
    languages = np.array([row.language for row in rows], dtype="U2")
    inherited = np.array([row.kind == INHERITED for row in rows]) * np.float32(INHERITED_PENALTY)
    penalties = {
        spoken: (
            inherited + np.where((languages != spoken) & (languages != "") & (spoken != ""), FOREIGN_PENALTY, 0.0)
        ).astype(np.float32)
        for spoken in _SPOKEN
    }
    return Block(tuple(rows), labels, present, starts, matrix, penalties)


class Features:
    """Compares a message with every label.

    Args:
        labels: what is compared, in the order of the result.
        asked, told: rows of what shoppers say, and sentences of answers, each sorted by label.
        vectors: embeddings of ``asked`` and then of ``told``.
        groups: the words that stand above entries.
    """

    def __init__(
        self, labels: Sequence[str], asked: Sequence[Row], told: Sequence[Row], vectors: Array, groups: Sequence[Row],
        field: Field,
    ) -> None:  # fmt: skip
        numbers = {label: number for number, label in enumerate(labels)}
        self.size, self._field = len(labels), field
        self.asked = block(asked, numbers, vectors[: len(asked)])
        self.told = block(told, numbers, vectors[len(asked) :])
        self._letters = Letters([prepared(row.text)[0] for row in (*asked, *told)])
        self.words = Bm25([prepared(row.text)[1] for row in asked])
        self._documents = _documents(labels, [*asked, *told, *groups])
        self._means = {spoken: self._means_in(spoken) for spoken in _SPOKEN}
        self._named = np.array([row.kind == TITLE or not row.language for row in asked], dtype=bool)
        self._fields = field.spread(self.asked.matrix, self.asked.labels, self.size)
        self._fields_told = field.spread(self.told.matrix, self.told.labels, self.size)
        self.counts = np.bincount(self.asked.labels, minlength=self.size)
        self._examples = np.log1p(self.counts).astype(np.float32)
        self._dialogue = np.array([0.0 if is_faq(label) else 1.0 for label in labels], dtype=np.float32)

    def _means_in(self, spoken: str) -> Array:
        """Unit mean vectors; phrasings of another language count little where the label has some in this one."""
        own = self.asked
        weights = np.where(own.penalties[spoken] >= FOREIGN_PENALTY, 0.05, 1.0).astype(np.float32)
        total = np.zeros((self.size, own.matrix.shape[1]), dtype=np.float32)
        np.add.at(total, own.labels, own.matrix * weights[:, None])
        return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9))

    def of(self, text: str, terms: Sequence[str], vector: Array, language: str) -> Array:
        """labels × FEATURES."""
        spoken = language if language in _SPOKEN else ""
        cosine: Array = self.asked.matrix @ vector - self.asked.penalties[spoken]
        likeness = self._letters.likeness(text)
        letters = likeness[: len(cosine)] - self.asked.penalties[spoken]
        words = self.words.scores(terms)
        told: Array = self.told.matrix @ vector - self.told.penalties[spoken]
        told_letters = likeness[len(cosine) :] - self.told.penalties[spoken]
        meant = self._field.meant(vector)
        columns = (
            self.asked.best(cosine, self.size),
            self._typical(cosine),
            self._means[spoken] @ vector,
            self.asked.best(letters, self.size),
            self.asked.best(words, self.size),
            self.told.best(told, self.size),
            self.told.best(told_letters, self.size),
            self._documents.scores(terms),
            self.asked.best(np.where(self._named, cosine, -1.0), self.size),
            self._fields @ meant,
            self._fields_told @ meant,
            self._examples,
            self._dialogue,
        )
        return np.stack(columns, axis=1).astype(np.float32)

    def _typical(self, cosine: Array) -> Array:
        """Mean of each label's three highest, by taking the highest away."""
        total, met, left = np.zeros(self.size, dtype=np.float32), np.zeros(self.size, dtype=np.float32), cosine
        for _ in range(_TYPICAL):
            best = self.asked.best(left, self.size)
            there = best > -1.0
            total += np.where(there, best, 0.0)
            met += there
            left = np.where(left >= best[self.asked.labels], np.float32(-1.0), left)
        return total / np.maximum(met, 1.0)


def _documents(labels: Sequence[str], rows: Sequence[Row]) -> Bm25:
    held: dict[str, set[str]] = {label: set() for label in labels}
    for row in rows:
        if row.label in held:
            held[row.label].update(prepared(row.text)[1])
    return Bm25([sorted(held[label]) for label in labels])


def split(rows: Sequence[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """What is asked, the sentences of answers, and what stands above entries; in the order given."""
    return (
        [row for row in rows if row.kind in ASKED],
        [row for row in rows if row.kind == ANSWER],
        [row for row in rows if row.kind == GROUP],
    )
