"""Distillation: the student's vector of either language is drawn to the teacher's vector of the English sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedModel

from tools.encoder import prepare, tokenizer
from tools.encoder.batches import Batch, batches, epoch_length
from tools.encoder.network import Vectors, device, encode_all, half_precision, load_model, vectors
from tools.encoder.settings import Recipe, Workplace

SAVE_EVERY_S = 300.0
SAY_EVERY_S = 20.0


@dataclass
class Clock:
    """How much of the training is done; time spent before a restart counts."""

    steps: int
    limit_s: float
    step: int = 0
    earlier_s: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def spent_s(self) -> float:
        return self.earlier_s + time.monotonic() - self.started

    @property
    def done(self) -> float:
        """0 to 1: by steps or by time, whichever ends first."""
        return min(1.0, max(self.step / self.steps, self.spent_s / self.limit_s))


def teach(workplace: Workplace) -> Vectors:
    """The teacher's vectors of every English sentence, computed once."""
    if workplace.teacher_vectors.exists():
        return np.asarray(np.load(workplace.teacher_vectors))
    pairs = prepare.load(workplace.prepared)
    teacher = load_model(workplace.base)
    found = encode_all(teacher, tokenizer.load(workplace.base), [pair.english for pair in pairs])
    np.save(workplace.teacher_vectors, found)
    return found


def loss_of(student: torch.Tensor, teacher: torch.Tensor, recipe: Recipe) -> tuple[torch.Tensor, float]:
    """(1 − cosine) plus a share of in-batch cross-entropy, where near-duplicates are no wrong answers."""
    cosine = (student * teacher).sum(-1)
    alike = teacher @ teacher.T > recipe.duplicate_cosine
    alike.fill_diagonal_(False)
    scores = (student @ teacher.T / recipe.temperature).masked_fill(alike, -torch.inf)
    contrast = torch.nn.functional.cross_entropy(scores, torch.arange(len(student), device=student.device))
    return (1 - cosine).mean() + recipe.contrast_weight * contrast, float(cosine.detach().mean())


def optimiser_of(model: PreTrainedModel, recipe: Recipe) -> torch.optim.AdamW:
    table = model.embeddings.word_embeddings.weight
    layers = [weight for weight in model.parameters() if weight is not table]
    return torch.optim.AdamW(
        [
            {"params": [table], "lr": recipe.row_rate, "rate": recipe.row_rate, "weight_decay": 0.0},
            {"params": layers, "lr": recipe.layer_rate, "rate": recipe.layer_rate, "weight_decay": 0.01},
        ],
        fused=True,
    )


class Training:
    """The state of a run, and how it is saved and taken up again."""

    def __init__(self, workplace: Workplace, recipe: Recipe, limit_s: float) -> None:
        self.workplace, self.recipe = workplace, recipe
        self.pairs = prepare.load(workplace.prepared)
        self.pieces = tokenizer.load(workplace.tokenizer)
        self.teacher = torch.from_numpy(teach(workplace)).to(device())
        self.model = load_model(workplace.initial)
        self.optimiser = optimiser_of(self.model, recipe)
        self.clock = Clock(epoch_length(self.pairs, recipe) * recipe.epochs, limit_s)
        self.held_out = prepare.load(workplace.held_out)
        self.held_out_teacher = encode_all(
            load_model(workplace.base), tokenizer.load(workplace.base), [pair.english for pair in self.held_out]
        )
        self.epoch, self.place = 0, 0
        if workplace.checkpoint.exists():
            self._take_up()

    def _take_up(self) -> None:
        saved = torch.load(self.workplace.checkpoint, map_location=device(), weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.clock.step, self.clock.earlier_s = saved["step"], saved["spent_s"]
        self.epoch, self.place = saved["epoch"], saved["place"]
        print(f"  taken up at step {self.clock.step}, {self.clock.done:.0%} done")

    def save(self) -> None:
        """Write the checkpoint beside the old one, then swap: a stop half-way loses nothing."""
        fresh = self.workplace.checkpoint.with_suffix(".new")
        state = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "step": self.clock.step,
                 "spent_s": self.clock.spent_s, "epoch": self.epoch, "place": self.place}  # fmt: skip
        torch.save(state, fresh)
        fresh.replace(self.workplace.checkpoint)

    def measure(self) -> dict[str, float]:
        """Cosine to the teacher and retrieval among the held-out pairs, from Italian."""
        found = encode_all(self.model, self.pieces, [pair.italian for pair in self.held_out])
        scores = found @ self.held_out_teacher.T
        right = float((scores.argmax(1) == np.arange(len(scores))).mean())
        figures = {"step": self.clock.step, "minutes": round(self.clock.spent_s / 60, 1),
                   "cosine": round(float(np.diag(scores).mean()), 4), "found": round(right, 4)}  # fmt: skip
        with self.workplace.curve.open("a", encoding="utf-8") as curve:
            curve.write(json.dumps(figures) + "\n")
        self.model.train()
        return figures

    def remaining(self) -> Iterator[Batch]:
        """Batches from where the run stands to the last epoch's end."""
        while self.epoch < self.recipe.epochs:
            for place, batch in enumerate(batches(self.pairs, self.pieces, self.recipe, self.epoch)):
                if place < self.place:
                    continue
                self.place = place + 1
                yield batch
            self.epoch, self.place = self.epoch + 1, 0

    def step(self, batch: Batch) -> float:
        """One update; returns the mean cosine of the batch."""
        warm = min(1.0, (self.clock.step + 1) / self.recipe.warmup_steps)
        for group in self.optimiser.param_groups:
            group["lr"] = group["rate"] * warm * (1 - self.clock.done)
        with half_precision():
            student = vectors(
                self.model, torch.from_numpy(batch.pieces).to(device()), torch.from_numpy(batch.mask).to(device())
            )
        loss, cosine = loss_of(student, self.teacher[torch.from_numpy(batch.pairs).to(device())], self.recipe)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.clock.step += 1
        return cosine


def train(workplace: Workplace, recipe: Recipe, limit_s: float) -> None:
    """Train to the last epoch or until `limit_s` seconds are spent, and write the trained folder."""
    torch.manual_seed(recipe.seed)
    run = Training(workplace, recipe, limit_s)
    run.model.train()
    saved = said = time.monotonic()
    sentences, first = 0, run.clock.step
    for batch in run.remaining():
        cosine = run.step(batch)
        sentences += len(batch.pairs)
        now = time.monotonic()
        if now - said > SAY_EVERY_S:
            left = run.clock.spent_s * (1 - run.clock.done) / max(run.clock.done, 1e-6)
            print(f"  {run.clock.done:6.1%}  step {run.clock.step}  cosine {cosine:.3f}  "
                  f"{sentences / (now - said):.0f} sentences/s  {left / 60:.0f} min left", flush=True)  # fmt: skip
            said, sentences = now, 0
        if now - saved > SAVE_EVERY_S:
            run.save()
            print(f"  saved; held out: {run.measure()}", flush=True)
            saved = time.monotonic()
        if run.clock.done >= 1:
            break
    if run.clock.step > first:
        run.save()
        print(f"  last; held out: {run.measure()}", flush=True)
    run.model.save_pretrained(workplace.trained)


def delivered(workplace: Workplace, recipe: Recipe, target: Path) -> None:
    """Write the last checkpoint's model as a transformers folder, its layers drawn back to the base model's."""
    model = load_model(workplace.initial)
    base = model.state_dict()
    trained = torch.load(workplace.checkpoint, map_location="cpu", weights_only=True)["model"]
    # The rows of the word table stay as trained: the base model has none for Italian.
    layers = [name for name in trained if "word_embeddings" not in name and trained[name].is_floating_point()]
    drawn = {name: torch.lerp(trained[name].float(), base[name].float().cpu(), recipe.base_share) for name in layers}
    model.load_state_dict({**trained, **drawn})
    model.save_pretrained(target)
