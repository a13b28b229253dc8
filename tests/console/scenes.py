"""Conversations as they happen in a shop, for the console's tests and screenshots."""
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.model.conversation import Author, Choice
from bot.model.orders import Order, OrderLine, OrderStatus
from bot.model.ownership import Change, Owner, Reason
from bot.model.views import OperatorView
from tests.console.fake_desk import FakeDesk, Talk

GIULIA = OperatorView(1, "giulia", "Giulia")
LUCA = OperatorView(2, "luca", "Luca")
FAQ_TRACE = {
    "source": "faq", "faq_id": "return-how", "intent": "faq", "confidence": 0.973, "band": "answer", "language": "it",
    "candidates": [
        {"intent": "faq", "faq_id": "return-how", "score": 0.973},
        {"intent": "faq", "faq_id": "return-window", "score": 0.18},
        {"intent": "order_status", "faq_id": None, "score": 0.04},
    ],
}
UNSURE_TRACE = {
    "source": "fallback", "faq_id": None, "intent": "nlu_fallback", "confidence": 0.41, "band": "offer",
    "language": "it",
    "candidates": [
        {"intent": "faq", "faq_id": "wrong-item", "score": 0.41},
        {"intent": "faq", "faq_id": "exchange-size", "score": 0.35},
        {"intent": "complaint", "faq_id": None, "score": 0.12},
    ],
}


def parcel(now: datetime) -> Order:
    return Order(
        number="1004", email="marta.bellini@mail.example", phone="", postcode="20144", customer_name="Marta Bellini",
        status=OrderStatus.SHIPPED, placed_at=now - timedelta(days=6), total=Decimal("119.80"), carrier="BRT",
        lines=(OrderLine("Scarpa da corsa Vento", "39, blu", 1), OrderLine("Calze tecniche", "M", 2)),
        tracking_code="086123456789", tracking_url="https://tracking.example/086123456789",
        eta=date(2026, 11, 24),
    )


def complaint(desk: FakeDesk) -> Talk:
    """Marta waits for nine minutes with a complaint: the most urgent."""
    now = desk.clock.now()
    at = lambda minutes: now - timedelta(minutes=minutes)  # noqa: E731
    talk = desk.talk("Marta Bellini", known={
        "summary": "Ha ricevuto la taglia 38 invece della 39 (ordine 1004) e vuole il cambio prima di sabato.",
        "contact_email": "marta.bellini@mail.example",
        "identities": ("email: marta.bellini@mail.example", "phone: +39 333 123 4567 ✓"),
        "orders": (parcel(now),), "slots": {"order_number": "1004", "size": "39"}, "sentiment": "negative",
        "suggestions": (
            "Le mando subito la 39: il corriere ritira la 38 alla consegna, senza costi per te.",
            "Puoi cambiare taglia entro 30 giorni: la nuova parte appena riceviamo il pacco.",
        ),
    })
    yesterday = now - timedelta(days=1)
    desk.says(talk, Author.CONTACT, "Buonasera, come faccio un reso?", at=yesterday, key="a1")
    desk.says(
        talk, Author.BOT,
        "Sono l'assistente automatico di Passo.\n\nPer il reso:\n- apri **I miei ordini**\n- scegli *Reso*\n"
        "- stampa l'etichetta\n\nTutti i dettagli su https://passo.example/resi.",
        at=yesterday + timedelta(seconds=1), trace=FAQ_TRACE,
    )
    desk.says(talk, Author.CONTACT, "Mi è arrivata la 38 e io avevo ordinato la 39!", at=at(12), key="a2")
    desk.says(
        talk, Author.BOT, "Forse intendi una di queste cose?", at=at(12), trace=UNSURE_TRACE,
        choices=(
            Choice("Articolo sbagliato", "faq:wrong-item", "4.1"), Choice("Cambio taglia", "faq:exchange-size", "4.2"),
            Choice("Nessuna di queste", "none", "4.3"),
        ),
    )
    desk.says(talk, Author.CONTACT, "Nessuna di queste", at=at(11), chosen="4.3", key="a3")
    desk.says(
        talk, Author.CONTACT, "Mi serve per sabato, è la seconda volta che sbagliate. Voglio parlare con qualcuno.",
        at=at(9), key="a4",
    )
    desk.says(
        talk, Author.BOT, "Mi dispiace. Ti passo a una collega: sei la **prima** in attesa, bastano pochi minuti.",
        at=at(9), trace={"source": "handoff", "intent": "complaint", "confidence": 0.93},
    )
    desk.hands_over(talk, Reason.COMPLAINT, at=at(9))
    talk.waiting_since = at(9)
    return talk


def request(desk: FakeDesk, name: str = "James Whitlock", *, minutes: float = 1, **values: object) -> Talk:
    """Someone asked for a person in English."""
    at = desk.clock.now() - timedelta(minutes=minutes)
    talk = desk.talk(name, **{"language": "en", "channel": "whatsapp", **values})
    desk.says(talk, Author.CONTACT, "Hi, can I speak to someone about a gift card?", at=at, key=f"r{talk.id}")
    desk.says(talk, Author.BOT, "Of course. You are next in line.", at=at, trace={"source": "handoff"})
    desk.hands_over(talk, Reason.CUSTOMER_REQUEST, at=at)
    return talk


def held(desk: FakeDesk, operator: OperatorView, name: str) -> Talk:
    """Taken by an operator a while ago; the shopper wrote again."""
    at = desk.clock.now() - timedelta(minutes=20)
    talk = request(desk, name, minutes=25, language="it", channel="telegram")
    desk.change(talk, Change.TAKEN, actor=f"operator:{operator.id}", at=at)
    talk.operator = operator
    desk.says(talk, Author.OPERATOR, f"Ciao, sono {operator.public_name}. Controllo subito.", at=at, delivery="read")
    talk.seen = len(talk.messages)
    desk.says(talk, Author.CONTACT, "Grazie, resto in attesa", at=desk.clock.now() - timedelta(minutes=2))
    talk.waiting_since = desk.clock.now() - timedelta(minutes=2)
    return talk


def busy_morning(desk: FakeDesk) -> Talk:
    """A full list; the complaint is the one to open."""
    talk = complaint(desk)
    request(desk)
    request(desk, "Наталья", minutes=0.3, channel="email", language="other")
    request(desk, "محمد عبد الله", minutes=3, channel="instagram", language="other")
    soon = desk.clock.now() + timedelta(minutes=38)
    request(desk, "Francesca Maria Della Valle-Montefiori", minutes=64, window_closes_at=soon, channel="messenger")
    held(desk, GIULIA, "Paolo Ricci")
    held(desk, LUCA, "Sara Conti")
    return talk


def long_story(desk: FakeDesk, count: int = 200) -> Talk:
    talk = request(desk, "Elena Ferri", minutes=0.5, language="it", channel="widget")
    start = desk.clock.now() - timedelta(minutes=count * 3)
    for index in range(count):
        author = (Author.CONTACT, Author.BOT)[index % 2]
        trace = FAQ_TRACE if author is Author.BOT else {}
        desk.says(talk, author, f"Messaggio numero {index + 1}", at=start + timedelta(minutes=index * 3), trace=trace)
    return talk


def long_words(desk: FakeDesk) -> Talk:
    talk = request(desk, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", minutes=5)
    desk.says(talk, Author.CONTACT, "https://passo.example/" + "moltolungo" * 30 + "\n" + "ParolaSenzaFine" * 20)
    talk.known = {
        "summary": "Riassunto" * 30, "slots": {"product": "Scarponcino" * 12},
        "contact_email": "a" * 90 + "@mail.example",
    }
    return talk


def closed(desk: FakeDesk) -> Talk:
    talk = request(desk, "Anna Neri", minutes=30)
    desk.change(talk, Change.RESOLVED, actor="operator:1")
    assert talk.owner is Owner.CLOSED
    return talk
