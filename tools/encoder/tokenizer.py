"""The base WordPiece vocabulary without pieces foreign to both languages, plus pieces learned from the Italian side."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from tools.encoder import prepare
from tools.encoder.settings import Recipe, Workplace

PREFIX = "##"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LONGEST_PIECE = 24


def _latin_or_mark(character: str) -> bool:
    if character.isascii():
        return True
    if not character.isalpha():
        return unicodedata.category(character) in {"Sc", "Po", "Pd", "Pi", "Pf", "So"}
    return "LATIN" in unicodedata.name(character, "")


def kept_base_pieces(vocabulary: dict[str, int]) -> list[str]:
    """Pieces of the base that an Italian or English text can hit, in their old order.

    Placeholders and other scripts go; an English piece stays even where no training text has it, because the
    teacher knew it and shoppers may write it.
    """
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    return [
        piece
        for piece in ordered
        if piece in SPECIAL
        or (not piece.startswith("[unused") and all(_latin_or_mark(character) for character in piece))
    ]


def italian_pieces(base: Tokenizer, texts: Iterable[str], wanted: int, known: set[str]) -> list[str]:
    """Train WordPiece on the Italian side with the base's own normaliser; the `wanted` first pieces new to it."""
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer = base.normalizer
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=wanted * 2, min_frequency=2, continuing_subword_prefix=PREFIX, special_tokens=list(SPECIAL),
        show_progress=False,
    )  # fmt: skip
    learner.train_from_iterator(texts, trainer)
    learned = learner.get_vocab()
    fresh = [piece for piece in sorted(learned, key=learned.__getitem__) if piece not in known]
    return [piece for piece in fresh if _wordlike(piece)][:wanted]


def _wordlike(piece: str) -> bool:
    letters = piece.removeprefix(PREFIX)
    return len(letters) <= LONGEST_PIECE and letters.isalpha() and all(_latin_or_mark(letter) for letter in letters)


def build(base_folder: Path, texts: Iterable[str], wanted: int, target: Path) -> None:
    """Write the tokenizer folder: the base's files with the new vocabulary in them."""
    base = Tokenizer.from_file(str(base_folder / "tokenizer.json"))
    kept = kept_base_pieces(base.get_vocab())
    vocabulary = kept + italian_pieces(base, texts, wanted, set(kept))
    described = json.loads(base.to_str())
    described["model"]["vocab"] = {piece: number for number, piece in enumerate(vocabulary)}
    described["truncation"] = described["padding"] = None
    numbers = described["model"]["vocab"]
    for added in described["added_tokens"]:
        added["id"] = numbers[added["content"]]
    for special in described["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [numbers[token] for token in special["tokens"]]
    for place in ("sep", "cls"):
        if place in described["post_processor"]:
            token = described["post_processor"][place][0]
            described["post_processor"][place] = [token, numbers[token]]
    target.mkdir(parents=True, exist_ok=True)
    Tokenizer.from_str(json.dumps(described)).save(str(target / "tokenizer.json"), pretty=False)
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        (target / name).write_bytes((base_folder / name).read_bytes())
    print(f"  {len(kept)} pieces kept of {base.get_vocab_size()}, {len(vocabulary) - len(kept)} Italian ones added")


def learn(workplace: Workplace, recipe: Recipe) -> None:
    """Build the student's tokenizer from the prepared pairs, chat spellings among them."""
    pairs = prepare.with_chat_spellings(prepare.load(workplace.prepared), recipe)
    build(workplace.base, (pair.italian for pair in pairs), recipe.italian_pieces, workplace.tokenizer)


def load(folder: Path) -> Tokenizer:
    """The tokenizer without padding or truncation: batches are cut and padded where they are made."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
