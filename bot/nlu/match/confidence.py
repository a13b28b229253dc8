"""From signals to one calibrated number, and from that number to three bands."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.model.understanding import Band
from bot.nlu.match.store import Array, read_arrays, write_arrays

_FOLDS = 5
#: What a held-out row stands for: a message of a known label, a message of a label that nobody taught (its whole label
#: was held out), or one of the shop's own examples of what is none of its business.
KNOWN, HELD_OUT, OUTSIDE = 0, 1, 2
#: Share of the allowed errors that is used up on held-out rows where nobody has shown what lies outside: real messages
#: are a little harder then.
_CAUTION = 0.9
#: The same for a shop's head, whose rows are mostly the library's: it is judged on sentences like those that taught it.
_LIBRARY_ROWS = 0.7
#: Of unknown messages, the share that is like a label nobody taught, where the shop's own examples show the rest.
_STRANGERS = 0.25
#: Rows that the model's own expectation counts for.
_STEADYING = 100
#: Choices are worth showing while the right one is among the first three this often.
OFFER_HIT_RATE = 0.5
#: Rows that are looked at together when the border of the offers is drawn.
_WINDOW = 40


@dataclass(frozen=True, slots=True)
class Bands:
    """``answer``, ``offer``: lowest confidence of the band."""

    answer: float
    offer: float

    def of(self, confidence: float) -> Band:
        if confidence >= self.answer:
            return Band.ANSWER
        return Band.OFFER if confidence >= self.offer else Band.HAND_OVER


@dataclass(frozen=True, slots=True)
class Curve:
    """What held-out rows looked like: one entry a row.

    Attributes:
        confidence: given by a calibrator that had not seen the row.
        right: the best label was the true one; for HELD_OUT: it was out of scope, so nothing was answered.
        among: the true one was among the first three.
        kind: KNOWN, HELD_OUT or OUTSIDE.
    """

    confidence: Array
    right: Array
    among: Array
    kind: Array

    def bands(self, target_precision: float, unknown_share: float, *, like_taught: bool = False) -> Bands:
        """The widest bands that keep ``target_precision`` when ``unknown_share`` of all messages are unknown.

        Args:
            like_taught: the rows are like those that taught, so that they promise more than messages keep.
        """
        shown = (self.kind == OUTSIDE).any()
        budget = _CAUTION if not shown else _LIBRARY_ROWS if like_taught else 1.0
        answer = self._answer_border(target_precision, unknown_share, budget)
        return Bands(answer, min(answer, self._offer_border(unknown_share)))

    def _answer_border(self, target: float, unknown_share: float, budget: float) -> float:
        order = np.argsort(-self.confidence, kind="stable")
        weights = _weights(self.kind, unknown_share)[order]
        wrong = np.cumsum(weights * ~self.right[order])
        total = np.cumsum(weights)
        expected = 1 - np.cumsum(weights * self.confidence[order]) / total
        allowed = (1 - target) * budget
        # What was seen, steadied by what the model expects: among a few dozen rows one wrong label says little.
        steadied = (wrong + _STEADYING * expected) / (total + _STEADYING)
        held = (steadied <= allowed) & (expected <= allowed)
        if not held.any():
            return max(0.99, float(self.confidence.max()))
        return float(self.confidence[order][np.flatnonzero(held)[-1]])

    def _offer_border(self, unknown_share: float) -> float:
        order = np.argsort(-self.confidence, kind="stable")
        weights = _weights(self.kind, unknown_share)[order]
        size = min(_WINDOW, len(order))
        kernel = np.ones(size)
        hits = np.convolve(weights * self.among[order], kernel, "valid") / np.convolve(weights, kernel, "valid")
        low = np.flatnonzero(hits < OFFER_HIT_RATE)
        edge = low[0] + size // 2 if len(low) else len(order) - 1
        return float(self.confidence[order][edge])


def _weights(kind: Array, share: float) -> Array:
    """Weights of mean 1 under which unknown rows make up ``share`` of all."""
    split = {HELD_OUT: _STRANGERS, OUTSIDE: 1 - _STRANGERS}
    present = [unknown for unknown in split if (kind == unknown).any()]
    shares = {unknown: share * split[unknown] / sum(split[one] for one in present) for unknown in present}
    if (kind == KNOWN).any():
        shares[KNOWN] = 1 - share if present else 1.0
    weights = np.ones(len(kind))
    for one, part in shares.items():
        weights[kind == one] = part / (kind == one).mean()
    return weights


@dataclass(frozen=True, slots=True)
class Confidence:
    """A small logistic model over signals, with the curve from which the bands are read."""

    mean: Array
    scale: Array
    weights: Array
    bias: float
    curve: Curve

    def of(self, signals: list[float] | Array) -> float:
        """Probability that the best label is right."""
        z = float((np.asarray(signals) - self.mean) / self.scale @ self.weights + self.bias)
        return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))

    def save(self, file: Path) -> None:
        curve = self.curve
        write_arrays(
            file,
            {
                "mean": self.mean,
                "scale": self.scale,
                "weights": self.weights,
                "bias": np.array(self.bias),
                "confidence": curve.confidence,
                "right": curve.right,
                "among": curve.among,
                "kind": curve.kind,
            },
        )

    @classmethod
    def load(cls, file: Path) -> "Confidence":
        a = read_arrays(file)
        curve = Curve(a["confidence"], a["right"], a["among"], a["kind"])
        return cls(a["mean"], a["scale"], a["weights"], float(a["bias"]), curve)


def fit_confidence(signals: Array, right: Array, among: Array, kind: Array, unknown_share: float) -> Confidence:
    """``signals``: held-out rows × signals; ``right``, ``among``, ``kind`` as in Curve."""
    right, among = right.astype(bool), among.astype(bool)
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    z = (signals - mean) / scale
    sample_weights = _weights(kind, unknown_share)
    folds = np.random.default_rng(0).integers(0, _FOLDS, len(right))
    honest = np.zeros(len(right))
    for fold in range(_FOLDS):
        held = folds == fold
        weights, bias = _fit(z[~held], right[~held], sample_weights[~held])
        honest[held] = 1 / (1 + np.exp(-np.clip(z[held] @ weights + bias, -30, 30)))
    weights, bias = _fit(z, right, sample_weights)
    return Confidence(mean, scale, weights, bias, Curve(honest, right, among, kind))


def _fit(z: Array, right: Array, sample_weights: Array) -> tuple[Array, float]:
    if len(set(right.tolist())) < 2:
        # Nothing went wrong (or right) in what was held out: too little to tell, so say the prior.
        share = (right.sum() + 1) / (len(right) + 2)
        return np.zeros(z.shape[1]), float(np.log(share / (1 - share)))
    model = LogisticRegression(C=0.3, max_iter=300).fit(z, right, sample_weight=sample_weights)
    return model.coef_[0], float(model.intercept_[0])
