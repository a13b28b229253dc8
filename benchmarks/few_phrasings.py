"""What an editor in a hurry gets: the demo shop's entries cut to few phrasings, read with and without the library.

    python -m benchmarks.few_phrasings [--counts 0 2 6 all] [--live-only] [--shops | --strangers]

For each number of phrasings beside the heading, "all thin" cuts every entry and "new" every fifth, whose own messages
are counted; ``live`` is what serves in the second after saving, ``fitted`` once the head is there. SVM (TF-IDF) and the
nearest phrasing (encoder) read the same rows in the same run. ``--shops`` reads the shops of tests/shops as written.
``--strangers`` asks the demo what it has no entry for: five phrasings a language of each topic that it does not answer.
"""
import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.faq.folder import read_entries
from bot.model.faq import FaqEntry, FaqText
from bot.model.understanding import Band, Hints, Parse
from bot.nlu.graph import dialogue_rows
from bot.nlu.learn.training import Goal, with_head, with_rows
from bot.nlu.learn.training import train as train_snapshot
from bot.nlu.match.knowledge import shipped
from bot.nlu.match.links import inherited, link
from bot.nlu.match.rows import ASKED, Row, faq_rows, intent_of
from bot.nlu.match.snapshot import Snapshot
from bot.nlu.reader import MessageReader
from bot.nlu.text.embeddings import EmbeddingCache
from bot.nlu.text.encoder import Encoder
from bot.nlu.text.encoders import resolve
from bot.nlu.text.entities import EntityReader
from bot.nlu.text.language import LanguageReader, learn_words
from bot.nlu.text.text import normalise
from bot.topics.library import read_topics

ROOT = Path(__file__).parents[1]
_ALL = 1_000
_EVERY = 5
_STRANGE = 5


@dataclass(frozen=True, slots=True)
class Message:
    label: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in percent."""

    best: float
    three: float | None
    answered: float | None
    precision: float | None
    outside: float | None

    def __str__(self) -> str:
        return " ".join(f"{'-' if one is None else f'{one:.1f}':>9}" for one in
                        (self.best, self.three, self.answered, self.precision, self.outside))  # fmt: skip


class Bench:
    """One encoder and one cache for everything that is compared."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            encoder = Encoder(resolve("it-en", ROOT, Path(folder)))
        self.embeddings = EmbeddingCache(encoder, ROOT / ".rasa" / "embeddings.sqlite")
        self.shared = dialogue_rows(load_data(str(ROOT / "bot" / "dialogue" / "base" / "nlu")), LanguageReader())
        self.topics = read_topics()
        self.base = self._base()

    def _base(self) -> Snapshot:
        few = [Row("ciao", "greet", "it"), Row("x y z", "out_of_scope", "en"), Row("grazie", "thank", "it")]
        return train_snapshot(few, self.embeddings, Goal())

    def rows(self, shop: Path, entries: Sequence[FaqEntry], inherit: bool) -> list[Row]:
        links = link(entries, self.topics, self.embeddings, shipped().field) if inherit else {}
        own = shop / "data" / "nlu"
        dialogue = dialogue_rows(load_data(str(own)), LanguageReader()) if own.is_dir() else []
        return [*dict.fromkeys([*self.shared, *dialogue]), *faq_rows(entries, inherited(links, self.topics))]

    def ours(self, rows: Sequence[Row], fitted: bool) -> Callable[[Message], Parse]:
        snapshot = with_rows(self.base, rows, "bench")
        if fitted:
            snapshot = with_head(snapshot, Goal())
        asked = [row for row in rows if row.kind in ASKED]
        reader = MessageReader(LanguageReader(learn_words((r.text, r.language) for r in asked)), EntityReader(), None)
        return lambda message: reader.parse(message.text, Hints(), snapshot)

    def nearest(self, rows: Sequence[Row], messages: Sequence[Message]) -> list[str]:
        asked = [row for row in rows if row.kind in ASKED]
        matrix = self.embeddings.matrix([normalise(row.text) for row in asked])
        asks = self.embeddings.matrix([normalise(message.text) or "?" for message in messages])
        return [asked[number].label for number in (asks @ matrix.T).argmax(axis=1).tolist()]


def svm(rows: Sequence[Row], messages: Sequence[Message]) -> list[str]:
    asked = [row for row in rows if row.kind in ASKED]
    union = make_union(
        TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    )
    model = make_pipeline(union, LinearSVC()).fit([row.text for row in asked], [row.label for row in asked])
    return list(model.predict([message.text for message in messages]))


def read_messages(file: Path) -> list[Message]:
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return [Message(label[1:] if label[0] == "@" else f"faq/{label}", language, text) for label, language, text in rows]


def figures(messages: Sequence[Message], parses: Sequence[Parse]) -> Figures:
    outside = [intent_of(m.label) == "out_of_scope" for m in messages]
    direct = [p.band is Band.ANSWER and p.intent != "out_of_scope" for p in parses]
    right = [_label(p.intent, p.faq_id) == m.label for m, p in zip(messages, parses, strict=True)]
    among = [
        m.label in [_label(c.intent, c.faq_id) for c in p.candidates[:3]] or r
        for m, p, r in zip(messages, parses, right, strict=True)
    ]
    inside = [not one for one in outside]
    return Figures(
        best=_share(right, inside) or 0.0,
        three=_share(among, inside),
        answered=_share([p.band is Band.ANSWER for p in parses], inside),
        precision=_share(right, direct),
        outside=_share([not one for one in direct], outside),
    )


def _label(intent: str, faq_id: str | None) -> str:
    return f"faq/{faq_id}" if faq_id else intent


def _share(hits: Sequence[bool], where: Sequence[bool]) -> float | None:
    kept = [hit for hit, counts in zip(hits, where, strict=True) if counts]
    return 100 * float(np.mean(kept)) if kept else None


def thin(entries: Sequence[FaqEntry], count: int, ids: set[str] | None = None) -> list[FaqEntry]:
    """Each entry's heading and its first ``count`` phrasings; only those of ``ids`` where it is given."""
    return [
        entry
        if ids is not None and entry.id not in ids
        else replace(entry, texts={lang: replace(t, phrasings=t.phrasings[:count]) for lang, t in entry.texts.items()})
        for entry in entries
    ]


def report(
    bench: Bench, shop: Path, name: str, entries: Sequence[FaqEntry], messages: Sequence[Message],
    paths: Sequence[bool], own: set[str] | None = None,
) -> Iterator[str]:  # fmt: skip
    """A line for each path, inheritance and language."""
    for inherit in (False, True):
        rows = bench.rows(shop, entries, inherit)
        counted = [m for m in messages if own is None or m.label in own]
        others = [svm(rows, counted), bench.nearest(rows, counted)] if not inherit else []
        for system, labels in zip(("svm", "nearest"), others, strict=False):
            best = _share([a == m.label for a, m in zip(labels, counted, strict=True)],
                          [m.label != "out_of_scope" for m in counted]) or 0.0  # fmt: skip
            yield f"{name:<24} {system:<16} all {Figures(best, None, None, None, None)}"
        for fitted in paths:
            read = bench.ours(rows, fitted)
            parses = [read(message) for message in counted]
            title = f"{'fitted' if fitted else 'live'}{' +library' if inherit else ''}"
            yield f"{name:<24} {title:<16} all {figures(counted, parses)}"
            for language in ("it", "en"):
                kept = [number for number, message in enumerate(counted) if message.language == language]
                if kept and len(kept) < len(counted):
                    one = figures([counted[k] for k in kept], [parses[k] for k in kept])
                    yield f"{name:<24} {title:<16} {language:<3} {one}"


def strangers(bench: Bench, entries: Sequence[FaqEntry], fitted: bool) -> str:
    """How many messages of topics without an entry are answered as if they had one. The field knows these topics."""
    rows = bench.rows(ROOT, entries, inherit=True)
    read, known = bench.ours(rows, fitted), {entry.id for entry in entries}
    asked = [
        Message("out_of_scope", language, phrasing)
        for name, topic in bench.topics.items()
        if name not in known
        for language, text in topic.texts.items()
        for phrasing in sorted(text.phrasings)[:_STRANGE]
    ]
    parses = [read(message) for message in asked]
    wrong = sum(parse.band is Band.ANSWER and parse.intent == "faq" for parse in parses)
    share = 100 * wrong / len(asked)
    return f"{'fitted' if fitted else 'live'}: {wrong} of {len(asked)} get another entry's answer ({share:.1f} %)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", nargs="+", default=["0", "1", "2", "4", "8", "16", "all"])
    parser.add_argument("--live-only", action="store_true", help="do not fit heads (a minute each)")
    parser.add_argument("--shops", action="store_true", help="the shops of tests/shops as they were written")
    parser.add_argument("--strangers", action="store_true", help="topics that the demo does not answer")
    options = parser.parse_args()
    paths = [False] if options.live_only else [False, True]
    bench = Bench()
    if options.strangers:
        for fitted in paths:
            print(strangers(bench, read_entries(ROOT), fitted), flush=True)
        return
    print(f"{'':<24} {'':<16}     {'best':>9} {'three':>9} {'answered':>9} {'precision':>9} {'outside':>9}")
    if options.shops:
        for shop in sorted(one.parent for one in (ROOT / "tests" / "shops").glob("*/messages.tsv")):
            for line in report(bench, shop, shop.name, read_entries(shop), read_messages(shop / "messages.tsv"), paths):
                print(line, flush=True)
        return
    # The demo's rich phrasings are the library's: "all" reads them as if an editor had written them.
    entries, messages = rich(read_entries(ROOT), bench), read_messages(ROOT / "tests" / "data" / "shop_messages.tsv")
    new = set(sorted(entry.id for entry in entries)[::_EVERY])
    for count in options.counts:
        number = _ALL if count == "all" else int(count)
        for line in report(bench, ROOT, f"{count} phrasings", thin(entries, number), messages, paths):
            print(line, flush=True)
        own = {f"faq/{one}" for one in new}
        for line in report(bench, ROOT, f"{count}, new among rich", thin(entries, number, new), messages, paths, own):
            print(line, flush=True)


def rich(entries: Sequence[FaqEntry], bench: Bench) -> list[FaqEntry]:
    """The demo's entries with their topics' phrasings as their own, after those that they have."""
    return [replace(entry, texts=dict(_enriched(entry, bench))) for entry in entries]


def _enriched(entry: FaqEntry, bench: Bench) -> Iterator[tuple[str, FaqText]]:
    topic = bench.topics.get(entry.id)
    for language, text in entry.texts.items():
        more = topic.texts[language].phrasings if topic else ()
        yield language, replace(text, phrasings=tuple(dict.fromkeys((*text.phrasings, *more))))


if __name__ == "__main__":
    main()
