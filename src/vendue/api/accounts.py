"""Accounts: what they may be called, how they are made and found, and what someone sees of them."""

import re
from typing import Any
from unicodedata import category

from vendue.api.bodies import read_object
from vendue.api.errors import AnyRequest, ApiError, fault, invalid, invalid_key
from vendue.api.passwords import MAXIMUM, MINIMUM, Passwords
from vendue.api.permissions import Viewer
from vendue.api.visibility import TIMES, present
from vendue.api.writes import EMAIL
from vendue.catalogue.fold import folded
from vendue.catalogue.models import USERS
from vendue.catalogue.port import Catalogue, Conflict, Row
from vendue.catalogue.query import Condition, Query

USERNAME = re.compile(r"[^\s@\x00-\x1f\x7f](?:[^@\x00-\x1f\x7f]{1,58}[^\s@\x00-\x1f\x7f])")
WHOLE = Query()
ACCOUNT = (*(field.name for field in USERS.fields if field.name != "reset_hash"), *TIMES)

Faults = list[dict[str, Any]]


async def account_of(catalogue: Catalogue, identifier: str) -> Row | None:
    """The row with the secret password_hash, by email, else by username: nobody takes an address over as a name.

    The username as it is written counts before the one in any case, for accounts from when case made a difference.
    """
    tried = (("email", identifier.lower()), ("username", identifier), ("username_fold", folded(identifier)))
    for name, text in tried:
        wanted = Condition((name,), "$eq", text)
        rows, _ = await catalogue.find("users", Query(wanted, limit=1, fields=ACCOUNT, counted=False))
        if rows:
            return rows[0]
    return None


async def create_account(
    catalogue: Catalogue,
    passwords: Passwords,
    username: str,
    email: str,
    password: str | None,
    audit: Row | None = None,
    **more: Any,
) -> Row:
    """A new account's row, a bidder's unless `more` says otherwise; ApiError names every fault.

    Without a password nobody signs in until one is set by a letter.
    """
    faults = [*name_faults(username, email), *([] if password is None else password_faults(password))]
    if faults:
        raise invalid(faults)
    hashed = None if password is None else await passwords.hash(password)
    values = {"username": username, "email": email.lower(), "password_hash": hashed, **more}
    try:
        return await catalogue.create("users", values, audit)
    except Conflict as error:
        raise taken(error) from None


async def drop_rows(catalogue: Catalogue, content: str, user: str) -> None:
    """Delete all that a type holds of a user."""
    while True:
        rows, _ = await catalogue.find(content, Query(Condition(("user",), "$eq", user), limit=100, fields=()))
        for row in rows:
            await catalogue.delete(content, row["documentId"])
        if not rows:
            return


def taken(error: Conflict) -> ApiError:
    """400 for a name or an address that somebody has."""
    if error.path in ("username", "username_fold", "email"):
        return ApiError(400, "Email or Username are already taken", "ApplicationError")
    return invalid([fault(error.path, "This attribute must be unique")])


def name_faults(username: str | None, email: str | None) -> Faults:
    """What is wrong with a new name or address; None is not looked at."""
    faults = [
        fault(name, _NOT_TEXT.format(name)) for name, text in (("username", username), ("email", email)) if _bad(text)
    ]
    if username is not None and not (USERNAME.fullmatch(username) and "@" not in folded(username)):
        faults.append(fault("username", "username must be 3 to 60 characters without @, and trimmed"))
    elif username is not None and any(category(each) == "Cf" for each in username):
        # Else one could be called what, to the eye, somebody else is.
        faults.append(fault("username", "username must have no invisible characters"))
    if email is not None and (not EMAIL.fullmatch(email) or not 6 <= len(email) <= 254):
        faults.append(fault("email", "email must be a valid email", email))
    return faults


def password_faults(password: str) -> Faults:
    """What is wrong with a new password."""
    faults = [fault("password", _NOT_TEXT.format("password"))] if _bad(password) else []
    if not MINIMUM <= len(password) <= MAXIMUM:
        faults.append(fault("password", f"password must be {MINIMUM} to {MAXIMUM} characters"))
    return faults


_NOT_TEXT = "{} must be UTF-8 text without NUL characters"


def _bad(text: str | None) -> bool:
    """NUL, or half a pair of surrogates: as the command line hands on bad bytes."""
    return text is not None and ("\0" in text or any("\ud800" <= each <= "\udfff" for each in text))


def present_account(row: Row, viewer: Viewer) -> dict[str, Any]:
    """An account as the viewer may see it."""
    return present(USERS, row, WHOLE, viewer, 0)


async def read_strings(request: AnyRequest, names: tuple[str, ...]) -> dict[str, str]:
    """A body of these texts and nothing else; 400 names every fault."""
    body = await read_object(request)
    faults = []
    for name in names:
        if body.get(name) in (None, ""):
            faults.append(fault(name, f"{name} is a required field"))
        elif not isinstance(body[name], str):
            faults.append(fault(name, f"{name} must be a `string` type"))
        elif "\0" in body[name]:
            faults.append(fault(name, f"{name} must not contain NUL characters"))
    if faults:
        raise invalid(faults)
    for name in body:
        if name not in names:
            raise invalid_key(name)
    return body
