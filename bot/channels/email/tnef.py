"""winmail.dat: what Outlook puts its text and files into where it believes that Outlook reads it (MS-OXTNEF)."""
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.email.charsets import decode

_MAGIC = b"\x78\x9f\x3e\x22"
_BODY, _MAIL, _NEXT_FILE, _TITLE, _DATA, _FILE = 0x2800C, 0x69003, 0x69002, 0x18010, 0x6800F, 0x69005
_TEXT, _HTML, _LONG_NAME, _MIME = 0x1000, 0x1013, 0x3707, 0x370E
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _VARIABLE = 0x1E, 0x1F, frozenset({0x0D, 0x1E, 0x1F, 0x102})
_MOST = 500


@dataclass(slots=True)
class TnefFile:
    name: str = ""
    mime_type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What was found; where it is broken, what came before."""

    text: str
    html: str
    files: list[TnefFile]


def read_tnef(raw: bytes) -> Tnef:
    found = Tnef("", "", [])
    if raw[:4] != _MAGIC:
        return found
    for kind, data in _attributes(raw):
        if kind == _BODY:
            found.text = found.text or decode(data, "windows-1252").rstrip("\0")
        elif kind == _MAIL:
            values = dict(_properties(data))
            found.text = found.text or values.get(_TEXT, "")
            found.html = found.html or values.get(_HTML, "")
        elif kind == _NEXT_FILE and len(found.files) < _MOST:
            found.files.append(TnefFile())
        elif found.files and kind == _TITLE:
            found.files[-1].name = found.files[-1].name or decode(data, "windows-1252").rstrip("\0")
        elif found.files and kind == _DATA:
            found.files[-1].content = data
        elif found.files and kind == _FILE:
            values = dict(_properties(data))
            found.files[-1].name = values.get(_LONG_NAME) or found.files[-1].name
            found.files[-1].mime_type = values.get(_MIME, "")
    found.files = [one for one in found.files if one.content]
    return found


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(raw):
        kind, length = struct.unpack_from("<II", raw, at + 1)
        yield kind, raw[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(raw: bytes) -> Iterator[tuple[int, str]]:
    """Those that are texts."""
    try:
        (count,) = struct.unpack_from("<I", raw)
        at = 4
        for _ in range(min(count, 2_000)):
            kind, name = struct.unpack_from("<HH", raw, at)
            at = _past_name(raw, at + 4, name)
            values, many = 1, bool(kind & 0x1000)
            kind &= 0xFFF
            if many or kind in _VARIABLE:
                (values,) = struct.unpack_from("<I", raw, at)
                at += 4
            for _ in range(min(values, 2_000)):
                if kind not in _VARIABLE:
                    at += _FIXED[kind]
                    continue
                (size,) = struct.unpack_from("<I", raw, at)
                content = raw[at + 4 : at + 4 + size]
                at += 4 + size + -size % 4
                charset = "utf-16-le" if kind == _UNICODE else "utf-8" if kind == 0x102 else "windows-1252"
                if name in (_TEXT, _HTML, _LONG_NAME, _MIME):
                    yield name, content.decode(charset, "replace").rstrip("\0")
    except (struct.error, KeyError):
        return


def _past_name(raw: bytes, at: int, name: int) -> int:
    if name < 0x8000:
        return at
    (kind,) = struct.unpack_from("<I", raw, at + 16)
    if kind == 0:
        return at + 24
    (size,) = struct.unpack_from("<I", raw, at + 20)
    return at + 24 + size + -size % 4
