"""Letters as lines on the terminal: the embedded form, where the operator hands them on himself."""

from collections.abc import Callable

from vendue.mail.port import Letter


class PrintedMail:
    """`say` prints."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    async def send(self, letter: Letter) -> None:
        """Print it."""
        self._say(f"\nmail to {letter.to}: {letter.subject}\n{letter.text}\n")

    async def ping(self) -> None:
        """There is always a terminal."""
