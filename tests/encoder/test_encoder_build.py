"""The whole recipe on a handful of pairs: from files of translations to a folder that the shop can name."""
import json
from pathlib import Path

import pytest

from bot.nlu.text.encoder import Encoder

pytest.importorskip("torch", reason="the extra 'encoders' is not installed; 'make test' installs it")

from tools.encoder import deliver, export, train  # noqa: E402
from tools.encoder.__main__ import build  # noqa: E402
from tools.encoder.settings import Recipe, Workplace, base_model  # noqa: E402

TINY = Recipe(italian_pieces=300, held_out=12, batch_size=16, epochs=2, warmup_steps=2, alignment_rounds=2)
WORDS = [
    ("the parcel", "il pacco"), ("the shoes", "le scarpe"), ("the invoice", "la fattura"), ("the order", "l'ordine"),
    ("the refund", "il rimborso"), ("the size", "la taglia"), ("the courier", "il corriere"),
    ("the shop", "il negozio"),
]
SAYINGS = [
    ("Where is {}?", "Dov'è {}?"), ("I am waiting for {}.", "Sto aspettando {}."), ("I like {}.", "Mi piace {}."),
    ("Tell me about {}.", "Parlami di {}."), ("{} is wrong.", "{} è sbagliato."), ("I want {}.", "Voglio {}."),
]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    folder = tmp_path_factory.mktemp("encoder")
    data = folder / "data"
    data.mkdir()
    rows = [(one.format(english), two.format(italian)) for english, italian in WORDS for one, two in SAYINGS]
    text = "en\tit\n" + "".join(f"{english}\t{italian}\n" for english, italian in rows)
    (data / "tatoeba-tests.tsv").write_text(text, encoding="utf-8")
    pairs = Path(__file__).parents[2] / "tools" / "encoder" / "pairs"
    return Workplace(data, pairs, base_model(), folder / "work", folder / "out")


@pytest.fixture(scope="module")
def built(workplace: Workplace) -> Workplace:
    build(workplace, TINY, minutes=0.25)
    deliver.deliver(workplace, TINY)
    return workplace


def test_a_build_ends_in_a_folder_that_serving_reads(built: Workplace) -> None:
    encoder = Encoder(built.out)
    same = float(encoder.encode("dov'è il pacco?") @ encoder.encode("where is the parcel?"))
    other = float(encoder.encode("dov'è il pacco?") @ encoder.encode("I like the invoice"))

    assert encoder.size == 384
    assert same > other


def test_the_delivered_files_are_signed(built: Workplace) -> None:
    listed = {line.split("  ")[1] for line in (built.out / "SHA256SUMS").read_text().splitlines()}

    assert {"tokenizer.json", export.ONNX_NAME} <= listed


def test_training_reports_a_curve(built: Workplace) -> None:
    rows = [json.loads(line) for line in built.curve.read_text().splitlines()]

    assert rows[-1]["step"] > 0
    assert 0 < rows[-1]["cosine"] <= 1


def test_a_second_build_finds_everything_done(built: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    build(built, TINY, minutes=0.25)

    assert capsys.readouterr().out.count("done before") == 4


def test_a_stopped_training_goes_on_where_it_stood(built: Workplace) -> None:
    run = train.Training(built, TINY, limit_s=600)

    assert run.clock.step > 0
    assert run.clock.earlier_s > 0


def test_another_recipe_does_not_take_these_results_for_its_own(built: Workplace) -> None:
    with pytest.raises(SystemExit, match="holds another recipe's results"):
        build(built, Recipe(seed=21), minutes=0.1)


def test_a_middle_layer_is_mixed_in_once(built: Workplace, tmp_path: Path) -> None:
    """The delivered graph has it already; adding it twice would be another encoder."""
    with pytest.raises(SystemExit, match="mixed already"):
        export.mix_layer(built.out / export.ONNX_NAME, tmp_path / "twice.onnx", 3, 0.4)
