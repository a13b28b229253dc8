"""What a shop's widget and page show; it may change while the desk runs."""
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: Language → first questions that are one press away.
FirstQuestions = Callable[[str], Awaitable[Sequence[str]]]


async def no_questions(_language: str) -> Sequence[str]:
    return ()


@dataclass(slots=True)
class WidgetLook:
    """What the shop owner set.

    Attributes:
        accent: as '#1f6feb'.
        languages: the first is the default.
        tone: formal or informal.
        intro: language → the first bubble; the widget's own words where it is missing.
        site: the shop's folder ``site/`` with its page; None = a neutral page.
    """

    shop: str
    accent: str
    privacy_url: str
    languages: tuple[str, ...]
    tone: str
    intro: dict[str, str] = field(default_factory=dict)
    starters: FirstQuestions = no_questions
    site: Path | None = None

    def language_for(self, locale: str) -> str:
        """The shop's language nearest to a browser's locale; a stranger reads English where the shop writes it."""
        wanted = locale.replace("_", "-").split("-")[0].lower()
        if wanted in self.languages:
            return wanted
        return "en" if wanted and "en" in self.languages else self.languages[0]
