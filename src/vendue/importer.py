"""A file of cars, users or auctions -> the catalogue: good rows are kept, each bad one is named, none comes twice."""

import csv
import json
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from vendue.api.accounts import Faults, create_account
from vendue.api.errors import ApiError, fault, invalid
from vendue.api.passwords import Passwords
from vendue.api.user_values import read_user
from vendue.api.writes import ID, WHOLE, read_values
from vendue.catalogue.models import CONTENT_TYPES, Field
from vendue.catalogue.port import Catalogue, Conflict, Missing, Row
from vendue.catalogue.query import Condition, Query

Type = Literal["cars", "users", "auctions"]
NATURAL = {"cars": ("vin",), "users": ("email", "username"), "auctions": ()}
"""What tells a row from others, beside its documentId: where it is taken, the row is there already."""
_SELLER = ("seller", "users", ("username", "email"))
LINKS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "cars": (_SELLER,),
    "auctions": (_SELLER, ("car", "cars", ("vin",))),
}
"""The relations that a file may name, by the row's documentId or by one of these."""
MAX_LINE = 1024 * 1024
YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}


class BadImport(Exception):
    """The file cannot be read as what it should be; the message says where and why."""


class Given(NamedTuple):
    """A row of the file: its line, and its values by column."""

    line: int
    values: dict[str, Any]


class Outcome(Struct, frozen=True):
    """What became of a row: "created", "there" already, or the sentences that say what is wrong with it."""

    line: int
    done: Literal["created", "there", "bad"]
    faults: tuple[str, ...] = ()


def read_file(file: Path) -> Iterator[Given]:
    """The rows of a CSV file with a header, or of JSON lines. Raises BadImport."""
    try:
        if file.suffix == ".jsonl":
            yield from _json_lines(file)
        elif file.suffix == ".csv":
            yield from _csv(file)
        else:
            raise BadImport(f"{file}: the name must end in .csv or .jsonl")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadImport(f"{file} cannot be read as UTF-8 text: {error}") from error


def _csv(file: Path) -> Iterator[Given]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, strict=True)
        header = [name.strip() for name in next(rows, [])]
        if not header or len(set(header)) < len(header) or "" in header:
            raise BadImport(f"{file}: the first line must name the columns, each once")
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                yield Given(rows.line_num, {"": f"there are {len(cells)} cells, and {len(header)} columns"})
                continue
            pairs = zip(header, cells, strict=True)
            yield Given(rows.line_num, {name: cell.strip() for name, cell in pairs if cell.strip()})


def _json_lines(file: Path) -> Iterator[Given]:
    with file.open(encoding="utf-8-sig") as text:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line) if len(line) <= MAX_LINE else None
            except (ValueError, RecursionError) as error:
                yield Given(number, {"": f"this is not JSON ({error})"})
                continue
            yield Given(number, values if isinstance(values, dict) else {"": "this is not a JSON object"})


class Importer:
    """Puts rows of one type into a catalogue."""

    def __init__(self, catalogue: Catalogue, kind: Type, passwords: Passwords) -> None:
        self._catalogue, self._kind, self._passwords = catalogue, kind, passwords
        self._content = CONTENT_TYPES[kind]

    async def run(self, rows: Iterator[Given]) -> AsyncIterator[Outcome]:
        """What became of each row, one after the other."""
        for row in rows:
            try:
                yield Outcome(row.line, "created" if await self._take(dict(row.values)) else "there")
            except ApiError as error:
                found = [each["message"] for each in error.details.get("errors", [])]
                yield Outcome(row.line, "bad", tuple(found or [error.message]))

    async def _take(self, values: Row) -> bool:
        """Whether it was made; ApiError says what is wrong with it."""
        if "" in values:
            raise ApiError(400, str(values[""]))
        id = values.pop("documentId", None) or _id_of(self._kind, values)
        if not isinstance(id, str) or not ID.fullmatch(id) or not id[0].isalpha():
            raise invalid([fault("documentId", "documentId must be a letter and up to 63 letters, digits, - and _")])
        if any("\ud800" <= each <= "\udfff" for each in json.dumps(values, ensure_ascii=False)):
            raise ApiError(400, "this is no UTF-8 text")
        if await self._is_there(id, values):
            return False
        try:
            await self._create(id, {name: _typed(self._content.field(name), given) for name, given in values.items()})
        except Conflict:
            return False  # somebody was faster
        except Missing as error:
            raise invalid([fault(error.path, f"{error.path}: there is no {error.id}")]) from None
        return True

    async def _create(self, id: str, values: Row) -> None:
        if self._kind == "users":
            account = read_user(values)
            missing = [name for name in ("username", "email") if name not in account]
            if missing:
                raise invalid([fault(name, f"{name} must be defined.") for name in missing])
            password = account.pop("password", None)
            await create_account(self._catalogue, self._passwords, password=password, documentId=id, **account)
            return
        links: Row = {}
        faults: Faults = []
        for path, content, by in LINKS[self._kind]:
            given = values.pop(path, None)
            if given is not None and (found := await self._found(content, given, by)) is None:
                said = f"{path}: there is none with documentId or {' or '.join(by)} {given!s:.100}"
                faults.append(fault(path, said))
            elif given is not None:
                links[path] = found
        try:
            row = read_values(self._content, values, creating=True)
        except ApiError as error:
            raise invalid([*faults, *error.details["errors"]]) if "errors" in error.details else error from None
        if faults:
            raise invalid(faults)
        await self._catalogue.create(self._kind, {**row, **links, "documentId": id})

    async def _is_there(self, id: str, values: Row) -> bool:
        if await self._catalogue.get(self._kind, id, Query(fields=())) is not None:
            return True
        there: dict[str, str] = {}
        for name in NATURAL[self._kind]:
            text = values.get(name)
            same = text.lower() if name == "email" and isinstance(text, str) else text
            if isinstance(same, str) and (row := await self._one(self._kind, name, same)) is not None:
                there[str(row["documentId"])] = name
        if len(there) > 1:
            raise ApiError(400, f"{' and '.join(there.values())} belong to different rows that are there")
        return bool(there)

    async def _found(self, content: str, given: Any, by: tuple[str, ...]) -> str | None:
        """The documentId of a row that is named by it or by one of its unique fields."""
        if isinstance(given, str):
            if ID.fullmatch(given) and await self._catalogue.get(content, given, Query(fields=())) is not None:
                return given
            for name in by:
                row = await self._one(content, name, given.lower() if name == "email" else given)
                if row is not None:
                    return str(row["documentId"])
        return None

    async def _one(self, content: str, name: str, value: str) -> Row | None:
        rows, _ = await self._catalogue.find(content, Query(Condition((name,), "$eq", value), limit=1, fields=()))
        return rows[0] if rows else None


def _id_of(kind: str, values: Row) -> str:
    """From what the row says, so that the same row again is the same."""
    told = {name: value for name, value in values.items() if name != "password"}
    return "i" + sha256(json.dumps([kind, told], sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:23]


def _typed(field: Field | None, given: Any) -> Any:
    """A cell as its field's kind; what does not look like it stays, and is refused by name."""
    if field is None or not isinstance(given, str):
        return given
    if field.kind == "integer" and WHOLE.fullmatch(given):
        return int(given)
    if field.kind == "boolean" and given.lower() in YES | NO:
        return given.lower() in YES
    if field.kind == "json":
        try:
            return json.loads(given)
        except (ValueError, RecursionError):
            return given
    return given
