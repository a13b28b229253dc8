"""The double refuses what Meta refuses, and takes the messages of Meta's own documentation."""
from typing import Any

import pytest

from tests.providers.messenger import check_message
from tests.providers.meta import Refusal

REPLY = {"content_type": "text", "title": "Red", "payload": "POSTBACK"}


def replies(count: int, **change: str) -> dict[str, Any]:
    made = [REPLY | {"title": f"Red {n}", "payload": f"p{n}"} | change for n in range(count)]
    return {"text": "Pick a color:", "quick_replies": made}


@pytest.mark.parametrize("is_instagram", [False, True])
@pytest.mark.parametrize(
    "message",
    [
        {"text": "hello, world"}, {"text": "è" * 500}, replies(13),
        {"attachment": {"type": "image", "payload": {"url": "https://shop.example/a.jpg", "is_reusable": False}}},
    ],
)
def test_a_good_message_is_taken(message: dict[str, Any], is_instagram: bool) -> None:
    check_message(message, is_instagram=is_instagram)


@pytest.mark.parametrize("is_instagram", [False, True])
@pytest.mark.parametrize(
    "message",
    [
        None, {}, {"text": ""}, {"text": "  "}, {"text": "x" * 2001}, {"text": 5}, {"body": "x"}, replies(14),
        replies(0), replies(2, title="same"), replies(2, payload="same"), replies(1, title="x" * 21),
        replies(1, title=" "), replies(1, payload=""), replies(1, image_url="https://x"),
        {"text": "x", "attachment": {"type": "image", "payload": {"url": "https://x"}}},
        {"attachment": {"type": "image", "payload": {"url": "http://x"}}},
    ],
)
def test_a_bad_message_is_refused(message: Any, is_instagram: bool) -> None:
    with pytest.raises(Refusal):
        check_message(message, is_instagram=is_instagram)


def test_instagram_counts_bytes_and_knows_no_metadata() -> None:
    check_message({"text": "è" * 1001, "metadata": "1-1"}, is_instagram=False)
    for message in ({"text": "è" * 501}, {"text": "x", "metadata": "1-1"}):
        with pytest.raises(Refusal):
            check_message(message, is_instagram=True)
