"""Usernames that differed only in case before that was looked at: the catalogue opens, and all of them sign in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient
from sqlalchemy import create_engine, text

from tests.catalogues import KINDS, empty, opened
from vendue.api.accounts import account_of
from vendue.catalogue.port import Conflict

NAMES = ("Anna", "anna", "ANNA", "Ben")


def age(url: str) -> None:
    """As it was before names had folds, with the usernames."""
    kind = urlsplit(url).scheme
    if kind == "mongodb":
        with MongoClient(url) as client:
            users = client.get_default_database()["users"]
            users.drop_index("username_fold")
            users.update_many({}, {"$unset": {"username_fold": ""}})
            for name in NAMES:
                users.update_one({"_id": f"u-{name}"}, {"$set": {"username": name}})
        return
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX users_username_fold_key"))
        connection.execute(text("ALTER TABLE users DROP COLUMN username_fold"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
        for name in NAMES:
            connection.execute(
                text('UPDATE users SET username = :name WHERE "documentId" = :id'), {"name": name, "id": f"u-{name}"}
            )
    engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
async def test_names_alike_from_before_stay_apart(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    with empty(kind, tmp_path, request) as url:
        async with opened(url) as catalogue:
            for number, name in enumerate(NAMES):
                row = {"documentId": f"u-{name}", "username": f"n{number}", "email": f"{number}@example.com"}
                await catalogue.create("users", row)
        age(url)
        async with opened(url) as catalogue:
            said = capsys.readouterr().out
            assert "usernames_alike" in said and "accounts=2" in said
            for typed, found in (*zip(NAMES, NAMES, strict=True), ("aNNA", "Anna"), ("BEN", "Ben")):
                account = await account_of(catalogue, typed)
                assert account is not None and account["username"] == found
            assert await catalogue.update("users", "u-anna", {"username": "anna", "paddle": "7"}) is not None
            for name in ("aNNa", "bEN"):
                with pytest.raises(Conflict):
                    await catalogue.update("users", "u-ANNA", {"username": name})
            await catalogue.update("users", "u-ANNA", {"username": "Cleo"})
            account = await account_of(catalogue, "cleo")
            assert account is not None and account["documentId"] == "u-ANNA"
