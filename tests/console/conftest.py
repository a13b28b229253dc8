"""Fixtures of the console's tests: the site in process, and a browser in front of it."""
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.testclient import TestClient

from bot.channels.widget.photos import Photos
from tests.console.requests import sign_in
from tests.console.site import PASSWORD, Served, Site
from tests.fakes import FakeClock

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)
BROWSER_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(FakeClock(), Photos(tmp_path / "photos"))


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(site.app, base_url="http://desk.example", follow_redirects=False) as client:
        yield client


# For a module, not the session: while Playwright's loop runs, no test with a loop of its own can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on PATH; 'make test' installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    with Served(site).running() as served:
        yield served


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """Giulia's console, in English, signed in; a script error on the page fails the test."""
    context = browser.new_context(
        locale="en-GB", timezone_id="Europe/Rome", viewport={"width": 1280, "height": 800}, base_url=served.url,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.clock.install()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/console")
    sign_in_on(page)
    yield page
    context.close()
    assert errors == []


def sign_in_on(page: Page) -> None:
    page.get_by_label("Login").fill("giulia")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Conversations").wait_for()


@pytest.fixture
def giulia(client: TestClient) -> Iterator[TestClient]:
    sign_in(client)
    yield client
