"""A question that any shop may be asked."""
from dataclasses import dataclass

from bot.model.faq import FaqText

#: What an entry says that is to inherit from no topic.
NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the library.

    Attributes:
        about: one plain line in English: what the question is, and its border to its neighbours.
        near: ids of topics that share words with it and are another question.
        outlines: language → what a good answer says.
        texts: language → title, phrasings and a draft of an answer, its placeholders unfilled.
    """

    id: str
    group: str
    about: str
    near: tuple[str, ...]
    outlines: dict[str, str]
    texts: dict[str, FaqText]
