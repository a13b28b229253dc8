"""A shopper with a mail program, from the first mail to a person's answer, over a real Dovecot."""
import pytest

from bot.channels.email.mailbox import MailboxError
from bot.model.conversation import Author
from bot.model.errors import InboundError, StoreUnavailable
from bot.model.ownership import Owner
from bot.model.ports import Address
from tests.channels.email.conftest import Line
from tests.channels.email.mails import bounce, mail
from tests.providers.mail_shopper import html_of
from tests.service.conftest import GIULIA


async def test_question_choice_handoff_and_a_person_in_one_thread(line: Line) -> None:
    ada = line.shopper()
    first = ada.writes("Buongiorno, quanto costa la spedizione?\n\nCordiali saluti\nAda Neri", "Costi")
    await line.moves()
    answer = ada.inbox[-1]
    assert ada.texts[-1].endswith("Costa 4,90 €")
    assert "<b>4,90 €</b>" in html_of(answer)
    assert (answer["Subject"], answer["In-Reply-To"], answer["References"]) == (
        "Re: Costi", first["Message-ID"], first["Message-ID"]
    )

    ada.answers(answer, "boh")
    await line.moves()
    assert "1. Spedizione\n2. Nessuna di queste" in ada.texts[-1]
    ada.answers(ada.inbox[-1], "la prima")
    await line.moves()
    assert ada.texts[-1].endswith("Costa 4,90 €")

    ada.answers(ada.inbox[-1], "vorrei parlare con una persona")
    await line.moves()
    waiting = (await line.care.desk.queue())[0]
    await line.care.does(GIULIA, waiting.conversation_id, "take")
    await line.care.does(GIULIA, waiting.conversation_id, "reply", text="Eccomi, sono **Giulia**")
    await line.care.send()
    person = ada.inbox[-1]
    assert ada.texts[-1] == "Eccomi, sono Giulia"
    assert (person["Subject"], person["In-Reply-To"]) == ("Re: Costi", ada.written[-1]["Message-ID"])
    assert str(person["References"]).split()[0] == first["Message-ID"]
    assert str(person["References"]).split()[-1] == ada.written[-1]["Message-ID"]


async def test_only_what_the_shopper_wrote_is_read(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione?", "Costi")
    await line.moves()
    ada.answers(ada.inbox[-1], "grazie")
    await line.moves()
    assert line.care.understanding.read == ["Costi\n\nspedizione?", "grazie"]


async def test_only_the_bots_mails_say_that_they_are_automatic(line: Line) -> None:
    ada = line.shopper()
    ada.writes("una persona per favore")
    await line.moves()
    waiting = (await line.care.desk.queue())[0]
    await line.care.does(GIULIA, waiting.conversation_id, "take")
    await line.care.does(GIULIA, waiting.conversation_id, "reply", text="Eccomi")
    await line.care.send()
    marks = [(mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) for mail in ada.inbox]
    assert set(marks[:-1]) == {("auto-replied", "All")}
    assert marks[-1] == (None, None)


async def test_a_turns_bubbles_are_one_mail(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione")
    await line.moves()
    assert len(ada.inbox) == 1


async def test_what_lay_in_the_mailbox_before_the_first_start_is_not_answered(line: Line) -> None:
    old, ada = line.shopper("old@home.example"), line.shopper()
    old.writes("spedizione")
    line.care.clock.advance(minutes=5)
    await line.restarts(line.another_fetcher("another desk"))
    ada.writes("spedizione")
    await line.moves()
    assert (len(old.inbox), len(ada.inbox)) == (0, 1)


async def test_what_came_while_the_desk_was_off_is_answered(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione")
    await line.restarts(line.another_fetcher())
    await line.moves()
    assert len(ada.inbox) == 1


async def test_a_mail_is_marked_as_seen_only_after_it_was_stored(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione")
    line.door.fail = StoreUnavailable("disk full")
    with pytest.raises(StoreUnavailable):
        await line.fetcher.once(line.door)
    assert line.dovecot.flags(line.account.imap.user) == [False]

    await line.moves()
    assert line.dovecot.flags(line.account.imap.user) == [True]
    assert len(ada.inbox) == 1


async def test_what_was_stored_before_a_crash_comes_once(line: Line) -> None:
    """The process dies after the commit, before the mail is marked."""
    ada = line.shopper()
    ada.writes("spedizione")
    line.door.fail, line.door.late = StoreUnavailable("the connection was lost after the commit"), True
    with pytest.raises(StoreUnavailable):
        await line.fetcher.once(line.door)
    await line.moves()
    assert len(ada.inbox) == 1


async def test_the_same_mail_twice_is_one_message(line: Line) -> None:
    ada = line.shopper()
    mail = ada.writes("spedizione")
    ada.sends(mail)
    await line.moves()
    ada.sends(mail)
    await line.moves()
    assert len(ada.inbox) == 1


async def test_a_server_that_numbers_its_mails_anew_costs_and_doubles_nothing(line: Line) -> None:
    line.care.clock.advance(days=-700)  # Dovecot forgets when mails of the future arrived
    old, ada = line.shopper("old@home.example"), line.shopper()
    old.writes("spedizione")
    line.care.clock.advance(minutes=5)
    await line.restarts(line.another_fetcher("another desk"))
    ada.writes("spedizione")
    await line.moves()
    ada.writes("resi")
    line.dovecot.number_anew(line.account.imap.user)

    await line.fetcher.open(line.door)
    await line.moves()
    assert (len(old.inbox), len(ada.inbox)) == (0, 2)
    assert ada.texts[-1].endswith("30 giorni")


async def test_no_malformed_mail_stops_the_others(line: Line) -> None:
    ada = line.shopper()
    for bad in (b"\n", b"From:\n\nx", b"From: nobody\n\nx", b"\xff\xfe\x00", b"Content-Type: multipart/mixed\n\n--\n"):
        line.arrives(bad)
    ada.writes("spedizione")
    await line.moves()
    assert len(ada.inbox) == 1
    assert line.dovecot.flags(line.account.imap.user) == [False] * 5 + [True]


async def test_a_mail_that_the_desk_refuses_does_not_hold_up_the_others(line: Line) -> None:
    ada, ben = line.shopper(), line.shopper("ben@home.example", "Ben")
    ada.writes("spedizione")
    ben.writes("spedizione")
    line.door.fail = InboundError("one of them cannot be taken")
    await line.moves()
    assert (len(ada.inbox), len(ben.inbox)) == (1, 1)


async def test_an_automatic_answer_is_left_alone_and_left_unread(line: Line) -> None:
    ada = line.shopper()
    ada.writes("Sono in ferie. spedizione", "Re: Costi", Auto_Submitted="auto-replied")
    await line.moves()
    assert ada.inbox == []
    assert line.dovecot.flags(line.account.imap.user) == [False]
    assert await line.care.desk.find_conversation(Address("email", line.account.address, ada.address)) is None


async def test_two_machines_that_do_not_know_each_other_stop_after_six_mails(line: Line) -> None:
    """Nothing in these answers says that a machine wrote them."""
    robot = line.shopper("robot@other.example", "Robot")
    robot.writes("spedizione, numero 1")
    for number in range(2, 40):
        await line.moves()
        line.care.clock.advance(minutes=15)
        robot.writes(f"spedizione, numero {number}")
    await line.moves()

    assert len(robot.inbox) == 6
    waiting = await line.care.desk.queue()
    assert [row.owner for row in waiting] == [Owner.QUEUE]
    await line.care.does(GIULIA, waiting[0].conversation_id, "take")
    await line.care.does(GIULIA, waiting[0].conversation_id, "reply", text="Chi è?")
    await line.care.send()
    assert robot.texts[-1] == "Chi è?"


async def test_the_next_day_the_bot_answers_again(line: Line) -> None:
    ada = line.shopper()
    for number in range(5):
        ada.writes(f"spedizione {number}")
        await line.moves()
    line.care.clock.advance(hours=25)
    ada.writes("resi")
    await line.moves()
    assert ada.texts[-1].endswith("30 giorni")


async def test_a_bounce_says_that_the_address_does_not_exist(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione")
    await line.moves()
    line.arrives(bounce(str(ada.inbox[-1]["Message-ID"]), to=ada.address))
    await line.moves()

    ours = [one for one in await line.messages() if one.author is Author.BOT]
    assert [one.delivery for one in ours] == ["failed"]
    assert len(ada.inbox) == 1


async def test_a_forged_bounce_changes_nothing(line: Line) -> None:
    ada = line.shopper()
    ada.writes("spedizione")
    await line.moves()
    forged = str(ada.inbox[-1]["Message-ID"]).replace(".", ".0", 1)
    line.arrives(bounce(forged, to=ada.address))
    await line.moves()
    assert [one.delivery for one in await line.messages() if one.author is Author.BOT] == ["sent"]


async def test_a_mailbox_that_is_gone_is_said_and_found_again(line: Line) -> None:
    line.fetcher._mailbox.hang_up()  # noqa: SLF001
    ada = line.shopper()
    ada.writes("spedizione")
    with pytest.raises(MailboxError, match="cannot be reached"):
        await line.fetcher.once(line.door)
    await line.fetcher.open(line.door)
    await line.moves()
    assert len(ada.inbox) == 1


async def test_mail_of_a_group_reaches_people_and_no_machine_answers_it(line: Line) -> None:
    line.arrives(mail("vorrei sapere della spedizione", Precedence="list", List_Id="<aiuto.passo.example>").as_bytes())
    await line.moves()
    waiting = (await line.care.desk.queue())[0]
    assert (waiting.owner, waiting.reason) == (Owner.QUEUE, "policy")
    assert waiting.preview == "vorrei sapere della spedizione"
    messages = await line.messages()
    assert [one.author for one in messages] == [Author.CONTACT]
    assert [one.text for one in messages[0].context if one.kind == "by_hand"] == ["Precedence: list"]

    line.arrives(mail("e quando?", Precedence="list", Message_ID="<2@phone>").as_bytes())
    await line.moves()
    await line.care.does(GIULIA, waiting.conversation_id, "reply", text="Costa 4,90 €")
    await line.care.does(GIULIA, waiting.conversation_id, "close")
    await line.care.send()
    assert [one.text for one in await line.messages() if one.author is not Author.CONTACT] == ["Costa 4,90 €"]

    line.arrives(mail("grazie", Precedence="list", Message_ID="<3@phone>").as_bytes())
    await line.moves()
    assert (await line.care.desk.queue())[0].conversation_id == waiting.conversation_id


async def test_what_joins_no_conversation_is_listed_and_stays_unread(line: Line) -> None:
    away = mail("Sono via, carta 4111 1111 1111 1111", Auto_Submitted="auto-replied", Subject="Fuori ufficio")
    line.arrives(away.as_bytes())
    line.arrives(away.as_bytes())
    line.arrives(b"From: nobody\n\nciao")
    await line.moves()
    total, rows = await line.care.desk.left_alone()
    assert total == 2
    assert [(one.channel, one.sender, one.subject, one.why) for one in rows] == [
        ("email", "", "", "The mail's From ('nobody') holds no address to answer."),
        ("email", "ada@home.example", "Fuori ufficio", "Auto-Submitted: auto-replied"),
    ]
    assert "4111 1111" not in rows[1].text
    assert rows[1].url.startswith("/media/email/")
    assert (await line.care.desk.left_alone(before=rows[0].id))[1] == rows[1:]
    assert await line.care.desk.queue() == []
    assert line.dovecot.flags(line.account.imap.user) == [False, False, False]


async def test_shoppers_of_one_form_are_answered_each_for_themselves(line: Line) -> None:
    ada, bruno = line.shopper(), line.shopper("bruno@home.example", "Bruno")
    for who in (ada, bruno):
        line.arrives(mail("spedizione?", From="wordpress@passo.example", Reply_To=who.address).as_bytes())
    await line.moves()
    assert (len(ada.inbox), len(bruno.inbox)) == (1, 1)
    assert len(await line.messages("bruno@home.example")) == 2
