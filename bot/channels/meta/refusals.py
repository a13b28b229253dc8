"""What the error codes of Meta's Graph API mean for a message of ours.

Codes decide, titles change: developers.facebook.com, "Error codes" of the WhatsApp Business Platform and of Messenger.
"""
from bot.model.errors import DeliveryError
from bot.settings import MetaAccount

#: Trouble that the shop must mend; messages wait meanwhile.
STOPPED_PAUSE_S = 300.0
#: Where Meta asks to slow down and does not say for how long.
CROWDED_PAUSE_S = 10.0


class GraphError(DeliveryError):
    """The Graph API refused a call.

    Attributes:
        code: Meta's; -1 where the answer held none.
        stops: nothing works until the shop mends it.
    """

    def __init__(self, message: str, *, code: int = -1, stops: bool = False, **decision: bool | float | None) -> None:
        super().__init__(message, **decision)  # type: ignore[arg-type]  # each flag as `DeliveryError` names it
        self.code = code
        self.stops = stops


TOKEN = (
    "Meta does not accept the access token any more, or it lacks a permission. Make a permanent one for a system user "
    "of the business, with the permissions that the channel's page names, and restart."
)
LOCKED = "Meta has restricted or locked this account. Look into Account quality in Meta Business Suite."
#: Token and permissions; 200 to 299 are permissions too.
_TOKEN = frozenset({0, 3, 10, 190, *range(200, 300)})
_LOCKED = frozenset({368, 131005, 131031})
_LOCKED_SUB = frozenset({(10, 1893063)})
_CROWDED = frozenset({4, 17, 32, 613, 80006, 80007, 130429, 131048, 131056, 133016})
_TEMPORARY = frozenset({1, 2, 131000, 131016, 131052, 131053})
#: Not on WhatsApp, too old a program, blocked us; on Messenger and Instagram: the person is not there for us.
_UNREACHABLE = frozenset({131026, 551})
_UNREACHABLE_SUB = frozenset({(100, 2018001), (10, 1545041), (200, 1545041)})
_WINDOW = frozenset({131047})
_WINDOW_SUB = frozenset({(10, 2018278), (100, 2018278), (10, 2534022), (100, 2534022)})
#: The template is missing, does not fit, is paused or disabled.
TEMPLATE = frozenset({132000, 132001, 132005, 132007, 132012, 132015, 132016})


def in_words(error: DeliveryError, account: MetaAccount, api_setting: str) -> str:
    """What `sportello doctor` says of a call that failed, where the channel knows no more about it."""
    if not isinstance(error, GraphError):
        return f"{str(error).rstrip('.')}. Check this machine's way to {account.api}."
    if error.code < 0:
        return f"{account.api} does not answer as Meta does ({error}). Is {api_setting} right?"
    return str(error)


def graph_error(
    code: int, message: str, *, subcode: int = 0, status: int = 400, retry_after_s: float | None = None
) -> GraphError:
    """The decision about a call or a message that Meta refused.

    Args:
        message: Meta's own words, for people.
        status: of HTTP; decides only where the code says nothing.
        retry_after_s: seconds that the answer asked us to wait; None when it named none.
    """
    said = f"Meta ({code}{f'/{subcode}' if subcode else ''}): {message}"
    both = (code, subcode)
    if code in _WINDOW or both in _WINDOW_SUB:
        return GraphError(f"{said}. The reply window is closed.", code=code, window_closed=True)
    if code in _UNREACHABLE or both in _UNREACHABLE_SUB:
        return GraphError(said, code=code, unreachable=True)
    if code in _LOCKED or both in _LOCKED_SUB:
        return GraphError(f"{LOCKED} {said}", code=code, stops=True, retry_after_s=retry_after_s or STOPPED_PAUSE_S)
    if code in _TOKEN or (code < 0 and status == 401):
        return GraphError(f"{TOKEN} {said}", code=code, stops=True, retry_after_s=retry_after_s or STOPPED_PAUSE_S)
    if code in _CROWDED or status == 429:
        return GraphError(said, code=code, retry_after_s=retry_after_s or CROWDED_PAUSE_S)
    if code in _TEMPORARY or status >= 500:
        return GraphError(said, code=code, retry_after_s=retry_after_s)
    return GraphError(said, code=code, permanent=True)
