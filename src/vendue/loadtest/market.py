"""What everyone in a load test saw of the lots: the newest standings, and whatever does not fit together."""

from typing import Any

from vendue.loadtest.measures import Measures

Standing = dict[str, Any]
PUBLIC = ("status", "price", "minimum_next", "bids", "leader", "reserve_met", "ends_at", "closed_at", "hammer_price")
OPEN = ("scheduled", "live")
MOST_FAULTS = 1_000


def public(standing: Standing) -> tuple[Any, ...]:
    """What is the same for everyone, at one seq."""
    return tuple(standing[name] for name in PUBLIC)


class Market:
    """`live`: the lots to bid on, another list after each change. Times are in ms of the server's clock."""

    def __init__(self, measures: Measures) -> None:
        self.standings: dict[str, Standing] = {}
        self.live: list[str] = []
        self.seen: dict[str, dict[int, tuple[Any, ...]]] = {}
        """Lot -> seq -> the standing that someone was shown, or told with an accepted bid: what all should be shown."""
        self.refused: dict[str, dict[int, tuple[Any, ...]]] = {}
        """The same of refusals, which are events too and change nothing that is shown."""
        self.faults: list[str] = []
        self.closed: dict[str, int] = {}
        """Lot -> its end, of those that were seen to close."""
        self._measures = measures
        self._placed: dict[tuple[str, int], int] = {}
        self._waiting: dict[tuple[str, int], list[tuple[float, float]]] = {}

    def add(self, lot: str) -> None:
        """One to bid on."""
        self.seen[lot], self.refused[lot] = {}, {}
        self.live = [*self.live, lot]

    def fault(self, said: str) -> None:
        """Something that must not be."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(said)

    def note(self, standing: Standing, *, refused: bool = False) -> None:
        """Somebody was shown this, or told it with an answer, be it that his bid was refused."""
        lot, seq = standing["auction"], standing["seq"]
        seen = (self.refused if refused else self.seen).get(lot)
        if seen is None:
            return
        shown = public(standing)
        if seen.setdefault(seq, shown) != shown:
            both = {name: pair for name, *pair in zip(PUBLIC, seen[seq], shown, strict=True) if pair[0] != pair[1]}
            self.fault(f"auction {lot}, seq {seq}: two standings that differ in {both}")
        before = self.standings.get(lot)
        if before is not None and before["seq"] >= seq:
            return
        self.standings[lot] = standing
        if standing["status"] not in OPEN and lot in self.live:
            self.live = [each for each in self.live if each != lot]

    def pushed(self, standing: Standing, now_ms: int, at_s: float, here_ms: float) -> None:
        """A watcher got it in a frame of `now_ms`; `at_s` after the start, when the server's clock said `here_ms`."""
        lot, key = standing["auction"], (standing["auction"], standing["seq"])
        closed_at = standing["closed_at"]
        if closed_at is not None and lot in self.seen:
            if lot not in self.closed:
                self.closed[lot] = closed_at
                self._measures.closing.add(at_s, now_ms - closed_at)
            self._measures.fan_out.add(at_s, here_ms - closed_at)
        elif key in self._placed:
            self._measures.fan_out.add(at_s, here_ms - self._placed[key])
        elif lot in self.seen:
            self._waiting.setdefault(key, []).append((at_s, here_ms))

    def placed(self, lot: str, seq: int, at_ms: int) -> None:
        """The log gave the bid that is this event of the lot its time."""
        self._placed[lot, seq] = at_ms
        for at_s, here_ms in self._waiting.pop((lot, seq), ()):
            self._measures.fan_out.add(at_s, here_ms - at_ms)
