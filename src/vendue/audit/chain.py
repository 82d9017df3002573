"""Whether events are a chain, and one that a sale could be: what anyone can see without the hidden parts."""

from typing import Any

from vendue.audit.parts import Event, Wrong, commitment_of, name_of
from vendue.chain import GENESIS, digest

SECRET = ("hash", "hidden", "salt")
_OPEN = ("scheduled", "live")
_AT: dict[str, tuple[str | None, ...]] = {
    "listed": (None,),
    "amended": ("scheduled",),
    "opened": ("scheduled",),
    "bid": ("live",),
    "extended": _OPEN,
    "cancelled": _OPEN,
    "retracted": _OPEN,
    "closed": ("live",),
    "approved": ("pending_approval",),
    "declined": ("pending_approval",),
    "countered": ("pending_approval",),
    "offer_accepted": ("countered",),
    "offer_declined": ("countered",),
    "lapsed": ("pending_approval", "countered"),
}
"""Type -> the statuses in which it may happen; a refusal may in any."""

_DUE = {"opened": "starts_at", "closed": "ends_at", "lapsed": "approval_until"}
"""Type -> where the standing said when the clock would bring it."""


def check_chain(auction: str, events: list[Event]) -> None:
    """Raises Wrong, which names the first event that does not hold."""
    previous, standing = GENESIS, dict[str, Any]()
    for number, event in enumerate(events, 1):
        _check_link(number, event, auction, previous)
        _check_moment(number, event, standing)
        previous, standing = event["hash"], event["standing"]


def _check_link(number: int, event: Event, auction: str, previous: str) -> None:
    name = name_of(number, event)
    public = {key: value for key, value in event.items() if key not in SECRET}
    if event.get("auction") != auction:
        raise Wrong(f"{name} is of another auction, {event.get('auction')}")
    if event.get("seq") != number:
        raise Wrong(f"{name} has seq {event.get('seq')}: an event is missing, doubled or out of place")
    if event.get("prev") != previous:
        raise Wrong(f"{name} does not follow the event before it: its `prev` is not that one's hash")
    if event.get("hash") != digest(public):
        raise Wrong(f"{name} was changed: its hash is not that of its public part")
    if "hidden" in event and event.get("commitment") != commitment_of(event["hidden"], event.get("salt", "")):
        raise Wrong(f"{name} was changed: its commitment is not that of its hidden part")


def _check_moment(number: int, event: Event, before: dict[str, Any]) -> None:
    """Against the standing before it, which its own hash covers: a chain that was made anew as a whole has that too."""
    name, status, kind = name_of(number, event), before.get("status"), event.get("type")
    standing = event.get("standing")
    if not isinstance(standing, dict) or standing.get("seq") != number:
        raise Wrong(f"{name} has no standing of its own")
    if kind != "refused" and status not in _AT.get(str(kind), ()):
        raise Wrong(f"{name} cannot be: the sale was {status or 'not listed'} then")
    at, opens, ends = event.get("at"), before.get("starts_at"), before.get("ends_at")
    times = [each for each in (opens, at, ends) if isinstance(each, int)]
    if kind == "bid" and not (len(times) == 3 and times[0] <= times[1] < times[2]):
        raise Wrong(f"{name} is of {at}, and bids were taken from {opens} to {ends}")
    if kind in _DUE and at != before.get(_DUE[kind]):
        raise Wrong(f"{name} is of {at}, and was due at {before.get(_DUE[kind])}")
    if kind == "refused" and before and _terms(standing) != _terms(before):
        raise Wrong(f"{name} changes the standing, and a refusal changes nothing")


def _terms(standing: dict[str, Any]) -> dict[str, Any]:
    """But for what time alone changes, where a price falls by the clock."""
    moving = {"seq"} if standing.get("clock") is None else {"seq", "price", "minimum_next"}
    return {name: value for name, value in standing.items() if name not in moving}
