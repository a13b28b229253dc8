"""What our light Markdown becomes, and what it leaves alone."""
import pytest

from bot.channels.capabilities import Capabilities, Markup
from bot.channels.render import render
from bot.model.conversation import Reply


def shown(text: str, markup: Markup) -> str:
    return "|".join(one.text for one in render(Reply(text, "it"), Capabilities(4096, markup=markup)))


@pytest.mark.parametrize(
    ("text", "html", "whatsapp", "plain"),
    [
        ("**uno** e __due__", "<b>uno</b> e <b>due</b>", "*uno* e *due*", "uno e due"),
        ("***forte***", "<b><i>forte</i></b>", "*_forte_*", "forte"),
        ("**due\nrighe**", "<b>due</b>\n<b>righe</b>", "*due*\n*righe*", "due\nrighe"),
        ("## Titolo\ntesto", "<b>Titolo</b>\ntesto", "*Titolo*\ntesto", "Titolo\ntesto"),
        ("1. a\n2. b", "1. a\n2. b", "1. a\n2. b", "1. a\n2. b"),
        ("- a\n  - b", "• a\n  • b", "• a\n  • b", "• a\n  • b"),
        ("a\nb\n\nc", "a\nb\n\nc", "a\nb\n\nc", "a\nb\n\nc"),
        (
            "[**Resi** qui](https://x.it/?a=1&b=2)",
            '<a href="https://x.it/?a=1&amp;b=2"><b>Resi</b> qui</a>',
            "Resi qui: https://x.it/?a=1&b=2", "Resi qui: https://x.it/?a=1&b=2",
        ),
        ("<https://x.it>", '<a href="https://x.it">https://x.it</a>', "https://x.it", "https://x.it"),
        ("[x.it](https://x.it/)", '<a href="https://x.it/">x.it</a>', "https://x.it/", "https://x.it/"),
        ("[](https://x.it)", '<a href="https://x.it">https://x.it</a>', "https://x.it", "https://x.it"),
        ("![scarpa](https://x.it/s)", '<a href="https://x.it/s">scarpa</a>', *["scarpa: https://x.it/s"] * 2),
        ("[scrivi](mailto:a@x.it)", *["scrivi: a@x.it"] * 3),
        ("<a@x.it>", *["a@x.it"] * 3),
        ("[chiama](tel:+39025555)", *["chiama: +39025555"] * 3),
        ("**a*b**", "<b>a*b</b>", "a*b", "a*b"),
    ],
)
def test_formatting(text: str, html: str, whatsapp: str, plain: str) -> None:
    assert [shown(text, one) for one in (Markup.HTML, Markup.WHATSAPP, Markup.PLAIN)] == [html, whatsapp, plain]


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4", "snake_case_name", "> citato", "```codice```", "`apice`", "[1]: https://x.it", "[non un link]",
        "-", "1.", "#", "2026. Anno", "---", "***", "    rientro", "a | b\n--|--", "#1004 è partito", "5 > 3",
        "[x](javascript:alert(1))", "&copy;", "<b>", "titolo\n===", "- - - a",
    ],
)
def test_what_is_not_our_markdown_stays_as_it_was_typed(text: str) -> None:
    words = shown(text, Markup.PLAIN).replace("•", "-").split()
    assert words == text.split()


def test_html_in_a_text_is_shown_not_run() -> None:
    assert shown('<a href="x">&amp; "q"', Markup.HTML) == "&lt;a href=&quot;x&quot;&gt;&amp;amp; &quot;q&quot;"


def test_lists_deeper_than_anyone_writes_lose_nothing() -> None:
    for text in ("- " * 300 + "fondo", "\n".join("  " * n + "- x" for n in range(300)) + " fondo"):
        assert shown(text, Markup.PLAIN).endswith("fondo")
