"""The demo's accounts: four for a visitor, with passwords made once, and its own people, who have none."""

import secrets
from collections.abc import Callable

from vendue.api.accounts import account_of, create_account
from vendue.api.passwords import Passwords
from vendue.catalogue.port import Catalogue
from vendue.demo.plan import BIDDERS, SELLERS, VISITOR_SELLS

VISITORS = {
    "demo-bidder": "authenticated",
    VISITOR_SELLS: "seller",
    "demo-auctioneer": "auctioneer",
    "demo-admin": "admin",
}
_AGAIN = """
The demo goes on. Its accounts' passwords were shown when they were made; for another account:
  vendue user create --username NAME --email ADDRESS --role authenticated --password-stdin
"""


async def open_accounts(catalogue: Catalogue, say: Callable[[str], None]) -> dict[str, str]:
    """Every demo account's id by its name. New passwords are said once, and nowhere else."""
    found: dict[str, str] = {}
    made: list[tuple[str, str, str]] = []
    passwords: Passwords | None = None
    for name, role in VISITORS.items():
        row = await account_of(catalogue, name)
        if row is None:
            passwords = passwords or Passwords()
            password = secrets.token_urlsafe(12)
            row = await create_account(catalogue, passwords, name, f"{name}@demo.invalid", password, role=role)
            made.append((role.replace("authenticated", "bidder"), name, password))
        found[name] = row["documentId"]
    for name in BIDDERS + SELLERS:
        found[name] = await _own_account(catalogue, name)
    say(_table(made) if made else _AGAIN)
    return found


async def _own_account(catalogue: Catalogue, name: str) -> str:
    row = await account_of(catalogue, name)
    if row is None:
        role = "seller" if name in SELLERS else "authenticated"
        values = {"username": name, "email": f"{name}@demo.invalid", "role": role}
        row = await catalogue.create("users", values)
    return str(row["documentId"])


def _table(made: list[tuple[str, str, str]]) -> str:
    rows = [("role", "username", "password (shown once)"), *made]
    lines = [f"  {role:<11} {name:<16} {password}" for role, name, password in rows]
    return "\n".join(["", "To try it, sign in as one of these:", *lines, ""])
