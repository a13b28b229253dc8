"""`./sportello`, as README, guides and banner write it."""
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(script: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([script, *words], cwd=cwd, capture_output=True, text=True, timeout=60)


def installed(folder: Path) -> Path:
    """A copy of the script beside an environment whose command tells what it was given."""
    shutil.copy(ROOT / "sportello", folder / "sportello")
    command = folder / ".venv" / "bin" / "sportello"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\necho "$PWD|$*"\n')
    command.chmod(0o755)
    return folder / "sportello"


def test_it_can_be_run_and_says_what_to_do_on_a_bare_machine(tmp_path: Path) -> None:
    assert os.access(ROOT / "sportello", os.X_OK)
    shutil.copy(ROOT / "sportello", tmp_path)
    ended = run(tmp_path / "sportello", "doctor", cwd=tmp_path)
    assert ended.returncode == 1 and "make -C" in ended.stderr and "setup" in ended.stderr


def test_it_finds_its_environment_from_anywhere_and_stays_where_it_was_called(tmp_path: Path) -> None:
    home, away = tmp_path / "a place with spaces", tmp_path / "away"
    home.mkdir()
    away.mkdir()
    script = installed(home)
    assert run(script, "new", "my shop", cwd=away).stdout.strip() == f"{away}|new my shop"
    (away / "linked").symlink_to(script)
    assert run(away / "linked", "run", cwd=home).stdout.strip() == f"{home}|run"
