"""Each way in which Messenger takes or refuses a message."""
from pathlib import Path

import pytest

from bot.model.conversation import Choice, OutboxKind, Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address
from tests.channels.messenger.line import SHOP, Line, opened, opened_line
from tests.providers.messenger import PAGE
from tests.providers.meta import Refusal

ADA = "7001000000000001"
HELLO = Reply("Ciao", "it")
LATE = Reply("Eccomi", "it", kind=OutboxKind.OPERATOR, late=True)
APPROVED = SHOP + "channels: {messenger: {human_agent: true}}\n"


async def refused(line: Line, *refusals: Refusal | None, reply: Reply = HELLO) -> DeliveryError:
    line.double.shopper(ADA).acts(read={})
    line.double.refuse = list(refusals)
    with pytest.raises(DeliveryError) as caught:
        await line.channel.send(line.address(ADA), reply, "1-1")
    return caught.value


async def test_choices_are_quick_replies_or_numbered_lines(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.acts(read={})
    few = tuple(Choice(f"Scelta {n}", "", f"3.{n}") for n in range(1, 14))
    many = (*few, Choice("Scelta 14", "", "3.14"))
    long = (Choice("Come rendo le scarpe che non vanno?", "", "4.1"), Choice("Resi", "", "4.2"))
    for number, choices in enumerate((few, many, long)):
        await line.channel.send(line.address(ADA), Reply("Quale?", "it", choices=choices), f"1-{number}")

    assert ada.shown[0]["quick_replies"][12] == {"content_type": "text", "title": "Scelta 13", "payload": "3.13"}
    assert ada.shown[1]["text"].endswith("14. Scelta 14")
    assert ada.texts[2] == "Quale?\n\n1. Come rendo le scarpe che non vanno?\n2. Resi"
    assert [one for one in ada.shown[1:] if "quick_replies" in one] == []


async def test_a_long_text_comes_in_parts_with_the_choices_under_the_last(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.acts(read={})
    words = " ".join(f"parola{n}" for n in range(600))
    reply = Reply(words, "it", choices=(Choice("Resi", "", "3.1"),))
    message = await line.channel.send(line.address(ADA), reply, "1-7")

    assert len(ada.shown) > 2
    assert " ".join(ada.texts) == words
    assert ["quick_replies" in one for one in ada.shown] == [False] * (len(ada.shown) - 1) + [True]
    assert message == ada.shown[-1]["mid"]
    assert [one.get("metadata") for one in ada.shown[-2:]] == [None, "1-7"]


async def test_a_long_text_goes_on_where_it_was_interrupted(line: Line) -> None:
    ada = line.double.shopper(ADA)
    words = " ".join(f"parola{n}" for n in range(600))
    error = await refused(line, None, Refusal(613, "Calls to this API have exceeded the rate limit."),
                          reply=Reply(words, "it"))
    assert error.retry_after_s
    await line.channel.send(line.address(ADA), Reply(words, "it"), "1-1")
    assert " ".join(ada.texts) == words


async def test_an_image_goes_first_and_as_a_link_where_meta_cannot_fetch_it(line: Line) -> None:
    ada = line.double.shopper(ADA)
    ada.acts(read={})
    await line.channel.send(line.address(ADA), Reply("La **scarpa**", "it", image="https://shop.example/a.jpg"), "1-1")
    await line.channel.send(line.address(ADA), Reply("La **scarpa**", "it", image="http://10.0.0.1/a.jpg"), "1-2")

    assert ada.shown[0]["attachment"]["payload"]["url"] == "https://shop.example/a.jpg"
    assert ada.texts == ["La scarpa", "http://10.0.0.1/a.jpg", "La scarpa"]


@pytest.mark.parametrize(
    ("refusal", "flags"),
    [
        (Refusal(10, "outside of allowed window", subcode=2018278, status=403), {"window_closed", "permanent"}),
        (Refusal(551, "This person isn't available", subcode=1545041), {"unreachable", "permanent"}),
        (Refusal(100, "No matching user found", subcode=2018001), {"unreachable", "permanent"}),
        (Refusal(100, "Invalid parameter"), {"permanent"}),
        (Refusal(613, "rate limit", headers={"Retry-After": "7"}), {"waits"}),
        (Refusal(4, "Application request limit reached", status=429), {"waits"}),
        (Refusal(80006, "too many messages"), {"waits"}),
        (Refusal(190, "Invalid OAuth access token", status=401), {"waits", "stops"}),
        (Refusal(10, "page restricted", subcode=1893063), {"waits", "stops"}),
        (Refusal(1200, "Temporary send message failure", status=500), set()),
        (Refusal(2, "Service temporarily unavailable", status=500), set()),
    ],
)
async def test_each_refusal_has_its_consequence(line: Line, refusal: Refusal, flags: set[str]) -> None:
    error = await refused(line, refusal)
    found = {name for name in ("window_closed", "unreachable", "permanent", "unknown") if getattr(error, name)}
    found |= {"waits"} if error.retry_after_s else set()
    assert line.parts.problem is not None
    found |= {"stops"} if line.parts.problem() else set()
    assert found == flags


async def test_a_connection_lost_after_the_write_leaves_the_outcome_unknown(line: Line) -> None:
    line.double.lose_answers = 1
    error = await refused(line)
    assert error.unknown
    assert len(line.double.sent) == 1


async def test_a_server_that_cannot_be_reached_took_nothing(tmp_path: Path) -> None:
    parts = opened(tmp_path, "messenger", "http://127.0.0.1:1")
    with pytest.raises(DeliveryError) as caught:
        await parts.channel.send(Address("messenger", PAGE, ADA), HELLO, "1-1")
    assert (caught.value.unknown, caught.value.permanent) == (False, False)
    assert parts.close is not None
    await parts.close()


async def test_after_a_day_nothing_leaves_without_approval(line: Line) -> None:
    line.double.shopper(ADA).acts(read={})
    line.care.clock.advance(hours=25)
    with pytest.raises(DeliveryError, match="channels.messenger.human_agent in shop.yml") as caught:
        await line.channel.send(line.address(ADA), LATE, "1-1")
    assert caught.value.window_closed
    assert line.double.sent == []
    assert line.parts.capabilities.late_window is None


async def test_where_metas_clock_closes_the_window_first_the_message_is_not_tried_again(line: Line) -> None:
    line.double.shopper(ADA).acts(read={})
    line.care.clock.advance(hours=25)
    with pytest.raises(DeliveryError, match="The reply window is closed") as caught:
        await line.channel.send(line.address(ADA), HELLO, "1-1")
    assert (caught.value.window_closed, caught.value.permanent, caught.value.unreachable) == (True, True, False)


async def test_with_approval_a_person_has_seven_days_and_the_bot_has_not(tmp_path: Path) -> None:
    async with opened_line(tmp_path, "messenger", shop=APPROVED) as line:
        line.double.has_human_agent = True
        ada = line.double.shopper(ADA)
        ada.acts(read={})
        line.care.clock.advance(days=6)
        await line.channel.send(line.address(ADA), LATE, "1-1")
        sent = line.double.sent[-1]
        assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")

        for kind in (OutboxKind.ANSWER, OutboxKind.NOTICE, OutboxKind.SURVEY):
            with pytest.raises(DeliveryError) as caught:
                await line.channel.send(line.address(ADA), Reply("Ciao", "it", kind=kind, late=True), "1-2")
            assert caught.value.window_closed
        line.care.clock.advance(days=2)
        with pytest.raises(DeliveryError) as caught:
            await line.channel.send(line.address(ADA), LATE, "1-3")
        assert caught.value.window_closed
        assert ada.texts == ["Eccomi"]
