"""What a client may write: a body's fields checked against the content type, every fault named at once."""

import re
from typing import Any

from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import fields

from vendue.api.bodies import MAX_INTEGER
from vendue.api.errors import fault, invalid, invalid_key
from vendue.api.links import read_links
from vendue.catalogue.models import TERMS, ContentType, Field, Relation
from vendue.catalogue.port import Row
from vendue.rules.terms import Terms

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""Nothing that a mail program could take for more than one address, or for an encoded one."""
WHOLE = re.compile(r"-?[0-9]{1,16}")

Faults = list[dict[str, Any]]
_TERM_TYPES = {field.name: field.type for field in fields(Terms)}
_TERMS = {field.name for field in TERMS}


def read_values(content: ContentType, data: dict[str, Any], creating: bool) -> Row:
    """Attributes and to-one relations (as documentIds) for the catalogue; a missing one is absent. Raises ApiError.

    Of a list of links it has Links, from which links.linked makes the list.
    """
    values: Row = {}
    faults: Faults = []
    for name in data:
        field, relation = content.field(name), content.relation(name)
        if not (field and field.writable and not field.private) and not (relation and relation.writable):
            raise invalid_key(name)
    for field in content.fields:
        if field.name in data:
            values[field.name] = read_field(field, data[field.name], faults)
        elif creating and field.required:
            faults.append(fault(field.name, f"{field.name} must be defined."))
    for relation in content.relations:
        if relation.name in data:
            if relation.many:
                values[relation.name] = read_links(relation, data[relation.name], faults)
            else:
                _read_relation(relation, data[relation.name], values, faults)
    if faults:
        raise invalid(faults)
    return values


def read_field(field: Field, value: Any, faults: Faults) -> Any:
    """A value as the catalogue keeps it; what is wrong with it is added to `faults`."""
    name = field.name
    if value is None:
        if field.required:
            faults.append(fault(name, f"{name} must be defined."))
        return None
    if name in _TERMS:
        try:
            value = to_builtins(convert(value, _TERM_TYPES[name]))
        except (ValidationError, RecursionError) as error:
            faults.append(fault(name, f"{name}: {error}", value))
            return None
        if not isinstance(value, str):
            return value
    elif field.kind == "boolean":
        if not isinstance(value, bool):
            faults.append(fault(name, _wrong_type(name, "boolean", value), value))
        return value
    elif field.kind == "integer":
        return _integer(field, value, faults)
    if not isinstance(value, str):
        faults.append(fault(name, _wrong_type(name, "string", value), value))
    elif (message := _text_fault(field, value)) is not None:
        faults.append(fault(name, f"{name} {message}", value))
    return value


def _wrong_type(name: str, kind: str, value: Any) -> str:
    return f"{name} must be a `{kind}` type, but the final value was: `{value!s:.100}`."


def _integer(field: Field, value: Any, faults: Faults) -> Any:
    name = field.name
    if isinstance(value, str) and WHOLE.fullmatch(value):
        value = int(value)  # forms send text; Strapi takes it too
    lowest = -MAX_INTEGER if field.minimum is None else field.minimum
    highest = MAX_INTEGER if field.maximum is None else field.maximum
    if isinstance(value, str):
        cast = f'`NaN` (cast from the value `"{value:.100}"`)'
        faults.append(
            {**fault(name, f"{name} must be a `number` type, but the final value was: {cast}."), "value": None}
        )
    elif isinstance(value, bool) or not isinstance(value, int | float):
        faults.append(fault(name, _wrong_type(name, "number", value), value))
    elif isinstance(value, float) and not value.is_integer():
        faults.append(fault(name, f"{name} must be an integer", value))
    elif value < lowest:
        faults.append(fault(name, f"{name} must be greater than or equal to {lowest}", value))
    elif value > highest:
        faults.append(fault(name, f"{name} must be less than or equal to {highest}", value))
    else:
        return int(value)
    return None


def _text_fault(field: Field, value: str) -> str | None:
    if field.required and not value.strip():
        return "cannot be empty"
    if field.minimum is not None and len(value) < field.minimum:
        return f"must be at least {field.minimum} characters"
    if field.maximum is not None and len(value) > field.maximum:
        return f"must be at most {field.maximum} characters"
    if field.values and value not in field.values:
        return f"must be one of the following values: {', '.join(field.values)}"
    if "\0" in value:
        return "must not contain NUL characters"
    return None


def _read_relation(relation: Relation, value: Any, values: Row, faults: Faults) -> None:
    """A link: a documentId, {"documentId"}, null, or Strapi's connect, set and disconnect of them."""
    before = len(faults)
    if isinstance(value, dict) and value.keys() & {"connect", "set", "disconnect"}:
        if value.keys() - {"connect", "set", "disconnect"}:
            faults.append(fault(relation.name, f"{relation.name} takes connect, set and disconnect"))
            return
        links = [*_ids(relation, value.get("connect"), faults), *_ids(relation, value.get("set"), faults)]
        gone = _ids(relation, value.get("disconnect"), faults)
        if len(faults) == before and (links or gone or "set" in value):
            values[relation.name] = links[-1] if links else None
        return
    links = _ids(relation, value, faults)
    if len(faults) == before:
        values[relation.name] = links[-1] if links else None


def _ids(relation: Relation, value: Any, faults: Faults) -> list[str]:
    entries = [] if value is None else value if isinstance(value, list) else [value]
    found = []
    for entry in entries:
        id = entry.get("documentId") if isinstance(entry, dict) else entry
        if isinstance(id, str) and ID.fullmatch(id):
            found.append(id)
        else:
            faults.append(fault(relation.name, f"{relation.name} must be a documentId", entry))
    if len(found) > 1:
        faults.append(fault(relation.name, f"{relation.name} takes one documentId"))
    return found
