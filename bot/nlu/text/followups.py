"""Follow-ups: "e per la Svizzera?" means something only after what was answered before."""
import re

_OPENING = re.compile(
    r"(?:e|ed|ma|invece|e invece|e se|anche|and|but|also|so|then|or|oppure|o|what about|how about|what if|and if"
    r"|even|solo|only"
    r"|quindi|allora|pure|vale anche|same|stessa cosa|lo stesso)(?![\w'])[\s,]*",
    re.IGNORECASE,
)
_MOST_WORDS = 9
_MOST_WORDS_BARE = 3


def is_follow_up(text: str) -> bool:
    """A short message that leans on the one before: opens with a conjunction, or is a mere fragment."""
    size = len(text.split())
    if size > _MOST_WORDS:
        return False
    return bool(_OPENING.match(text)) or size <= _MOST_WORDS_BARE


def opens_as_follow_up(text: str) -> bool:
    return bool(_OPENING.match(text))


def in_context(title: str, text: str) -> str:
    """The earlier question and the new fragment as one question."""
    rest = _OPENING.sub("", text, count=1) or text
    return f"{title.rstrip(' ?.!')} {rest}"
