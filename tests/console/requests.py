"""What the console's page asks over HTTP, as a program asks it."""
import re
from typing import Any

from starlette.testclient import TestClient

from tests.console.site import PASSWORD

ORIGIN = {"origin": "http://desk.example"}


def sign_in(client: TestClient, login: str = "giulia", password: str = PASSWORD, **headers: str) -> int:
    form = {"login": login, "password": password}
    return int(client.post("/console/login", data=form, headers={**ORIGIN, **headers}).status_code)


def csrf_of(client: TestClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/console").text)
    assert found is not None
    return found[1]


def post(client: TestClient, path: str, body: object, **headers: str | bytes) -> tuple[int, dict[str, Any]]:
    sent: dict[str, Any] = {**ORIGIN, "x-csrf-token": csrf_of(client), **headers}
    answer = client.post(path, json=body, headers=sent)
    return answer.status_code, answer.json()
