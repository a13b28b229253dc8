"""Bytes of a mail as text, whatever charset they claim to be in."""

#: Codecs of Python that are no charset of any mail; some take minutes over a long text.
_NO_CHARSETS = frozenset({"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"})
#: As browsers read them: who says Latin-1 or ASCII and uses other bytes means Windows' superset.
_MEANT = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "utf-8",
          "ascii": "utf-8"}


def decode(content: bytes, charset: str | None) -> str:
    """The text; a wrong or unknown charset costs at most its signs beyond ASCII."""
    claimed = (charset or "utf-8").strip().lower()
    for name in (_MEANT.get(claimed, claimed), "utf-8"):
        if name.replace("-", "_") in _NO_CHARSETS:
            continue
        try:
            return content.decode(name)
        except (LookupError, UnicodeError, ValueError):  # ValueError: a name that holds a zero byte
            continue
    return content.decode("windows-1252", "replace")
