"""A sale that bids on itself."""

from vendue.api.desk import Desk
from vendue.catalogue.port import Catalogue


async def run_demo(catalogue: Catalogue, desk: Desk) -> None:
    """Until cancelled."""
    await catalogue.ping()
    desk.now_ms()
