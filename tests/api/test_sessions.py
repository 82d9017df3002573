"""Sessions: the cookie, its turns, signing out here and elsewhere."""

import asyncio
import time
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from litestar import Request
from msgspec.structs import replace

from tests.api.conftest import GENEROUS, House, open_house
from vendue.api.errors import ApiError
from vendue.api.sessions import MOST, Sessions
from vendue.catalogue.query import Query

ANN = {"username": "ann", "email": "ann@example.com", "password": "Secret-123"}
SIGN_IN = {"identifier": "ann", "password": "Secret-123"}


async def sign_in(house: House) -> tuple[str, str]:
    """A token and the cookie's value; Ann registers the first time."""
    response = await house.public.client.post("/api/auth/local/register", json=ANN)
    if response.status_code != 200:
        response = await house.public.client.post("/api/auth/local", json=SIGN_IN)
    assert response.status_code == 200, response.text
    house.public.client.cookies.clear()
    return response.json()["jwt"], cookie_of(response)


def cookie_of(response: httpx.Response) -> str:
    return SimpleCookie(response.headers["set-cookie"])["vendue_refresh"].value


async def renew(house: House, cookie: str) -> httpx.Response:
    response = await house.public.client.post("/api/auth/refresh", headers={"Cookie": f"vendue_refresh={cookie}"})
    house.public.client.cookies.clear()
    return response


async def me(house: House, token: str) -> int:
    response = await house.public.client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})
    return response.status_code


async def test_the_cookie_is_out_of_scripts_and_other_sites_reach(house: House) -> None:
    response = await house.public.client.post("/api/auth/local/register", json=ANN)
    [morsel] = SimpleCookie(response.headers["set-cookie"]).values()
    assert morsel["httponly"] and morsel["samesite"] == "Strict" and morsel["path"] == "/api/auth"
    assert int(morsel["max-age"]) == 30 * 24 * 3600
    assert not morsel["secure"], "on http a browser would drop it"
    assert "refreshToken" not in response.json(), "a script that reads the answer cannot take it along"
    assert response.headers["cache-control"] == "no-store"


async def test_behind_https_the_cookie_goes_over_https_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path, replace(GENEROUS, public_url="https://sale.example.com")) as house:
        response = await house.public.client.post("/api/auth/local/register", json=ANN)
        [morsel] = SimpleCookie(response.headers["set-cookie"]).values()
        assert morsel["secure"]


async def test_each_turn_gives_a_token_and_the_next_turn(house: House) -> None:
    _, cookie = await sign_in(house)
    for _ in range(3):
        response = await renew(house, cookie)
        assert response.status_code == 200
        assert await me(house, response.json()["jwt"]) == 200
        assert cookie_of(response) != cookie
        cookie = cookie_of(response)


async def test_a_turn_whose_answer_was_lost_is_asked_for_again_at_once(house: House) -> None:
    _, first = await sign_in(house)
    lost = await renew(house, first)
    again = await renew(house, first)
    assert again.status_code == 200
    assert cookie_of(again) == cookie_of(lost), "it is the same turn, not one more"
    assert await me(house, again.json()["jwt"]) == 200
    third = await renew(house, cookie_of(again))
    assert third.status_code == 200
    assert (await renew(house, first)).status_code == 401, "two turns old: that is no lost answer"
    assert (await renew(house, cookie_of(third))).status_code == 401


async def test_a_turn_taken_twice_ends_the_session_and_its_tokens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vendue.api.sessions.AGAIN_MS", -1)
    _, first = await sign_in(house)
    response = await renew(house, first)
    token, second = response.json()["jwt"], cookie_of(response)
    other, elsewhere = await sign_in(house)
    again = await renew(house, first)
    assert again.status_code == 401 and "sign in again" in again.json()["error"]["message"]
    assert (await renew(house, second)).status_code == 401, "whoever has the newer one is out too"
    assert await me(house, token) == 401
    assert await me(house, other) == 200, "another session goes on"
    assert (await renew(house, elsewhere)).status_code == 200


async def test_two_who_take_the_same_turn_at_once_get_the_same_next_one_and_one_of_them_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cookie = await sign_in(house)
    both = await asyncio.gather(renew(house, cookie), renew(house, cookie))
    assert [response.status_code for response in both] == [200, 200]
    assert cookie_of(both[0]) == cookie_of(both[1])
    newest = cookie_of(await renew(house, cookie_of(both[0])))
    monkeypatch.setattr("vendue.api.sessions.AGAIN_MS", -1)
    assert (await renew(house, cookie_of(both[1]))).status_code == 401
    assert (await renew(house, newest)).status_code == 401


@pytest.mark.parametrize("cookie", ["", "rubbish", "a.b.c"])
async def test_what_is_no_cookie_of_ours_renews_nothing(house: House, cookie: str) -> None:
    assert (await renew(house, cookie)).status_code == 401


async def test_neither_token_does_for_the_other(house: House) -> None:
    token, cookie = await sign_in(house)
    assert (await renew(house, token)).status_code == 401
    assert await me(house, cookie) == 401


async def test_signing_out_ends_token_and_cookie(house: House) -> None:
    token, cookie = await sign_in(house)
    other, _ = await sign_in(house)
    for _ in range(2):  # to do it again does nothing
        out = await house.public.client.post("/api/auth/logout", headers={"Cookie": f"vendue_refresh={cookie}"})
        assert out.json() == {"ok": True}
        assert 'vendue_refresh=""' in out.headers["set-cookie"] or "vendue_refresh=;" in out.headers["set-cookie"]
        assert "Max-Age=0" in out.headers["set-cookie"]
        house.public.client.cookies.clear()
    assert await me(house, token) == 401
    assert (await renew(house, cookie)).status_code == 401
    assert await me(house, other) == 200


async def test_sessions_are_seen_and_ended_by_their_owner(house: House) -> None:
    token, cookie = await sign_in(house)
    other, _ = await sign_in(house)
    headers = {"Authorization": f"Bearer {token}", "Cookie": f"vendue_refresh={cookie}"}
    shown = (await house.public.client.get("/api/auth/sessions", headers=headers)).json()
    assert [row["current"] for row in shown] == [False, True], "newest first"
    assert shown[0].keys() == {
        "documentId", "agent", "address", "createdAt", "refreshed_at", "expires_at", "current",
    }  # fmt: skip
    eve = await house.person("eve")
    await eve.ask("DELETE", f"/api/auth/sessions/{shown[0]['documentId']}", status=404)
    await house.public.ask("GET", "/api/auth/sessions", status=403)
    ended = await house.public.client.delete(f"/api/auth/sessions/{shown[0]['documentId']}", headers=headers)
    assert ended.status_code == 204
    assert await me(house, other) == 401 and await me(house, token) == 200


async def test_one_more_session_than_the_most_ends_the_oldest(house: House) -> None:
    first, cookie = await sign_in(house)
    for _ in range(MOST):
        last, _ = await sign_in(house)
    assert (await renew(house, cookie)).status_code == 401
    await asyncio.sleep(1)
    assert await me(house, first) == 401 and await me(house, last) == 200


async def test_a_blocked_user_renews_nothing(house: House) -> None:
    token, cookie = await sign_in(house)
    admin = await house.person("admin", "admin")
    [ann] = [row for row in await admin.ask("GET", "/api/users") if row["username"] == "ann"]
    await admin.ask("PUT", f"/api/users/{ann['documentId']}", json={"blocked": True, "reason": "bids for fun"})
    assert await me(house, token) == 401, "in force at once"
    assert (await renew(house, cookie)).status_code == 401
    await admin.ask("PUT", f"/api/users/{ann['documentId']}", json={"blocked": False})
    assert await me(house, token) == 401 and (await renew(house, cookie)).status_code == 401, "what was open is over"
    assert await me(house, (await sign_in(house))[0]) == 200


async def test_an_ended_session_stays_ended_when_others_take_its_room(house: House) -> None:
    token, cookie = await sign_in(house)
    out = await house.public.client.post("/api/auth/logout", headers={"Cookie": f"vendue_refresh={cookie}"})
    assert out.status_code == 200 and await me(house, token) == 401
    for _ in range(MOST + 1):
        await sign_in(house)
    await house.access.refresh()
    assert await me(house, token) == 401


async def test_signing_out_by_the_token_alone_ends_its_session(house: House) -> None:
    token, cookie = await sign_in(house)
    await house.public.ask("POST", "/api/auth/logout", headers={"Authorization": f"Bearer {token}"})
    assert await me(house, token) == 401 and (await renew(house, cookie)).status_code == 401


async def test_who_signs_in_while_the_password_changes_has_no_session_of_the_old_one(house: House) -> None:
    await sign_in(house)
    [ann], _ = await house.catalogue.find("users", Query())
    read_at = time.time()
    await house.catalogue.update("users", ann["documentId"], {"signed_out_at": int(time.time() * 1000) + 1})
    sessions = Sessions(house.catalogue, house.tokens, house.access, 1000, secure=False)
    with pytest.raises(ApiError):
        await sessions.open(ann, read_at, Request({"type": "http", "headers": [], "client": ("127.0.0.1", 1)}))
