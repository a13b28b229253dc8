"""Every kind of reply on every channel that there is, with the limits that its provider has."""
import pytest

from bot.channels.capabilities import Capabilities
from bot.channels.email.compose import CAPABILITIES as EMAIL
from bot.channels.instagram import PLATFORM as INSTAGRAM
from bot.channels.messenger import PLATFORM as MESSENGER
from bot.channels.render import Rendered, render
from bot.channels.telegram.outbound import CAPABILITIES as TELEGRAM
from bot.channels.whatsapp.outbound import CAPABILITIES as WHATSAPP
from bot.model.conversation import Choice, Reply
from tests.channels.render.test_render import REPLIES

CHANNELS: dict[str, Capabilities] = {
    "telegram": TELEGRAM, "whatsapp": WHATSAPP, "messenger": MESSENGER.capabilities(human_agent=False),
    "instagram": INSTAGRAM.capabilities(human_agent=False), "email": EMAIL,
}
ELEVEN = tuple(Choice(f"Voce {number}", "none", f"5.{number}") for number in range(1, 12))
FOURTEEN = tuple(Choice(f"Voce {number}", "none", f"5.{number}") for number in range(1, 15))
KINDS = REPLIES | {
    "eleven choices": Reply("Quale?", "it", choices=ELEVEN),
    "fourteen choices": Reply("Quale?", "it", choices=FOURTEEN),
    "long text": Reply("Una frase di prova, né corta né lunga. " * 60, "it"),
    "long text with choices": Reply("Una frase di prova, né corta né lunga. " * 40, "it", choices=ELEVEN[:2]),
}
#: What stands in each message: T a text, I an image, C an image with its caption; then B buttons, L a list, N numbers.
TABLE = {
    "plain": {"telegram": "T", "whatsapp": "T", "messenger": "T", "instagram": "T", "email": "T"},
    "bold": {"telegram": "T", "whatsapp": "T", "messenger": "T", "instagram": "T", "email": "T"},
    "list": {"telegram": "T", "whatsapp": "T", "messenger": "T", "instagram": "T", "email": "T"},
    "link": {"telegram": "T", "whatsapp": "T", "messenger": "T", "instagram": "T", "email": "T"},
    "short choices": {"telegram": "TB", "whatsapp": "TB", "messenger": "TB", "instagram": "TB", "email": "TN"},
    "long choices": {"telegram": "TB", "whatsapp": "TL", "messenger": "TN", "instagram": "TN", "email": "TN"},
    "four choices": {"telegram": "TB", "whatsapp": "TL", "messenger": "TB", "instagram": "TB", "email": "TN"},
    "eleven choices": {"telegram": "TN", "whatsapp": "TN", "messenger": "TB", "instagram": "TB", "email": "TN"},
    "fourteen choices": {"telegram": "TN", "whatsapp": "TN", "messenger": "TN", "instagram": "TN", "email": "TN"},
    "image": {"telegram": "C", "whatsapp": "C", "messenger": "I T", "instagram": "I T", "email": "C"},
    "image and choices": {
        "telegram": "CB", "whatsapp": "CB", "messenger": "I TB", "instagram": "I TB", "email": "CN",
    },
    "image alone": {"telegram": "I", "whatsapp": "I", "messenger": "I", "instagram": "I", "email": "I"},
    "nothing": {"telegram": "", "whatsapp": "", "messenger": "", "instagram": "", "email": ""},
    "long text": {"telegram": "T", "whatsapp": "T", "messenger": "T T", "instagram": "T T T", "email": "T"},
    "long text with choices": {
        "telegram": "TB", "whatsapp": "T TB", "messenger": "TB", "instagram": "T TB", "email": "TN",
    },
}


def sketch(part: Rendered, reply: Reply) -> str:
    shown = ("C" if part.text else "I") if part.image else "T"
    options = {"buttons": "B", "list": "L"}.get(part.mode, "")
    is_numbered = bool(reply.choices) and not options and f"\n{len(reply.choices)}. " in part.text
    return shown + options + ("N" if is_numbered else "")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_reply_on_every_channel_that_there_is(kind: str, channel: str) -> None:
    limits, reply = CHANNELS[channel], KINDS[kind]
    parts = render(reply, limits)

    assert " ".join(sketch(part, reply) for part in parts) == TABLE[kind][channel]
    for part in parts:
        longest = limits.caption if part.image else limits.text_with_options if part.options else 0
        assert limits.unit.measure(part.text) <= (longest or limits.text)
        assert len(part.options) <= max(limits.buttons if part.mode == "buttons" else limits.list_rows, 0)
        assert len({one.title.casefold() for one in part.options}) == len(part.options)
