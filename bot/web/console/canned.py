"""Ready texts of the console. ``{name}`` is the contact's first name, ``{operator}`` the operator's public name."""
from collections.abc import Iterable
from dataclasses import dataclass

from bot.settings.canned import CannedFile


@dataclass(frozen=True, slots=True)
class Canned:
    """``tone``: 'formal', 'informal', or '' where the language knows no difference."""

    shortcut: str
    language: str
    tone: str
    title: str
    text: str


def _italian(shortcut: str, title: str, formal: str, informal: str) -> tuple[Canned, Canned]:
    return Canned(shortcut, "it", "formal", title, formal), Canned(shortcut, "it", "informal", title, informal)


def _english(shortcut: str, title: str, text: str) -> Canned:
    return Canned(shortcut, "en", "", title, text)


CANNED: tuple[Canned, ...] = (
    *_italian(
        "ciao",
        "Saluto",
        "Buongiorno {name}, sono {operator}. Ho letto quello che ha scritto, non serve ripeterlo.",
        "Ciao {name}, sono {operator}. Ho letto quello che hai scritto, non serve ripeterlo.",
    ),
    *_italian(
        "attimo",
        "Un momento",
        "Verifico e Le rispondo qui tra qualche minuto.",
        "Verifico e ti rispondo qui tra qualche minuto.",
    ),
    *_italian(
        "ordine",
        "Chiedere l'ordine",
        "Mi può indicare il numero d'ordine? Lo trova nell'e-mail di conferma.",
        "Mi indichi il numero d'ordine? Lo trovi nell'e-mail di conferma.",
    ),
    *_italian(
        "foto",
        "Chiedere una foto",
        "Può mandarmi qui una foto del prodotto e una dell'etichetta sulla scatola?",
        "Puoi mandarmi qui una foto del prodotto e una dell'etichetta sulla scatola?",
    ),
    *_italian(
        "corriere",
        "Sento il corriere",
        "Chiedo al corriere dove si trova il pacco e Le scrivo qui appena ho una risposta.",
        "Chiedo al corriere dove si trova il pacco e ti scrivo qui appena ho una risposta.",
    ),
    *_italian(
        "scusa",
        "Scuse",
        "Mi dispiace per quello che è successo. Vediamo subito come rimediare.",
        "Mi dispiace per quello che è successo. Vediamo subito come rimediare.",
    ),
    *_italian(
        "altro",
        "Serve altro?",
        "C'è altro che posso fare per Lei?",
        "C'è altro che posso fare per te?",
    ),
    *_italian(
        "grazie",
        "Saluto finale",
        "Grazie per averci scritto, {name}. Se Le serve altro, siamo qui.",
        "Grazie per averci scritto, {name}. Se ti serve altro, siamo qui.",
    ),
    _english("hello", "Greeting", "Hello {name}, this is {operator}. I have read everything above: no need to repeat."),
    _english("moment", "One moment", "Let me check; I will answer here in a few minutes."),
    _english("order", "Ask for the order", "Could you give me the order number? It is in your confirmation e-mail."),
    _english("photo", "Ask for a photo", "Could you send me a photo of the product and one of the label on the box?"),
    _english("carrier", "Asking the carrier", "I am asking the carrier where the parcel is and will write here soon."),
    _english("sorry", "Apology", "I am sorry about what happened. Let us see how to put it right."),
    _english("else", "Anything else?", "Is there anything else I can do for you?"),
    _english("thanks", "Goodbye", "Thank you for writing to us, {name}. If you need anything else, we are here."),
)


def ready_texts(shop: CannedFile) -> list[Canned]:
    """The shop's, then the framework's of other shortcuts."""
    own = [Canned(one.shortcut, one.language, one.tone, one.title, one.text) for one in shop.replies]
    return own + [one for one in CANNED if shop.defaults and not _replaced(one, own)]


def _replaced(one: Canned, own: Iterable[Canned]) -> bool:
    return any(
        mine.shortcut == one.shortcut and mine.language == one.language and mine.tone in ("", one.tone) for mine in own
    )
