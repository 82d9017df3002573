"""Passwords: changed by whoever knows the old one, set anew by whoever gets the account's mail."""

import asyncio
import secrets
import time
from asyncio import Queue, QueueFull

import structlog
from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.access import Access, hash_token
from vendue.api.accounts import ACCOUNT, Faults, account_of, drop_rows, password_faults, read_strings
from vendue.api.auth import Door
from vendue.api.bodies import answer
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid, rate_limited
from vendue.api.limits import Buckets
from vendue.api.passwords import Passwords
from vendue.api.sessions import Sessions
from vendue.api.sign_in import PLUGIN, signed_in
from vendue.api.tries import Tries
from vendue.catalogue.clock import now_ms
from vendue.catalogue.port import Catalogue, CatalogueBroken, Row
from vendue.catalogue.query import Condition, Query
from vendue.mail.port import Letter, Mail, MailBroken

CODE_TTL_MS = 3600 * 1000
WAITING = 100
"""Letters that wait to be sent; one more is refused."""
TRIES, RETRY_S, WORKERS = 3, 5.0, 4
LETTER_EVERY_S, LETTERS_AT_ONCE = 600, 3
_SUBJECT = "Set a new password"
_TEXT = """Somebody, you it seems, asked to set a new password for your account {username}.
With this link you can, for an hour, once:

  {link}

If it was not you, leave it: nothing changes.
"""
_log = structlog.get_logger()


class Recovery:
    """`public_url`: where people reach this server, for the links in letters. `run` sends them."""

    def __init__(
        self,
        catalogue: Catalogue,
        sessions: Sessions,
        access: Access,
        door: Door,
        passwords: Passwords,
        mail: Mail,
        public_url: str,
        tries: Tries,
    ) -> None:
        self._catalogue, self._sessions, self._access, self._door = catalogue, sessions, access, door
        self._passwords, self._mail, self._public_url = passwords, mail, public_url
        self._tries = tries
        self._asked: Queue[str] = Queue(WAITING)
        self._letters = Buckets(1 / LETTER_EVERY_S, LETTERS_AT_ONCE)  # to one address, whoever asks for them

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route("/api/auth/change-password", http_method="POST", status_code=200)(self.change),
            route("/api/auth/forgot-password", http_method="POST", status_code=200)(self.forgot),
            route("/api/auth/reset-password", http_method="POST", status_code=200)(self.reset),
        ]

    async def change(self, request: AnyRequest) -> Answer:
        """A new password for who knows the old one; every other session ends."""
        viewer = self._door.admit_person(request, f"{PLUGIN}.auth.changePassword")
        body = await read_strings(request, ("currentPassword", "password", "passwordConfirmation"))
        self._tries.from_address(request)
        self._tries.of(request, str(viewer.user))
        user = await self._catalogue.get("users", str(viewer.user), Query(fields=ACCOUNT))
        if user is None:
            raise ApiError(401)
        if not await self._passwords.matches(user["password_hash"], body["currentPassword"]):
            raise ApiError(400, "The provided current password is invalid")
        if body["password"] == body["currentPassword"]:
            raise ApiError(400, "Your new password must be different than your current password")
        return await self._set(request, user, body)

    async def forgot(self, request: AnyRequest) -> Answer:
        """A letter to the account's address; the answer is the same, at once, whether there is an account or not."""
        self._door.admit_anyone(f"{PLUGIN}.auth.forgotPassword")
        email = (await read_strings(request, ("email",)))["email"].lower()
        self._tries.from_address(request)
        self._tries.of(request, email)
        if wait := self._letters.take(email, time.monotonic()):
            raise rate_limited(wait)
        try:
            self._asked.put_nowait(email)
        except QueueFull:
            raise ApiError(503, headers={"Retry-After": "60"}) from None
        return answer({"ok": True})

    async def reset(self, request: AnyRequest) -> Answer:
        """A new password for who has the code of the letter; every session ends, and a new one begins."""
        self._door.admit_anyone(f"{PLUGIN}.auth.resetPassword")
        body = await read_strings(request, ("code", "password", "passwordConfirmation"))
        self._tries.from_address(request)
        wanted = Query(Condition(("reset_hash",), "$eq", hash_token(body["code"])), limit=1, fields=ACCOUNT)
        rows, _ = await self._catalogue.find("users", wanted)
        if not rows or rows[0]["reset_until"] <= now_ms():
            raise ApiError(400, "Incorrect code provided")
        if rows[0]["blocked"]:
            raise ApiError(400, "Your account has been blocked by an administrator", "ApplicationError")
        return await self._set(request, rows[0], body)

    async def _set(self, request: AnyRequest, user: Row, body: dict[str, str]) -> Answer:
        faults: Faults = password_faults(body["password"])
        if body["password"] != body["passwordConfirmation"]:
            faults.append(fault("passwordConfirmation", "Passwords do not match"))
        if faults:
            raise invalid(faults)
        hashed, now = await self._passwords.hash(body["password"]), now_ms()
        values = {"password_hash": hashed, "reset_hash": None, "reset_until": None, "signed_out_at": now}
        changed = await self._catalogue.update("users", user["documentId"], values, user["updatedAt"])
        if changed is None:
            raise ApiError(409, "The account was changed at the same time: try again")
        await drop_rows(self._catalogue, "api_tokens", user["documentId"])
        await self._access.refresh()
        await asyncio.sleep(0.002)  # what is issued in that same millisecond is refused
        return signed_in(changed, await self._sessions.open(changed, time.time(), request))

    async def run(self) -> None:
        """Until cancelled: write and send the letters that were asked for, a few at once."""
        async with asyncio.TaskGroup() as workers:
            for _ in range(WORKERS):
                workers.create_task(self._work())

    async def _work(self) -> None:
        while True:
            email = await self._asked.get()
            try:
                await self._write(email)
            except (CatalogueBroken, MailBroken) as error:
                _log.error("letter_not_sent", error=str(error))
            except Exception:  # noqa: BLE001  # one letter must not end the sale
                _log.exception("letter_failed")

    async def _write(self, email: str) -> None:
        user = await account_of(self._catalogue, email) if "@" in email else None
        if user is None or user["email"] != email or user["blocked"]:
            return
        code = secrets.token_urlsafe(32)
        values = {"reset_hash": hash_token(code), "reset_until": now_ms() + CODE_TTL_MS}
        await self._catalogue.update("users", user["documentId"], values)
        text = _TEXT.format(username=user["username"], link=f"{self._public_url}/reset-password?code={code}")
        for left in reversed(range(TRIES)):
            try:
                await self._mail.send(Letter(user["email"], _SUBJECT, text))
            except MailBroken:
                if not left:
                    raise
                await asyncio.sleep(RETRY_S)
            else:
                return
