"""Bids in the browser: how they are asked, sent, answered and seen by others."""

import re
from typing import Any

import jwt
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.acts import (
    NEXT_BID,
    answer_of,
    ask_amount,
    bid,
    bid_next,
    confirm,
    dialog_of,
    number_in,
    press_next_bid,
    price_of,
    sign_in,
    status_of,
)
from tests.e2e.browser import Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import PASSWORD, SECRET, Sale
from vendue.catalogue.clock import now_ms

BIDS = "**/api/bids"
CUT = r"/api/bids: Failed to load resource: net::ERR_FAILED"


def open_lot(visits: Visits, sale: Sale, lot: str, who: str) -> Page:
    page = visits.open(sale, f"/auctions/{lot}", who=who)
    expect_there(page, who)
    return page


def expect_there(page: Page, who: str) -> None:
    expect(page.get_by_role("button", name=f"Account: {who}")).to_be_visible()
    expect(page.locator("[data-link=live]")).to_be_visible()


def open_two(visits: Visits, sale: Sale, title: str, **terms: Any) -> tuple[Page, Page, str]:
    """Anna and Ben at a lot that is put up once they are there, so that its time is theirs."""
    pages = {who: visits.open(sale, who=who) for who in ("anna", "ben")}
    for who, page in pages.items():
        expect_there(page, who)
    lot = sale.put_up(title, **terms)
    for who, page in pages.items():
        page.get_by_role("banner").get_by_role("searchbox").fill(title)
        page.get_by_role("link", name=title, exact=True).click()
        expect_there(page, who)
    return pages["anna"], pages["ben"], lot


def test_two_outbid_each_other_through_a_soft_close(visits: Visits, sale: Sale) -> None:
    soft = {"window_ms": 10_000, "extend_ms": 10_000, "mode": "reset", "max_extension_ms": 60_000}
    anna, ben, lot = open_two(visits, sale, "Saab 9-3", lasts_ms=14_000, soft_close=soft)
    ends_at = sale.lot(lot)["ends_at"]

    bid_next(anna)
    expect(status_of(anna)).to_have_text("You lead with €1,000.Your maximum: €1,000")
    expect(status_of(ben)).to_have_text("Bidder 1 leads.")
    wait_for(lambda: now_ms() > ends_at - 10_000)
    bid_next(ben)
    expect(status_of(ben)).to_have_text("You lead with €1,050.Your maximum: €1,050")
    expect(status_of(anna)).to_contain_text("Outbid")
    for page in (anna, ben):
        expect(price_of(page)).to_have_text("€1,050")
        expect(
            page.get_by_role("region", name="Bidding").get_by_text(re.compile(r"^\d+ seconds? more$"))
        ).to_be_visible()
    moved = sale.lot(lot)["ends_at"]
    assert moved > ends_at
    bid(anna, "1500")
    expect(status_of(anna)).to_have_text("You lead with €1,100.Your maximum: €1,500")
    expect(anna.locator("#bid input")).to_have_attribute("placeholder", "1,550")
    expect(status_of(ben)).to_contain_text("Outbid")

    expect(status_of(anna)).to_have_text("You won, for €1,100.")
    expect(status_of(ben)).to_have_text("It went to somebody else.")
    row = wait_for(lambda: (row := sale.lot(lot))["status"] == "sold" and row)
    assert (row["hammer_price"], row["leader"], row["bids_count"]) == (110_000, "Bidder 1", 3)
    assert row["ends_at"] > moved
    for page in (anna, ben):
        assert number_in(price_of(page).inner_text()) == row["hammer_price"]
        expect(page.get_by_text("3 bids", exact=True)).to_be_visible()
        expect(page.locator("#bid").get_by_role("button")).to_have_count(0)


@pytest.mark.soak
def test_a_sealed_envelope_is_replaced_and_nobody_sees_it(visits: Visits, sale: Sale) -> None:
    anna, ben, lot = open_two(visits, sale, "Volvo 240", format="sealed_first_price", lasts_ms=12_000)
    bid(anna, "2000")
    expect(answer_of(anna)).to_contain_text("Your sealed bid of €2,000 is in.")
    bid(anna, "1500")
    expect(status_of(anna)).to_contain_text("Your sealed bid: €1,500")
    expect(ben.get_by_text("1 bidder")).to_be_visible()
    expect(ben.locator("body")).not_to_contain_text("€1,500")
    bid(ben, "1800")
    expect(status_of(ben)).to_have_text("You won, for €1,800.")
    expect(status_of(anna)).to_have_text("It went to somebody else.")
    assert wait_for(lambda: sale.lot(lot)["hammer_price"]) == 180_000


def test_a_falling_price_is_taken_as_it_stands(visits: Visits, sale: Sale) -> None:
    terms = {"starting_price": 2_000_000, "decrement": 10_000, "decrement_every_ms": 300, "floor_price": 100_000}
    anna, ben, lot = open_two(visits, sale, "Lancia Delta", format="dutch", **terms)
    before = price_of(ben).inner_text()
    expect(price_of(ben)).not_to_have_text(before)
    anna.get_by_role("button", name=re.compile("^Take it at")).click()
    asked = number_in(dialog_of(anna).locator("data").inner_text())
    confirm(anna)
    expect(status_of(anna)).to_have_text(re.compile(r"^You won, for €"))
    paid = sale.lot(lot)["hammer_price"] or wait_for(lambda: sale.lot(lot)["hammer_price"])
    assert 100_000 < paid <= asked < 2_000_000
    assert number_in(status_of(anna).inner_text()) == paid
    expect(status_of(ben)).to_have_text("Sold to Bidder 1.")
    assert number_in(price_of(ben).inner_text()) == paid


def test_an_amount_far_above_is_asked_about_twice(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/bids: .* 409 ")
    lot = sale.put_up("Citroën DS", max_jump_percent=400)
    anna = open_lot(visits, sale, lot, "anna")
    bid_first = "100000"
    ask_amount(anna, bid_first)
    expect(dialog_of(anna)).to_contain_text("Place this bid?")
    confirm(anna)
    expect(dialog_of(anna)).to_contain_text("Is it what you mean?")
    expect(dialog_of(anna)).to_contain_text("the next bid is €1,000")
    assert sale.lot(lot)["bids_count"] == 0
    confirm(anna)
    expect(answer_of(anna)).to_have_text("Accepted at €100,000: you lead.")
    accepted = [each["maximum"] for each in sale.bids_of("anna", lot) if each["status"] == "accepted"]
    assert accepted == [10_000_000]


def test_what_came_under_the_finger_just_now_is_not_taken(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Fiat 500")
    anna = open_lot(visits, sale, lot, "anna")
    press_next_bid(anna)
    dialog_of(anna).get_by_role("button", name="Bid €1,000").click(click_count=2, delay=5)
    expect(dialog_of(anna)).to_be_visible()
    anna.keyboard.press("Escape")
    expect(dialog_of(anna)).to_be_hidden()
    assert sale.bids_of("anna", lot) == []


def test_a_lot_that_moved_on_meanwhile_asks_for_what_it_costs_now(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Alfa Romeo Spider")
    anna = open_lot(visits, sale, lot, "anna")
    press_next_bid(anna)
    sale.bid("ben", lot, 300_000)
    expect(dialog_of(anna).get_by_role("alert")).to_have_text("That is too low: the next bid is €1,050.")
    expect(dialog_of(anna).get_by_role("button", name="Bid €1,050 instead")).to_be_visible()
    dialog_of(anna).get_by_role("button", name="Bid €1,050 instead").click()
    confirm(anna, re.compile("^Bid €1,050$"))
    expect(answer_of(anna)).to_have_text("Accepted, but another bidder’s maximum is higher. The next bid is €1,150.")
    expect(status_of(anna)).to_contain_text("Outbid")


def test_who_was_outbid_is_asked_for_what_it_costs_after_others_bid_on(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Triumph Stag")
    sale.bid("anna", lot, 100_000)
    sale.bid("ben", lot, 200_000)
    anna = open_lot(visits, sale, lot, "anna")
    expect(status_of(anna)).to_contain_text("Outbid by a higher maximum.")
    next_bid = anna.locator("#bid").get_by_role("button", name=NEXT_BID)
    expect(next_bid).to_have_text("Bid €1,100")
    body = {"username": "third", "email": "third@example.com", "password": PASSWORD}
    third = sale.client.post("/api/auth/local/register", json=body).json()["jwt"]
    bid_of_third = {"data": {"auction": lot, "amount": 150_000}}
    headers = {"Authorization": f"Bearer {third}"}
    sale.client.post("/api/bids", json=bid_of_third, headers=headers).raise_for_status()
    expect(price_of(anna)).to_have_text("€1,550")
    expect(next_bid).to_have_text("Bid €1,600")
    bid_next(anna)
    expect(answer_of(anna)).to_contain_text("Accepted, but another bidder’s maximum is higher.")


def test_a_double_click_and_a_lost_answer_bid_once(visits: Visits, sale: Sale) -> None:
    visits.expect_error(CUT)
    lot = sale.put_up("Renault 4")
    anna = open_lot(visits, sale, lot, "anna")
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()  # it arrives and is decided, and nobody hears of it
            route.abort()
        else:
            route.continue_()

    anna.route(BIDS, lose)
    ask_amount(anna, "1700")
    confirm(anna, times=2)
    expect(answer_of(anna)).to_have_text("Accepted at €1,700: you lead.")
    assert len(keys) == 2 and len(set(keys)) == 1
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [170_000]
    assert sale.lot(lot)["bids_count"] == 1


def test_a_reload_in_the_middle_tells_what_became_of_the_bid(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Jaguar E-Type")
    anna = open_lot(visits, sale, lot, "anna")
    decided: list[int] = []
    # Decided, and the answer never comes.
    anna.route(BIDS, lambda route: decided.append(route.fetch().status))
    ask_amount(anna, "1900")
    confirm(anna)
    expect(answer_of(anna)).to_have_text("Bidding €1,900…")
    wait_for(lambda: answer_of(anna).count() and decided)
    anna.reload()
    anna.unroute_all(behavior="ignoreErrors")
    expect(answer_of(anna)).to_have_text("Accepted at €1,900: you lead.")
    assert decided == [201]
    assert len(sale.bids_of("anna", lot)) == 1
    anna.get_by_role("button", name="Dismiss").click()
    anna.reload()
    expect(status_of(anna)).to_contain_text("You lead with €1,000.")
    expect(answer_of(anna)).to_have_count(0)


@pytest.mark.soak
def test_a_reload_before_the_bid_arrived_says_so_and_sends_nothing_by_itself(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/bids/\w+: .* 404 ")
    visits.expect_error(CUT)
    lot = sale.put_up("Peugeot 205")
    anna = open_lot(visits, sale, lot, "anna")
    anna.route(BIDS, lambda route: route.abort())
    ask_amount(anna, "1900")
    confirm(anna)
    expect(answer_of(anna)).to_contain_text("No connection: asking again.")
    anna.reload()
    anna.unroute_all(behavior="ignoreErrors")
    expect(answer_of(anna)).to_contain_text("Your bid of €1,900 had not come in.")
    assert sale.lot(lot)["bids_count"] == 0
    anna.get_by_role("button", name="Ask again").click()
    expect(answer_of(anna)).to_have_text("Accepted at €1,900: you lead.")
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [190_000]


def test_a_token_that_ran_out_is_renewed_unseen(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/bids: .* 401 ")
    lot = sale.put_up("Opel Manta")
    anna = open_lot(visits, sale, lot, "anna")
    sent: list[str] = []

    def run_out(route: Route) -> None:
        headers = route.request.headers
        if not sent:
            token = headers["authorization"].removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, ["HS256"]) | {"exp": now_ms() // 1000 - 1}
            headers |= {"authorization": f"Bearer {jwt.encode(claims, SECRET, 'HS256')}"}
        sent.append(headers["authorization"])
        route.continue_(headers=headers)

    anna.route(BIDS, run_out)
    bid(anna, "1200")
    expect(answer_of(anna)).to_have_text("Accepted at €1,200: you lead.")
    assert len(set(sent)) == len(sent) == 2
    assert len(sale.bids_of("anna", lot)) == 1


def test_who_was_signed_out_elsewhere_comes_back_to_his_bid(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r" 40[14] ")
    lot = sale.put_up("Alpine A110")
    anna = open_lot(visits, sale, lot, "anna")
    anna.context.clear_cookies()
    anna.route(BIDS, lambda route: route.fulfill(status=401, json={"error": {"status": 401}}))
    bid(anna, "2000")
    expect(answer_of(anna)).to_contain_text("You are no longer signed in.")
    anna.unroute(BIDS)
    anna.get_by_role("link", name="Sign in").first.click()
    sign_in(anna, "anna", PASSWORD)
    expect(answer_of(anna)).to_contain_text("Your bid of €2,000 had not come in.")
    anna.locator("#bid").get_by_role("button", name="Ask again").click()
    expect(answer_of(anna)).to_have_text("Accepted at €2,000: you lead.")


def test_who_is_not_signed_in_is_led_to_it_and_back(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Honda NSX")
    page = visits.open(sale, f"/auctions/{lot}")
    expect(page.get_by_text("To bid you sign in first")).to_be_visible()
    page.locator("#bid").get_by_role("button", name="Bid €1,000").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_focused()
    page.get_by_label("Username or email").fill("anna")
    page.get_by_label("Password").fill("a long password")
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"**/auctions/{lot}")
    bid_next(page)
    expect(status_of(page)).to_contain_text("You lead with €1,000.")


def test_a_house_that_is_full_is_asked_again_by_the_same_key(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/bids: .* 503 ")
    lot = sale.put_up("Lotus Elan")
    anna = open_lot(visits, sale, lot, "anna")
    keys: list[str] = []

    def full_at_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 2:
            return route.continue_()
        error = {"status": 503, "name": "ServiceUnavailableError", "message": "The log is full", "details": {}}
        return route.fulfill(status=503, headers={"Retry-After": "1"}, json={"data": None, "error": error})

    anna.route(BIDS, full_at_first)
    ask_amount(anna, "1300")
    confirm(anna)
    expect(answer_of(anna)).to_have_text("The sale cannot take bids at this moment: asking again.")
    expect(answer_of(anna)).to_have_text("Accepted at €1,300: you lead.")
    assert len(keys) == 3 and len(set(keys)) == 1
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [130_000]


def test_a_decision_that_takes_long_is_waited_for_where_the_answer_says(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("MG B")
    anna = open_lot(visits, sale, lot, "anna")
    asked: list[str] = []

    def pending(route: Route) -> None:
        # It is decided, and the browser is told that it is not yet: where to ask is the decision's own address.
        decided = route.fetch().json()["data"]
        place = f"/api/bids/{decided['documentId']}"
        route.fulfill(status=202, headers={"Location": place}, json={"data": {"status": "pending"}, "meta": {}})

    def still_pending(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(status=202, json={"data": {"status": "pending"}, "meta": {}})

    anna.route(BIDS, pending)
    anna.route("**/api/bids/*", still_pending)
    ask_amount(anna, "1300")
    confirm(anna)
    expect(answer_of(anna)).to_have_text("Your bid is in; its answer takes longer than usual.")
    expect(answer_of(anna)).to_have_text("Accepted at €1,300: you lead.")
    assert asked == ["GET", "GET"]
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [130_000]


@pytest.mark.parametrize(
    ("who", "path", "before", "after"),
    [
        ("anna", "/auctions/", "The reason is not here yet.", "the car is stolen"),
        (
            "clara",
            "/sell/auctions/",
            "It was called off. The reason is not here yet.",
            "It was called off: the car is stolen",
        ),
    ],
)
def test_a_reason_that_is_late_is_awaited(
    visits: Visits, sale: Sale, who: str, path: str, before: str, after: str
) -> None:
    """The feed tells that it was cancelled, the row a moment later why; here, once we let it."""
    lot = sale.put_up("Lotus Elan")
    page = visits.open(sale, path + lot, who=who)

    def late(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        body["data"]["cancel_reason"] = None
        route.fulfill(response=response, json=body)

    rows = re.compile(rf"/api/auctions/{lot}(\?|$)")
    page.route(rows, late)
    body = {"data": {"reason": "the car is stolen"}}
    sale.client.post(f"/api/auctions/{lot}/cancel", json=body, headers=sale.as_("arthur")).raise_for_status()
    expect(page.get_by_text(before, exact=True)).to_be_visible()
    page.unroute(rows)
    expect(page.get_by_text(after, exact=True)).to_be_visible()
