"""Lines at the end of a mail that its writer did not write for this mail: greetings, names, devices, legal notices."""
import re

_GREETING = (
    r"(?:(?:molti|tanti|cordiali|distinti|cari|migliori|i miei|i più cordiali) )*saluti|un (?:caro |cordiale )?saluto"
    r"|cordialmente|cordialità|buona (?:giornata|serata)|buon lavoro"
    r"|(?:(?:kind|best|warm|many|my) )*regards|best wishes|all the best|sincerely|cheers"
    r"|yours (?:sincerely|faithfully|truly)|sincerely yours|(?:best|thanks|thank you|many thanks)(?=,)"
    r"|mit freundlichen grüßen|viele grüße|liebe grüße|cordialement|bien à vous|saludos(?: cordiales)?|atentamente"
)
_WAITING = (
    r"(?:resto |rimango |rimaniamo |restiamo )?in attesa (?:di|d['’])\s*(?:un )?"
    r"(?:(?:vostr[oa]|su[oa]|tu[oa]|gentil[ei]|cortese|sollecit[oa]|cordial[ei]) )*(?:riscontro|risposta)"
    r"(?:,? (?:porgo|invio|porgiamo|inviamo|le porgo|vi porgo))?"
)
_CLOSING = re.compile(
    rf"(?:{_WAITING}[\s,.;–-]*)?(?:(?:grazie|ringrazio|thanks)(?: mille| anticipatamente| in anticipo)?"
    rf"(?: e|,|\.)? ?)?(?:{_GREETING})(?:[\s,.!;–-]+(?P<name>[^\n,.;:?!]{{0,40}}))?[\s,.!;–-]*"
    rf"|{_WAITING}[\s,.!;–-]*",
    re.IGNORECASE,
)
_DEVICES = (
    r"i?phone|ipad|ios|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|honor|oneplus|pixel|outlook|yahoo|gmail|libero"
    r"|tiscali|virgilio|blackberry|posta|mail|email|e-mail|smartphone|cellulare|cell|tablet|telefono|telefonino|mobile"
    r"|windows|thunderbird|proton\w*|nokia|sony|motorola|device|dispositivo|spark|webmail|aruba|fastmail|tutanota|aol"
)
_DEVICE = re.compile(
    rf"(?:inviat[oa] d[ai]l?(?:la|l['’])? ?(?:mio |mia )?|sent (?:from|via|with) (?:my )?|enviado desde (?:mi )?"
    rf"|envoyé (?:de|depuis) (?:mon )?|gesendet (?:von|mit) (?:meinem )?|von meinem |verzonden vanaf )"
    rf"(?=[^?]*\b(?:{_DEVICES})\b)[^?\n]{{1,90}}(?:gesendet)?"
    r"|(?:ottieni|scarica|get|obtenez|holen sie sich|obtener) (?:outlook|yahoo|bluemail|spark)\b[^?\n]{0,90}"
    r"|yahoo mail: [^?\n]{0,80}"
    r"|(?:mail |e-?mail |messaggio )?(?:priv[ao] di virus|virus-free)\b[^?\n]{0,80}"
    r"|(?:questo messaggio|questa e-?mail|this e-?mail|this message) (?:è stat[oa]|has been) [^?\n]{0,60}"
    r"\b(?:antivirus|virus|viruses|avast|avg|norton)\b[^?\n]{0,60}",
    re.IGNORECASE,
)
_LEGAL_START = re.compile(
    r"[\W_]*(?:ai sensi (?:del|dell|e per)|(?:il|la|questo|questa|quest['’]|il presente|la presente|le presenti)\s*"
    r"(?:presente )?(?:messaggio|e-?mail|comunicazione|mail|posta)|le informazioni (?:contenute|trasmesse|riportate)"
    r"|avviso di riservatezza|riservatezza|informativa (?:privacy|sulla privacy|ai sensi)|nota di riservatezza"
    r"|this (?:e-?mail|message|communication|transmission)"
    r"|the (?:information|contents?) (?:contained|transmitted|in|of)"
    r"|confidential(?:ity)?\b|disclaimer|privileged|legal notice|important notice|caution|notice\b|avviso|avvertenza"
    r"|diese e-?mail|ce (?:message|courriel)|este (?:mensaje|correo)"
    r"|(?:please )?consider the environment|(?:p )?(?:prima di stampare|rispetta l['’]ambiente|pensa all['’]ambiente)"
    r"|before printing|if you (?:are not the intended|have received this)"
    r"|se (?:avete|ha|hai) ricevuto (?:questo|questa|il))",
    re.IGNORECASE,
)
_LEGAL_WORDS = re.compile(
    r"riservat|confidential|destinatari|recipient|privacy|gdpr|679/2016|196/2003|intended|privileged|stampare|printing"
    r"|environment|ambiente|per errore|in error|unauthori[sz]ed|non autorizzat|vertraulich|confidentiel|confidencial",
    re.IGNORECASE,
)
#: A paragraph of one short line is a legal notice only where it can be nothing else.
_SHORT_NOTICE = re.compile(
    r"stampare|printing|environment|ambiente|riservatezza|confidential|disclaimer", re.IGNORECASE
)
_CONTACT = re.compile(
    r"@|https?://|www\.|\+?\d[\d\s/().-]{6,}\d"
    r"|\b(?:tel|cell|mob|fax|phone|p\.?\s?iva|c\.?f\.?|pec|mobile|ufficio)\b\.?\s*:?"
    r"|\b(?:s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?n\.?c\.?|gmbh|ltd|inc)\b\.?|^(?:via|viale|piazza|corso|strada|largo|vicolo)\s"
    r"|^\d{5}\s",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"\b(?:responsabile|ufficio|servizio|direttor[ei]|direttrice|titolare|amministra\w+|impiegat[oa]|assistente|segreteria"
    r"|studio|reparto|manager|sales|marketing|team|staff|office|department|director|head|assistant|dott|ing|avv)\b",
    re.IGNORECASE,
)
#: What a shopper says something with; a line that holds one is no signature.
_MATTER = re.compile(
    r"[?!]|^\W*(?:post scriptum|n\.?\s?b\.?)(?!\w)|^\W*p\.?\s?p?\.?s\.?\b|\bps\s*[:.]"
    r"|\b(?:ordin[ei]|order|pacco|reso|resi|spedizione|consegna|taglia|fattura|rimborso|cambio|numero|n°|nr\.?|codice"
    r"|tracking|misura|colore|iban|allegat\w+|attached|refund|parcel|size|invoice)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset({
    "di", "de", "del", "della", "dei", "degli", "da", "d'", "e", "ed", "&", "van", "von", "der", "n.", "-", "|", "of",
    "and", "the", "a", "in", "per", "–", "/", "•", "·",
})


def is_closing(line: str) -> bool:
    """A greeting at the end, perhaps with a name; nothing else is said in the line."""
    found = _CLOSING.fullmatch(line.strip()) if len(line) <= 120 else None
    return found is not None and not says_something(found["name"] or "")


def is_device_line(line: str) -> bool:
    """What a phone or a mail program writes below: "Inviato da iPhone", "Ottieni Outlook per iOS"."""
    line = line.strip()
    return len(line) <= 120 and _DEVICE.fullmatch(line) is not None and not _MATTER.search(line)


def is_legal_footer(paragraph: str) -> bool:
    """A notice that a company's mail server adds to every mail."""
    if _LEGAL_START.match(paragraph) is None or _LEGAL_WORDS.search(paragraph) is None:
        return False
    return len(paragraph) >= 80 or ("?" not in paragraph and _SHORT_NOTICE.search(paragraph) is not None)


def is_signature_line(line: str) -> bool:
    """A name, a job, an address, a number; nothing that asks or tells."""
    line = line.strip()
    if len(line) > 90 or _MATTER.search(line):
        return False
    if is_device_line(line) or is_closing(line) or set(line) <= set("-_=*~. "):
        return True
    words = line.split()
    if _CONTACT.search(line):
        return len(words) <= 14
    starts_big = [word for word in words if word[:1].isupper() or not word[:1].isalpha()]
    named = [word for word in words if word in starts_big or word.lower().strip(",") in _SMALL_WORDS]
    if ":" in line:
        return False
    return len(words) <= 8 and (len(named) == len(words) or (len(words) <= 5 and _JOB.search(line) is not None))


def says_something(line: str) -> bool:
    """The opposite of a signature's line."""
    return bool(line.strip()) and not is_signature_line(line)
