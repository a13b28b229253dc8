"""The classifiers the figures are measured with: n-grams alone, the encoder alone, and both."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.svm import LinearSVC

Scores = NDArray[np.float64]
ENCODER_SHARE = 0.7
SVM_SHARPNESS = 4.0


class Encoder(Protocol):
    """Anything that gives unit vectors."""

    def vectors(self, texts: list[str]) -> NDArray[np.float32]: ...


def _log_softmax(scores: Scores) -> Scores:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def ngram_scores(texts: list[str], labels: list[str], asked: list[str]) -> Scores:
    """Log-probabilities, a column a label in sorted order, of a linear SVM over word and character n-grams."""
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    model = make_pipeline(features, LinearSVC())
    model.fit(texts, labels)
    return _log_softmax(SVM_SHARPNESS * model.decision_function(asked))


def vector_scores(vectors: NDArray[np.float32], labels: list[str], asked: NDArray[np.float32]) -> Scores:
    """The same of a logistic regression over sentence vectors."""
    model = LogisticRegression(C=30, max_iter=400).fit(vectors, labels)
    return np.asarray(model.predict_log_proba(asked))


def fused(ngrams: Scores, vectors: Scores) -> Scores:
    return (1 - ENCODER_SHARE) * ngrams + ENCODER_SHARE * vectors


def accuracy(scores: Scores, labels: list[str], right: list[str]) -> float:
    """Percent right, with two decimals."""
    names = np.array(sorted(set(labels)))
    return round(100 * float((names[scores.argmax(axis=1)] == np.array(right)).mean()), 2)


def nearest(taught: NDArray[np.float32], labels: list[str], asked: NDArray[np.float32]) -> list[str]:
    """The label of the nearest taught vector, for each asked one."""
    return [labels[place] for place in (asked @ taught.T).argmax(axis=1)]
