"""Password hashing: argon2id, bounded."""

import asyncio

import pytest
from argon2 import PasswordHasher

from tests.api.conftest import CHEAP
from vendue.api.errors import ApiError
from vendue.api.passwords import Passwords


async def test_a_hash_is_argon2id_and_matches_its_password_only() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash("Secret-123")
    assert stored.startswith("$argon2id$")
    assert await passwords.matches(stored, "Secret-123")
    assert not await passwords.matches(stored, "secret-123")
    assert not await passwords.matches(None, "nobody has this password")
    assert not await passwords.matches("no hash at all", "Secret-123")


async def test_who_comes_when_too_many_wait_is_sent_away() -> None:
    passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1), at_once=1, waiting=2)
    answers = await asyncio.gather(*(passwords.hash("Secret-123") for _ in range(5)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ApiError)]
    assert [error.status for error in refused] == [503, 503]
    assert await passwords.hash("Secret-123")


@pytest.mark.parametrize("length", [129, 100_000])
async def test_what_is_longer_than_any_password_is_not_hashed(length: int) -> None:
    assert not await Passwords(CHEAP).matches(CHEAP.hash("x" * length), "x" * length)
