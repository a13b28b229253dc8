"""The two linear models of the head: fitted with scikit-learn, served as plain arrays."""
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.svm import LinearSVC

from bot.nlu.match.store import Array

#: Logit of a class that a fold has never seen.
ABSENT = -30.0
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Linear:
    """``weights``: features × classes."""

    weights: Array
    bias: Array

    def logits(self, features: Any) -> Array:
        return np.asarray(features @ self.weights + self.bias)


def _widen(model: Any, classes: int, features: int) -> Linear:
    """A model of the classes it met as one of all classes."""
    weights = np.zeros((features, classes), dtype=np.float32)
    bias = np.full(classes, ABSENT, dtype=np.float32)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients, intercepts = np.vstack([-coefficients, coefficients]), np.hstack([-intercepts, intercepts])
    weights[:, model.classes_] = coefficients.T
    bias[model.classes_] = intercepts
    return Linear(weights, bias)


def _constant(only: int, classes: int, features: int) -> Linear:
    bias = np.full(classes, ABSENT, dtype=np.float32)
    bias[only] = 0.0
    return Linear(np.zeros((features, classes), dtype=np.float32), bias)


def fit_svm(features: Any, targets: Array, classes: int, *, c: float = 1.0) -> Linear:
    """Linear SVM, one class against the rest."""
    if len(set(targets.tolist())) == 1:
        return _constant(int(targets[0]), classes, features.shape[1])
    model = LinearSVC(C=c, tol=1e-3, random_state=0).fit(features, targets)
    return _widen(model, classes, features.shape[1])


def fit_logistic(features: Array, targets: Array, classes: int, *, c: float = 30.0) -> Linear:
    """Multinomial logistic regression over embeddings; ``c`` as in scikit-learn.

    Solved in whitened coordinates: embeddings lie in a narrow cone, where L-BFGS alone needs hundreds of steps.
    """
    met = np.unique(targets)
    if len(met) == 1:
        return _constant(int(met[0]), classes, features.shape[1])
    rows, size = features.shape
    centre = features.mean(axis=0)
    centred = features - centre
    root = np.linalg.cholesky(centred.T @ centred / rows + np.eye(size) / (c * rows) + 1e-6 * np.eye(size))
    unwhiten = np.linalg.inv(root).T
    white = (centred @ unwhiten).astype(np.float32)
    problem = _Softmax(white, np.searchsorted(met, targets), len(met), unwhiten.T @ unwhiten / (c * rows))
    start = np.zeros((size + 1) * len(met))
    found = minimize(problem, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "ftol": 1e-7}).x
    solved = found.reshape(size + 1, len(met))
    weights = np.zeros((size, classes), dtype=np.float32)
    bias = np.full(classes, ABSENT, dtype=np.float32)
    weights[:, met] = unwhiten @ solved[:-1]
    bias[met] = solved[-1] - centre @ weights[:, met]
    return Linear(weights, bias)


class _Softmax:
    """Mean loss and gradient in single precision; L-BFGS keeps its own sums in double."""

    def __init__(self, features: Array, targets: Array, classes: int, penalty: Array) -> None:
        self.features, self.targets, self.classes = features, targets, classes
        self.penalty = penalty.astype(np.float32)
        self.rows = np.arange(len(targets))

    def __call__(self, flat: Array) -> tuple[float, Array]:
        solved = flat.reshape(-1, self.classes).astype(np.float32)
        weights = solved[:-1]
        log_p = log_softmax(self.features @ weights + solved[-1])
        pulled = self.penalty @ weights
        loss = float(-log_p[self.rows, self.targets].mean() + 0.5 * (weights * pulled).sum())
        error = np.exp(log_p)
        error[self.rows, self.targets] -= 1
        error /= len(self.rows)
        gradient = np.vstack([self.features.T @ error + pulled, error.sum(axis=0)])
        return loss, gradient.astype(np.float64).ravel()


def log_softmax(logits: Array) -> Array:
    """Along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
