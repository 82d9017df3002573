"""The requests that a real Strapi answered, put to Vendue."""

import json
from pathlib import Path
from typing import Any

from tests.api.conftest import House, Person

BETTER = {"cars?filters[year][$gt]=abc": 400, "delete again": 404}
"""Where Strapi answers 500, and 204 for what is not there."""
OTHER_WORDS = ("register bad", "create bad json")
"""More faults are named, and the parser's own words."""
NOT_YET = ("sort=auctions.title",)
"""Sorting by what is related; refused by its name."""


async def test_statuses_error_names_and_pages_are_strapis(house: House, shared: Path) -> None:
    register = {"username": "ann", "email": "ann@example.com", "password": "Secret-123"}
    ann = await house.public.ask("POST", "/api/auth/local/register", json=register)
    row = await house.catalogue.update("users", ann["user"]["documentId"], {"role": "admin"})
    assert row is not None
    await house.access.refresh()
    signed_in, ids = house.signed_in(row), dict[str, str]()
    lines = (shared / "data" / "strapi-5.52.3-exchanges.jsonl").read_text().splitlines()
    for exchange in map(json.loads, lines):
        if exchange["label"] in ("register", "me bad token") or any(name in exchange["label"] for name in NOT_YET):
            continue
        person = house.public if exchange["status"] == 403 else signed_in  # drafts are not public here
        await _compare(person, exchange, ids)


async def _compare(person: Person, exchange: dict[str, Any], ids: dict[str, str]) -> None:
    """Ask and compare; `ids` holds our id for each of theirs."""
    label, request, theirs = exchange["label"], exchange["request"], exchange["answer"]
    body = request["body"]
    content = body if isinstance(body, str) else None if body is None else json.dumps(body)
    path = request["path"]
    for their_id, our_id in ids.items():
        path = path.replace(f"/{their_id}", f"/{our_id}")
        content = content and content.replace(f'"{their_id}"', f'"{our_id}"')
    headers = {"Content-Type": "application/json"} if content else {}
    response = await person.client.request(request["method"], path, content=content, headers=headers)
    status = BETTER.get(label, exchange["status"])
    assert response.status_code == status, (label, response.text)
    if status == 201:
        ids[theirs["data"]["documentId"]] = response.json()["data"]["documentId"]
    elif label not in BETTER and status >= 400 and "error" in theirs:
        ours = response.json()["error"]
        assert ours["name"] == theirs["error"]["name"], (label, response.text)
        if label not in OTHER_WORDS:
            assert ours["message"] == theirs["error"]["message"], (label, response.text)
    elif status == 200 and isinstance(theirs, dict) and isinstance(theirs.get("data"), list):
        ours = response.json()
        assert ours["meta"] == theirs["meta"], label
        assert [row["id"] for row in ours["data"]] == [row["id"] for row in theirs["data"]], label
        names = ("make", "model", "title", "car", "auctions")
        for our_row, their_row in zip(ours["data"], theirs["data"], strict=True):
            assert our_row.keys() & set(names) == their_row.keys() & set(names), label
            assert our_row.get("make") == their_row.get("make"), label
