"""Channels as different as they come; the real ones' limits stand in their own folders."""
from bot.channels.capabilities import Capabilities, Markup, Unit

SETS = {
    "rich": Capabilities(
        4096, Unit.UTF16, Markup.HTML, images=True, caption=1024, buttons=8, button_label=64, typing=True
    ),
    "three buttons or ten rows": Capabilities(
        4096, markup=Markup.WHATSAPP, text_with_options=1024, images=True, caption=1024, buttons=3, button_label=20,
        list_rows=10, row_title=24, row_description=72, one_message=True,
    ),
    "bytes": Capabilities(1000, Unit.BYTES, images=True, buttons=13, button_label=20),
    "text alone": Capabilities(2000),
    "tight": Capabilities(160, text_with_options=80, caption=60, images=True, buttons=2, button_label=10),
}
