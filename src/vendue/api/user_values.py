"""What a body says of an account: each value as the catalogue keeps it, and what the audit log tells of a change."""

from typing import Any

from vendue.api.accounts import Faults, name_faults, password_faults
from vendue.api.audit_log import changed
from vendue.api.errors import fault, invalid, invalid_key
from vendue.api.writes import read_field
from vendue.catalogue.models import ROLES, USERS
from vendue.catalogue.port import Row

FIELDS = frozenset({field.name for field in USERS.fields if field.writable and not field.private} | {"password"})

_PERSONAL = ("email", "username")


def read_user(body: dict[str, Any]) -> Row:
    """The values of a body, with `password` as it was given; ApiError names every fault."""
    faults: Faults = []
    for name in body:
        if name not in FIELDS:
            raise invalid_key(name)
    values = {name: _read_value(name, given, faults) for name, given in body.items()}
    if not faults:
        faults = name_faults(values.get("username"), values.get("email"))
        faults += password_faults(values["password"]) if "password" in values else []
    if faults:
        raise invalid(faults)
    if "email" in values:
        values["email"] = values["email"].lower()
    return values


def _read_value(name: str, given: Any, faults: Faults) -> Any:
    field = USERS.field(name)
    if name == "role":
        return _role(given, faults)
    if field is None:  # the password
        if not isinstance(given, str):
            faults.append(fault(name, f"{name} must be a `string` type"))
        return given
    value = read_field(field, given, faults)
    if value is None and field.kind == "boolean":
        faults.append(fault(name, f"{name} must be true or false"))
    return value


def _role(given: Any, faults: Faults) -> Any:
    """A role by its type, by its number, or as Strapi's connect of that."""
    if isinstance(given, dict):
        links = given.get("connect") or given.get("set") or []
        given = links[-1] if isinstance(links, list) and links else given.get("id", given)
        given = given.get("id", given) if isinstance(given, dict) else given
    given = {f"{number}": role for number, role in enumerate(ROLES, 1)}.get(str(given), given)
    if given not in ROLES[1:]:
        faults.append(fault("role", f"role must be one of {', '.join(ROLES[1:])}"))
    return given


def told(before: Row, values: Row) -> dict[str, Any]:
    """What the audit log says of a change: no name and no address, which could not be forgotten there."""
    told_of = {name: value for name, value in values.items() if name not in ("signed_out_at", *_PERSONAL)}
    return changed(before, told_of) | {name: ["…", "…"] for name in _PERSONAL if name in values}
