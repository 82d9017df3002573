"""Pages in a real browser, whose every fault fails the test that opened them."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect, sync_playwright

from tests.e2e.house import House

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
DESK, PHONE, SMALL_PHONE = (1280, 800), (390, 844), (320, 640)
COOKIE = "vendue_refresh"
_TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`policy violated: ${violatedDirective} ${blockedURI}`));"""


class Visits:
    """Opens pages of a house, each in a browser context of its own, and collects what goes wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []
        self.faults: list[str] = []
        self.requests: list[str] = []

    def expect_error(self, pattern: str) -> None:
        """An error in the console that belongs to the test, such as a refusal's status."""
        self._expected.append(pattern)

    def open(
        self,
        house: House,
        path: str | None = "/",
        *,
        who: str | None = None,
        size: tuple[int, int] = DESK,
        **options: Any,
    ) -> Page:
        """A page at `path`, or at none yet, signed in as `who`; `options` as Playwright's contexts take them."""
        usual = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "color_scheme": "light"}
        width, height = size
        phone = {"has_touch": True, "is_mobile": True} if width < 500 else {}
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            storage_state=_signed_in(house, who) if who else None,
            **(usual | phone | options),
        )
        self._contexts.append(context)
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("request", lambda request: self._asked(house, request.url))
        page = context.new_page()
        page.on("websocket", lambda socket: self._asked(house, socket.url.replace("ws", "http", 1)))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: message.type == "error" and self.faults.append(_told(message)))
        if path is not None:
            page.goto(house.address + path)
        return page

    def _asked(self, house: House, url: str) -> None:
        self.requests.append(url)
        if not url.startswith((f"{house.address}/", "data:", "blob:")):
            self.faults.append(f"asked another origin: {url}")

    def close(self) -> None:
        """Fails where something went wrong."""
        for context in self._contexts:
            context.close()
        unexpected = [each for each in self.faults if not any(re.search(known, each) for known in self._expected)]
        assert unexpected == [], "\n".join(unexpected)


def chromium() -> str | None:
    """Where the machine's browser is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _told(message: ConsoleMessage) -> str:
    return f"{message.location['url']}: {message.text}"


def _signed_in(house: House, who: str) -> StorageState:
    cookie = {
        "name": COOKIE,
        "value": house.cookie(who),
        "domain": "localhost",
        "path": "/api/auth",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Strict",
    }
    hint = {"name": "vendue-signed-in", "value": "1"}
    return {"cookies": [cookie], "origins": [{"origin": house.address, "localStorage": [hint]}]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once a module."""
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    expect.set_options(timeout=15_000)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visits(browser: Browser) -> Iterator[Visits]:
    """Opens pages; the test fails on any error in them."""
    visits = Visits(browser)
    yield visits
    visits.close()
