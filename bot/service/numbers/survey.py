"""How a shopper rates an episode that a person ended: one question, one score, one comment if they like."""
from datetime import timedelta

from bot.model.conversation import Choice, OutboxKind, Reply
from bot.model.ownership import Owner
from bot.model.understanding import SENSITIVE, Band, Parse
from bot.service.live import Manner
from bot.service.turn.announce import Announcer
from bot.service.turn.draft import Draft

SCORES = range(1, 6)
#: After this the next message is about something else.
PENDING = timedelta(hours=48)
#: What `conversation.survey` holds while an answer is awaited.
SCORE, COMMENT = "score", "comment"


class Survey:
    """Asks after a person closed the case; takes digits, taps and one comment."""

    def __init__(self, announcer: Announcer, manner: Manner) -> None:
        self._announcer = announcer
        self._manner = manner

    def ask(self, draft: Draft, language: str) -> None:
        """Put the question behind what a closing draft says."""
        if self._manner.survey == "never":
            return
        choices = tuple(
            Choice(self._announcer.say(f"utter_score_{score}", language, draft), f"rating:{score}") for score in SCORES
        )
        self._say(draft, "utter_survey", language, choices)
        draft.values["survey"] = SCORE

    def take_score(self, draft: Draft, payload: str, language: str) -> None:
        """Write down a score that was tapped or typed."""
        is_late = draft.owner is not Owner.CLOSED  # a new episode began meanwhile: the score is the old one's
        draft.rating = {
            "score": int(payload.removeprefix("rating:")), "episode": draft.row.episode - (1 if is_late else 0)
        }
        draft.outcome = "rated"
        draft.values.update(waiting_since=None, survey="" if is_late else COMMENT)
        if not is_late:
            self._say(draft, "utter_survey_comment", language)

    def take_comment(self, draft: Draft, parse: Parse, language: str) -> bool:
        """Whether the message is the comment to a score given before; then it is written down."""
        is_pending = draft.row.survey == COMMENT and draft.now - draft.row.closed_at < PENDING
        if not is_pending or parse.alarm in SENSITIVE or (parse.band is Band.ANSWER and parse.intent != "thank"):
            return False
        draft.outcome = "rated"
        draft.rating = {"comment": parse.text, "episode": draft.row.episode}
        draft.values.update(waiting_since=None, survey="")
        self._say(draft, "utter_survey_thanks", language)
        return True

    def _say(self, draft: Draft, key: str, language: str, choices: tuple[Choice, ...] = ()) -> None:
        text = self._announcer.say(key, language, draft)
        draft.replies.append(Reply(text, language, choices=choices, kind=OutboxKind.SURVEY, source="survey"))
