"""What every test in a browser may ask for."""

from collections.abc import Iterator

import pytest

from tests.e2e.browser import browser, visits
from tests.e2e.house import House
from tests.e2e.sale import Sale

__all__ = ["browser", "house", "sale", "visits"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the demo, started once a module."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.stop()


@pytest.fixture(scope="module")
def sale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sale]:
    """Without the demo, started once a module."""
    sale = Sale(tmp_path_factory.mktemp("sale"))
    yield sale
    sale.stop()
