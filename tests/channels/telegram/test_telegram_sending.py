"""Each way in which Telegram takes or refuses a message."""
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.refusals import BAD_TOKEN
from bot.model.conversation import Choice, Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address
from tests.channels.telegram.conftest import Line
from tests.fakes import FakeClock
from tests.providers.telegram import TOKEN, Refusal

TO = Address("telegram", "", "7001")
HELLO = Reply("Ciao", "it")


async def refused(line: Line, *refusals: Refusal) -> DeliveryError:
    line.double.user(7001, "Ada")
    line.double.refuse["sendMessage"] = list(refusals)
    with pytest.raises(DeliveryError) as caught:
        await line.channel.send(TO, HELLO, "1-1")
    return caught.value


async def test_choices_are_buttons_that_give_back_their_id(line: Line) -> None:
    ada = line.double.user(7001, "Ada")
    long = "Come faccio a restituire un paio di scarpe che non mi va bene?"
    await line.channel.send(TO, Reply("Quale?", "it", choices=(Choice("Resi", "faq:x", "3.1"),)), "1-3")
    await line.channel.send(TO, Reply("Quale?", "it", choices=(Choice(long, "faq:x", "4.1"),)), "1-4")

    assert ada.shown[0]["reply_markup"]["inline_keyboard"] == [[{"text": "Resi", "callback_data": "3.1"}]]
    assert ada.texts[1] == f"Quale?\n\n1. {long}"


async def test_an_image_goes_with_its_caption_and_as_a_link_where_telegram_cannot_fetch_it(line: Line) -> None:
    ada = line.double.user(7001, "Ada")
    await line.channel.send(TO, Reply("La **scarpa**", "it", image="https://shop.example/a.jpg"), "1-1")
    await line.channel.send(TO, Reply("La **scarpa**", "it", image="http://10.0.0.1/a.jpg"), "1-2")

    assert "photo" in ada.shown[0]
    assert ada.texts == ["La scarpa", "La scarpa\n\nhttp://10.0.0.1/a.jpg"]


async def test_an_address_in_a_text_is_no_formatting(line: Line) -> None:
    ada = line.double.user(7001, "Ada")
    await line.channel.send(TO, Reply("La scarpa", "it", image="http://10.0.0.1/a.jpg?w=1&lt=2<3"), "1-1")
    assert ada.texts == ["La scarpa\n\nhttp://10.0.0.1/a.jpg?w=1&lt=2<3"]


async def test_a_rate_limit_says_how_long_to_wait(line: Line) -> None:
    error = await refused(line, Refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    assert (error.retry_after_s, error.permanent, error.unknown) == (7, False, False)


async def test_a_blocked_bot_ends_the_address(line: Line) -> None:
    error = await refused(line, Refusal(403, "Forbidden: bot was blocked by the user"))
    assert (error.permanent, error.unreachable) == (True, True)


async def test_a_chat_that_does_not_exist_ends_the_address(line: Line) -> None:
    with pytest.raises(DeliveryError) as caught:
        await line.channel.send(TO, HELLO, "1-1")
    assert caught.value.unreachable


async def test_a_message_that_telegram_refuses_ends_only_that_message(line: Line) -> None:
    error = await refused(line, Refusal(400, "Bad Request: can't parse entities"))
    assert (error.permanent, error.unreachable) == (True, False)


async def test_a_wrong_token_keeps_the_message_and_says_what_to_do(line: Line) -> None:
    error = await refused(line, Refusal(401, "Unauthorized"))
    assert (str(error), error.permanent, error.retry_after_s) == (BAD_TOKEN, False, 300)
    assert line.channel.problem == BAD_TOKEN
    await line.channel.send(TO, HELLO, "1-1")
    assert line.channel.problem is None


@pytest.mark.parametrize("status", [500, 502])
async def test_a_failing_server_leaves_the_outcome_unknown(line: Line, status: int) -> None:
    error = await refused(line, Refusal(status, "Internal Server Error"))
    assert (error.unknown, error.permanent) == (True, False)


async def test_a_connection_lost_after_the_write_leaves_the_outcome_unknown(line: Line) -> None:
    line.double.lose_answers.append("sendMessage")
    error = await refused(line)
    assert error.unknown
    assert len(line.double.named("sendMessage")) == 1


async def test_a_server_that_cannot_be_reached_took_nothing() -> None:
    request = HTTPXRequest()
    channel = TelegramChannel(Bot(TOKEN, base_url="http://127.0.0.1:1/bot", request=request), FakeClock())
    with pytest.raises(DeliveryError) as caught:
        await channel.send(TO, HELLO, "1-1")
    assert (caught.value.unknown, caught.value.permanent) == (False, False)
    await request.shutdown()


async def test_typing_is_shown_and_never_in_the_way(line: Line) -> None:
    await line.channel.typing(TO, {})  # nobody of that number
    line.double.user(7001, "Ada")
    await line.channel.typing(TO, {})
    assert [call["action"] for call in line.double.named("sendChatAction")] == ["typing", "typing"]
