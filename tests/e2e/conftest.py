"""The demo shop with its real model, served whole; a copy of its folder, so that tests may edit its files."""
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.dialogue import training
from bot.settings import environ
from tests.e2e.running_desk import RunningDesk, Said, SetClock

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
Talk = Callable[..., list[Said]]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo shop with its model, which is trained where it is missing or old."""
    if not training.is_fresh(ROOT):
        log = tmp_path_factory.mktemp("training") / "train.log"
        training.train(ROOT, log, lambda _seconds: None, environment=environ())
    folder = tmp_path_factory.mktemp("passo")
    for name in ("shop.yml", "orders.csv", "config.yml", "domain.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, folder)
    for name in ("faq", "data", "site"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "models").symlink_to(ROOT / "models")
    return folder


@pytest.fixture(scope="session")
def running(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    desk = RunningDesk(project, tmp_path_factory.mktemp("state"), SetClock())
    desk.start()
    yield desk
    desk.stop()
    desk.http.close()


@pytest.fixture
def desk(running: RunningDesk) -> Iterator[RunningDesk]:
    """The running desk on a Monday at ten, with nobody in its queue."""
    running.clock.reset()
    yield running
    running.send_everyone_home()


_shoppers = itertools.count(1)


@pytest.fixture
def talk(desk: RunningDesk) -> Talk:
    """``talk("…", "…")``: somebody new says these one after the other; what each was answered."""

    def run(*texts: str, who: str = "") -> list[Said]:
        who = who or f"shopper-{next(_shoppers)}"
        return [desk.ask(who, text) for text in texts]

    return run


# For a module, not the session: while Playwright's loop runs, no test with a loop of its own can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on PATH; 'make test' installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
