"""The demo's sale: lists a round of lots, lets its people bid on each, and lists another when most are over."""

import asyncio
from asyncio import TaskGroup
from collections.abc import Callable

import structlog
from msgspec import to_builtins

from vendue.api.desk import Desk
from vendue.catalogue.port import Catalogue, CatalogueBroken, Conflict, Row
from vendue.catalogue.query import Condition, Group, Order, Query
from vendue.demo.accounts import open_accounts
from vendue.demo.cars import VIN
from vendue.demo.crowd import Crowd
from vendue.demo.photos import Photos
from vendue.demo.plan import ROUND, VISITOR_SELLS, Lot, lot_of, plan, random
from vendue.files.port import FilesBroken, FileStore
from vendue.log.port import LogBroken, LogUnavailable
from vendue.rules.commands import List, command_id
from vendue.rules.receipts import Receipt

SEED = 1408
FEW = 12
"""Another round is listed when no more lots than this are open or to open, so that at most FEW + ROUND ever are."""
LOOK_EVERY_S = 5.0
TROUBLE_S = 2.0
_NOT_OVER = ("scheduled", "live", "pending_approval", "countered")
_ABSENT = (LogUnavailable, LogBroken, CatalogueBroken)

_log = structlog.get_logger()


async def run_demo(
    catalogue: Catalogue, desk: Desk, files: FileStore, say: Callable[[str], None], seed: int = SEED
) -> None:
    """Until cancelled. `say` prints what a visitor needs; after a restart the sale goes on where it was."""
    users = await open_accounts(catalogue, say)
    sale = _Sale(catalogue, desk, Photos(catalogue, files), users, seed)
    async with TaskGroup() as group:
        while True:
            try:
                await sale.attend_all(group)
            except _ABSENT as error:
                _log.warning("demo.waits", error=str(error))
            await asyncio.sleep(LOOK_EVERY_S)


class _Sale:
    def __init__(self, catalogue: Catalogue, desk: Desk, photos: Photos, users: dict[str, str], seed: int) -> None:
        self._catalogue, self._desk, self._photos, self._users, self._seed = catalogue, desk, photos, users, seed
        self._attended: set[str] = set()
        self._crowd = Crowd(catalogue, desk, users)

    async def attend_all(self, group: TaskGroup) -> None:
        """Attend every lot that is not over yet; list another round where few are open."""
        rows = await self._lots(_NOT_OVER)
        for row in rows:
            if row["documentId"] not in self._attended:
                self._attended.add(row["documentId"])
                lot = lot_of(self._seed, _number(row["car"]))
                group.create_task(self._attend(row["documentId"], lot))
                group.create_task(self._show(row["car"]["documentId"], lot))
        if sum(row["status"] in ("scheduled", "live") for row in rows) <= FEW:
            await self._drop_drafts()
            for car, lot in await self._list_round(await self._next_round()):
                group.create_task(self._show(car, lot))

    async def _attend(self, auction: str, lot: Lot) -> None:
        rng = random(f"{self._seed}/{auction}")
        while True:
            try:
                await self._crowd.attend(auction, lot, rng)
            except _ABSENT as error:
                _log.warning("demo.bidders_wait", auction=auction, error=str(error))
                await asyncio.sleep(TROUBLE_S)
            else:
                self._attended.discard(auction)
                return

    async def _show(self, car: str, lot: Lot) -> None:
        """Once a lot is listed, so that no picture keeps it waiting; also after a restart that came too soon."""
        while True:
            try:
                return await self._photos.show(car, lot, self._users[lot.seller])
            except (CatalogueBroken, FilesBroken) as error:
                _log.warning("demo.pictures_wait", lot=lot.number, error=str(error))
                await asyncio.sleep(TROUBLE_S)

    async def _lots(self, statuses: tuple[str, ...]) -> list[Row]:
        """The demo's lots; a page is enough, since FEW + ROUND are open and few wait for a seller."""
        where = Group("$and", (Condition(("car", "vin"), "$startsWith", VIN), Condition(("status",), "$in", statuses)))
        query = Query(where=where, limit=100, populate={"car": Query(fields=("vin",))}, fields=("status",))
        rows, _ = await self._catalogue.find("auctions", query)
        return [row for row in rows if _number(row["car"]) >= 0]

    async def _next_round(self) -> int:
        not_visitors = Condition(("seller",), "$ne", self._users[VISITOR_SELLS])  # who may write any number
        ours = Group("$and", (Condition(("vin",), "$startsWith", VIN), not_visitors))
        newest = Query(where=ours, sort=(Order("vin", True),), limit=100)
        rows, _ = await self._catalogue.find("cars", newest)
        return (max((_number(row) for row in rows), default=-1) + ROUND) // ROUND

    async def _drop_drafts(self) -> None:
        """Drafts are left where the process was stopped while it listed."""
        for row in await self._lots(("draft",)):
            await self._catalogue.delete("auctions", row["documentId"])

    async def _list_round(self, number: int) -> list[tuple[str, Lot]]:
        """The cars and their lots."""
        start = self._desk.now_ms()
        lots = plan(self._seed, number)
        cars = [await self._list(lot, start) for lot in lots]
        return [(car, lot) for car, lot in zip(cars, lots, strict=True) if car is not None]

    async def _list(self, lot: Lot, start_ms: int) -> str | None:
        """Its car's id."""
        seller = self._users[lot.seller]
        terms = lot.terms_at(start_ms, (seller,))
        try:
            car = await self._catalogue.create("cars", {**lot.car, "seller": seller})
        except Conflict:
            return None  # someone gave a car of his this number
        values = to_builtins(terms)
        del values["seller_ids"], values["version"]
        values |= {"title": lot.title, "car": car["documentId"], "seller": seller}
        auction = (await self._catalogue.create("auctions", values))["documentId"]
        listing = List(
            auction=auction,
            id=command_id(auction, seller, "list"),
            by=seller,
            role="seller",
            salt=self._desk.new_salt(),
            terms=terms,
        )
        receipt = await self._ask_until_decided(listing)
        if receipt.code is not None:
            _log.error("demo.not_listed", auction=auction, code=receipt.code)
        return str(car["documentId"])

    async def _ask_until_decided(self, listing: List) -> Receipt:
        """Its id makes asking again harmless."""
        while True:
            try:
                receipt = await self._desk.ask(listing)
            except LogUnavailable as error:
                _log.warning("demo.waits", error=str(error))
                await asyncio.sleep(error.retry_after_s)
            else:
                if receipt is not None:
                    return receipt


def _number(car: Row | None) -> int:
    """The lot's number, or -1 where the car is not one of the demo's."""
    digits = str((car or {}).get("vin") or "").removeprefix(VIN)
    return int(digits) if len(digits) == 13 and digits.isdecimal() else -1
