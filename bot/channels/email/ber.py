"""What a signed mail holds (RFC 5652), found without checking who signed it: a signature proves nothing to the desk."""
from collections.abc import Iterator
from typing import NamedTuple

_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = bytes.fromhex("2a864886f70d010703")
_SEQUENCE, _OBJECT, _OCTETS, _OCTETS_BUILT, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_DEEPEST = 20


class BerError(ValueError):
    """It is no BER, or not what a signed mail is made of."""


class _Value(NamedTuple):
    tag: int
    begin: int
    end: int
    next: int


def signed_content(raw: bytes) -> bytes:
    """The mail that was signed.

    Raises:
        BerError: there is none, such as in an encrypted one.
    """
    outside = _only(raw, _read(raw, 0, len(raw)), _SEQUENCE)
    kind = _expect(outside, _OBJECT)
    if raw[kind.begin : kind.end] != _SIGNED:
        raise BerError("it is not signed")
    signed = _only(raw, _first(raw, _expect(outside, _EXPLICIT)), _SEQUENCE)
    held = next((list(_inside(raw, one)) for one in signed if one.tag == _SEQUENCE), [])
    content = next((one for one in held if one.tag == _EXPLICIT), None)
    if content is None:
        raise BerError("the signature stands alone")
    return b"".join(_octets(raw, _first(raw, content), 0))


def is_encrypted(raw: bytes) -> bool:
    """Whether only the holder of a key can read it."""
    return _ENVELOPED in raw[:64]


def _octets(raw: bytes, value: _Value, depth: int) -> Iterator[bytes]:
    if value.tag == _OCTETS:
        yield raw[value.begin : value.end]
    elif value.tag == _OCTETS_BUILT and depth < _DEEPEST:
        for one in _inside(raw, value):
            yield from _octets(raw, one, depth + 1)
    else:
        raise BerError("no octets where the content is")


def _only(raw: bytes, value: _Value, tag: int) -> list[_Value]:
    if value.tag != tag:
        raise BerError(f"tag {value.tag} instead of {tag}")
    return list(_inside(raw, value))


def _expect(values: list[_Value], tag: int) -> _Value:
    found = next((one for one in values if one.tag == tag), None)
    if found is None:
        raise BerError(f"no tag {tag}")
    return found


def _first(raw: bytes, value: _Value) -> _Value:
    return _read(raw, value.begin, value.end)


def _inside(raw: bytes, value: _Value) -> Iterator[_Value]:
    at = value.begin
    while at < value.end:
        one = _read(raw, at, value.end)
        yield one
        at = one.next


def _read(raw: bytes, at: int, end: int, depth: int = 0) -> _Value:
    if at + 2 > end or depth > _DEEPEST:
        raise BerError("it ends too early")
    tag, length = raw[at], raw[at + 1]
    if tag & 0x1F == 0x1F:
        raise BerError("a long tag")
    begin = at + 2
    if length < 0x80:
        return _closed(tag, begin, begin + length, end)
    if length > 0x80:
        size = length & 0x7F
        if size > 8 or begin + size > end:
            raise BerError("a length without its bytes")
        begin += size
        return _closed(tag, begin, begin + int.from_bytes(raw[begin - size : begin], "big"), end)
    place = begin  # of indefinite length: until two zeros
    while raw[place : place + 2] != b"\0\0":
        place = _read(raw, place, end, depth + 1).next
    return _Value(tag, begin, place, place + 2)


def _closed(tag: int, begin: int, stop: int, end: int) -> _Value:
    if stop > end:
        raise BerError("it is longer than what holds it")
    return _Value(tag, begin, stop, stop)
