"""Every figure of the model card, on data the encoder was never trained on."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

from tools.encoder import noise, test_sets
from tools.encoder.heads import Encoder, accuracy, fused, nearest, ngram_scores, vector_scores
from tools.encoder.runtime import OnnxEncoder
from tools.encoder.test_sets import TestSet

Figures = dict[str, dict[str, float]]


def few_shot(encoders: dict[str, Encoder], test: TestSet) -> dict[str, float]:
    """Accuracy of n-grams, of each encoder alone, and of each encoder with n-grams."""
    ngrams = ngram_scores(test.taught, test.labels, test.asked)
    figures = {"n-grams": accuracy(ngrams, test.labels, test.right)}
    for name, encoder in encoders.items():
        scores = vector_scores(encoder.vectors(test.taught), test.labels, encoder.vectors(test.asked))
        figures[name] = accuracy(scores, test.labels, test.right)
        figures[f"{name} fused"] = accuracy(fused(ngrams, scores), test.labels, test.right)
    return figures


def cross_validated(encoders: dict[str, Encoder], folds: list[TestSet]) -> dict[str, float]:
    """The mean over folds of equal size."""
    measured = [few_shot(encoders, fold) for fold in folds]
    return {name: round(float(np.mean([figures[name] for figures in measured])), 2) for name in measured[0]}


def across_languages(encoders: dict[str, Encoder], test: TestSet) -> dict[str, float]:
    """Top-1 of the nearest taught phrasing and of the head, taught in one language and asked in the other."""
    ngrams = ngram_scores(test.taught, test.labels, test.asked)
    figures = {"n-grams": accuracy(ngrams, test.labels, test.right)}
    for name, encoder in encoders.items():
        taught, asked = encoder.vectors(test.taught), encoder.vectors(test.asked)
        found = np.array(nearest(taught, test.labels, asked))
        figures[f"{name} nearest"] = round(100 * float((found == np.array(test.right)).mean()), 2)
        figures[name] = accuracy(vector_scores(taught, test.labels, asked), test.labels, test.right)
    return figures


def with_typos(encoders: dict[str, Encoder], rows: list[tuple[str, str]], seed: int = 20) -> dict[str, float]:
    """Percent of questions that keep their answer when typed with three typos, each in another word if there are three.

    "known": the question as written is among the taught ones; "new": it is left out, and the answer compared
    with is the one its clean form gets.
    """
    chance = random.Random(seed)
    labels, texts = [label for label, _ in rows], [text for _, text in rows]
    slipped = [_three_typos(text, chance) for text in texts]
    ngrams = ngram_scores(texts, labels, slipped)
    figures = {"known: n-grams": accuracy(ngrams, labels, labels)}
    for name, encoder in encoders.items():
        taught, asked = encoder.vectors(texts), encoder.vectors(slipped)
        scores = vector_scores(taught, labels, asked)
        figures[f"known: {name}"] = accuracy(scores, labels, labels)
        figures[f"known: {name} fused"] = accuracy(fused(ngrams, scores), labels, labels)
        figures[f"new: {name} nearest"] = _kept_when_new(taught, asked, labels)
    return figures


def _three_typos(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if len(word) >= 4] or [0]
    chosen = chance.sample(places, min(3, len(places)))
    for place in chosen + chance.choices(places, k=3 - len(chosen)):
        words[place] = noise.typo(words[place], chance)
    return " ".join(words)


def _kept_when_new(taught: np.ndarray, asked: np.ndarray, labels: list[str]) -> float:
    clean, slipped = taught @ taught.T, asked @ taught.T
    np.fill_diagonal(clean, -1)
    np.fill_diagonal(slipped, -1)
    names = np.array(labels)
    return round(100 * float((names[clean.argmax(axis=1)] == names[slipped.argmax(axis=1)]).mean()), 2)


def evaluate(encoders: dict[str, Encoder], sets: Path, faq: Path) -> Figures:
    """All figures; a set that is not on this machine is left out and said so."""
    figures: Figures = {}
    if sets.exists():
        small_talk = [test_sets.chit_chat(sets, shots) for shots in (10, 5)]
        for test in [*small_talk, *(test_sets.english_10_shot(sets, name) for name in ("banking77", "hwu64"))]:
            figures[test.name] = few_shot(encoders, test)
            print(f"  {test.name}: {figures[test.name]}", flush=True)
        figures["corpus50 it, cross-validated"] = cross_validated(encoders, list(test_sets.corpus50_folds(sets)))
        across = test_sets.corpus50_across(sets)
        figures[across.name] = across_languages(encoders, across)
    else:
        print(f"  {sets} is not there: the public sets are left out")
    if (faq / "en").exists() and (faq / "it").exists():
        across = test_sets.demo_across(faq)
        figures[across.name] = across_languages(encoders, across)
        figures["demo shop it, three typos"] = with_typos(encoders, test_sets.faq_phrasings(faq / "it"))
    return figures


def speed(encoder: OnnxEncoder, faq: Path) -> float:
    texts = [text for _, text in test_sets.faq_phrasings(faq / "it")] or [
        "Vorrei sapere quando arriva il mio pacco"
    ] * 100
    return round(encoder.median_ms(texts), 2)
