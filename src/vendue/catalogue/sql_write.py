"""Rows by hand: what people write, each change in the connection's transaction."""

import secrets
import string
import time

from sqlalchemy import Connection, bindparam, delete, exc, func, insert, select, update

from vendue.catalogue import sql_read
from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.port import Conflict, Missing, Row
from vendue.catalogue.query import Query
from vendue.catalogue.tables import ACCESS, TABLES

ID_LENGTH = 24
_WHOLE = Query()
_GROW_ACCESS_VERSION = update(ACCESS).values(version=ACCESS.c.version + 1)


def create(connection: Connection, content: str, values: Row) -> Row:
    """A new row; raises Conflict, Missing."""
    now = now_ms()
    values = {"documentId": _new_id(), **values}
    times = {"createdAt": now, "updatedAt": now, "publishedAt": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(TABLES[content]), {**values, **times})
    except exc.IntegrityError as error:
        raise _reason(connection, content, values["documentId"], values, error) from error
    if content == "users" and values.get("blocked"):
        connection.execute(_GROW_ACCESS_VERSION)
    row = sql_read.one(connection, content, values["documentId"], _WHOLE)
    assert row is not None, "a row is there after its insertion"
    return row


def change(
    connection: Connection, content: str, id: str, values: Row, expected_updated_at: int | None = None
) -> Row | None:
    """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
    table = TABLES[content]
    same = table.c.documentId == bindparam("of")
    before = connection.execute(select(table).where(same).with_for_update(), {"of": id}).mappings().first()
    if before is None or expected_updated_at not in (None, before["updatedAt"]):
        return None
    now = max(now_ms(), before["updatedAt"] + 1)
    try:
        with connection.begin_nested():
            connection.execute(update(table).where(same), {**values, "updatedAt": now, "of": id})
    except exc.IntegrityError as error:
        raise _reason(connection, content, id, values, error) from error
    access = {"blocked", "role"} & values.keys() if content == "users" else set()
    if any(values[name] != before[name] for name in access):
        connection.execute(_GROW_ACCESS_VERSION)
    return sql_read.one(connection, content, id, _WHOLE)


def remove(connection: Connection, content: str, id: str) -> bool:
    """Whether there was one. What links to it links to nothing then."""
    table = TABLES[content]
    gone = connection.execute(delete(table).where(table.c.documentId == id))
    if content == "users" and gone.rowcount:
        connection.execute(_GROW_ACCESS_VERSION)
    return gone.rowcount > 0


def now_ms() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _reason(connection: Connection, content: str, id: str, values: Row, error: exc.IntegrityError) -> Exception:
    """What a database means by its refusal of a row, asked of the rows, since each database says it otherwise."""
    table, declared = TABLES[content], CONTENT_TYPES[content]
    for name in [field.name for field in declared.fields if field.unique] + ["documentId"]:
        column, value = table.c[name], values.get(name)
        same = func.lower(column) == func.lower(value) if name == "email" else column == value
        other = same if name == "documentId" else same & (table.c.documentId != id)
        if value is not None and connection.execute(select(table.c.id).where(other)).first():
            return Conflict(name)
    for relation in declared.relations:
        link = values.get(relation.name)
        if link is not None and sql_read.one(connection, relation.target, link, _WHOLE) is None:
            return Missing(relation.name, link)
    return error


def _new_id() -> str:
    """A documentId as Strapi makes them: unguessable, a letter first."""
    letters = string.ascii_lowercase
    rest = (secrets.choice(letters + string.digits) for _ in range(ID_LENGTH - 1))
    return secrets.choice(letters) + "".join(rest)
