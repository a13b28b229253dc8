"""The errors that cross a border between two rooms of the house.

    SportelloError
      ├─ SettingError        a file of the shop is wrong: file, line, what was met, what is allowed, what to do
      ├─ InboundError        a request from outside is not what the channel allows (HTTP 4xx)
      ├─ StoreUnavailable    the store cannot take a write now (HTTP 503): nothing was accepted
      ├─ TransitionError     the owner table has no such transition
      ├─ StaleTurnError      another turn changed the conversation first: run again from fresh state
      ├─ OrderSourceError    the shop's order system did not answer
      └─ DeliveryError       a channel did not take a message
"""


class SportelloError(Exception):
    """Base of all errors that Sportello raises on purpose. Its text is fit to be shown."""


class SettingError(SportelloError):
    """A file that the shop wrote cannot be used.

    Attributes:
        file: path as the shop knows it, relative to the project.
        line: 1-based; None where the file gives none.
    """

    def __init__(self, message: str, *, file: str, line: int | None = None) -> None:
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {message}")
        self.file = file
        self.line = line
        self.problem = message


class InboundError(SportelloError):
    """A request does not follow the channel's contract.

    Attributes:
        status: the HTTP status that tells the caller (400, 401, 404, 413, 415, 422).
    """

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class StoreUnavailable(SportelloError):
    """The database refused a write (disk full, locked, gone). The caller must not acknowledge."""


class TransitionError(SportelloError):
    """The table of owners has no such step from the present owner."""


class StaleTurnError(SportelloError):
    """The conversation changed while a turn was being made; nothing of that turn was written."""


class OrderSourceError(SportelloError):
    """The order system is unreachable or answered something that is no order."""


class DeliveryError(SportelloError):
    """A channel did not take a message.

    Attributes:
        permanent: no retry of this message can help.
        unreachable: nothing more can be sent to this address (the contact blocked us, the account is gone).
        retry_after_s: seconds the channel asked us to wait; None when it named none.
        unknown: the message may have been written; nobody can know (a connection lost after the write).
        window_closed: the provider takes no free text for this shopper now; permanent.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unreachable: bool = False,
        retry_after_s: float | None = None,
        unknown: bool = False,
        window_closed: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent or unreachable or window_closed
        self.unreachable = unreachable
        self.retry_after_s = retry_after_s
        self.unknown = unknown
        self.window_closed = window_closed
