"""A file that the house gave out -> a verdict: an auditor's export, a public log, or the audit log."""

from collections.abc import Iterable
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, convert
from msgspec.json import decode

from vendue.audit.acts import check_acts, check_acts_end
from vendue.audit.chain import check_chain
from vendue.audit.export import Line, decide_again
from vendue.audit.parts import Event, Wrong, name_of
from vendue.audit.proofs import Proofs, Signed
from vendue.rules.claims import ACTS


class Verdict(Struct, frozen=True):
    """What the audit of one auction found, or of the audit log, whose lines are the `events` of "audit-log".

    `fault` names the first wrong event, None where all holds.
    `winner`: an account's id where commands were decided again, else the public name. `head`: whether a log ends
    as its head says. `receipts`, `openings` and `heads`: how many there were of it, beside the log.
    """

    auction: str
    events: int
    commands: int
    status: str | None
    winner: str | None
    price: int | None
    fault: str | None
    head: bool = False
    receipts: int = 0
    openings: int = 0
    heads: int = 0


class _Auction(Struct):
    """What a file holds of one."""

    commands: list[Line] = []
    events: list[Event] = []
    heads: list[Signed] = []
    public: bool = False


def audit(lines: Iterable[bytes], proofs: Proofs = Proofs()) -> list[Verdict]:  # noqa: B008  # it is frozen
    """A verdict for each auction in the file, and for the audit log. Raises Wrong where it is no such file."""
    auctions: dict[str, _Auction] = {}
    acts: list[dict[str, Any]] = []
    heads: list[Signed] = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            value = decode(text, type=dict[str, Any])
            if "topic" in value:
                line = decode(text, type=Line)
                of = auctions.setdefault(line.key, _Auction())
                if line.topic == "bids":
                    of.commands.append(line)
                else:
                    of.events.append(convert(value["value"], dict[str, Any]))
            elif "head" in value:
                head = convert(value["head"], Signed)
                of_acts = head.auction == ACTS
                (heads if of_acts else auctions.setdefault(head.auction, _Auction()).heads).append(head)
            elif "action" in value:
                acts.append(value)
            else:
                of = auctions.setdefault(convert(value.get("auction"), str), _Auction())
                of.events.append(value)
                of.public = True
        except (DecodeError, ValidationError, UnicodeDecodeError) as error:
            raise Wrong(f"line {number} is no record of an export or a log: {error}") from error
    verdicts = [_judge(id, each, proofs) for id, each in auctions.items()]
    if acts or heads:
        verdicts.append(_judge_acts(acts, heads, proofs))
    if not verdicts:
        raise Wrong("the file holds no records; make one with `vendue export --auction ID`, or with --audit-log")
    return verdicts


def _judge(auction: str, of: _Auction, proofs: Proofs) -> Verdict:
    fault, state, head = None, None, False
    try:
        check_chain(auction, of.events)
        head = _check_head(of, proofs)
        state = decide_again(of.commands, of.events) if of.commands else None
        proofs.check(auction, of.events)
    except Wrong as wrong:
        fault = str(wrong)
    standing = of.events[-1].get("standing") if of.events and not fault else None
    shown = standing if isinstance(standing, dict) else {}
    sold = shown.get("status") == "sold"
    return Verdict(
        auction,
        len(of.events),
        len(of.commands),
        state.status if state else shown.get("status"),
        state.winner if state else shown.get("leader") if sold else None,
        state.hammer_price if state else shown.get("hammer_price"),
        fault,
        head,
        len(proofs.receipts_of(auction)),
        len(proofs.openings_of(auction)),
        len(proofs.heads_of(auction)),
    )


def _judge_acts(acts: list[dict[str, Any]], heads: list[Signed], proofs: Proofs) -> Verdict:
    fault = None
    try:
        check_acts(acts)
        check_acts_end(acts, heads, proofs)
    except Wrong as wrong:
        fault = str(wrong)
    kept = len(proofs.heads_of(ACTS))
    return Verdict(ACTS, len(acts), 0, None, None, None, fault, head=not fault, heads=kept)


def _check_head(of: _Auction, proofs: Proofs) -> bool:
    """Whether there is one. A public log ends with it; an export comes from the house's own disk, and has none."""
    count = len(of.events)
    if not of.heads and of.public:
        raise Wrong(f"event {count + 1} or the head is missing: the end was cut off")
    for head in of.heads:
        proofs.check_signature("head", head)
        if head.seq > count:
            raise Wrong(f"event {count + 1} is missing: the head is of event {head.seq}, so the end was cut off")
        if head.seq < count:
            raise Wrong(f"{name_of(head.seq + 1, of.events[head.seq])} was added after the end: the head is before it")
        if of.events[-1]["hash"] != head.hash:
            raise Wrong(f"{name_of(count, of.events[-1])} is not the one of the head: the log was made anew")
    return bool(of.heads)
