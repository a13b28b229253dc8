"""The shop's files are edited while the desk serves."""
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Talk
from tests.e2e.running_desk import PASSWORD, RunningDesk

SHIPPING = "faq/it/spedizioni.md"
SOON_S = 10  # the promise is one second; a busy machine gets more before the test gives up


@pytest.fixture
def files(desk: RunningDesk) -> Iterator[Path]:
    """The shop's folder; put back as it was, and served again, at the end."""
    before = {file: file.read_text() for file in (desk.project / SHIPPING, desk.project / "shop.yml")}
    served = desk.house.faq.publication.id
    yield desk.project
    for file, text in before.items():
        file.write_text(text)
    take_settings(desk)
    eventually(desk, lambda: desk.house.faq.publication.id == served and not desk.house.desk.notices())


def eventually(desk: RunningDesk, holds: Callable[[], object]) -> None:
    """The watcher is told by the kernel, not by us: ask the desk until it knows."""
    until = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < until, "it did not happen"
        desk.http.get("/healthz")


def take_settings(desk: RunningDesk) -> None:
    """What the desk does by itself every second."""

    async def check() -> None:
        desk.house.settings_watch.check()

    desk.do(check)


def test_a_saved_faq_file_changes_the_next_answer_without_training(
    desk: RunningDesk, talk: Talk, files: Path
) -> None:
    file = files / SHIPPING
    served = desk.house.faq.publication.id
    text = file.read_text()
    assert "La spedizione standard in Italia costa" in text

    file.write_text(text.replace("La spedizione standard in Italia costa", "Da oggi la spedizione in Italia costa"))
    eventually(desk, lambda: desk.house.faq.publication.id != served)

    (said,) = talk("Quanto costa la spedizione?")
    assert "Da oggi la spedizione in Italia costa" in said.text
    assert said.trace["faq_version"] == desk.house.faq.publication.id != served


def test_a_new_entry_is_found_at_once(desk: RunningDesk, talk: Talk, files: Path) -> None:
    file = files / SHIPPING
    served = desk.house.faq.publication.id

    file.write_text(file.read_text() + NEW_ENTRY)
    eventually(desk, lambda: desk.house.faq.publication.id != served)

    (said,) = talk("consegnate anche con il drone?")
    assert said.trace["faq_id"] == "drone"
    assert "non voliamo" in said.text


NEW_ENTRY = """
## Consegnate con il drone? {#drone}

> Fate consegne con i droni?
> Il pacco può arrivare con un drone?
> Spedite per via aerea con un drone?

Per ora non voliamo: il pacco arriva con il corriere.
"""


def test_a_broken_faq_file_keeps_the_last_good_version_and_operators_read_why(
    desk: RunningDesk, talk: Talk, files: Path
) -> None:
    file = files / SHIPPING
    served = desk.house.faq.publication.by_id["shipping-cost"]

    file.write_text(file.read_text().replace("{free_shipping_over}", "{free_shiping_over}", 1))
    eventually(desk, lambda: desk.house.desk.notices())

    assert desk.house.faq.publication.by_id["shipping-cost"] == served
    assert "4,90 €" in talk("Quanto costa la spedizione?")[0].text
    (notice,) = console_notices(desk)
    assert re.search(rf"{SHIPPING}:\d+: .*free_shiping_over", notice)


def test_a_mended_faq_file_ends_the_notice(desk: RunningDesk, files: Path) -> None:
    file = files / SHIPPING
    good = file.read_text()
    file.write_text("## Senza id\n")
    eventually(desk, lambda: desk.house.desk.notices())

    file.write_text(good)

    eventually(desk, lambda: not desk.house.desk.notices())


def test_the_tone_changes_from_one_message_to_the_next(desk: RunningDesk, talk: Talk, files: Path) -> None:
    shop = files / "shop.yml"

    shop.write_text(shop.read_text().replace("tone: informal", "tone: formal"))
    take_settings(desk)

    greeting, person = talk("ciao", "vorrei parlare con una persona")
    assert greeting.text.startswith("Le risponde l'assistente automatico di Passo.")
    assert "come posso aiutarla?" in greeting.text
    assert "La passo a un collega" in person.text
    for said in (greeting, person):
        assert not re.search(r"\b(ti|tu|tuo|tua|dimmi|aiutarti)\b", said.text)


def test_a_broken_shop_file_keeps_the_settings_and_operators_read_why(
    desk: RunningDesk, talk: Talk, files: Path
) -> None:
    shop = files / "shop.yml"
    shop.write_text(shop.read_text().replace("tone: informal", "tone: rude"))
    take_settings(desk)

    assert any("shop.yml" in notice and "rude" in notice for notice in console_notices(desk))
    assert "Ti risponde" in talk("ciao")[0].text


def console_notices(desk: RunningDesk) -> list[str]:
    """What an operator's page gets."""
    desk.operator()
    origin = {"origin": desk.url}
    assert desk.http.post("/console/login", data={"login": "giulia", "password": PASSWORD}, headers=origin).is_redirect
    return list(desk.http.get("/console/api/notices").json()["notices"])
