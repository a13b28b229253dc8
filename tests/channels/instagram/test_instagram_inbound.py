"""What is Instagram's own in its deliveries; all else is Messenger's (tests/channels/messenger)."""
import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.meta.messaging_inbound import read_delivery
from bot.channels.meta.messaging_values import Line
from bot.model.conversation import Attachment, EventKind, Inbound
from tests.providers.messenger import APP, INSTAGRAM

ADA = "1234567890"
PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "instagram"


def shown(url: str) -> str:
    return f"/media/instagram/{url.rpartition('/')[2]}" if url else ""


LINE = Line("instagram", "instagram", INSTAGRAM, APP, "en", shown)


def message(**content: Any) -> Inbound:
    event = {"sender": {"id": ADA}, "recipient": {"id": INSTAGRAM}, "timestamp": "2025-11-23T09:00:00Z",
             "message": {"mid": "aWdfZG1faXRlbToxOklH", **content}}
    body = {"object": "instagram", "entry": [{"id": INSTAGRAM, "time": 1, "messaging": [event]}]}
    (found,) = read_delivery(json.dumps(body).encode(), LINE)
    return found


def test_an_answer_to_a_story_is_a_text_that_shows_the_story() -> None:
    found = message(text="Love this!", reply_to={"story": {"url": "https://lookaside.fbsbx.com/story", "id": "17858"}})
    assert (found.kind, found.text) == (EventKind.MESSAGE, "Love this!")
    assert found.attachments == (Attachment("document", name="story reply", url="/media/instagram/story"),)


def test_a_mention_in_a_story_is_told_and_its_picture_left_where_it_is() -> None:
    url = "https://lookaside.fbsbx.com/mention"
    found = message(attachments=[{"type": "story_mention", "payload": {"url": url}}])
    assert found.attachments == (Attachment("image", name="story mention"),)
    assert "mention" not in str(found.payload)


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        ({"attachments": [{"type": "ig_reel", "payload": {"url": "https://x.fbsbx.com/r", "title": "Saldi"}}]},
         ("video", "Saldi", "", "/media/instagram/r")),
        ({"attachments": [{"type": "share", "payload": {"url": "https://x.fbsbx.com/p"}}]},
         ("document", "shared post", "", "/media/instagram/p")),
        ({"attachments": [{"type": "ephemeral"}]}, ("unsupported", "ephemeral")),
        ({"is_unsupported": True}, ("unsupported",)),
    ],
)
def test_what_else_a_shopper_sends(content: dict[str, Any], attachment: tuple[str, ...]) -> None:
    assert message(**content).attachments == (Attachment(*attachment),)


def test_an_answer_to_a_message_is_a_message() -> None:
    assert message(text="Questo?", reply_to={"mid": "aWdfZG0"}).attachments == ()


def test_a_product_that_a_question_is_about_costs_no_message() -> None:
    assert message(text="C'è in 42?", referral={"product": {"id": "5"}}).text == "C'è in 42?"


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="captured payloads are not part of this repository")
@pytest.mark.parametrize(
    ("name", "kind", "text", "attachments"),
    [
        ("text", EventKind.MESSAGE, "Hello, I need help with my order", []),
        ("image", EventKind.MESSAGE, "", [("image", "")]),
        ("story_reply", EventKind.MESSAGE, "Love this!", [("document", "story reply")]),
        ("ephemeral", EventKind.MESSAGE, "", [("unsupported", "ephemeral")]),
        ("unsupported", EventKind.MESSAGE, "", [("unsupported", "")]),
        ("ad_referral", EventKind.MESSAGE, "Hi", []),
        ("quick_reply", EventKind.MESSAGE, "Yes", []),
        ("postback", EventKind.MESSAGE, "Track My Order", []),
        ("reaction", None, "", []),
        ("unreact", None, "", []),
    ],
)
def test_documented_deliveries_read(
    name: str, kind: EventKind | None, text: str, attachments: list[tuple[str, str]]
) -> None:
    found = read_delivery((PAYLOADS / f"{name}.json").read_bytes(), LINE)
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        assert (one.address, one.text) == (ADA, text)
        assert [(each.kind, each.name) for each in one.attachments] == attachments
