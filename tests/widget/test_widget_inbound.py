"""What the widget may post, and what it is told where it may not."""
import pytest

from bot.channels.widget.inbound import (
    MAX_TEXT,
    address_of,
    clean,
    client_id,
    is_token,
    read_message,
    read_session,
    to_inbound,
)
from bot.model.conversation import EventKind
from bot.model.errors import InboundError

TOKEN = "a" * 43


def test_a_text_becomes_a_message_of_the_tokens_address() -> None:
    address = address_of(TOKEN)

    inbound = to_inbound(read_message(b'{"id": "m-1", "text": " ciao ", "locale": "it-IT"}'), address)

    assert (inbound.kind, inbound.text, inbound.locale) == (EventKind.MESSAGE, "ciao", "it-IT")
    assert inbound.address == address


def test_a_tap_becomes_a_choice_with_the_title_that_was_shown() -> None:
    inbound = to_inbound(read_message(b'{"id": "m-1", "choice": "c7"}'), "ada", title="Nessuna di queste")

    assert (inbound.kind, inbound.choice, inbound.text) == (EventKind.CHOICE, "c7", "Nessuna di queste")


def test_two_shoppers_with_the_same_message_id_have_two_keys() -> None:
    """Ids come from browsers: nobody can claim another's message by guessing one."""
    body = read_message(b'{"id": "m-1", "text": "ciao"}')
    ada, bob = address_of("a" * 43), address_of("b" * 43)

    assert to_inbound(body, ada).key != to_inbound(body, bob).key
    assert client_id(to_inbound(body, ada).key, ada) == "m-1"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"{", 400, "no JSON"),
        (b"\xff\xfe", 400, "no JSON"),
        pytest.param(b'{"x": ' + b"[" * 60_000, 400, "no JSON", id="nested too deeply"),
        (b'{"id": "m", "text": "\\ud800"}', 400, "no JSON"),
        (b"[]", 422, "Expected `object`"),
        (b'{"text": "ciao"}', 422, "`id`"),
        (b'{"id": 7, "text": "ciao"}', 422, "Expected `str`, got `int`"),
        (b'{"id": "m", "text": ["ciao"]}', 422, "$.text"),
        (b'{"id": "m;drop", "text": "ciao"}', 422, "'id' must be"),
        (b'{"id": "", "text": "ciao"}', 422, "'id' must be"),
        (b'{"id": "m"}', 422, "either 'text' or 'choice'"),
        (b'{"id": "m", "text": "ciao", "choice": "c1"}', 422, "either 'text' or 'choice'"),
        (b'{"id": "m", "text": " \\u0000\\u0007\\n "}', 422, "empty"),
        (b'{"id": "m", "text": "\\u200b\\u200d"}', 422, "empty"),
        (b'{"id": "m", "text": "ciao", "locale": "<it>"}', 422, "'locale'"),
    ],
)
def test_what_is_no_message_is_refused_with_the_reason(body: bytes, status: int, says: str) -> None:
    with pytest.raises(InboundError) as refusal:
        read_message(body)

    assert refusal.value.status == status
    assert says in str(refusal.value)


def test_a_text_may_have_4000_characters_and_no_more() -> None:
    fits, longer = "è" * MAX_TEXT, "è" * (MAX_TEXT + 1)

    assert read_message(f'{{"id": "m", "text": "{fits}"}}'.encode()).text == fits
    with pytest.raises(InboundError, match="has 4001 characters; at most 4000") as refusal:
        read_message(f'{{"id": "m", "text": "{longer}"}}'.encode())
    assert refusal.value.status == 413


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert clean("\x00ci\x07ao\r\nriga\rdue\u2028tre\tqui\x1b[31m\ud83d") == "ciao\nriga\ndue\ntre\tqui[31m"


def test_emojis_and_other_scripts_stay_as_they_are() -> None:
    assert clean("👩‍👧 محمد नमस्ते") == "👩‍👧 محمد नमस्ते"


@pytest.mark.parametrize("token", ["", "short", "a" * 42, "a" * 44, "a" * 42 + "!", "è" * 43])
def test_a_token_that_is_none_of_ours_reads_as_none(token: str) -> None:
    assert not is_token(token)
    assert read_session(f'{{"locale": "it", "token": "{token}"}}'.encode()).token is None


def test_a_session_needs_nothing() -> None:
    assert read_session(b"").token is None
