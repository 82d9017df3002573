"""What every way of sending letters must do."""

import asyncio
from collections.abc import Iterator
from email import message_from_bytes, policy
from socket import create_server
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers.port import free_port
from vendue.mail.port import Letter, Mail, MailBroken
from vendue.mail.printed import PrintedMail
from vendue.mail.smtp import SmtpMail

LETTER = Letter(
    "ann@example.com", "Grüße", "A link:\n\n  http://localhost/x?code=abc\n\nÄÖÜ\n.\n.. a dot\n" + "x" * 2000 + "\n"
)


class Postbox:
    """An SMTP server's memory."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_RCPT(  # noqa: N802  # the server's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address == "full@example.com":
            return "552 mailbox of full@example.com is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the server's name for it
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.taken.append((envelope, message_from_bytes(envelope.content, policy=policy.default), session))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    """A real SMTP server on this machine, and its address."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.mark.parametrize("kind", ["printed", "smtp"])
async def test_a_letter_arrives_as_it_was_written(kind: str, postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    lines: list[str] = []
    mail: Mail = PrintedMail(lines.append) if kind == "printed" else SmtpMail(url, "sale@example.com")
    await mail.send(LETTER)
    if kind == "printed":
        assert LETTER.to in lines[0] and LETTER.subject in lines[0] and LETTER.text in lines[0]
        return
    [(envelope, message, _)] = box.taken
    assert envelope.mail_from == "sale@example.com" and envelope.rcpt_tos == [LETTER.to]
    assert (message["to"], message["subject"]) == (LETTER.to, LETTER.subject)
    assert message["message-id"].endswith("@example.com>") and message["date"]
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


async def test_whether_letters_would_be_taken_is_looked_at_now_and_then(
    postbox: tuple[Postbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = postbox
    await PrintedMail(print).ping()
    port = free_port()
    mail = SmtpMail(f"smtp://127.0.0.1:{port}", "sale@example.com")
    with pytest.raises(MailBroken, match=f"127.0.0.1:{port} lets nobody in"):
        await mail.ping()
    controller = Controller(Postbox(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with pytest.raises(MailBroken):
            await mail.ping()  # as it was a moment ago
        monkeypatch.setattr("vendue.mail.smtp.LOOK_EVERY_S", 0)
        await mail.ping()
    finally:
        controller.stop()
    with pytest.raises(MailBroken):
        await mail.ping()
    signed_in = SmtpMail(url.replace("//", "//user:secret@"), "sale@example.com")
    with pytest.raises(MailBroken) as broken:
        await signed_in.ping()  # there is no TLS, so the password does not go out
    assert "secret" not in str(broken.value)


async def test_a_mail_server_that_is_silent_is_down() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        mail = SmtpMail(f"smtp://127.0.0.1:{silent.getsockname()[1]}", "sale@example.com")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await mail.ping()
        with pytest.raises(MailBroken, match="does not answer"):
            await mail.ping()


async def test_a_server_that_refuses_or_is_away_is_told_without_the_address(postbox: tuple[Postbox, str]) -> None:
    _, url = postbox
    refused = Letter("full@example.com", "s", "t")
    for mail, letter in ((SmtpMail(url, "s@example.com"), refused), (SmtpMail("smtp://127.0.0.1:1", "s@e"), LETTER)):
        with pytest.raises(MailBroken) as broken:
            await mail.send(letter)
        assert "127.0.0.1" in str(broken.value) and letter.to not in str(broken.value)


async def test_no_header_comes_in_by_an_address(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    for address in ("a@example.com\r\nBcc: b@example.com", "a:;b@example.com", '],[?b@_a=;:.,"', "a,b@example.com"):
        with pytest.raises(MailBroken):
            await SmtpMail(url, "s@example.com").send(Letter(address, "s", "t"))
    assert box.taken == []


async def test_a_password_never_goes_out_in_the_clear() -> None:
    """A server that offers signing in but no TLS gets none."""
    seen: list[Any] = []

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        seen.append(data)
        return AuthResult(success=True)

    port = free_port()
    controller = Controller(
        Postbox(), hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    try:
        with pytest.raises(MailBroken):
            await SmtpMail(f"smtp://user:secret@127.0.0.1:{port}", "s@example.com").send(LETTER)
    finally:
        controller.stop()
    assert seen == []
