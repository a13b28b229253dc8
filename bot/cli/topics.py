"""sportello faq topics: the library, and which of the shop's entries got which topic."""
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.common import ProjectOption, settings_of
from bot.faq.folder import read_entries
from bot.topics.library import read_topics


def topics(
    project: ProjectOption = ".",
    linked: Annotated[bool, typer.Option("--linked", help="The shop's entries and their topics.")] = False,
) -> None:
    """List the questions that any shop is asked, whose ways to ask come with an entry that answers them."""
    settings = settings_of(project)
    console = Console(highlight=False)
    if linked and not settings.faq.inherit:
        console.print("faq.inherit of shop.yml is false: nothing comes with any entry.")
        return
    if linked:
        for line in links_of(settings.project):
            console.print(line, markup=False)
        return
    language = settings.languages[0]
    for topic in read_topics().values():
        console.print(f"{topic.id:28} {topic.texts[language].title}", markup=False)


def links_of(folder: Path) -> Iterator[str]:
    """A line for each entry that has a topic or reads like one."""
    from bot.nlu.match.knowledge import shipped
    from bot.nlu.match.links import link
    from bot.nlu.text.embeddings import EmbeddingCache
    from bot.nlu.text.encoder import Encoder
    from bot.nlu.text.encoders import resolve

    library = read_topics()
    with tempfile.TemporaryDirectory() as work:
        embeddings = EmbeddingCache(Encoder(resolve("it-en", folder, Path(work))))
    for name, one in link(read_entries(folder), library, embeddings, shipped().field).items():
        ways = sum(len(text.phrasings) for text in library[one.topic].texts.values())
        if one.given:
            yield f"#{name}: {one.topic}, {ways} ways to ask come with it."
        elif one.made:
            yield f"#{name} reads like {one.topic}: {ways} ways to ask come with it. `like: none` refuses."
        else:
            yield f"#{name} may be {one.topic}: `like: {one.topic}` brings {ways} ways to ask."
