"""The page that checks a sale: a good log, a changed one and a forged receipt, without the server."""

import json
import re
from typing import Any

from msgspec.json import encode
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from tests.audit.changes import CHANGED, MADE_ANEW, SALE, changed
from tests.audit.sold import HOUSE, made_anew, openings_of, public, receipt_of
from tests.e2e.acts import bid
from tests.e2e.browser import PHONE, Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import Sale

HOLDS, FAILS = "This log holds", "This log does not hold"


def drop(page: Page, *texts: str | bytes) -> None:
    """Choose files with these contents."""
    files: Any = [
        {
            "name": f"{number}.jsonl",
            "mimeType": "text/plain",
            "buffer": text if isinstance(text, bytes) else text.encode(),
        }
        for number, text in enumerate(texts)
    ]
    page.locator("input[type=file]").set_input_files(files)


def jsonl(values: list[Any]) -> str:
    return "\n".join(json.dumps(value) for value in values)


def told(page: Page) -> Any:
    return page.locator("main [role=status]")


def test_a_loser_proves_what_he_bid_with_the_network_off(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, who="anna")
    lot = sale.put_up("Saab 900", format="sealed_first_price", lasts_ms=6_000)
    page.goto(f"{sale.address}/auctions/{lot}")
    bid(page, "2001")
    sale.bid("ben", lot, 300_000)
    expect(page.get_by_role("link", name="Check this sale")).to_be_visible(timeout=20_000)
    wait_for(lambda: sale.lot(lot)["status"] == "sold")
    page.get_by_role("link", name="Check this sale").click()
    page.get_by_role("button", name="Fetch its log and my openings").click()
    expect(told(page)).to_contain_text(HOLDS)
    for line in ("Sold to Bidder 2 for €3,000.", "The house signed that this is the end", "Your receipt is genuine"):
        expect(told(page)).to_contain_text(line)
    expect(told(page)).to_contain_text("€2,001 counted as event 3.")

    log = sale.client.get(f"/api/auctions/{lot}/log").text
    visits.expect_error("ERR_INTERNET_DISCONNECTED|WebSocket connection")
    page.context.set_offline(True)
    asked = len(visits.requests)
    drop(page, log.replace('"Bidder 1"', '"Bidder 2"', 1))
    expect(told(page)).to_contain_text(FAILS)
    expect(told(page)).to_contain_text("Event 3 (a bid): it was changed")
    drop(page, log)
    expect(told(page)).to_contain_text(HOLDS)
    live = re.compile("/api/(live|auth|auctions|health)")  # what the app itself tries until it is back
    assert [url for url in visits.requests[asked:] if not live.search(url)] == []


def test_what_is_wrong_is_named_as_the_command_names_it(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, "/audit", size=PHONE, color_scheme="dark")
    keys = encode({"keys": HOUSE.public_keys()})
    good = public(SALE)
    cases = [(change(good), named) for change, named in CHANGED]
    cases += [(made_anew(change(good)), named) for change, named in MADE_ANEW]
    drop(page, keys, jsonl(good), encode(receipt_of(SALE, 2)), openings_of(SALE, "cat"))
    expect(told(page)).to_contain_text(HOLDS)
    expect(told(page)).to_contain_text("Your receipt is genuine, and in this log.")
    expect(told(page)).to_contain_text("$70 counted as event 6.")
    for log, named in cases:
        drop(page, jsonl(log))
        expect(told(page), named).to_contain_text(FAILS)
        number = re.search(r"event (\d+)", named)
        assert number is not None
        expect(told(page), named).to_contain_text(f"Event {number[1]}")
        drop(page, jsonl(good))
        expect(told(page)).to_contain_text(HOLDS)
    drop(page, jsonl(made_anew(changed(2, amount=1)(good))))
    expect(told(page)).to_contain_text("Event 3 (a bid): your receipt is of another one: the log was made anew.")
    drop(page, jsonl(good), encode(replace(receipt_of(SALE, 3), at=7)))
    expect(told(page)).to_contain_text("Event 4 (a refusal): the signature of the receipt does not hold.")
    drop(page, "no log at all")
    expect(page.get_by_role("alert")).to_have_text("0.jsonl holds no log, receipts, openings or keys.")
