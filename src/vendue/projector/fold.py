"""What a batch of events changes in the catalogue."""

from collections.abc import Mapping

from msgspec import Struct, ValidationError, to_builtins

from vendue.catalogue.models import TERMS
from vendue.catalogue.port import Projected, Row
from vendue.log.port import LogBroken, Record
from vendue.rules.events import Amended, Cancelled, Countered, Event, Hidden, Listed, Placed, Refused, Retracted
from vendue.rules.evidence import read


class _Changed(Struct):
    """What a batch changes of an auction: its last event that is no refusal, and the last that told terms."""

    seq: int = 0
    last: Event | None = None
    terms: Event | None = None

    def values(self) -> Row:
        terms = _terms_values(self.terms) if self.terms else {}
        return terms | _standing_values(self.last) if self.last else terms


class Fold:
    """What a batch of events changes.

    `known`: auction -> the seq of its last projected event; `places`: partition -> the offset to go on from.
    """

    def __init__(self, known: dict[str, int], places: Mapping[int, int]) -> None:
        self.known, self._places = known, places
        self.auctions: dict[str, _Changed] = {}
        self.bids: list[Row] = []
        self.events: list[Row] = []
        self.voids: list[tuple[str, str, int]] = []
        self.moots: list[tuple[str, int, tuple[int, ...]]] = []
        self.offsets: dict[int, tuple[int, int]] = {}
        self.sold: dict[str, str] = {}
        self.bidders: dict[tuple[str, str], str] = {}

    def add(self, record: Record) -> None:
        """Take the next record of its partition in; a repeated event changes nothing. Raises LogBroken at a gap."""
        try:
            event = read(record.value)
        except ValidationError as error:
            raise LogBroken(_fault(record, f"it is no event ({error})")) from error
        self.offsets[record.partition] = self._places.get(record.partition, 0), record.offset + 1
        body = event.body
        auction, seq, known = body.auction, body.seq, self.known.get(body.auction, 0)
        if seq <= known:
            return
        if seq != known + 1:
            raise LogBroken(_fault(record, f"event {seq} of auction {auction} follows event {known}"))
        changed = self.auctions.setdefault(auction, _Changed())
        changed.seq = self.known[auction] = seq
        if type(body) is not Refused:
            changed.last = event
            if type(body) is Listed or type(body) is Amended:
                changed.terms = event
            if body.standing.status == "sold" and body.standing.leader is not None:
                self.sold[auction] = body.standing.leader
        self.events.append(_event_row(event))
        self._add_bids(event)

    def _add_bids(self, event: Event) -> None:
        body, hidden = event.body, event.hidden
        if type(body) is Placed:
            assert hidden is not None, "a bid has a hidden part"
            self.bidders[body.auction, body.alias] = hidden.by
            row = _bid_row(event, hidden, "accepted", body.kind)
            row["alias"], row["outcome"] = body.alias, body.outcome
            self.bids.append(row)
        elif type(body) is Refused:
            assert hidden is not None, "a refusal has a hidden part"
            if hidden.amount is not None and hidden.code != "key_reused":  # which has the id of the first answer
                row = _bid_row(event, hidden, "refused", hidden.what.partition(":")[0])
                row["code"], row["details"] = hidden.code, hidden.details or {}
                self.bids.append(row)
        elif type(body) is Retracted:
            assert hidden is not None and hidden.bidder is not None, "a retraction names the bidder"
            self.voids.append((body.auction, hidden.bidder, body.seq))
            self.moots.append((body.auction, body.seq, body.moot))

    def projected(self, winners: dict[str, str]) -> Projected:
        """The whole, with the winners' ids of the auctions that were sold."""
        auctions = {id: (changed.seq, changed.values()) for id, changed in self.auctions.items()}
        for id, winner in winners.items():
            auctions[id][1]["winner"] = winner
        return Projected(auctions, self.bids, self.voids, self.moots, self.offsets, self.events)


def _terms_values(event: Event) -> Row:
    """What a listing or an amendment makes of its auction's row, beside the standing."""
    body, hidden = event.body, event.hidden
    assert isinstance(body, Listed | Amended) and hidden is not None, "terms have a hidden part"
    terms = to_builtins(body.terms) | {"reserve_price": hidden.reserve_price}
    return {field.name: terms[field.name] for field in TERMS}


def _standing_values(event: Event) -> Row:
    """What any event that is no refusal makes of its auction's row."""
    hidden, standing = event.hidden, event.body.standing
    return {
        "status": standing.status,
        "price": standing.price,
        "minimum_next": standing.minimum_next,
        "bids_count": standing.bids,
        "leader": standing.leader,
        "reserve_met": standing.reserve_met,
        "hammer_price": standing.hammer_price,
        "closed_at": standing.closed_at,
        "starts_at": standing.starts_at,
        "ends_at": standing.ends_at,
        "approval_until": standing.approval_until,
        "cancel_reason": event.body.reason if type(event.body) is Cancelled else None,
        "offer": hidden.amount if hidden is not None and type(event.body) is Countered else None,
    }


def _event_row(event: Event) -> Row:
    body, by = event.body, event.hidden.by if event.hidden else None
    placed = {"documentId": event.hash, "auction": body.auction, "seq": body.seq}
    return {**placed, "by": by, "value": event.value.decode()}


def _bid_row(event: Event, hidden: Hidden, status: str, kind: str) -> Row:
    body = event.body
    return {
        "documentId": hidden.command,
        "auction": body.auction,
        "bidder": hidden.by,
        "maximum": hidden.amount,
        "kind": kind,
        "status": status,
        "standing": body.standing,
        "seq": body.seq,
        "placed_at": body.at,
    }


def _fault(record: Record, what: str) -> str:
    place = f"offset {record.offset} of partition {record.partition} of auction-events"
    return f"The log is not whole at {place}: {what}. Restore the log from its latest backup or copy."
