"""The live understanding: one snapshot that is read once a message and swapped by one assignment."""
import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.model.faq import Publication
from bot.model.order_forms import OrderForms
from bot.model.understanding import Hints, Parse
from bot.nlu.archive import Model
from bot.nlu.learn.fitting import Fitted, HeadFitter
from bot.nlu.learn.training import Goal, head_scorer, with_goal, with_head, with_rows
from bot.nlu.match.lexical import LexicalReader
from bot.nlu.match.rows import Row, is_faq
from bot.nlu.match.snapshot import Snapshot, Trained
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache

logger = logging.getLogger(__name__)


class LiveUnderstanding:
    """Serves what the trained model knows with the FAQ entries of the latest publication.

    A publication is served by retrieval at once; the head that is fitted behind it, in a process of its own, takes over
    when it is ready, unless a publication of other rows came first.

    Args:
        cache_file: where embeddings are remembered between starts, and beside it, in ``heads``, fitted heads; None =
            not at all.
        goal: what the shop asks of the bands; None = what the model was trained with.
        fit_head: False keeps retrieval alone after a publication (tests of retrieval, tiny machines).
    """

    def __init__(self, *, cache_file: Path | None = None, goal: Goal | None = None, fit_head: bool = True) -> None:
        self._cache_file = cache_file
        self._goal = goal
        self._fit_head = fit_head
        self._model: Model | None = None
        self._snapshot: Snapshot | None = None
        self._publication: Publication | None = None
        self._lexical: LexicalReader | None = LexicalReader(())
        self._swapping = threading.Lock()
        self._fitter = HeadFitter(cache_file.parent / "heads" if cache_file else None)
        self._fitting: asyncio.Task[None] | None = None
        self._fitting_rows = ""
        self._order_forms: Callable[[], OrderForms] = OrderForms

    @property
    def snapshot(self) -> Snapshot | None:
        """None until a trained model was loaded."""
        return self._snapshot

    def adopt(self, model: Model, goal: Goal) -> None:
        """Take a model that Rasa has just loaded; the publication that is served goes on being served."""
        base = model.snapshot
        if self._cache_file is not None:
            embeddings = EmbeddingCache(base.embeddings.encoder, self._cache_file)
            embeddings.learn(base.embeddings.known())
            base = replace(base, embeddings=embeddings)
        self._goal = self._goal or goal
        base = with_goal(base, self._goal)
        with self._swapping:
            self._model = replace(model, snapshot=base)
            self._snapshot = base if self._publication is None else self._with(base, self._publication)

    async def publish(self, publication: Publication) -> None:
        """Serve these entries from the next message on; then fit the head in the background."""
        await asyncio.to_thread(self.publish_now, publication)
        snapshot = self._snapshot
        if snapshot is None or self._is_fitting(snapshot):
            return
        self.stop()
        if self._fit_head and snapshot.trained is None:
            self._fitting_rows = snapshot.rows_id
            self._fitting = asyncio.create_task(self._fit_behind(snapshot))

    def stop(self) -> None:
        """End the fit that runs, at once; retrieval goes on alone."""
        self._fitter.stop()
        if self._fitting is not None:
            self._fitting.cancel()

    def _is_fitting(self, snapshot: Snapshot) -> bool:
        running = self._fitting is not None and not self._fitting.done()
        return running and self._fitting_rows == snapshot.rows_id

    async def _fit_behind(self, snapshot: Snapshot) -> None:
        fitted = await asyncio.to_thread(self._fitter.kept, snapshot)
        if fitted is None and self._goal is not None:
            fitted = await self._fitter.fit(snapshot, self._goal)
        if fitted is not None:
            self._take(snapshot, fitted)

    def _take(self, fitted_for: Snapshot, fitted: Fitted) -> None:
        """Serve with this head if its rows are still the ones that are served; goal and answers may have changed."""
        with self._swapping:
            now, goal = self._snapshot, self._goal
            if now is None or goal is None or now.trained is not None:
                return
            if (now.rows_id, now.model) != (fitted_for.rows_id, fitted_for.model):
                return
            trained = Trained(fitted.head, head_scorer(fitted.confidence, goal))
            self._snapshot = replace(now, trained=trained)
            logger.info("head fitted for publication %s", now.faq_version)

    def publish_now(self, publication: Publication) -> None:
        """The swap alone, on the caller's thread."""
        with self._swapping:
            self._publication = publication
            if self._model is not None:
                self._snapshot = self._with(self._model.snapshot, publication)
            # Made when it is needed: hardly ever, and it would keep the publication waiting.
            self._lexical = None

    def fit_now(self) -> None:
        """Fit a head in this process for what is served now and let it take over."""
        before = self._snapshot
        if before is None or before.trained is not None or self._goal is None:
            return
        fitted = with_head(before, self._goal)
        with self._swapping:
            if self._snapshot is before:
                self._snapshot = fitted

    async def settled(self) -> None:
        """Return when no head is being fitted any more."""
        if self._fitting is not None:
            await asyncio.wait([self._fitting])

    def set_order_forms(self, forms: Callable[[], OrderForms]) -> None:
        """Where to learn, at each message, what the shop's order numbers look like."""
        self._order_forms = forms

    def set_goal(self, goal: Goal) -> None:
        """Other bands from the next message on."""
        with self._swapping:
            self._goal = goal
            if self._snapshot is not None:
                self._snapshot = with_goal(self._snapshot, goal)

    def parse(self, text: str, hints: Hints) -> Parse:
        """Read a message with what is served now, without Rasa around it.

        Raises:
            RuntimeError: no trained model was loaded.
        """
        snapshot, model = self._snapshot, self._model
        if snapshot is None or model is None:
            raise RuntimeError("No trained model is loaded: run `sportello train` first.")
        return model.reader.parse(text, hints, snapshot, self._order_forms())

    def fallback(self, text: str, hints: Hints) -> Parse:
        """Lexical reading; works before and without a model."""
        with self._swapping:
            if self._lexical is None:
                self._lexical = LexicalReader(self._publication.entries if self._publication else ())
            lexical = self._lexical
        return lexical.parse(text, hints)

    @property
    def reader(self) -> MessageReader | None:
        return self._model.reader if self._model else None

    def _with(self, base: Snapshot, publication: Publication) -> Snapshot:
        assert self._model is not None
        rows = [*_dialogue_rows(base), *self._model.rows_of(publication.entries)]
        now = self._snapshot
        # Where only answers changed, what is served now has the index already, and perhaps its head.
        same = now if now is not None and now.model == base.model and now.embeddings is base.embeddings else None
        return with_rows(base, rows, publication.id, served=same)


def _dialogue_rows(snapshot: Snapshot) -> Sequence[Row]:
    return [row for row in snapshot.index.rows if not is_faq(row.label)]
