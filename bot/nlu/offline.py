"""Reading a message again as it was read then, without a desk."""
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.model.errors import SportelloError
from bot.model.faq import Publication
from bot.model.understanding import Hints, Parse
from bot.nlu import archive
from bot.nlu.learn.training import Goal
from bot.nlu.live import LiveUnderstanding


def read_again(
    model: Path, publication: Publication, text: str, hints: Hints, artefacts: Mapping[str, str], goal: Goal
) -> Parse:
    """The reading of ``text`` with the trained model and a publication, by the scorer that read it then.

    Raises:
        SportelloError: the archive holds another model than the reading used.
    """
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(model) as packed:
            packed.extractall(folder, filter="data")
        found = next((file.parent for file in Path(folder).rglob("model.json")), None)
        if found is None:
            raise SportelloError(f"{model} holds no model of this pipeline. Run `sportello train`.")
        live = LiveUnderstanding(goal=goal, fit_head=False)
        live.adopt(archive.load(found, goal), goal)
        live.publish_now(publication)
        if artefacts.get("scorer") == "head":
            live.fit_now()
        parse = live.parse(text, hints)
    if parse.artefacts.get("model") != artefacts.get("model"):
        raise SportelloError(
            f"The reading used model {artefacts.get('model')!r}; {model.name} is {parse.artefacts.get('model')!r}. "
            "Put the archive of that time in its place."
        )
    return parse
