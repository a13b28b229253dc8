"""``kill -9`` at each named point under load: after the restart every accepted message was answered once."""
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.crash.small_desk import POINTS

ROOT = Path(__file__).parents[2]
WHO = ("ada", "eva", "ivo", "leo", "ugo")
EACH = 4
MESSAGES = {f"{who}-{number}": who for number in range(1, EACH + 1) for who in WHO}
ONCE = Counter(list(MESSAGES))


def live(folder: Path, delivery: str, messages: Mapping[str, str], *fuse: str) -> tuple[set[str], int]:
    """One life of a desk: (what it accepted, how it ended).

    Each shopper writes on as soon as the desk has accepted what they wrote before.
    """
    command = [sys.executable, "-m", "tests.crash.small_desk", str(folder), delivery, *fuse]
    waiting = {who: deque(key for key, by in messages.items() if by == who) for who in WHO}
    accepted: set[str] = set()
    with (folder / "log").open("ab") as log, subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
    ) as desk:
        assert desk.stdin and desk.stdout
        try:
            _say(desk.stdin, *(_next(waiting[who], who) for who in WHO if waiting[who]), *_end(accepted, messages))
            for line in desk.stdout:
                key = json.loads(line)
                if key == "finished":
                    break
                accepted.add(key)
                who = messages[key]
                _say(desk.stdin, *([_next(waiting[who], who)] if waiting[who] else []), *_end(accepted, messages))
            desk.stdin.close()
        except BrokenPipeError:  # it died while we wrote
            accepted |= {json.loads(line) for line in desk.stdout} - {"finished"}
    return accepted, desk.returncode


def _next(waiting: deque[str], who: str) -> list[str]:
    key = waiting.popleft()
    return [key, who, key]


def _end(accepted: set[str], messages: Mapping[str, str]) -> list[str]:
    return ["finish"] if accepted == set(messages) else []


def _say(to: Any, *messages: object) -> None:
    for message in messages:
        to.write(json.dumps(message) + "\n")
    to.flush()


def rows(folder: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(folder / "desk.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def named(texts: Iterable[str]) -> list[str]:
    """The messages that these answers answer."""
    return [key for text in texts for key in re.findall(r"\b[a-z]+-\d+\b", text) if key in MESSAGES]


def provider_has(folder: Path) -> list[dict[str, str]]:
    file = folder / "sent.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def assert_each_answered_once(folder: Path) -> None:
    """On the timeline: every message is there once, in one turn that is over, with one answer, in order."""
    written = [key for (key,) in rows(folder, "SELECT text FROM message WHERE author = 'contact' ORDER BY id")]
    assert Counter(written) == ONCE
    assert rows(folder, "SELECT count(*) FROM inbox WHERE status != 'done' OR turn_id IS NULL") == [(0,)]
    answers = rows(folder, "SELECT conversation_id, text FROM message WHERE author = 'bot' ORDER BY 1, seq")
    assert Counter(named(text for _, text in answers)) == ONCE
    for conversation in {conversation for conversation, _ in answers}:
        said = named(text for one, text in answers if one == conversation)
        assert said == sorted(said)


def crash_and_restart(folder: Path, delivery: str, points: Iterable[str]) -> None:
    """Lives that end at ``points``, one after the other, and one that ends well; unacknowledged messages come again."""
    left = dict(MESSAGES)
    for point in points:
        accepted, ended = live(folder, delivery, left, point, "3")
        assert ended == -signal.SIGKILL, (folder / "log").read_text()
        left = {key: who for key, who in left.items() if key not in accepted}
    accepted, ended = live(folder, delivery, left)
    assert (accepted, ended) == (set(left), 0), (folder / "log").read_text()


@pytest.mark.parametrize("point", ["received", "claimed", "parsed", "committed"])
def test_where_answers_are_read_from_our_store_each_is_there_exactly_once(tmp_path: Path, point: str) -> None:
    crash_and_restart(tmp_path, "stored", [point])

    assert_each_answered_once(tmp_path)
    assert rows(tmp_path, "SELECT DISTINCT delivery FROM message WHERE author = 'bot'") == [("sent",)]


@pytest.mark.parametrize("point", ["committed", "marking sending", "written", "marked sent"])
def test_a_provider_that_knows_our_keys_has_each_answer_exactly_once(tmp_path: Path, point: str) -> None:
    crash_and_restart(tmp_path, "idempotent", [point])

    assert_each_answered_once(tmp_path)
    distinct = {one["key"]: one["text"] for one in provider_has(tmp_path)}
    assert Counter(named(distinct.values())) == ONCE
    assert rows(tmp_path, "SELECT DISTINCT delivery FROM message WHERE author = 'bot'") == [("sent",)]


@pytest.mark.parametrize("point", ["committed", "marking sending", "written", "marked sent"])
def test_a_provider_that_forgets_gets_no_answer_twice_and_a_person_reads_what_is_unknown(
    tmp_path: Path, point: str
) -> None:
    crash_and_restart(tmp_path, "ambiguous", [point])

    assert_each_answered_once(tmp_path)
    sent = Counter(one["key"] for one in provider_has(tmp_path))
    assert set(sent.values()) == {1}
    answers = rows(tmp_path, "SELECT conversation_id || '-' || seq, delivery FROM message WHERE author = 'bot'")
    unknown = {key for key, delivery in answers if delivery == "unknown"}
    assert {delivery for _, delivery in answers} <= {"sent", "unknown"}
    assert {key for key, delivery in answers if delivery == "sent"} == set(sent) - unknown
    if point in ("marking sending", "written"):
        assert unknown
    told = rows(tmp_path, "SELECT text FROM message WHERE author = 'system'")
    assert [("Nobody can tell" in text) for (text,) in told] == [True] * len(unknown)


def test_a_desk_that_dies_at_every_point_in_turn_still_answers_each_once(tmp_path: Path) -> None:
    crash_and_restart(tmp_path, "idempotent", POINTS[:5])

    assert_each_answered_once(tmp_path)
    distinct = {one["key"]: one["text"] for one in provider_has(tmp_path)}
    assert Counter(named(distinct.values())) == ONCE
