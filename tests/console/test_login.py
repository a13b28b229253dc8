"""Signing in and out, and who is let through to the console's API."""
import re

import pytest
from starlette.testclient import TestClient

from bot.service.people.operators import OperatorError, Operators, make_password
from tests.console.requests import ORIGIN, post, sign_in
from tests.console.scenes import request
from tests.console.site import CHEAP, PASSWORD, FakeOperatorRows, Site


def test_a_visitor_sees_the_login_in_the_browsers_language(client: TestClient) -> None:
    assert "Sign in" in client.get("/console", headers={"accept-language": "de, en;q=0.5"}).text
    assert "Nome utente" in client.get("/console", headers={"accept-language": "it-IT,it;q=0.9"}).text


def test_the_right_password_opens_the_console(client: TestClient) -> None:
    assert sign_in(client, " Giulia ") == 303
    assert client.get("/console/api/me").json()["operator"] == {"id": 1, "login": "giulia", "public_name": "Giulia"}


def test_a_wrong_password_and_an_unknown_login_read_the_same(client: TestClient) -> None:
    wrong = client.post("/console/login", data={"login": "giulia", "password": "nope"}, headers=ORIGIN)
    unknown = client.post("/console/login", data={"login": "nobody", "password": "nope"}, headers=ORIGIN)

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("giulia", "") == unknown.text.replace("nobody", "")
    assert "Login or password is wrong" in wrong.text


async def test_an_unknown_login_costs_a_password_check_too() -> None:
    """Otherwise the time of the answer tells which logins exist."""
    checked: list[str] = []

    class Counting:
        def hash(self, password: str) -> str:
            return CHEAP.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return CHEAP.verify(stored, password)

    operators = Operators(FakeOperatorRows(), Counting())  # type: ignore[arg-type]

    assert await operators.authenticate("nobody", PASSWORD) is None
    assert len(checked) == 1


def test_the_sixth_try_in_five_minutes_waits_and_says_how_long(client: TestClient, site: Site) -> None:
    assert [sign_in(client, password="nope") for _ in range(5)] == [401] * 5

    refused = client.post("/console/login", data={"login": "giulia", "password": PASSWORD}, headers=ORIGIN)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "300"
    assert "again in 5 minutes" in refused.text
    assert sign_in(client, "luca") == 303, "another login is not locked with it"

    site.clock.advance(minutes=5)
    assert sign_in(client) == 303


def test_many_logins_from_one_address_are_slowed_too(client: TestClient) -> None:
    answers = [sign_in(client, f"guess{number}", "nope") for number in range(41)]
    assert answers == [401] * 40 + [429]


def test_a_sign_in_from_another_site_is_refused(client: TestClient) -> None:
    assert sign_in(client, origin="http://evil.example") == 403
    assert sign_in(client, origin="null") == 403
    form = {"login": "giulia", "password": PASSWORD}
    assert client.post("/console/login", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, site: Site) -> None:
    answer = client.post("/console/login", data={"login": "giulia", "password": PASSWORD}, headers=ORIGIN)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/console" in cookie
    assert "secure" not in cookie

    with TestClient(site.app, base_url="https://desk.example", follow_redirects=False) as safe:
        form = {"login": "giulia", "password": PASSWORD}
        answer = safe.post("/console/login", data=form, headers={"origin": "https://desk.example"})
        assert "secure" in answer.headers["set-cookie"].lower()


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(client: TestClient) -> None:
    sign_in(client)
    first = client.cookies["sportello_console"]
    sign_in(client)
    assert client.cookies["sportello_console"] != first

    client.cookies.set("sportello_console", first, domain="desk.example", path="/console")
    assert client.get("/console/api/me").status_code == 401


def test_a_session_ends_when_it_is_not_used_for_twelve_hours(client: TestClient, site: Site) -> None:
    sign_in(client)
    for _ in range(3):
        site.clock.advance(hours=11)
        assert client.get("/console/api/me").status_code == 200
    site.clock.advance(hours=12)
    assert client.get("/console/api/me").status_code == 401


def test_a_forged_or_foreign_cookie_is_no_session(client: TestClient) -> None:
    sign_in(client)
    good = client.cookies["sportello_console"]
    for forged in ("x" + good[1:], good.replace(".", "x."), "x", "WzEsMl0.x"):
        client.cookies.set("sportello_console", forged, domain="desk.example", path="/console")
        assert client.get("/console/api/me").status_code == 401


def test_an_operator_who_was_removed_is_out(client: TestClient, site: Site) -> None:
    sign_in(client)
    del site.rows.rows["giulia"]
    assert client.get("/console/api/queue").status_code == 401


def test_sign_out_ends_the_session_also_for_a_kept_cookie(client: TestClient) -> None:
    sign_in(client)
    kept = client.cookies["sportello_console"]

    assert post(client, "/console/logout", {})[0] == 200
    client.cookies.set("sportello_console", kept, domain="desk.example", path="/console")
    assert client.get("/console/api/me").status_code == 401


def test_a_command_needs_the_token_of_this_session(client: TestClient, site: Site) -> None:
    talk = request(site.desk)
    sign_in(client)
    path, body = f"/console/api/conversations/{talk.id}/take", {"key": "k1"}

    for token in (b"", b"guessed", b"\xc4"):
        status, answer = post(client, path, body, **{"x-csrf-token": token})
        assert (status, answer["error"]["code"]) == (403, "csrf")
    assert post(client, path, body, origin="http://evil.example")[0] == 403
    assert post(client, "/console/logout", {}, **{"x-csrf-token": "guessed"})[0] == 403
    assert site.desk.commands == []

    assert post(client, path, body) == (200, {"ok": True})


@pytest.mark.parametrize("path", ["me", "queue", "operators", "notices", "canned", "stream", "conversations/1", "else"])
def test_without_a_session_the_api_says_so_in_json(client: TestClient, path: str) -> None:
    answer = client.get(f"/console/api/{path}")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "signed_out"


def test_pages_and_answers_carry_the_headers_that_keep_them_safe(client: TestClient) -> None:
    sign_in(client)
    for path in ("/console", "/console/api/me", "/console/static/app.js", "/console/theme.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/console/api/queue").headers["cache-control"] == "no-store"
    assert " style=" not in client.get("/console").text


def test_a_broken_form_is_refused_with_a_page(client: TestClient) -> None:
    for body in (b"\xff\xfe", b"a=1&" * 20, b"x" * 10_000):
        answer = client.post("/console/login", content=body, headers=ORIGIN)
        assert answer.status_code in (400, 413)
        assert "could not be read" in answer.text


async def test_an_operator_is_added_with_a_login_a_name_and_a_long_password() -> None:
    operators = Operators(FakeOperatorRows(), CHEAP)

    added = await operators.add(" Anna.B ", " Anna ", "a long password")

    assert (added.login, added.public_name) == ("anna.b", "Anna")
    assert await operators.authenticate("ANNA.B", "a long password") == added
    assert await operators.authenticate("anna.b", "another password") is None


@pytest.mark.parametrize(
    ("login", "name", "password", "said"),
    [
        ("giulia", "Giulia", "a long password", "already an operator"),
        ("due parole", "Due", "a long password", "cannot be used"),
        ("anna", "  ", "a long password", "public name"),
        ("anna", "Anna", "short", "has 5 characters. Allowed: 10 to 200"),
    ],
)
async def test_an_operator_that_cannot_be_added_says_why(login: str, name: str, password: str, said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        await Operators(FakeOperatorRows(), CHEAP).add(login, name, password)


def test_a_made_password_is_long_and_never_the_same() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", each) for each in made)
