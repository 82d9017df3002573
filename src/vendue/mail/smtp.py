"""Letters by a server that speaks SMTP."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib

from vendue.mail.port import Letter, MailBroken

TIMEOUT_S = 20


class SmtpMail:
    """`url`: smtp://[user:password@]host[:port], with STARTTLS where the server offers it, or smtps://… all in TLS.

    With a password it insists on TLS. `sender` is who the letters are from.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._tls = parts.scheme == "smtps"
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Done when the server took it. Raises MailBroken."""
        try:
            await aiosmtplib.send(
                self._written(letter),
                recipients=[letter.to],  # and nobody whom a header could name
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                start_tls=True if self._password and not self._tls else None,
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError, TypeError, LookupError) as error:
            # What the server says may repeat the address, so only the kind of fault is told.
            place = f"{self._host}:{self._port or 'the usual port'}"
            raise MailBroken(f"The mail server at {place} did not take a letter ({type(error).__name__}).") from error

    def _written(self, letter: Letter) -> EmailMessage:
        """Raises ValueError where an address or a subject has more than one line."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, Address(addr_spec=letter.to), letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self._sender.rpartition("@")[2])
        message.set_content(letter.text)
        return message
