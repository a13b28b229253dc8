"""Which language a message is in: 'it', 'en' or 'other', right on texts of one to three words too."""

import math
import re
import runpy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import spacy.lang
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.model.understanding import Hints
from bot.nlu.text.text import normalise
from bot.nlu.text.tokens import is_form

OTHER = "other"
_OTHERS = ("fr", "de", "es", "pt", "nl", "ro", "pl", "hr", "sq", "tr")
_DETECTED = (
    Language.ITALIAN,
    Language.ENGLISH,
    Language.FRENCH,
    Language.GERMAN,
    Language.SPANISH,
    Language.PORTUGUESE,
    Language.DUTCH,
    Language.ROMANIAN,
    Language.POLISH,
    Language.CROATIAN,
    Language.ALBANIAN,
    Language.TURKISH,
)
#: What chat adds to the stop words of a language.
_CHAT = {
    "it": "ciao salve buongiorno buonasera buonanotte buondì grazie prego scusi scusa scusate sì si ok vabbè boh mah"
    " dai"
    " beh aiuto pacco ordine ordini reso resi rimborso spedizione taglia misura scarpe scarpa fattura negozio orari"
    " operatore umano persona saldi bonifico contrassegno buono sconto arrivederci no dov'è com'è c'è quant'è perfetto"
    " certo esatto giusto niente nulla annulla ricomincia basta dunque allora consegna corriere pagamento rate carta",
    "en": "hi hello hey yes no yeah yep nope ok okay thanks thank cheers please sorry help bye goodbye morning evening"
    " order orders parcel package refund return returns shipping delivery size shoes shoe invoice store shop hours"
    " operator human agent person sale track tracking where's what's how's i'm it's don't can't discount code voucher"
    " cancel restart nothing never mind stop card payment courier exchange sizes warranty perfect great sure right",
    OTHER: "hola gracias adiós buenas buenos días pedido envío bonjour bonsoir salut merci commande colis livraison"
    " remboursement hallo danke bitte guten tag bestellung paket rückgabe versand lieferung olá obrigado obrigada"
    " encomenda entrega devolução hoi dank bestelling pakket bună mulțumesc comandă dzień dobry dziękuję zamówienie"
    " merhaba teşekkürler sipariş hej tack zdravo hvala dónde está mi où est mon wo ist mein meine onde meu minha",
}
#: Borrowed words that both languages write; they decide nothing.
_SHARED = frozenset(
    [
        "ok",
        "okay",
        "no",
        "tracking",
        "account",
        "password",
        "newsletter",
        "gift",
        "card",
        "email",
        "mail",
        "paypal",
        "visa",
        "mastercard",
        "sms",
        "whatsapp",
        "telegram",
        "chat",
        "bot",
        "app",
        "link",
        "sneakers",
        "sneaker",
        "running",
        "outlet",
        "online",
        "express",
        "voucher",
        "pin",
        "qr",
        "code",
        "xs",
        "s",
        "m",
        "l",
        "xl",
        "xxl",
        "eu",
        "uk",
        "us",
        "store",
        "black",
        "friday",
        "scalapay",
        "klarna",
        "apple",
        "google",
        "pay",
        "a",
        "i",
        "in",
        "me",
        "per",
        "due",
        "all",
        "via",
    ]
)
_WORD_WEIGHT, _FORM_WEIGHT, _SHOP_LIMIT, _LINGUA_LIMIT = 2.2, 1.0, 2.5, 3.0
_HINT, _LOCALE = 1.2, 0.7
_SURE = 1.0
#: Addresses, links and codes are in no language.
_NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|\S*\d\S*")


def _stop_words(language: str) -> frozenset[str]:
    """spaCy's list, without the rest of its language: importing French compiles rules for two seconds."""
    file = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    return frozenset(runpy.run_path(str(file))["STOP_WORDS"])


def _split(text: str) -> list[str]:
    return [word.strip('.,;:!?()"«»-–…/') for word in text.replace("'", "' ").split()]


@dataclass
class LanguageReader:
    """Word lists, dictionaries, the shop's own words, and lingua for longer texts.

    ``shop_words``: log-odds of Italian over English, learnt from the rows of the shop.
    """

    shop_words: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._words = {
            language: _stop_words(language) | frozenset(_split(_CHAT[language])) for language in ("it", "en")
        }
        own = self._words["it"] | self._words["en"]
        self._words[OTHER] = frozenset().union(*(_stop_words(code) for code in _OTHERS), _CHAT[OTHER].split()) - own
        # Low accuracy is trigrams alone: the other orders take 90 MB, and the word lists say more than they do.
        self._two = (
            LanguageDetectorBuilder.from_languages(Language.ITALIAN, Language.ENGLISH).with_low_accuracy_mode().build()
        )
        self._many = LanguageDetectorBuilder.from_languages(*_DETECTED).with_low_accuracy_mode().build()

    def read(self, text: str, hints: Hints | None = None) -> str:
        """The language of a message; what the conversation spoke so far decides where the text says nothing."""
        hints = hints or Hints()
        text = _NO_WORDS.sub(" ", normalise(text))
        letters = [sign for sign in text if sign.isalpha()]
        before = self._before(hints)
        if not letters:
            return before
        if sum(ord(sign) > 0x24F for sign in letters) > len(letters) / 2:
            return OTHER
        words = [word for word in _split(text) if word and not word.isdigit()]
        if all(word in _SHARED for word in words):
            return before if before != OTHER else "it"
        italian = self._odds(text, words)
        if self._is_foreign(text, words, italian):
            return OTHER
        if before != OTHER:
            italian += self._prior(hints)
        if abs(italian) < 0.05:
            return before if before != OTHER else "it"
        return "it" if italian > 0 else "en"

    def sure(self, text: str) -> str:
        """'it' or 'en' where the words say so, '' for what both write ("ok")."""
        text = normalise(text)
        words = [word for word in _split(text) if word and not word.isdigit()]
        if all(word in _SHARED for word in words):
            return ""
        odds = self._odds(text, words)
        return "" if abs(odds) < _SURE / 2 else ("it" if odds > 0 else "en")

    def _before(self, hints: Hints) -> str:
        if hints.language:
            return hints.language
        return "en" if (hints.locale or "").lower().startswith("en") else "it"

    def _prior(self, hints: Hints) -> float:
        if hints.language in ("it", "en"):
            return _HINT if hints.language == "it" else -_HINT
        locale = (hints.locale or "")[:2].lower()
        return {"it": _LOCALE, "en": -_LOCALE}.get(locale, 0.0)

    def _odds(self, text: str, words: list[str]) -> float:
        """Evidence for Italian (positive) over English (negative)."""
        evidence = 0.0
        decided = 0
        for word in words:
            if word in _SHARED:
                continue
            step = self._word(word)
            decided += abs(step) > 0.5
            evidence += step
        if decided < 3 or abs(evidence) < _SURE:
            evidence += self._lingua(self._two, text) * (1.0 if decided < 2 else 0.5)
        return evidence

    def _word(self, word: str) -> float:
        bare = word.rstrip("'")
        step = _WORD_WEIGHT * ((word in self._words["it"] or bare in self._words["it"]) - (bare in self._words["en"]))
        step += max(-_SHOP_LIMIT, min(_SHOP_LIMIT, self.shop_words.get(bare, 0.0)))
        if step == 0.0:
            step = _FORM_WEIGHT * (is_form(bare, "it") - is_form(bare, "en"))
        if step == 0.0 and len(bare) > 3:
            step = 0.4 if bare[-1] in "aeiouàèéìòù" else -0.4
        return step

    def _lingua(self, detector: LanguageDetector, text: str) -> float:
        p = min(max(detector.compute_language_confidence(text, Language.ITALIAN), 1e-3), 1 - 1e-3)
        return max(-_LINGUA_LIMIT, min(_LINGUA_LIMIT, math.log(p / (1 - p))))

    def _is_foreign(self, text: str, words: list[str], italian: float) -> bool:
        foreign = sum(word in self._words[OTHER] for word in words)
        if not foreign and len(words) < 4:
            return False
        own = sum(self._is_own(word) for word in words)
        if foreign and not own and len(words) <= 3:
            return True
        if foreign > own:
            return True
        if len(words) < 4 or abs(italian) > 2 * _WORD_WEIGHT and foreign <= own:
            return False
        best = self._many.compute_language_confidence_values(text)[0]
        return best.language not in (Language.ITALIAN, Language.ENGLISH) and best.value > 0.6 and foreign >= own

    def _is_own(self, word: str) -> bool:
        """A word of ours: "posso" is Portuguese too, but shop and dictionary know it as Italian."""
        listed = word in self._words["it"] or word in self._words["en"] or word in _SHARED
        return listed or word in self.shop_words and (is_form(word, "it") or is_form(word, "en"))


def learn_words(rows: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Log-odds of Italian over English for each word of (text, language) rows; words of neither are left out."""
    counts: dict[str, Counter[str]] = {"it": Counter(), "en": Counter()}
    for text, language in rows:
        if language in counts:
            counts[language].update({word.rstrip("'") for word in _split(normalise(text))})
    totals = {language: sum(found.values()) + 1 for language, found in counts.items()}
    scale = totals["en"] / totals["it"] if totals["en"] > 1 and totals["it"] > 1 else 1.0
    odds = {}
    for word in counts["it"].keys() | counts["en"].keys():
        if word and not word.isdigit() and word not in _SHARED:
            odds[word] = math.log((counts["it"][word] * scale + 0.3) / (counts["en"][word] + 0.3))
    return odds
