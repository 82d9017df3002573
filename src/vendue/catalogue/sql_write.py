"""Rows by hand: what people write, each change in the connection's transaction."""

from sqlalchemy import Connection, bindparam, delete, exc, insert, select, text, update

from vendue.catalogue import sql_read
from vendue.catalogue.acts import linked
from vendue.catalogue.clock import now_ms
from vendue.catalogue.fold import with_folds
from vendue.catalogue.models import CONTENT_TYPES, ContentType
from vendue.catalogue.port import Conflict, Missing, Row, new_id
from vendue.catalogue.query import Query
from vendue.catalogue.tables import ACCESS, AUDIT_LOG, TABLES
from vendue.chain import GENESIS

_WHOLE = Query()
_CHAIN_LOCK = 1409
_LAST_ACT = (
    select(AUDIT_LOG.c.seq, AUDIT_LOG.c.hash).where(AUDIT_LOG.c.seq.is_not(None)).order_by(AUDIT_LOG.c.seq.desc())
)
_GROW_ACCESS_VERSION = update(ACCESS).values(version=ACCESS.c.version + 1)


def create(connection: Connection, content: str, values: Row, audit: Row | None = None) -> Row:
    """A new row; raises Conflict, Missing."""
    declared = CONTENT_TYPES[content]
    defaults, values = declared.defaults(), with_folds(declared, values)
    row = {"documentId": new_id(), **defaults, **values}
    _check_lists(connection, declared, values)
    try:
        with connection.begin_nested():
            _insert(connection, content, row)
    except exc.IntegrityError as error:
        raise _reason(connection, content, row["documentId"], values, error) from error
    if any(row.get(field.name) != defaults.get(field.name) for field in declared.access):
        connection.execute(_GROW_ACCESS_VERSION)
    _record(connection, audit)
    made = sql_read.one(connection, content, row["documentId"], _WHOLE)
    assert made is not None, "a row is there after its insertion"
    return made


def change(
    connection: Connection,
    content: str,
    id: str,
    values: Row,
    expected_updated_at: int | None = None,
    audit: Row | None = None,
) -> Row | None:
    """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
    assert content != "audit_log", "what was recorded stays"
    table, declared = TABLES[content], CONTENT_TYPES[content]
    same = table.c.documentId == bindparam("of")
    before = connection.execute(select(table).where(same).with_for_update(), {"of": id}).mappings().first()
    if before is None or expected_updated_at not in (None, before["updatedAt"]):
        return None
    values = with_folds(declared, values, dict(before))
    _check_lists(connection, declared, values)
    now = max(now_ms(), before["updatedAt"] + 1)
    try:
        with connection.begin_nested():
            connection.execute(update(table).where(same), {**values, "updatedAt": now, "of": id})
    except exc.IntegrityError as error:
        raise _reason(connection, content, id, values, error) from error
    if any(field.name in values and values[field.name] != before[field.name] for field in declared.access):
        connection.execute(_GROW_ACCESS_VERSION)
    _record(connection, audit)
    return sql_read.one(connection, content, id, _WHOLE)


def remove(
    connection: Connection, content: str, id: str, audit: Row | None = None, expected_updated_at: int | None = None
) -> bool:
    """Whether there was one, not changed since. What links to it links to nothing then."""
    table, declared = TABLES[content], CONTENT_TYPES[content]
    defaults = declared.defaults()
    same = table.c.documentId == id
    before = connection.execute(select(table).where(same).with_for_update()).mappings().first()
    if before is None or expected_updated_at not in (None, before["updatedAt"]):
        return False
    connection.execute(delete(table).where(same))
    if any(before[field.name] != defaults.get(field.name) for field in declared.access):
        connection.execute(_GROW_ACCESS_VERSION)
    _record(connection, audit)
    return True


def _insert(connection: Connection, content: str, row: Row) -> None:
    now = now_ms()
    if content == "audit_log":
        row = _linked(connection, row)
    connection.execute(insert(TABLES[content]), {**row, "createdAt": now, "updatedAt": now, "publishedAt": now})


def _record(connection: Connection, audit: Row | None) -> None:
    if audit is not None:
        _insert(connection, "audit_log", {"documentId": new_id(), **audit})


def _linked(connection: Connection, line: Row) -> Row:
    """The line with its place after the last; it is the last thing that a transaction waits for."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_CHAIN_LOCK})"))
    last = connection.execute(_LAST_ACT).first()
    return linked(line, *(last or (0, GENESIS)))


def _check_lists(connection: Connection, content: ContentType, values: Row) -> None:
    """What foreign keys do for single links; raises Missing."""
    for relation in content.relations:
        ids = values.get(relation.name) if relation.many else None
        if ids:
            column = TABLES[relation.target].c.documentId
            there = set(connection.scalars(select(column).where(column.in_(ids))))
            for id in ids:
                if id not in there:
                    raise Missing(relation.name, id)


def _reason(connection: Connection, content: str, id: str, values: Row, error: exc.IntegrityError) -> Exception:
    """What a database means by its refusal of a row, asked of the rows, since each database says it otherwise."""
    table, declared = TABLES[content], CONTENT_TYPES[content]
    for name in [field.name for field in declared.fields if field.unique] + ["documentId"]:
        column, value = table.c[name], values.get(name)
        same = column == value
        other = same if name == "documentId" else same & (table.c.documentId != id)
        if value is not None and connection.execute(select(table.c.id).where(other)).first():
            return Conflict(name)
    for relation in declared.relations:
        link = None if relation.many else values.get(relation.name)
        if link is not None and sql_read.one(connection, relation.target, link, _WHOLE) is None:
            return Missing(relation.name, link)
    return error
