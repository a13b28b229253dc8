"""Which echoes are ours, and which messages a receipt means."""
from datetime import timedelta
from typing import Any

from bot.channels.meta.messaging_echoes import IMAGE, Echoes
from bot.model.conversation import Attachment, EventKind, Inbound
from tests.fakes import MONDAY_MORNING, FakeClock

ADA, BEN = "7001", "7002"


def echo(key: str, text: str = "Ciao", address: str = ADA, **values: Any) -> Inbound:
    return Inbound("instagram", EventKind.HUMAN, key, address, text, **values)


def status(delivery: str, address: str = ADA, **payload: Any) -> Inbound:
    return Inbound("instagram", EventKind.STATUS, "k", address, payload={"delivery": delivery, **payload})


def kinds(echoes: Echoes, *inbounds: Inbound) -> list[EventKind]:
    return [one.kind for one in echoes.settle(inbounds)]


def test_an_echo_after_metas_answer_is_known_by_its_id_at_each_delivery() -> None:
    echoes = Echoes(FakeClock())
    echoes.expect(ADA, "Ciao", "1-1")
    echoes.taken(ADA, "Ciao", "m_1")
    assert kinds(echoes, echo("m_1"), echo("m_1"), echo("m_2")) == [
        EventKind.STATUS, EventKind.STATUS, EventKind.HUMAN
    ]


def test_an_echo_before_metas_answer_is_known_by_its_words_and_settles_the_reply() -> None:
    echoes = Echoes(FakeClock())
    echoes.expect(ADA, "Ciao\n\n  Ada", "1-1")
    (found,) = echoes.settle([echo("m_1", "Ciao Ada")])
    assert found.payload == {"delivery": "sent", "message": "m_1", "reply": "1-1"}
    assert (found.kind, found.key, found.text) == (EventKind.STATUS, "m_1:sent", "")
    assert kinds(echoes, echo("m_1", "Ciao Ada"), echo("m_2", "Ciao Ada")) == [EventKind.STATUS, EventKind.HUMAN]


def test_the_same_words_to_somebody_else_or_after_a_refusal_are_a_persons() -> None:
    echoes = Echoes(FakeClock())
    echoes.expect(ADA, "Ciao", "1-1")
    assert kinds(echoes, echo("m_1", address=BEN)) == [EventKind.HUMAN]
    echoes.refused(ADA, "Ciao")
    assert kinds(echoes, echo("m_2")) == [EventKind.HUMAN]


def test_a_lost_answer_that_its_echo_settled_is_not_waited_for_any_more() -> None:
    echoes = Echoes(FakeClock())
    echoes.expect(ADA, "Ciao", "1-1")
    echoes.settle([status("sent", message="m_1", reply="1-1")])
    assert kinds(echoes, echo("m_2")) == [EventKind.HUMAN]


def test_an_image_of_ours_is_known_by_being_one() -> None:
    echoes = Echoes(FakeClock())
    echoes.expect(ADA, IMAGE, "1-1")
    picture = echo("m_1", "", attachments=(Attachment("image", url="/media/instagram/x"),))
    assert kinds(echoes, picture) == [EventKind.STATUS]
    assert kinds(echoes, echo("m_2", "", attachments=picture.attachments)) == [EventKind.HUMAN]


def test_what_was_read_until_a_moment_are_the_messages_sent_before_it() -> None:
    clock = FakeClock()
    echoes = Echoes(clock)
    for number in range(3):
        echoes.taken(ADA, "", f"m_{number}")
        clock.advance(minutes=1)
    until = (MONDAY_MORNING + timedelta(seconds=70)).isoformat()
    delivered = echoes.settle([status("delivered", until=until)])
    assert [one.payload for one in delivered] == [
        {"delivery": "delivered", "message": "m_0"}, {"delivery": "delivered", "message": "m_1"}
    ]
    read = echoes.settle([status("read", until=until)])
    assert [one.key for one in read] == ["m_0:read", "m_1:read"]
    assert echoes.settle([status("read", until=until), status("read", BEN, until=until)]) == []


def test_metas_own_time_of_a_message_counts() -> None:
    clock = FakeClock()
    echoes = Echoes(clock)
    clock.advance(hours=1)  # our clock is wrong
    echoes.expect(ADA, "Ciao", "1-1")
    echoes.taken(ADA, "Ciao", "m_1")
    sent = Inbound("messenger", EventKind.STATUS, "k", ADA, sent_at=MONDAY_MORNING,
                   payload={"delivery": "sent", "message": "m_1", "reply": "1-1"})
    assert echoes.settle([sent]) == [sent]
    until = (MONDAY_MORNING + timedelta(minutes=1)).isoformat()
    assert [one.payload["message"] for one in echoes.settle([status("read", until=until)])] == ["m_1"]


def test_a_message_that_was_read_stands_for_those_before_it() -> None:
    echoes = Echoes(FakeClock())
    for number in range(3):
        echoes.taken(ADA, "", f"m_{number}")
    read = echoes.settle([status("read", message="m_1")])
    assert [one.payload["message"] for one in read] == ["m_0", "m_1"]
    assert [one.payload["message"] for one in echoes.settle([status("read", message="m_9")])] == ["m_9"]


def test_what_is_remembered_has_its_limits() -> None:
    echoes = Echoes(FakeClock())
    for number in range(100):
        echoes.expect(ADA, f"lost {number}")
        echoes.taken(ADA, "", f"m_{number}")
    assert kinds(echoes, echo("m_0"), echo("m_99"), echo("x", "lost 0")) == [
        EventKind.HUMAN, EventKind.STATUS, EventKind.HUMAN
    ]
    for number in range(6_000):
        echoes.expect(f"shopper {number}", "Ciao")
    assert kinds(echoes, echo("m_99")) == [EventKind.HUMAN]


def test_other_events_pass_as_they_are() -> None:
    message = Inbound("messenger", EventKind.MESSAGE, "m_1", ADA, "ciao")
    delivered = status("delivered", message="m_1")
    assert Echoes(FakeClock()).settle([message, delivered]) == [message, delivered]
