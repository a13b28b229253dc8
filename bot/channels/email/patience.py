"""What the mailbox's errors ask for."""
from bot.channels.email.mailbox import MailboxError
from bot.channels.patience import Patience, Verdict
from bot.model.ports import Clock

LONGEST_PAUSE_S = 60.0
#: Providers lock accounts that try a wrong password again and again.
OWNER_PAUSE_S = 300.0


def new_patience(clock: Clock) -> Patience:
    """For fetching mail."""
    return Patience(clock, "email", "No mail comes", longest_s=LONGEST_PAUSE_S, judge=_judge)


def _judge(error: Exception) -> Verdict:
    needs_owner = isinstance(error, MailboxError) and error.needs_owner
    return Verdict(OWNER_PAUSE_S, str(error)) if needs_owner else Verdict()
