"""What every test in a browser may ask for."""

from tests.e2e.browser import browser, visits

__all__ = ["browser", "visits"]
