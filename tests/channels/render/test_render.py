"""Every kind of reply on every kind of channel."""
import pytest

from bot.channels.capabilities import Capabilities, Markup, Unit
from bot.channels.render import Mode, Option, Rendered, join_bubbles, render
from bot.model.conversation import Choice, OutboxKind, Reply
from tests.channels.render.capability_sets import SETS

SHORT = (Choice("Resi", "faq:return-how", "4.1"), Choice("Nessuna", "none", "4.2"))
LONG = (Choice("Quanto costa la spedizione?", "faq:shipping-cost", "4.1"), Choice("Nessuna di queste", "none", "4.2"))
FOUR = tuple(Choice(title, "none", f"4.{n}") for n, title in enumerate(("Uno", "Due", "Tre", "Quattro"), 1))
IMAGE = "https://shop.example/shoe.jpg"

REPLIES = {
    "plain": Reply("Ciao!", "it"),
    "bold": Reply("Costa **4,90 €** & *subito*", "it"),
    "list": Reply("Serve:\n\n- numero\n- e-mail", "it"),
    "link": Reply("Guarda [i resi](https://shop.example/resi).", "it"),
    "short choices": Reply("Intendevi?", "it", choices=SHORT),
    "long choices": Reply("Intendevi?", "it", choices=LONG),
    "four choices": Reply("Intendevi?", "it", choices=FOUR),
    "image": Reply("La scarpa", "it", image=IMAGE),
    "image and choices": Reply("Questa?", "it", choices=SHORT, image=IMAGE),
    "image alone": Reply("", "it", image=IMAGE),
    "nothing": Reply(" ", "it"),
}


def shown(
    text: str = "", mode: Mode = Mode.NONE, options: tuple[Choice, ...] = (), image: str | None = None
) -> Rendered:
    return Rendered(text, mode, tuple(Option(one.id, one.title) for one in options), image)


ROW_OF_LONG = Option("4.1", "Quanto costa la spedizi…", "Quanto costa la spedizione?")

TABLE = {
    ("plain", "rich"): [shown("Ciao!")],
    ("plain", "three buttons or ten rows"): [shown("Ciao!")],
    ("plain", "bytes"): [shown("Ciao!")],
    ("plain", "text alone"): [shown("Ciao!")],
    ("plain", "tight"): [shown("Ciao!")],
    ("bold", "rich"): [shown("Costa <b>4,90 €</b> &amp; <i>subito</i>")],
    ("bold", "three buttons or ten rows"): [shown("Costa *4,90 €* & _subito_")],
    ("bold", "bytes"): [shown("Costa 4,90 € & subito")],
    ("bold", "text alone"): [shown("Costa 4,90 € & subito")],
    ("bold", "tight"): [shown("Costa 4,90 € & subito")],
    **{("list", name): [shown("Serve:\n\n• numero\n• e-mail")] for name in SETS},
    ("link", "rich"): [shown('Guarda <a href="https://shop.example/resi">i resi</a>.')],
    **{("link", name): [shown("Guarda i resi: https://shop.example/resi.")] for name in list(SETS)[1:]},
    **{("short choices", name): [shown("Intendevi?", Mode.BUTTONS, SHORT)] for name in SETS},
    ("short choices", "text alone"): [shown("Intendevi?\n\n1. Resi\n2. Nessuna")],
    ("long choices", "rich"): [shown("Intendevi?", Mode.BUTTONS, LONG)],
    ("long choices", "three buttons or ten rows"): [
        Rendered("Intendevi?", Mode.LIST, (ROW_OF_LONG, Option("4.2", "Nessuna di queste")))
    ],
    **{
        ("long choices", name): [shown("Intendevi?\n\n1. Quanto costa la spedizione?\n2. Nessuna di queste")]
        for name in ("bytes", "text alone", "tight")
    },
    ("four choices", "rich"): [shown("Intendevi?", Mode.BUTTONS, FOUR)],
    ("four choices", "three buttons or ten rows"): [shown("Intendevi?", Mode.LIST, FOUR)],
    ("four choices", "bytes"): [shown("Intendevi?", Mode.BUTTONS, FOUR)],
    ("four choices", "text alone"): [shown("Intendevi?\n\n1. Uno\n2. Due\n3. Tre\n4. Quattro")],
    ("four choices", "tight"): [shown("Intendevi?\n\n1. Uno\n2. Due\n3. Tre\n4. Quattro")],
    **{("image", name): [shown("La scarpa", image=IMAGE)] for name in SETS},
    ("image", "bytes"): [shown(image=IMAGE), shown("La scarpa")],
    ("image", "text alone"): [shown(f"La scarpa\n\n{IMAGE}")],
    **{("image and choices", name): [shown("Questa?", Mode.BUTTONS, SHORT, IMAGE)] for name in SETS},
    ("image and choices", "bytes"): [shown(image=IMAGE), shown("Questa?", Mode.BUTTONS, SHORT)],
    ("image and choices", "text alone"): [shown(f"Questa?\n\n1. Resi\n2. Nessuna\n\n{IMAGE}")],
    **{("image alone", name): [shown(image=IMAGE)] for name in SETS},
    ("image alone", "text alone"): [shown(IMAGE)],
    **{("nothing", name): [] for name in SETS},
}


@pytest.mark.parametrize("channel", SETS)
@pytest.mark.parametrize("kind", REPLIES)
def test_every_reply_on_every_channel(kind: str, channel: str) -> None:
    assert render(REPLIES[kind], SETS[channel]) == TABLE[kind, channel]


def test_choices_that_would_look_alike_become_numbered_lines() -> None:
    titles = ("Scarpe da corsa per uomo: inverno", "Scarpe da corsa per uomo: estate")
    twins = tuple(Choice(title, "none", f"1.{n}") for n, title in enumerate(titles, 1))
    (only,) = render(Reply("Quali?", "it", choices=twins), SETS["three buttons or ten rows"])
    assert only.mode is Mode.NONE
    assert only.text.endswith("1. Scarpe da corsa per uomo: inverno\n2. Scarpe da corsa per uomo: estate")


def test_a_long_text_keeps_its_buttons_on_the_last_part_within_the_shorter_limit() -> None:
    reply = Reply(" ".join(f"parola{n}." for n in range(200)), "it", choices=SHORT)
    head, tail = render(reply, SETS["three buttons or ten rows"])
    assert (head.mode, tail.mode) == (Mode.NONE, Mode.BUTTONS)
    assert len(tail.text) <= 1024
    assert f"{head.text} {tail.text}".split() == reply.text.split()


def test_a_long_caption_stands_below_its_image() -> None:
    image, text = render(Reply("La scarpa " * 12, "it", image=IMAGE), SETS["tight"])
    assert (image.text, image.image, text.image) == ("", IMAGE, None)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Un capoverso di trenta segni.\n\nUn altro.", ["Un capoverso di trenta segni.", "Un altro."]),
        ("Una frase breve qui. Un'altra frase breve qui.", ["Una frase breve qui.", "Un'altra frase breve qui."]),
        ("parole senza alcun punto fermo a dividerle mai", ["parole senza alcun punto fermo a", "dividerle mai"]),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, parts: list[str]) -> None:
    assert [one.text for one in render(Reply(text, "it"), Capabilities(36))] == parts


def test_a_link_is_not_cut_in_two() -> None:
    reply = Reply("Qui trovi tutto quanto: [la pagina dei resi](https://shop.example/r)", "it")
    assert [one.text for one in render(reply, Capabilities(48))] == [
        "Qui trovi tutto quanto:", "la pagina dei resi: https://shop.example/r",
    ]


def test_formatting_is_closed_and_opened_again_at_a_cut() -> None:
    parts = render(Reply("**" + "grassetto " * 6 + "fine**", "it"), Capabilities(40, markup=Markup.HTML))
    assert all(one.text.startswith("<b>") and one.text.endswith("</b>") for one in parts)
    assert len(parts) > 1


def test_an_emoji_counts_as_its_provider_counts_and_is_never_halved() -> None:
    family = "👨‍👩‍👧"
    for unit in Unit:
        parts = render(Reply(family * 20, "it"), Capabilities(50, unit))
        assert all(unit.measure(one.text) <= 50 for one in parts)
        assert "".join(one.text for one in parts) == family * 20
        assert all(one.text.startswith("👨") for one in parts)


def test_a_limit_too_small_to_be_one_is_refused() -> None:
    with pytest.raises(ValueError, match="a text limit of 10 is below 32"):
        Capabilities(4096, text_with_options=10)


def test_the_bubbles_of_a_turn_become_one() -> None:
    one, two = Reply("Ecco.", "it", faq_id="return-how"), Reply("Altro?", "it", choices=SHORT)
    (joined,) = join_bubbles([one, two])
    assert (joined.text, joined.choices, joined.faq_id) == ("Ecco.\n\nAltro?", SHORT, "return-how")


@pytest.mark.parametrize(
    "other",
    [Reply("x", "it", kind=OutboxKind.NOTICE), Reply("x", "en"), Reply("x", "it", image=IMAGE)],
    ids=["another right to leave", "another language", "an image"],
)
def test_bubbles_that_cannot_share_stay_apart(other: Reply) -> None:
    first = Reply("Ecco.", "it")
    assert join_bubbles([first, other]) == (first, other)


def test_choices_stay_below_their_own_question() -> None:
    asking = Reply("Quale?", "it", choices=SHORT)
    assert len(join_bubbles([asking, Reply("Fine", "it")])) == 2
