"""Every parser over good bodies that were damaged by chance, in their bytes and in their structure: `make fuzz`."""
import json
import random
from typing import Any

import pytest

from tests.channels.damaged import SIGNS, at, changed, places
from tests.channels.fuzzing import examples
from tests.channels.parsers import PARSERS, survives

#: What may stand where something else is expected.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, -(2**63), 1e308, "", " ", "ciao", "\x00", "\ud83d", "\u202e", "a" * 5000, [],
    {}, [[]], [None], [{}], {"id": None}, {"id": "x"}, {"": ""}, {"text": {"body": 1}}, "9" * 30, "1999-99-99",
    "https://x/%00",
)


def bitten(good: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        begin, gone = chance.randrange(len(good) + 1), chance.randrange(13)
        part = good[begin : begin + gone]
        new = chance.choice((chance.randbytes(gone), chance.choice(SIGNS), part * 2, part[::-1], part.swapcase(), b""))
        good = good[:begin] + new + good[begin + gone :]
    return good


def bent(good: bytes, chance: random.Random) -> bytes:
    """JSON with some values replaced, or moved to where others were."""
    body = json.loads(good)
    for _ in range(chance.randint(1, 3)):
        paths = places(body)
        new = chance.choice(VALUES)
        body = changed(body, chance.choice(paths), new)
    return json.dumps(body).encode()


def cut(good: bytes, chance: random.Random) -> bytes:
    """Lines of a mail left out, doubled, and in another order."""
    lines = good.split(b"\n")
    for _ in range(chance.randint(1, 6)):
        here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[here : here + chance.randrange(3)] = [lines[there]] * chance.randrange(3)
        lines = lines or [b""]
    return b"\n".join(lines)


#: Whose bodies a provider writes, that may cut an emoji in two; the widget is ours and does not.
CUT = {"telegram", "whatsapp", "messenger"}


def grown(good: bytes, chance: random.Random) -> bytes:
    """JSON with fields that nobody knows yet."""
    body = json.loads(good)
    for number in range(chance.randint(1, 3)):
        path = chance.choice([path for path in places(body) if isinstance(at(body, path), dict)])
        body = changed(body, path, at(body, path) | {f"future_{number}": chance.choice(VALUES)})
    return json.dumps(body).encode()


def headed(good: bytes, chance: random.Random) -> bytes:
    """A mail with headers that nobody knows yet."""
    lines = good.split(b"\n")
    new = f"X-Future-{chance.randrange(99)}: {chance.choice(('', 'yes', 'a' * 300, '=?utf-8?q?=C3=A8?=', '<a@b.c>'))}"
    lines.insert(chance.randrange(3), new.encode())
    return b"\n".join(lines)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", PARSERS)
def test_no_damage_brings_anything_but_an_inbound_error(name: str) -> None:
    parser = PARSERS[name]
    deep = cut if name == "email" else bent
    read = 0
    for number in range(examples(1_000)):
        chance = random.Random(f"{name} {number}")
        raw = chance.choice((bitten, deep))(chance.choice(parser.good), chance)
        try:
            read += survives(parser, raw)
        except Exception as error:
            raise AssertionError(f"{name} {number}: {error!r} over {raw!r}") from error
    assert read > 0


@pytest.mark.fuzz
@pytest.mark.parametrize("name", PARSERS)
def test_what_is_new_changes_nothing(name: str) -> None:
    parser = PARSERS[name]
    known = [parser.read(good) for good in parser.good]
    add = headed if name == "email" else grown
    for number in range(examples(300)):
        chance = random.Random(f"{name} {number}")
        which = chance.randrange(len(known))
        raw = add(parser.good[which], chance)
        if name in CUT or b"ud83d" not in raw:
            assert parser.read(raw) == known[which], f"{name} {number}"
