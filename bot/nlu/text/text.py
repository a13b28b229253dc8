"""Text as the scorers see it: one spelling for what shoppers write in many."""
import re
import unicodedata

#: Longer messages are cut for scoring only; what a shopper asks stands in the first lines.
MAX_SCORED = 1_200

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_SPACE = re.compile(r"\s+")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_WORD = re.compile(r"[^\W_]+(?:'(?=[^\W_]))?", re.UNICODE)
_TOKEN = re.compile(r"[^\W_]+'?", re.UNICODE)

#: Chat spellings, Italian then English. Only forms that are no word of the other language.
_SPOKEN = {
    "nn": "non", "cmq": "comunque", "xke": "perché", "xké": "perché", "xkè": "perché", "xche": "perché",
    "xché": "perché", "xchè": "perché", "perke": "perché", "perké": "perché", "perkè": "perché", "pk": "perché",
    "ke": "che", "kè": "che", "ki": "chi", "qnd": "quando", "qnt": "quanto", "qnto": "quanto", "qlc": "qualcosa",
    "qlcs": "qualcosa", "qlcn": "qualcuno", "qst": "questo", "qsto": "questo", "qsta": "questa", "dv": "dove",
    "tt": "tutto", "grz": "grazie", "grazzie": "grazie", "sn": "sono", "nnt": "niente", "anke": "anche",
    "anks": "anche", "xo": "però", "xò": "però", "qndo": "quando", "cs": "cosa", "dmn": "domani",
    "msg": "messaggio",
    "dp": "dopo", "risp": "risposta", "scs": "scusa", "xfavore": "per favore", "xfav": "per favore",
    "pfv": "per favore",
    "cmnq": "comunque", "kosa": "cosa", "kuando": "quando", "kuanto": "quanto", "dovè": "dov'è", "cè": "c'è",
    "pls": "please", "plz": "please", "thx": "thanks", "tnx": "thanks", "ty": "thank you", "u": "you", "ur": "your",
    "r": "are", "wanna": "want to", "gonna": "going to", "dont": "don't", "cant": "can't", "wont": "won't",
    "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't", "hasnt": "hasn't", "havent": "haven't", "im": "i'm",
    "ive": "i've", "wheres": "where's", "whats": "what's", "hows": "how's", "gimme": "give me",
    "asap": "as soon as possible",
    "pkg": "package", "deliv": "delivery", "wrng": "wrong", "abt": "about", "bcz": "because", "cuz": "because",
    "wen": "when",
}
#: Words that lose their accent on a keyboard without it, where the bare form is no other Italian or English word.
_ACCENTS = {
    "perche": "perché", "perchè": "perché", "piu": "più", "gia": "già", "cosi": "così", "puo": "può", "citta": "città",
    "pero": "però", "finche": "finché", "poiche": "poiché", "giu": "giù", "lunedi": "lunedì", "martedi": "martedì",
    "mercoledi": "mercoledì", "giovedi": "giovedì", "venerdi": "venerdì", "possibilita": "possibilità",
    "quantita": "quantità", "qualita": "qualità", "disponibilita": "disponibilità", "modalita": "modalità",
    "verra": "verrà", "arrivera": "arriverà", "potro": "potrò", "cioe": "cioè", "cio": "ciò", "ne'": "né", "e'": "è",
    "perche'": "perché", "piu'": "più", "gia'": "già", "cosi'": "così", "puo'": "può", "citta'": "città",
    "pero'": "però",
}
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+")
_NUMBER = re.compile(r"\d{3,}")
_EMOTICON = re.compile(r"(?<!\w)[:;=xX][-']?[)(DPpOo3/|\\]+(?!\w)")


def clean(text: str) -> str:
    """One line without invisible signs, markup and addresses of pages; case and accents as written."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[: 4 * MAX_SCORED]))
    text = _URL.sub(" ", _TAG.sub(" ", text))
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("`", "'").replace("\u00b4", "'")
    kept = (sign if unicodedata.category(sign)[0] not in "CS" or sign in "€$£+%<>=" else " " for sign in text)
    return _SPACE.sub(" ", "".join(kept)).strip()[:MAX_SCORED]


def _spell(match: re.Match[str]) -> str:
    word = match.group()
    return _ACCENTS.get(word) or _SPOKEN.get(word) or word


def normalise(text: str) -> str:
    """What the scorers read: lower case, chat spellings written out, letters no longer streeetched.

    All long numbers look alike, all e-mail addresses too: which one it is says nothing about what is asked.
    """
    text = _EMOTICON.sub(" ", clean(text)).lower()
    text = _NUMBER.sub("0000", _EMAIL.sub("email", text))
    text = _STRETCHED.sub(r"\1", text)
    text = re.sub(r"(?<![\w])x(?= ?[a-zà-ù])(?![\w])", "per", text)
    text = _TOKEN.sub(_spell, text)
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Without accents: 'perché' and 'perche' are one word for what counts letters."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """Folded words and numbers of a normalised text; an elided article is a word of its own ("l'" "ordine")."""
    return _WORD.findall(fold(text))


def has_letters(text: str) -> bool:
    """False for emoji, digits and punctuation alone."""
    return any(sign.isalpha() for sign in text)
