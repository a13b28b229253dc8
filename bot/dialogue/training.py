"""Training the project's model: `rasa train` in a process of its own, so that its memory goes when it ends."""
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.dialogue.merge import BASE
from bot.model.errors import SportelloError
from bot.settings import environ, is_writable, state_folder

MODEL = "sportello"
_SOURCES = ("config.yml", "domain.yml", "data/**/*.yml", "data/**/*.yaml")
_PIPELINE = Path(__file__).parents[1] / "nlu"
_PIPELINE_FILES = ("**/*.py", "alarm_examples/*.yml", "encoders/*/SHA256SUMS")
_TAIL_LINES = 15


def model_file(project: Path) -> Path:
    """In the shop's folder; of a folder that can only be read, among its data, unless it brings a fresh one."""
    own = project / "models" / f"{MODEL}.tar.gz"
    if is_writable(project / "models" if own.parent.exists() else project) or _is_of(own, project):
        return own
    return state_folder(project, environ()) / "models" / own.name


def is_fresh(project: Path) -> bool:
    """The model is there and was trained from the sources as they are now. FAQ files need no training."""
    return _is_of(model_file(project), project)


def _is_of(model: Path, project: Path) -> bool:
    noted = _note(model)
    return model.is_file() and noted.is_file() and noted.read_text() == fingerprint(project)


def fingerprint(project: Path) -> str:
    """Changes with the sources of the model, not with their dates (a fresh clone has new dates).

    The framework's files and the pipeline's own code are among them: an update of Sportello may teach other examples,
    or read other signals, than the model holds.
    """
    digest = hashlib.sha256()
    for file in [one for pattern in _PIPELINE_FILES for one in sorted(_PIPELINE.glob(pattern))]:
        digest.update(file.read_bytes())
    for file in sorted(BASE.rglob("*.yml")):
        digest.update(f"{file.relative_to(BASE)}\0".encode())
        digest.update(file.read_bytes())
    for pattern in _SOURCES:
        for file in sorted(project.glob(pattern)):
            digest.update(f"{file.relative_to(project)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def train(project: Path, log: Path, tick: Callable[[float], None], *, environment: dict[str, str]) -> float:
    """Train the model of a project; the seconds it took.

    Args:
        log: gets what Rasa prints.
        tick: called four times a second with the seconds so far.

    Raises:
        SportelloError: training failed; the text holds the end of the log.
    """
    if not (project / "config.yml").is_file():
        raise SportelloError(
            f"{project / 'config.yml'} is missing: this folder is no shop. Name one with --project, or make one: "
            "./sportello new FOLDER."
        )
    model = model_file(project)
    out = str(model.parent.absolute())
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", MODEL, "--out", out]
    if model.parent.parent != project:
        environment = {**environment, "RASA_CACHE_DIRECTORY": str(model.parent.parent.absolute() / "rasa-cache")}
    sources = fingerprint(project)
    started = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=project, stdout=said, stderr=said, env=environment)
        try:
            while process.poll() is None:
                tick(time.monotonic() - started)
                time.sleep(0.25)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode != 0 or not model.is_file():
        raise SportelloError(f"Training failed; the whole log is in {log}:\n{_end_of(log)}")
    _note(model).write_text(sources)
    return time.monotonic() - started


def _note(model: Path) -> Path:
    return model.parent / f"{MODEL}.sources"


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
