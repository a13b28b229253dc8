"""Deliveries with something wrong in them, for the fuzzing of parsers."""
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

#: Bytes that mean something to a parser.
SIGNS = (
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"1e999", b"-0", b"9" * 40, b"\\ud83d", b"\\u0000", b"\x00",
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\n", b"\r\n\r\n", b"--", b"=?utf-8?b?", b"<", b">", b"&#",
)


@st.composite
def bitten(draw: st.DrawFn, bodies: Sequence[bytes]) -> bytes:
    """One of some good bodies, a few of whose bytes are missing, doubled or others."""
    raw = draw(st.sampled_from(bodies))
    for _ in range(draw(st.integers(1, 4))):
        begin, gone = draw(st.integers(0, len(raw))), draw(st.integers(0, 12))
        new = draw(st.binary(max_size=6) | st.sampled_from(SIGNS) | st.just(raw[begin : begin + gone] * 2))
        raw = raw[:begin] + new + raw[begin + gone :]
    return raw


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything inside a JSON value, itself included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with ``new`` at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy
