"""Training rows that cannot teach what their author meant are refused with file and line."""

from pathlib import Path

import pytest

from bot.model.errors import SettingError
from bot.nlu.learn.quality import check, read_rasa, read_tsv


def write(folder: Path, text: str, name: str = "rows.tsv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_rows_are_read_with_or_without_a_header(tmp_path: Path) -> None:
    bare = read_tsv(write(tmp_path, "greet\tciao\n"))
    headed = read_tsv(write(tmp_path, "intent\ttext\ngreet\tciao\n"))

    assert (
        [(line.label, line.text) for line in bare]
        == [(line.label, line.text) for line in headed]
        == [("greet", "ciao")]
    )


@pytest.mark.parametrize("line", ["only text", "\tciao", "greet\t", "greet\t  "])
def test_a_line_without_label_or_text_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingError, match=r"rows.tsv:2: met .* one tab"):
        read_tsv(write(tmp_path, f"greet\tciao\n{line}\n"))


def test_one_text_under_two_labels_is_refused(tmp_path: Path) -> None:
    lines = read_tsv(write(tmp_path, "a\tciao\na\tsalve\nb\tCIAO\nb\tx y\n"))

    with pytest.raises(SettingError, match=r"rows.tsv:3: 'CIAO' stands under 'b' and, at .*rows.tsv:1, under 'a'"):
        check(lines)


def test_a_label_with_one_example_is_refused(tmp_path: Path) -> None:
    lines = read_tsv(write(tmp_path, "a\tciao\na\tsalve\nb\tdov'è il pacco\n"))

    with pytest.raises(SettingError, match=r"rows.tsv:3: 'b' has one example"):
        check(lines)


def test_an_intent_without_examples_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "nlu:\n- intent: greet\n  examples: |\n    - ciao\n- intent: empty\n  examples: |\n", "nlu.yml")

    with pytest.raises(SettingError, match=r"nlu.yml:5: the intent 'empty' has no examples"):
        read_rasa(tmp_path)


def test_rasa_examples_are_read_without_their_marks(tmp_path: Path) -> None:
    write(tmp_path, "nlu:\n- intent: inform\n  examples: |\n    - ordine [1005](order_number)\n", "nlu.yml")

    assert [(line.text, line.number) for line in read_rasa(tmp_path)] == [("ordine 1005", 4)]
