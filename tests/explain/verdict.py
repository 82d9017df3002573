"""What the checker says of one auction."""

from typing import NamedTuple


class Verdict(NamedTuple):
    """`holds`: True where an order explains everything, False where none does, None where that is undecided.

    Where none does, `first` and `second` are the observations that contradict each other, with the rules or without.
    `order` says what each event was, from the first.
    """

    auction: str
    holds: bool | None
    seq: int = 0
    why: str = ""
    first: str = ""
    second: str = ""
    order: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.holds:
            return f"{self.auction}: explained, {len(self.order)} events"
        lines = [f"{self.auction} at seq {self.seq}: {self.why}"]
        lines += [f"  {observation}" for observation in (self.first, self.second) if observation]
        return "\n".join(lines)
