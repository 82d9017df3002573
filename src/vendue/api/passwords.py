"""Passwords: argon2id in threads, never more than a few at once, in the same time for unknown users."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from vendue.api.errors import ApiError

MINIMUM, MAXIMUM = 8, 128
"""Characters of a password."""

T = TypeVar("T")


class Passwords:
    """`at_once` hashes run in parallel, `waiting` more may wait; beyond that 503."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = 2, waiting: int = 50) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(at_once, "argon2")
        self._most, self._running = at_once + waiting, 0
        self._decoy = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """What to store."""
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password of that stored hash; with None (no such user) false after as long a time."""

        def check() -> bool:
            try:
                self._hasher.verify(stored or self._decoy, password)
            except (Argon2Error, InvalidHashError):
                return False
            return stored is not None

        return len(password) <= MAXIMUM and await self._run(check)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._running >= self._most:
            raise ApiError(503, headers={"Retry-After": "5"})
        self._running += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._running -= 1
