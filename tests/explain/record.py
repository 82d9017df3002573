"""What clients saw: observations, only ever more of them, also as JSON lines. Times `at`: one monotonic clock, ns."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.json import Decoder, Encoder

Body = dict[str, Any]
"""A standing as it was shown; whoever shows only a part of one leaves names out."""


class Terms(Struct, tag="terms", frozen=True, omit_defaults=True):
    """An auction's published terms, as rules.md names them; `reserve` says whether clients know it."""

    auction: str
    format: str
    currency: str
    starting_price: int
    starts_at: int
    ends_at: int
    reserve: Literal["none", "hidden"] | int = "none"
    buy_now_price: int | None = None
    proxy: bool = True
    increments: str | tuple[tuple[int, int], ...] = "cars"
    soft_close: Body | None = None
    max_jump_percent: int | None = None
    decrement: int = 1
    decrement_every_ms: int = 1000
    floor_price: int = 1
    sale_terms: str = "pure"
    approval_ms: int = 2 * 24 * 3600 * 1000


class Sent(Struct, tag="sent", frozen=True, omit_defaults=True):
    """A request; `number` names it. Without a key the server makes one."""

    number: int
    at: int
    bidder: str
    auction: str
    amount: int
    key: str = ""
    kind: str = "bid"
    confirm_jump: bool = False


class Decision(Struct, frozen=True, omit_defaults=True):
    """What was decided: a refusal where there is a code. `seq` is the standing's where the answer names no other."""

    seq: int
    standing: Body
    outcome: str | None = None
    code: str | None = None
    placed_at: int | None = None
    details: Body = {}


class Answered(Struct, tag="answered", frozen=True, omit_defaults=True):
    """The answer to a request: 201 and 409 with a decision; 202 and 0, a lost connection, leave it open.

    Any other status says that the request was never taken. A request may have no answer at all.
    """

    number: int
    at: int
    status: int
    decision: Decision | None = None


class Looked(Struct, tag="looked", frozen=True, omit_defaults=True):
    """A bid's own page, asked for by its bidder: 200 with what it was and the decision, or not there yet."""

    at: int
    bidder: str
    auction: str
    key: str
    status: int
    amount: int | None = None
    kind: str = "bid"
    decision: Decision | None = None


class Frame(Struct, tag="frame", frozen=True, omit_defaults=True):
    """A standing that came on a socket; `now` is the server's time in it, in epoch ms."""

    at: int
    socket: str
    standing: Body
    now: int | None = None


class You(Struct, tag="you", frozen=True, omit_defaults=True):
    """A bidder was told on a socket where he stands: the frame's `you`."""

    at: int
    socket: str
    bidder: str
    you: Body


class Page(Struct, tag="page", frozen=True, omit_defaults=True):
    """An auction as REST shows it."""

    at: int
    standing: Body


class Row(Struct, frozen=True, omit_defaults=True):
    """A bid in the public history."""

    seq: int
    alias: str | None
    status: str = "accepted"
    outcome: str | None = None
    amount: int | None = None
    placed_at: int | None = None


class Bids(Struct, tag="bids", frozen=True, omit_defaults=True):
    """The public history of an auction, whole up to `seq`; `price` as its page showed it then."""

    at: int
    auction: str
    seq: int
    rows: list[Row]
    price: int | None = None


Observation = Terms | Sent | Answered | Looked | Frame | You | Page | Bids
_Seen = TypeVar("_Seen", bound=Observation)
_encoder = Encoder()
_decoder: Decoder[Observation] = Decoder(Observation)


class Record:
    """Observations in the order in which they were noted, which need not be that of their clock."""

    def __init__(self, observations: Iterable[Observation] = ()) -> None:
        self.observations = list(observations)
        self._numbers = sum(type(each) is Sent for each in self.observations)

    def note(self, observation: Observation) -> None:
        """One more."""
        self.observations.append(observation)

    def sent(self, at: int, bidder: str, auction: str, amount: int, **more: Any) -> int:
        """A request goes out; returns the number to answer it by."""
        self._numbers += 1
        self.note(Sent(self._numbers, at, bidder, auction, amount, **more))
        return self._numbers

    def all(self, kind: type[_Seen]) -> Iterator[_Seen]:
        """Those of one kind."""
        return (each for each in self.observations if isinstance(each, kind))

    def save(self, path: Path) -> None:
        """As JSON lines."""
        path.write_bytes(b"".join(_encoder.encode(each) + b"\n" for each in self.observations))

    @classmethod
    def load(cls, path: Path) -> "Record":
        """What save wrote."""
        return cls(_decoder.decode(line) for line in path.read_bytes().splitlines())


def text(observation: Struct) -> str:
    """For people: the observation as it stands in the file."""
    return _encoder.encode(observation).decode()
