"""JSON web tokens: short ones that say who asks, long ones that only renew those, once each."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, get_args

import jwt
from msgspec import Struct

from vendue.api.permissions import UserRole
from vendue.catalogue.port import Row

TOKEN_TTL_S = 900
MAX_TOKEN_LENGTH = 2048
MAX_VERIFIED = 10_000


class InvalidToken(Exception):
    """Not a token of ours, or expired."""


class Claims(Struct, frozen=True):
    """What a token says: the user's documentId, the role when it was issued; times in epoch seconds.

    `session`: of the sign-in that it belongs to, empty where there is none.
    """

    user: str
    role: UserRole
    issued_at: float
    expires_at: float
    session: str = ""


class Refresh(Struct, frozen=True):
    """What a refresh token says: which renewal of which session it is good for."""

    session: str
    generation: int


class Tokens:
    """Tokens (HS256) of one secret; those that say who asks are valid for `ttl_s`."""

    def __init__(self, secret: str, ttl_s: int = TOKEN_TTL_S, now: Callable[[], float] = time.time) -> None:
        self._secret, self._ttl_s, self._now = secret, ttl_s, now
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    def issue(self, user: Row, read_at: float | None = None, session: str = "") -> str:
        """A token for a catalogue row; `read_at`: when the row was read, since its role may have changed after."""
        now = self._now()
        claims = {"sub": user["documentId"], "role": user["role"], "iat": read_at or now, "exp": int(now + self._ttl_s)}
        return jwt.encode(claims | ({"sid": session} if session else {}), self._secret, "HS256")

    def issue_refresh(self, refresh: Refresh, expires_at: int) -> str:
        """A refresh token, valid until then (epoch seconds)."""
        claims = {"sid": refresh.session, "gen": refresh.generation, "use": "refresh", "exp": expires_at}
        return jwt.encode(claims, self._secret, "HS256")

    def verify(self, token: str) -> Claims:
        """The claims of a valid token; remembered, since the same token comes with every bid. Raises InvalidToken."""
        found = self._verified.get(token)
        if found is None:
            found = self._read(token)
            self._verified[token] = found
            if len(self._verified) > MAX_VERIFIED:
                self._verified.popitem(last=False)
        if found.expires_at <= self._now():
            self._verified.pop(token, None)
            raise InvalidToken("expired")
        return found

    def verify_refresh(self, token: str) -> Refresh:
        """What a valid refresh token says. Raises InvalidToken."""
        raw = self._decode(token, "sid", "gen", "use", "exp")
        if raw["use"] != "refresh" or not isinstance(raw["sid"], str) or type(raw["gen"]) is not int:
            raise InvalidToken("not a refresh token")
        if not isinstance(raw["exp"], int) or raw["exp"] <= self._now():
            raise InvalidToken("expired")
        return Refresh(raw["sid"], raw["gen"])

    def _read(self, token: str) -> Claims:
        raw = self._decode(token, "sub", "iat", "exp", "role")
        session = raw.get("sid", "")
        if "use" in raw or raw["role"] not in get_args(UserRole) or not isinstance(session, str):
            raise InvalidToken("not a token that says who asks")
        try:
            return Claims(raw["sub"], raw["role"], float(raw["iat"]), float(raw["exp"]), session)
        except (ValueError, TypeError) as error:
            raise InvalidToken(str(error)) from error

    def _decode(self, token: str, *required: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN_LENGTH:
            raise InvalidToken("too long")
        try:
            options: Any = {"require": required, "verify_exp": False, "verify_iat": False}  # our own clock judges both
            raw: dict[str, Any] = jwt.decode(token, self._secret, ["HS256"], options=options)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidToken(str(error)) from error
        return raw
