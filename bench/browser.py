"""A real browser to measure in, where there is one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium by Playwright; None, and said so, where one of them is missing."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        print("left out: there is no Chromium, or playwright is not installed", flush=True)
        yield None
        return
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()
