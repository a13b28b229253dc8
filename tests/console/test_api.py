"""What the console's page reads and which commands it may give."""
import pytest
from starlette.testclient import TestClient

from bot.model.conversation import Author
from bot.model.errors import StoreUnavailable
from bot.model.views import LeftAlone
from bot.web.colour import contrast
from tests.console.requests import ORIGIN, csrf_of, post, sign_in
from tests.console.scenes import LUCA, busy_morning, complaint, held, request
from tests.console.site import Site


def test_the_queue_keeps_the_desks_order_and_tells_its_clock(giulia: TestClient, site: Site) -> None:
    busy_morning(site.desk)

    answer = giulia.get("/console/api/queue?lang=it").json()

    names = [row["contact_name"] for row in answer["rows"]]
    assert names[:2] == ["Marta Bellini", "Francesca Maria Della Valle-Montefiori"]
    assert answer["rows"][0]["reason"] == "complaint"
    assert answer["now"] == site.clock.now().isoformat()
    assert answer["hours"] == {"open": True, "text": "Siamo qui fino alle 18:00"}


def test_a_conversation_comes_with_its_messages_and_its_dossier(giulia: TestClient, site: Site) -> None:
    talk = complaint(site.desk)

    answer = giulia.get(f"/console/api/conversations/{talk.id}").json()

    assert answer["conversation"]["owner"] == "queue"
    assert [message["author"] for message in answer["messages"]][:2] == ["contact", "bot"]
    assert answer["messages"][3]["choices"][0]["title"] == "Articolo sbagliato"
    assert answer["dossier"]["orders"][0] | {"lines": []} == {
        "number": "1004", "email": "marta.bellini@mail.example", "phone": "", "postcode": "20144",
        "customer_name": "Marta Bellini", "status": "shipped", "placed_at": "2026-11-17T09:00:00+00:00", "lines": [],
        "total": "119.80", "currency": "EUR", "carrier": "BRT", "tracking_code": "086123456789",
        "tracking_url": "https://tracking.example/086123456789", "eta": "2026-11-24", "delivered_on": None,
    }
    assert answer["dossier"]["bot_answers"][0]["candidates"][0]["score"] == 0.973
    assert answer["dossier"]["owner_changes"][0]["change"] == "handoff_requested"


def test_what_does_not_exist_is_a_404_in_json(giulia: TestClient) -> None:
    for path in ("conversations/99", "conversations/x", "nothing"):
        answer = giulia.get(f"/console/api/{path}")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
    assert post(giulia, "/console/api/conversations/99/take", {"key": "k"})[0] == 404
    assert post(giulia, "/console/api/conversations/99/shout", {"key": "k"})[0] == 404


def test_every_command_reaches_the_desk_once_per_key(giulia: TestClient, site: Site) -> None:
    talk = request(site.desk)
    steps: list[tuple[str, dict[str, object]]] = [
        ("take", {}), ("note", {"text": "regular customer"}), ("reply", {"text": "Hello"}), ("put_back", {}),
        ("take", {}), ("return", {}), ("take", {}), ("transfer", {"operator_id": LUCA.id}), ("close", {}),
        ("reopen", {}),
    ]

    for index, (name, payload) in enumerate(steps):
        path, body = f"/console/api/conversations/{talk.id}/{name}", {"key": f"key-{index}", **payload}
        assert post(giulia, path, body) == (200, {"ok": True})
        assert post(giulia, path, body) == (200, {"ok": True})

    assert [(name, dict(payload)) for _, name, _, payload in site.desk.commands] == steps


def test_a_refused_command_says_why(giulia: TestClient, site: Site) -> None:
    talk = held(site.desk, LUCA, "Sara Conti")

    status, answer = post(giulia, f"/console/api/conversations/{talk.id}/take", {"key": "k"})

    assert (status, answer) == (409, {"error": {"code": "refused", "message": "Already taken by Luca."}})


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [(StoreUnavailable("disk full"), 503, "service_unavailable"), (TimeoutError(), 504, "unconfirmed")],
)
def test_a_desk_in_trouble_is_told_in_json(
    giulia: TestClient, site: Site, failure: Exception, status: int, code: str
) -> None:
    talk = request(site.desk)
    site.desk.fail_with = failure

    got, answer = post(giulia, f"/console/api/conversations/{talk.id}/take", {"key": "k"})

    assert got == status
    assert answer["error"]["code"] == code
    assert "disk full" not in str(answer)


@pytest.mark.parametrize(
    ("command", "body", "said"),
    [
        ("reply", {"text": "hello"}, "'key' must be"),
        ("reply", {"key": "a b", "text": "hello"}, "'key' must be"),
        ("reply", {"key": 7, "text": "hello"}, "'key' must be"),
        ("reply", {"key": "k"}, "'text' must be a string"),
        ("reply", {"key": "k", "text": " \u0000\n "}, "has 0 characters. Allowed: 1 to 4000"),
        ("note", {"key": "k", "text": "x" * 4001}, "has 4001 characters"),
        ("transfer", {"key": "k", "operator_id": "2"}, "'operator_id' must be a number"),
        ("transfer", {"key": "k", "operator_id": True}, "'operator_id' must be a number"),
        ("typing", {"on": "yes"}, "'on' must be true or false"),
        ("reply", ["key"], "must be a JSON object"),
    ],
)
def test_a_malformed_command_is_refused_with_its_reason(
    giulia: TestClient, site: Site, command: str, body: object, said: str
) -> None:
    talk = request(site.desk)

    status, answer = post(giulia, f"/console/api/conversations/{talk.id}/{command}", body)

    assert status == 422
    assert said in answer["error"]["message"]
    assert site.desk.commands == []


def test_what_is_not_json_or_too_large_is_refused(giulia: TestClient, site: Site) -> None:
    path = f"/console/api/conversations/{request(site.desk).id}/reply"
    headers = {**ORIGIN, "x-csrf-token": csrf_of(giulia)}

    assert giulia.post(path, content=b"{", headers=headers).status_code == 400
    assert giulia.post(path, content=b"\xff", headers=headers).status_code == 400
    assert giulia.post(path, content=b"x" * 70_000, headers=headers).status_code == 413


def test_control_characters_leave_a_reply_and_line_breaks_stay(giulia: TestClient, site: Site) -> None:
    talk = request(site.desk)
    text = "one\u0007\ntwo\u0000 è 👟"
    post(giulia, f"/console/api/conversations/{talk.id}/reply", {"key": "k", "text": text})
    assert site.desk.done("reply") == [{"text": "one\ntwo è 👟"}]


def test_typing_is_told_to_the_desk(giulia: TestClient, site: Site) -> None:
    talk = request(site.desk)
    assert post(giulia, f"/console/api/conversations/{talk.id}/typing", {"on": True})[0] == 200
    assert site.desk.typed == [(talk.id, "operator", True)]


def test_ready_texts_come_in_both_languages_and_both_forms_of_address(giulia: TestClient) -> None:
    canned = giulia.get("/console/api/canned").json()["canned"]
    assert {(each["language"], each["tone"]) for each in canned} == {("it", "formal"), ("it", "informal"), ("en", "")}
    formal = {each["shortcut"] for each in canned if each["tone"] == "formal"}
    assert formal == {each["shortcut"] for each in canned if each["tone"] == "informal"}


def test_operators_and_notices_can_be_read(giulia: TestClient, site: Site) -> None:
    site.desk.problems = ["faq/it/resi.md:14: …"]
    operators = giulia.get("/console/api/operators").json()["operators"]
    assert [each["public_name"] for each in operators] == ["Giulia", "Luca"]
    assert "password" not in str(operators)
    assert giulia.get("/console/api/notices").json() == {"notices": ["faq/it/resi.md:14: …"]}


def test_markup_in_a_message_is_plain_json_text(giulia: TestClient, site: Site) -> None:
    talk = request(site.desk)
    site.desk.says(talk, Author.CONTACT, "</script><script>alert(1)</script>")
    answer = giulia.get(f"/console/api/conversations/{talk.id}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["messages"][-1]["text"] == "</script><script>alert(1)</script>"


def test_the_shops_accent_is_made_readable_in_light_and_dark(client: TestClient) -> None:
    theme = client.get("/console/theme.css").text
    light, dark = (theme.split(f"--accent-on-{paper}:")[1][:7] for paper in ("light", "dark"))
    assert contrast(light, "#eceef2") >= 4.5
    assert contrast(dark, "#24282f") >= 4.5
    assert client.get("/console/icon.svg").headers["content-type"].startswith("image/svg+xml")


async def test_a_photo_from_the_site_is_read_from_the_desk_itself(site: Site, client: TestClient) -> None:
    photo = await site.photos.keep(b"\xff\xd8\xff a photo", "ada", "m-1")

    assert client.get(f"/console{photo.url}").status_code == 401
    sign_in(client)
    shown = client.get(f"/console{photo.url}")
    assert (shown.content, shown.headers["content-type"]) == (b"\xff\xd8\xff a photo", "image/jpeg")
    assert client.get(f"/console/media/widget/{'0' * 40}").status_code == 404


def test_what_joined_no_conversation_is_listed(giulia: TestClient, site: Site) -> None:
    site.desk.alone = [
        LeftAlone(number, "email", "x@home.example", "<b>X</b>", "Fuori <ufficio>", "Sono via", "Auto-Submitted",
                  site.clock.now(), "/media/email/7-5-whole")
        for number in (2, 1)
    ]

    answer = giulia.get("/console/api/left-alone").json()
    assert (answer["total"], [row["id"] for row in answer["rows"]]) == (2, [2, 1])
    assert answer["rows"][0]["why"] == "Auto-Submitted"
    assert [row["id"] for row in giulia.get("/console/api/left-alone?before=2").json()["rows"]] == [1]
    for before in ("x", "-1", "9" * 40, "²"):
        assert giulia.get(f"/console/api/left-alone?before={before}").status_code == 200

    page = giulia.get("/console/left-alone?lang=it")
    assert page.status_code == 200
    assert "Fuori &lt;ufficio&gt;" in page.text
    assert 'href="/console/media/email/7-5-whole"' in page.text
    assert "<b>X" not in page.text


def test_the_list_of_what_was_left_alone_needs_a_login(client: TestClient) -> None:
    assert 'action="/console/login?lang=' in client.get("/console/left-alone").text
    assert client.get("/console/api/left-alone").status_code == 401
