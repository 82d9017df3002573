"""An auction's state as bytes: a head that is written anew, and its entries, each written once."""

from collections.abc import Mapping

from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from vendue.rules.auction import Auction, Entry

_HEAD = "head"
MOST_ENTRIES = 5_000
"""In one part: logs limit what one record may hold, and an entry takes up to half a kilobyte there."""
_encoder = Encoder()
_head_decoder = Decoder(Auction)
_entries_decoder = Decoder(list[Entry])


def parts_since(auction: Auction, saved_entries: int) -> dict[str, bytes]:
    """The parts to save where the first `saved_entries` entries stand in parts saved before."""
    parts = {_HEAD: _encoder.encode(replace(auction, entries=[], by_command={}))}
    for start in range(saved_entries, len(auction.entries), MOST_ENTRIES):
        parts[f"entries-{start:010}"] = _encoder.encode(auction.entries[start : start + MOST_ENTRIES])
    return parts


def restore(parts: Mapping[str, bytes]) -> Auction:
    """The auction whose parts these all are."""
    auction = _head_decoder.decode(parts[_HEAD])
    for name in sorted(parts):
        if name != _HEAD:
            auction.entries += _entries_decoder.decode(parts[name])
    for entry in auction.entries:
        auction.by_command.setdefault(entry.command, entry)
    return auction
