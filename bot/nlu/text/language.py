"""Which language a message is in: 'it', 'en' or 'other', right on texts of one to three words too."""

import math
import runpy
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import spacy.lang
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from bot.model.understanding import Hints
from bot.nlu.text.evidence import NoEvidence, asked_for, own_words, paragraphs
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
    "it": "ciao nn salve buongiorno buonasera buonanotte buondì grazie prego scusi scusa scusate sì si ok vabbè boh mah"
    " dai"
    " beh aiuto pacco ordine ordini reso resi rimborso spedizione taglia misura fattura negozio orari"
    " operatore umano persona saldi bonifico contrassegno buono sconto arrivederci no dov'è com'è c'è quant'è perfetto"
    " certo esatto giusto niente nulla annulla ricomincia basta dunque allora consegna corriere pagamento rate carta",
    "en": "hi hello hey yes no yeah yep nope ok okay thanks thank cheers please sorry help bye goodbye morning evening"
    " order orders parcel package refund return returns shipping delivery size invoice store shop hours"
    " operator human agent person sale track tracking where's what's how's i'm it's don't can't discount code voucher"
    " cancel restart nothing never mind stop card payment courier exchange sizes warranty perfect great sure right",
    OTHER: "hola gracias adiós buenas buenos días pedido envío bonjour bonsoir salut merci commande colis livraison"
    " remboursement hallo danke bitte guten tag bestellung paket rückgabe versand lieferung olá obrigado obrigada"
    " encomenda entrega devolução hoi dank bestelling pakket bună mulțumesc comandă dzień dobry dziękuję zamówienie"
    " merhaba teşekkürler sipariş hej tack zdravo hvala dónde está mi où est mon wo ist mein meine onde meu minha",
}
#: Borrowed words that both languages write; they decide nothing.
_SHARED_TEXT = """
ok okay no tracking account password newsletter gift card email mail paypal visa mastercard sms whatsapp
telegram chat bot app link outlet online express voucher pin qr code xs s m l xl xxl eu uk us store black
friday apple google pay a i in me per due all via
"""
_SHARED = frozenset(_SHARED_TEXT.split())
_WORD_WEIGHT, _FORM_WEIGHT, _SHOP_LIMIT, _LINGUA_LIMIT = 2.2, 1.0, 2.5, 3.0
_HINT, _LOCALE = 1.2, 0.7
_SURE = 1.0
#: A conversation turns on a sentence: so many words, of which so many tell the language.
_SENTENCE, _TELLING = 3, 2


def _stop_words(language: str) -> frozenset[str]:
    """spaCy's list, without the rest of its language: importing French compiles rules for two seconds."""
    file = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    return frozenset(runpy.run_path(str(file))["STOP_WORDS"])


def _split(text: str) -> list[str]:
    return [word.strip('.,;:!?()"«»-–…/') for word in text.replace("'", "' ").split()]


class Heard(NamedTuple):
    """``language``: what to answer in. ``own``: what the message's own words say, '' where they say nothing."""

    language: str
    own: str


class _Votes(NamedTuple):
    """Telling words of a message for each language, and how many of them are small words of a sentence."""

    words: int
    telling: Mapping[str, int]
    small: Mapping[str, int]


@dataclass
class LanguageReader:
    """Word lists, dictionaries, the shop's own words, and lingua for longer texts.

    ``shop_words``: log-odds of Italian over English, learnt from the rows of the shop.
    ``names``: the shop's products and carriers; they are in no language.
    """

    shop_words: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._words = {
            language: _stop_words(language) | frozenset(_split(_CHAT[language])) for language in ("it", "en")
        }
        self._none = NoEvidence(self.names)
        own = self._words["it"] | self._words["en"]
        self._words[OTHER] = frozenset().union(*(_stop_words(code) for code in _OTHERS), _CHAT[OTHER].split()) - own
        # Low accuracy is trigrams alone: the other orders take 90 MB, and the word lists say more than they do.
        self._two = (
            LanguageDetectorBuilder.from_languages(Language.ITALIAN, Language.ENGLISH).with_low_accuracy_mode().build()
        )
        self._many = LanguageDetectorBuilder.from_languages(*_DETECTED).with_low_accuracy_mode().build()

    def read(self, text: str, hints: Hints | None = None) -> str:
        """The language of a message; what the conversation spoke so far decides where the text says nothing."""
        return self.hear(text, hints).language

    def hear(self, text: str, hints: Hints | None = None) -> Heard:
        """What to answer in, and what the message's own words say.

        A conversation keeps its language until a sentence, or a clear request, is in the other one. What one word says
        is only told (`Heard.own`): of two such messages in a row the caller makes a turn.
        """
        hints = hints or Hints()
        text = own_words(text)
        wished = asked_for(text)
        if wished:
            return Heard(wished, wished)
        text = self._speaking(text)
        before = self._before(hints)
        letters = [sign for sign in text if sign.isalpha()]
        if not letters:
            return Heard(before, "")
        if sum(ord(sign) > 0x24F for sign in letters) > len(letters) / 2:
            return Heard(OTHER, OTHER)
        spoken = hints.language if hints.language in ("it", "en") else None
        votes = self._votes(text)
        if spoken is None:
            return self._first(text, before, votes, hints)
        return self._goes_on(text, spoken, votes, in_form=hints.expected is not None)

    def _speaking(self, text: str) -> str:
        """Of several paragraphs the first that is a sentence: what stands below may be anybody's."""
        parts = paragraphs(text)
        if len(parts) < 2:
            return text
        return next((part for part in parts if any(self._says(part, one) for one in ("it", "en"))), text)

    def _first(self, text: str, before: str, votes: _Votes, hints: Hints) -> Heard:
        """The first words of a conversation: one of them is enough, if it is a word."""
        cut = normalise(self._none.cut(text))
        words = [word for word in _split(cut) if word and not word.isdigit()]
        if not words or self._none.names(words):
            return Heard(before, "")
        language = self._guess(cut, words, before, hints)
        if language == OTHER:
            return Heard(OTHER, OTHER)
        told = [one for one, number in votes.telling.items() if number]
        if len(told) == 1:  # what a list or a dictionary knows is better than a guess by letters
            language = told[0]
        is_sure = bool(told) or (len(words) > _SENTENCE and votes.words > _SENTENCE)
        return Heard(language, language if is_sure else "")

    def _guess(self, text: str, words: list[str], before: str, hints: Hints) -> str:
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

    def _goes_on(self, text: str, spoken: str, votes: _Votes, *, in_form: bool) -> Heard:
        other = "en" if spoken == "it" else "it"
        cut = normalise(self._none.cut(text))
        words = [word for word in _split(cut) if word]
        if votes.words >= 2 and self._is_foreign(cut, words, self._odds(cut, words)):
            return Heard(OTHER, OTHER)
        if self._says(text, other, votes):
            return Heard(other, other)
        ours, theirs = votes.telling[spoken], votes.telling[other]
        if in_form or ours == theirs == 0:
            return Heard(spoken, "")
        return Heard(spoken, other if theirs and not ours else spoken)

    def _says(self, text: str, language: str, votes: _Votes | None = None) -> bool:
        """It is a sentence of the language."""
        votes = votes or self._votes(text)
        other = "en" if language == "it" else "it"
        least = _SENTENCE - ("?" in text)  # "quando arriva?" is a whole question
        if votes.words < least or votes.telling[language] < _TELLING or not votes.small[language]:
            return False
        return votes.telling[language] > 1.5 * votes.telling[other] and votes.small[language] > votes.small[other]

    def _votes(self, text: str) -> _Votes:
        small = self._words["it"] | self._words["en"]
        words = self._none.words(text, small)
        telling, little = Counter[str](), Counter[str]()
        for word in words:
            bare = word.rstrip("'")
            says = {one: word in self._words[one] or bare in self._words[one] for one in ("it", "en")}
            if says["it"] != says["en"]:
                one = "it" if says["it"] else "en"
                # "i" and "me" are words of both; so is what both borrow.
                if bare not in _SHARED or bare == "i" and one == "en":
                    telling[one] += 1
                    little[one] += 1
            elif not says["it"] and bare not in _SHARED and len(bare) > 2:
                forms = {one: is_form(bare, one) for one in ("it", "en")}
                odds = self.shop_words.get(bare, 0.0)
                if forms["it"] != forms["en"] and (odds >= 0) == forms["it"]:
                    telling["it" if forms["it"] else "en"] += 1
                elif abs(odds) > _SURE and forms["it"] == forms["en"]:
                    telling["it" if odds > 0 else "en"] += 1
        return _Votes(len(words), telling, little)

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
