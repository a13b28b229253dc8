"""The page at / : neutral, or the shop's own; and what the widget is told of the shop."""
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.channels.widget.photos import Photos
from bot.model.errors import SettingError
from bot.settings.canned import read_canned
from bot.web.console.canned import CANNED, ready_texts
from bot.web.widget.look import WidgetLook
from bot.web.widget.routes import routes
from tests.widget.widget_desk import FakeDesk


@pytest.fixture
def look(tmp_path: Path) -> WidgetLook:
    return WidgetLook("Tè & <Tisane>", "#0f766e", "/privacy", ("it", "en"), "informal", site=tmp_path / "site")


def client(look: WidgetLook, folder: Path) -> TestClient:
    desk: Any = FakeDesk()
    return TestClient(Starlette(routes=routes(desk, look, Photos(folder))))


@pytest.mark.parametrize(("lang", "says"), [("it", "Per metterlo sul sito"), ("en", "To put it on the site")])
def test_a_shop_without_a_page_gets_a_neutral_one(look: WidgetLook, tmp_path: Path, lang: str, says: str) -> None:
    page = client(look, tmp_path).get(f"/?lang={lang}").text
    assert "Tè &amp; &lt;Tisane&gt;" in page and says in page
    assert "http://testserver/widget.js" in page and 'src="/widget.js"' in page
    assert "Passo" not in page and "60" not in page.split("</style>")[1]


def test_a_shops_own_page_and_its_files(look: WidgetLook, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<h1>{{ look.shop }} {{ lang }}</h1>")
    (site / "shop.css").write_text("h1 { color: red }")
    http = client(look, tmp_path)
    assert http.get("/?lang=en").text == "<h1>Tè &amp; &lt;Tisane&gt; en</h1>"
    assert "red" in http.get("/site/shop.css").text
    (site / "index.html").write_text("{% for %}")
    assert "widget.js" in http.get("/").text


@pytest.mark.parametrize("text", ["{% for %}", "<style>a{{b}</style>", "{{ look.shop"])
def test_a_broken_page_stops_the_start_with_its_line(look: WidgetLook, tmp_path: Path, text: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text(f"\n{text}")
    with pytest.raises(SettingError, match=r"site/index\.html:2"):
        client(look, tmp_path)


def test_the_widget_is_told_intro_and_first_questions(look: WidgetLook, tmp_path: Path) -> None:
    async def starters(language: str) -> list[str]:
        return [f"{language}?"]

    look.starters, look.intro = starters, {"it": "Chiedimi di tè"}
    http = client(look, tmp_path)
    italian, english = (http.get(f"/api/widget/config?locale={one}").json() for one in ("it", "en"))
    assert (italian["intro"], italian["starters"]) == ("Chiedimi di tè", ["it?"])
    assert (english["intro"], english["starters"]) == ("", ["en?"])
    look.tone = "formal"
    assert http.get("/api/widget/config").json()["tone"] == "formal"


def test_ready_texts_of_the_shop_lie_over_the_frameworks(tmp_path: Path) -> None:
    assert ready_texts(read_canned(tmp_path)) == list(CANNED)
    (tmp_path / "canned.yml").write_text(
        "replies:\n- {shortcut: ciao, language: it, title: Saluto, text: 'Ehi {name}'}\n"
        "- {shortcut: hello, language: en, tone: formal, title: Hi, text: Dear}\n"
    )
    texts = ready_texts(read_canned(tmp_path))
    assert [one.text for one in texts if one.shortcut == "ciao"] == ["Ehi {name}"]
    assert len([one for one in texts if one.shortcut == "hello"]) == 2
    (tmp_path / "canned.yml").write_text("defaults: false\n")
    assert ready_texts(read_canned(tmp_path)) == []


@pytest.mark.parametrize(("text", "told"), [
    ("replies:\n- {shortcut: a b, language: it, title: t, text: x}\n", "one word"),
    ("replies:\n- {shortcut: a, language: de, title: t, text: x}\n", "Allowed: it, en"),
    ("replies:\n- {shortcut: a, language: it, text: x}\n", "title"),
    ("replies:\n" + "- {shortcut: a, language: it, title: t, text: x}\n" * 2, "twice"),
    ("replies: hello\n", "a list is expected"),
    ("reples: []\n", "Did you mean 'replies'"),
])
def test_a_wrong_ready_text_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "canned.yml").write_text(text)
    with pytest.raises(SettingError, match="canned.yml:") as met:
        read_canned(tmp_path)
    assert told in str(met.value)
