"""Each way in which WhatsApp takes or refuses a message."""
from base64 import b64encode
from hashlib import sha256

import pytest

from bot.model.conversation import Choice, Reply
from bot.model.errors import DeliveryError
from bot.model.ports import Address
from tests.channels.whatsapp.conftest import Line
from tests.providers.whatsapp import PHONE_ID, Person, Refusal

ADA, SCOPED = "393331234567", "IT.13491208655302741918"
TO = Address("whatsapp", PHONE_ID, ADA)
HELLO = Reply("Ciao", "it")
IMAGE = "https://shop.example/a.jpg"


def choices(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(title, "faq:x", f"3.{number}") for number, title in enumerate(titles, 1))


@pytest.fixture
def ada(line: Line) -> Person:
    """Somebody who has just written."""
    ada = line.double.person("Ada", ADA, SCOPED)
    ada.says("ciao")
    return ada


async def refused(line: Line, *refusals: Refusal, reply: Reply = HELLO) -> DeliveryError:
    line.double.refuse = list(refusals)
    with pytest.raises(DeliveryError) as caught:
        await line.channel.send(TO, reply, "1-1")
    return caught.value


async def test_a_text_carries_our_key_and_no_preview(line: Line, ada: Person) -> None:
    wamid = await line.channel.send(TO, Reply("**Ciao** _Ada_\n- uno", "it"), "7-3")
    assert line.double.sent == [{
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": ADA, "type": "text",
        "text": {"body": ada.texts[0], "preview_url": False}, "biz_opaque_callback_data": "7-3",
    }]
    assert ada.texts[0].startswith("*Ciao*")
    assert wamid == ada.shown[0]["id"]


async def test_a_scoped_id_is_a_recipient(line: Line, ada: Person) -> None:
    await line.channel.send(Address("whatsapp", PHONE_ID, SCOPED), HELLO, "1-1")
    assert line.double.sent[0]["recipient"] == SCOPED
    assert "to" not in line.double.sent[0]


async def test_up_to_three_choices_are_buttons(line: Line, ada: Person) -> None:
    await line.channel.send(TO, Reply("Quale?", "it", choices=choices("Resi", "Spedizione")), "1-1")
    buttons = ada.shown[0]["interactive"]["action"]["buttons"]
    assert [one["reply"] for one in buttons] == [{"id": "3.1", "title": "Resi"}, {"id": "3.2", "title": "Spedizione"}]


@pytest.mark.parametrize(("language", "label"), [("it", "Scegli"), ("en", "Choose"), ("other", "Choose")])
async def test_more_or_longer_choices_are_a_list(line: Line, ada: Person, language: str, label: str) -> None:
    long = "Come faccio a restituire le scarpe?"
    await line.channel.send(TO, Reply("Quale?", language, choices=choices("Resi", long)), "1-1")
    action = ada.shown[0]["interactive"]["action"]
    assert action["button"] == label
    assert action["sections"] == [{"rows": [
        {"id": "3.1", "title": "Resi"}, {"id": "3.2", "title": "Come faccio a restituir…", "description": long},
    ]}]


async def test_what_fits_no_list_is_numbered(line: Line, ada: Person) -> None:
    await line.channel.send(TO, Reply("Quale?", "it", choices=choices(*(f"Voce {n}" for n in range(1, 12)))), "1-1")
    assert ada.texts[0].startswith("Quale?\n\n1. Voce 1\n2. Voce 2")
    assert ada.shown[0]["type"] == "text"


@pytest.mark.parametrize(("count", "kinds"), [(0, ["image"]), (2, ["interactive"]), (5, ["image", "interactive"])])
async def test_an_image_goes_with_what_is_said(line: Line, ada: Person, count: int, kinds: list[str]) -> None:
    titles = [f"Voce {number}" for number in range(count)]
    await line.channel.send(TO, Reply("La **scarpa**", "it", image=IMAGE, choices=choices(*titles)), "1-1")
    assert [one["type"] for one in ada.shown] == kinds
    assert ada.texts[-1] == "La *scarpa*"
    assert IMAGE in str(ada.shown[0])


async def test_an_image_that_whatsapp_cannot_fetch_is_a_link(line: Line, ada: Person) -> None:
    await line.channel.send(TO, Reply("La scarpa", "it", image="http://10.0.0.1/a.jpg"), "1-1")
    line.double.refuse = [Refusal(131053, "Media upload error")]
    await line.channel.send(TO, Reply("La scarpa", "it", image=IMAGE), "1-2")
    line.double.refuse = [Refusal(131053, "Media upload error")]
    await line.channel.send(TO, Reply("La scarpa", "it", image=IMAGE, choices=choices("Sì")), "1-3")
    assert ada.texts == ["La scarpa\n\nhttp://10.0.0.1/a.jpg", f"La scarpa\n\n{IMAGE}", "La scarpa"]
    assert "header" not in ada.shown[-1]["interactive"]


async def test_a_long_text_goes_in_parts_and_its_choices_with_the_last(line: Line, ada: Person) -> None:
    words = [f"parola{number}" for number in range(1500)]
    wamid = await line.channel.send(TO, Reply(" ".join(words), "it", choices=choices("Resi")), "1-1")
    assert " ".join(ada.texts).split() == words
    assert [one["type"] for one in ada.shown[-2:]] == ["text", "interactive"]
    keys = [one["biz_opaque_callback_data"] for one in ada.shown]
    assert keys == [*(f"1-1#{number}" for number in range(1, len(keys))), "1-1"]
    assert wamid == ada.shown[-1]["id"]


async def test_a_late_reply_is_the_template_in_one_line_of_plain_text(line: Line, ada: Person) -> None:
    reply = Reply("**Eccomi**\n\nIl\trimborso      è [partito](https://x.example)", "en", late=True)
    await line.channel.send(TO, reply, "1-1")
    template = line.double.sent[0]["template"]
    assert (template["name"], template["language"]) == ("after_window", {"code": "en_US"})
    assert ada.texts == ["Eccomi Il rimborso è partito: https://x.example"]


async def test_a_late_reply_that_does_not_fit_is_refused_before_it_goes(line: Line, ada: Person) -> None:
    error = await refused(line, reply=Reply("a" * 1025, "it", late=True))
    assert str(error).startswith("1025 characters are too many")
    assert (error.permanent, line.double.sent) == (True, [])
    await line.channel.send(TO, Reply("a" * 1024, "it", late=True), "1-2")


async def test_a_template_that_is_gone_is_told_until_one_works(line: Line, ada: Person) -> None:
    line.double.templates.clear()
    error = await refused(line, reply=Reply("Eccomi", "it", late=True))
    assert error.permanent
    assert (line.channel.problem or "").startswith("WhatsApp does not take the template 'after_window'")
    await line.channel.send(TO, HELLO, "1-2")
    assert line.channel.problem is not None
    line.double.templates.add(("after_window", "it"))
    await line.channel.send(TO, Reply("Eccomi", "it", late=True), "1-3")
    assert line.channel.problem is None


async def test_a_closed_window_is_said_as_such(line: Line, ada: Person) -> None:
    line.double.refuses_late_at_once = True
    line.double.clock.advance(hours=24, seconds=1)
    error = await refused(line)
    assert (error.window_closed, error.permanent, error.unreachable) == (True, True, False)


async def test_a_number_that_is_not_on_whatsapp_ends_the_address(line: Line) -> None:
    error = await refused(line)
    assert error.unreachable


async def test_a_wrong_token_keeps_the_message_and_says_what_to_do(line: Line, ada: Person) -> None:
    error = await refused(line, Refusal(190, "Session has expired", status=401))
    assert (error.permanent, error.retry_after_s) == (False, 300)
    assert "Make a permanent one for a system user" in (line.channel.problem or "")
    await line.channel.send(TO, HELLO, "1-1")
    assert line.channel.problem is None


async def test_an_unknown_outcome_leaves_its_statuses_time_to_come(line: Line, ada: Person) -> None:
    line.double.lose_answers = 1
    error = await refused(line)
    assert (error.unknown, error.permanent) == (True, False)
    assert ada.texts == ["Ciao"]


async def test_we_stay_below_the_rates(line: Line, ada: Person) -> None:
    """One person gets ten at once, then one in six seconds; the double would refuse more than Meta allows."""
    begin = line.double.clock.now()
    for number in range(60):
        await line.channel.send(TO, HELLO, f"1-{number}")
    assert len(ada.texts) == 60
    assert (line.double.clock.now() - begin).total_seconds() == pytest.approx(50 * 6, abs=1)


async def test_many_people_are_written_to_within_the_numbers_rate(line: Line) -> None:
    begin = line.double.clock.now()
    for number in range(100):
        line.double.person("X", str(number), "").says("ciao")
        await line.channel.send(Address("whatsapp", PHONE_ID, str(number)), HELLO, "1-1")
    assert 1 < (line.double.clock.now() - begin).total_seconds() < 2


async def test_typing_marks_as_read_and_is_not_repeated_while_it_lasts(line: Line, ada: Person) -> None:
    thread = {"wamid": ada.says("ciao?")}
    for _ in range(3):
        await line.parts.typing(TO, thread)  # type: ignore[misc]
    assert ada.typing == [thread["wamid"]]
    line.double.clock.advance(seconds=21)
    await line.channel.typing(TO, thread)
    assert len(ada.typing) == 2
    await line.channel.send(TO, HELLO, "1-1")
    await line.channel.typing(TO, thread)
    assert len(ada.typing) == 3


@pytest.mark.parametrize("thread", [{}, {"wamid": "wamid.unknown"}, {"wamid": 5}])
async def test_typing_is_never_in_the_way(line: Line, ada: Person, thread: dict[str, object]) -> None:
    await line.channel.typing(TO, thread)
    assert ada.typing == []


async def test_a_file_takes_two_hops_with_the_token(line: Line) -> None:
    line.double.files["1234567890"] = ("image/jpeg", b"a picture")
    media = await line.channel.media("1234567890")
    assert (media.content, media.mime_type) == (b"a picture", "image/jpeg")
    assert line.double.calls == ["GET 1234567890"]


async def test_a_file_that_arrives_damaged_is_not_shown(line: Line) -> None:
    line.double.files["1"] = ("image/jpeg", b"a picture")
    digest = sha256(b"a picture").digest()
    for told in (digest.hex().upper(), b64encode(digest).decode(), "", "a checksum of tomorrow"):
        line.double.checksums["1"] = told
        assert (await line.channel.media("1")).content == b"a picture"
    other = sha256(b"another picture").digest()
    for told in (other.hex(), b64encode(other).decode()):
        line.double.checksums["1"] = told
        with pytest.raises(DeliveryError, match="its checksum differs. Open it again") as caught:
            await line.channel.media("1")
        assert not caught.value.permanent


@pytest.mark.parametrize(("kind", "megabytes"), [("image/jpeg", 5), ("audio/ogg", 16), ("video/mp4", 16)])
async def test_a_file_that_is_too_large_is_not_fetched(line: Line, kind: str, megabytes: int) -> None:
    size = megabytes * 1024**2 + 1
    line.double.files["1"] = (kind, b"x" * size)
    with pytest.raises(DeliveryError, match=f"The file has {size} bytes; allowed are") as caught:
        await line.channel.media("1")
    assert caught.value.permanent


async def test_a_document_may_be_larger_and_a_page_is_only_a_download(line: Line) -> None:
    line.double.files["1"] = ("text/html", b"x" * (17 * 1024**2))
    assert (await line.channel.media("1")).mime_type == "application/octet-stream"


@pytest.mark.parametrize("reference", ["gone", "../me", "a/b", "", "x" * 201, "1?fields=access_token"])
async def test_a_file_that_is_gone_or_none_of_whatsapps(line: Line, reference: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        await line.channel.media(reference)
    assert caught.value.permanent
    assert line.double.calls in ([], ["GET gone"])
