"""Bytes of a mail as text, whatever charset they claim to be in."""
import re

#: Codecs of Python that are no charset of any mail; some take minutes over a long text.
_NO_CHARSETS = frozenset({"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"})
#: As browsers read them: who says Latin-1 or ASCII and uses other bytes means Windows' superset. And names that mail
#: programs give to charsets that Python knows by another one.
_MEANT = {
    "iso88591": "windows-1252", "latin1": "windows-1252", "l1": "windows-1252", "ansi": "windows-1252",
    "usascii": "utf-8", "ascii": "utf-8", "utf8mb4": "utf-8", "unicode11utf8": "utf-8", "unicode11utf7": "utf-7",
    "mac": "mac-roman", "macintosh": "mac-roman", "macroman": "mac-roman", "macosroman": "mac-roman",
    "macce": "mac-latin2", "maccentraleurope": "mac-latin2", "maccentraleurroman": "mac-latin2",
    "sjis": "cp932", "shiftjis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euccn": "gb18030",
    "ksc56011987": "cp949", "euckr": "cp949", "windows949": "cp949", "windows31j": "cp932", "big5": "big5hkscs",
    "iso88598i": "iso-8859-8", "iso88598e": "iso-8859-8", "iso88596i": "iso-8859-6", "windows874": "cp874",
}
_PAGE = re.compile(r"(?:cp|ibm|dos|oem|windows|win|ms|msdos|codepage|ccsid|pc)(\d{3,5})(?:multilingual)?")


def decode(content: bytes, charset: str | None) -> str:
    """The text; a wrong or unknown charset costs at most its signs beyond ASCII."""
    for name in (*_names(charset or "utf-8"), "utf-8"):
        if name.replace("-", "_") in _NO_CHARSETS:
            continue
        try:
            return content.decode(name)
        except (LookupError, UnicodeError, ValueError):  # ValueError: a name that holds a zero byte
            continue
    return content.decode("windows-1252", "replace")


def _names(charset: str) -> list[str]:
    """What Python may know the charset by, the likeliest first."""
    claimed = charset.strip().strip("\"'").lower()
    bare = re.sub(r"[^a-z0-9]", "", claimed.removeprefix("cs") if claimed.startswith("csiso") else claimed)
    plain = bare.removeprefix("x") if claimed.startswith("x-") else bare
    page = _PAGE.fullmatch(plain)
    numbered = [f"cp{int(page[1])}"] if page else []
    return [*([_MEANT[plain]] if plain in _MEANT else []), *numbered, claimed, claimed.removeprefix("x-")]
