"""What is shipped was made from the library that is shipped."""
from bot.nlu.match.knowledge import SHIPPED, shipped
from bot.topics.library import read_topics
from tools.knowledge import sources


def test_the_shipped_files_are_those_of_this_library() -> None:
    """After a change of the library or the dialogue examples run `python -m tools.knowledge`."""
    assert (SHIPPED / "SOURCES").read_text().strip() == sources()


def test_the_field_knows_every_topic() -> None:
    assert {f"faq/{name}" for name in read_topics()} <= set(shipped().field.topics)
