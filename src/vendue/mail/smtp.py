"""Letters by a server that speaks SMTP."""

import time
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from vendue.mail.port import Letter, MailBroken

TIMEOUT_S = 20
LOOK_EVERY_S = 30.0
"""How long an answer to `ping` is good: others' mail servers count who connects."""


class SmtpMail:
    """`url`: smtp://[user:password@]host[:port], with STARTTLS where the server offers it, or smtps://… all in TLS.

    With a password it insists on TLS. `sender` is who the letters are from.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        host, tls = parts.hostname or "localhost", parts.scheme == "smtps"
        password = unquote(parts.password) if parts.password else None
        self._name = f"The mail server at {host}:{parts.port or 'the usual port'}"
        self._entry: dict[str, Any] = {
            "hostname": host,
            "port": parts.port,
            "username": unquote(parts.username) if parts.username else None,
            "password": password,
            "use_tls": tls,
            "start_tls": True if password and not tls else None,
            "timeout": TIMEOUT_S,
        }
        self._sender = sender
        self._looked_at, self._fault = float("-inf"), ""

    async def send(self, letter: Letter) -> None:
        """Done when the server took it. Raises MailBroken."""
        try:
            await aiosmtplib.send(
                self._written(letter),
                recipients=[letter.to],  # and nobody whom a header could name
                **self._entry,
            )
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError, TypeError, LookupError) as error:
            # What the server says may repeat the address, so only the kind of fault is told.
            raise MailBroken(f"{self._name} did not take a letter ({type(error).__name__}).") from error

    async def ping(self) -> None:
        """Connect, and sign in where there is a password, at most every LOOK_EVERY_S. Raises MailBroken."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at, self._fault = now, f"{self._name} does not answer."  # should nobody wait for it
            try:
                async with aiosmtplib.SMTP(**self._entry):
                    self._fault = ""
            except (aiosmtplib.SMTPException, OSError) as error:
                self._fault = f"{self._name} lets nobody in ({type(error).__name__})."
        if self._fault:
            raise MailBroken(self._fault)

    def _written(self, letter: Letter) -> EmailMessage:
        """Raises ValueError where an address or a subject has more than one line."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, Address(addr_spec=letter.to), letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self._sender.rpartition("@")[2])
        message.set_content(letter.text)
        return message
