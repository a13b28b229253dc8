"""The same message sent again and again, over the real wire."""
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.e2e.running_desk import RunningDesk


def test_five_parallel_posts_of_one_widget_message_are_one_message_and_one_answer(desk: RunningDesk) -> None:
    token = desk.http.post("/api/widget/session", json={"locale": "it"}).json()["token"]
    headers = {"authorization": f"Bearer {token}"}
    message = {"id": str(uuid.uuid4()), "text": "Quanto costa la spedizione?"}

    def post(_: int) -> httpx.Response:
        return httpx.post(f"{desk.url}/api/widget/messages", json=message, headers=headers, timeout=20)

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(post, range(5)))

    assert {answer.status_code for answer in answers} == {202}
    assert {answer.text for answer in answers} == {answers[0].text}
    messages = _until_answered(desk, headers)
    assert [one["author"] for one in messages] == ["contact", "bot"]
    assert post(0).status_code == 202
    assert _until_answered(desk, headers) == messages


def test_five_parallel_posts_of_one_rest_message_get_the_same_answer(desk: RunningDesk) -> None:
    body = {"sender": "five-at-once", "message": "Quanto costa la spedizione?", "metadata": {"message_id": "m-1"}}

    def post(_: int) -> httpx.Response:
        return httpx.post(f"{desk.url}/webhooks/rest/webhook", json=body, timeout=20)

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(post, range(5)))

    assert len({answer.text for answer in answers}) == 1
    conversation = desk.view("five-at-once").id
    assert len(desk.do(lambda: desk.house.desk.messages(conversation))) == 2


def _until_answered(desk: RunningDesk, headers: dict[str, str]) -> list[dict[str, Any]]:
    """What the widget shows, once the bot has spoken."""
    with desk.http.stream("GET", "/api/widget/stream", headers=headers, params={"after": 0}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:") and '"author": "bot"' in line and '"text"' in line:
                break
    return list(desk.http.get("/api/widget/messages", headers=headers).json()["messages"])
