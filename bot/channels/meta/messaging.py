"""What tells Messenger and Instagram apart; all else they share."""
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.capabilities import Capabilities, Unit

#: developers.facebook.com, "Messaging window policy".
WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
AD_WINDOW = timedelta(days=7)
QUICK_REPLIES = 13
QUICK_REPLY_TITLE = 20


@dataclass(frozen=True, slots=True)
class Platform:
    """One of the two.

    Attributes:
        object: what Meta calls its deliveries.
        account: what its account is called, for people.
        node: where sends go; '' = to the account's id.
        name_field: of the account, for people.
        text: longest text, in ``unit``.
        fields: of the webhook, without which the desk is deaf or blind.
        permission: without which nothing is sent.
        echoes_key: what is sent along with a message comes back in its echo.
    """

    kind: str
    title: str
    object: str
    account: str
    node: str
    name_field: str
    text: int
    unit: Unit
    fields: tuple[str, ...]
    permission: str
    echoes_key: bool

    def capabilities(self, *, human_agent: bool) -> Capabilities:
        """``human_agent``: Meta approved the shop's operators for seven days."""
        return Capabilities(
            text=self.text, unit=self.unit, images=True, buttons=QUICK_REPLIES, button_label=QUICK_REPLY_TITLE,
            typing=True, receipts=True, reply_window=WINDOW, ad_window=AD_WINDOW,
            late_window=HUMAN_WINDOW if human_agent else None,
        )
