"""From the name in config.yml to an encoder folder: shipped with the package, a folder of the shop, or exported now."""
import hashlib
from pathlib import Path

from bot.nlu.text.encoder import GRAPHS, EncoderError

SHIPPED = Path(__file__).parents[1] / "encoders"
#: In a shipped encoder, one line a file: SHA-256, two spaces, path relative to the folder (as `sha256sum` writes it).
CHECKSUMS = "SHA256SUMS"


def resolve(model: str, project_dir: Path, work_dir: Path) -> Path:
    """The folder of the encoder called ``model``; only an unknown name needs torch, and only at training.

    Args:
        work_dir: where an export may be written.
    Raises:
        EncoderError: a damaged shipped encoder, or a name that cannot be exported here.
    """
    shipped = SHIPPED / model
    if "/" not in model and shipped.is_dir():
        check(shipped)
        return shipped
    own = project_dir / model
    if own.is_dir() and any((own / graph).is_file() for graph in GRAPHS):
        return own
    from bot.nlu.learn.export import export_encoder  # torch is loaded only where a name is exported

    return export_encoder(str(own) if own.is_dir() else model, work_dir / "encoder")


def check(folder: Path) -> None:
    """Compare each file with the list that was shipped.

    Raises:
        EncoderError: a file is missing or differs.
    """
    listed = folder / CHECKSUMS
    if not listed.is_file():
        return
    for line in listed.read_text(encoding="utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        file = folder / name.removeprefix("*").removeprefix("./")
        if not file.is_file():
            raise EncoderError(f"The encoder '{folder.name}' lacks {name}. Install the package again.")
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != expected:
            raise EncoderError(
                f"{name} of the encoder '{folder.name}' is damaged: its SHA-256 is {found[:12]}…, "
                f"{expected[:12]}… was shipped. Install the package again (with Git LFS, where it is used)."
            )
