"""Rasa's own client of its REST channel talks to the desk unchanged."""
import asyncio

from rasa.core.channels.console import send_message_receive_block

from tests.e2e.running_desk import RunningDesk


def test_rasas_own_client_gets_its_bubbles(desk: RunningDesk) -> None:
    def say(text: str) -> list[dict[str, object]]:
        return asyncio.run(send_message_receive_block(desk.url, "", "rasa-client", text))

    (answer,) = say("Quanto costa la spedizione?")
    (offer,) = say("sei un bot?")

    assert answer["recipient_id"] == "rasa-client"
    assert "4,90 €" in str(answer["text"])
    buttons = offer["buttons"]
    assert isinstance(buttons, list) and set(buttons[0]) == {"title", "payload"}
