"""Makes the environment: finds or installs uv, installs what uv.lock names, finds a browser for the tests.

Runs on the system's own Python 3, from 3.8 on, with nothing but its standard library.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PRIVATE_UV = ROOT / ".uv"
#: What was installed, as of which files; a start that finds it unchanged asks nobody anything.
NOTE = ENVIRONMENT / "sportello-setup.json"
SOURCES = ("uv.lock", "uv.toml", "pyproject.toml")
#: Older ones do not know [[dependency-metadata]], with which uv.toml lets Rasa run on Python 3.11.
OLDEST_UV = (0, 5, 0)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the environment that Sportello runs in.")
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--encoders", action="store_true", help="also what exports and builds sentence encoders")
    parser.add_argument("--tests", action="store_true", help="also the programs that tests run: Chromium, Dovecot")
    options = parser.parse_args()
    install({"dev": options.dev, "encoders": options.encoders})
    if options.tests:
        ensure_browser()
        ensure_dovecot()


def install(asked: dict[str, bool]) -> None:
    """Bring the environment to what uv.lock says, with the parts asked for; nothing to do where it is."""
    wanted = fingerprint()
    had = read_note()
    # What was installed stays: `make run` after `make test` keeps what the tests need.
    parts = {name: on or bool(had.get(name)) for name, on in asked.items()}
    note = {"sources": wanted, **parts}
    if had == note and (ENVIRONMENT / "bin" / "python").exists():
        return
    uv = find_uv() or install_uv()
    started = time.monotonic()
    before = megabytes(ENVIRONMENT)
    say("Installing the environment (Python 3.11, Rasa and the rest; the first time takes a few minutes)")
    if parts["encoders"] and not had.get("encoders"):
        say("With it torch, for the tests of exporting and building encoders: about 5 GB, mostly CUDA")
    command = [str(uv), "sync", "--frozen", "--python", "3.11"]
    command += [] if parts["dev"] else ["--no-dev"]
    command += ["--extra", "encoders"] if parts["encoders"] else []
    environment = dict(os.environ, UV_COMPILE_BYTECODE="1", UV_PROJECT_ENVIRONMENT=str(ENVIRONMENT))
    environment.pop("VIRTUAL_ENV", None)
    if subprocess.call(command, cwd=ROOT, env=environment) != 0:
        stop("The environment could not be installed; the lines above say why. Once that is mended, run make again.")
    NOTE.write_text(json.dumps(note))
    after = megabytes(ENVIRONMENT)
    say(
        f"Installed {max(after - before, 0) / 1000:.1f} GB in {time.monotonic() - started:.0f} s; "
        f"the environment takes {after / 1000:.1f} GB (.venv)."
    )


def fingerprint() -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def read_note() -> dict[str, Any]:
    try:
        note = json.loads(NOTE.read_text())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def find_uv() -> Path | None:
    """A uv that is new enough: on PATH, where its installer puts it, or our private one."""
    on_path = shutil.which("uv")
    places = [Path(on_path)] if on_path else []
    places += [Path.home() / ".local" / "bin" / "uv", PRIVATE_UV / "bin" / "uv"]
    return next((place for place in places if uv_version(place) >= OLDEST_UV), None)


def uv_version(program: Path) -> tuple[int, ...]:
    """(0,) where the program is missing or does not answer."""
    try:
        answer = subprocess.run([str(program), "--version"], capture_output=True, check=True, text=True)
        return tuple(int(part) for part in answer.stdout.split()[1].split(".")[:3])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return (0,)


def install_uv() -> Path:
    """Our own uv in .uv/, for this project alone."""
    say("Installing uv, which installs the rest, into .uv/")
    python = PRIVATE_UV / "bin" / "python"
    steps: list[list[str]] = [
        [sys.executable, "-m", "venv", "--clear", str(PRIVATE_UV)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"],
    ]
    for step in steps:
        if subprocess.call(step) != 0:
            shutil.rmtree(PRIVATE_UV, ignore_errors=True)
            stop(
                f"uv could not be installed: '{' '.join(step)}' failed. Install Python's venv (on Debian and Ubuntu: "
                "apt-get install python3-venv) or uv itself (https://docs.astral.sh/uv/), then run make again."
            )
    (PRIVATE_UV / ".gitignore").write_text("*\n")
    return PRIVATE_UV / "bin" / "uv"


def ensure_browser() -> None:
    """A Chromium on PATH, from the system's packages where we may install them."""
    if not find_browser():
        install_package("chromium", "Installing Chromium for the browser tests")
    if not find_browser():
        stop(
            "The browser tests need Chromium: none of " + ", ".join(BROWSERS) + " is on PATH. Install it with the "
            "system's packages (on Debian: apt-get install chromium), then run make test again."
        )


def ensure_dovecot() -> None:
    """A real IMAP server for the tests of the e-mail channel, which are skipped without one."""
    if not find_dovecot():
        install_package("dovecot-imapd", "Installing Dovecot for the tests of e-mail")
    if not find_dovecot():
        say("Dovecot is not installed: the tests of e-mail over a real IMAP server are skipped.")


def install_package(name: str, words: str) -> None:
    """With apt, where we are allowed to."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say(words)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        quiet = [apt, "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
        subprocess.call([*quiet, "update"], env=environment)
        subprocess.call([*quiet, "install", "--no-install-recommends", name], env=environment)


def find_dovecot() -> str | None:
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")


def find_browser() -> str | None:
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def megabytes(folder: Path) -> float:
    """What lies on disk below a folder, each file once however many names it has."""
    seen: dict[int, int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            about = Path(place, name).lstat()
            seen[about.st_ino] = about.st_size
    return sum(seen.values()) / 1e6


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
