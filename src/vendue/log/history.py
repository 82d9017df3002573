"""All that a log holds of one auction, by way of the port."""

from collections.abc import Sequence
from contextlib import aclosing

from vendue.log.partition import partition_of
from vendue.log.port import Log, Record, Topic


async def records_of(log: Log, topic: Topic, auction: str) -> list[Record]:
    """Its records up to now; the whole of its partition is read for them."""
    partition = partition_of(auction)
    end, found = (await log.ends(topic))[partition], list[Record]()
    if end:
        async with aclosing(log.read(topic, {partition: 0})) as batches:
            async for records in batches:
                found += [record for record in records if record.key == auction and record.offset < end]
                if records[-1].offset + 1 >= end:
                    break
    return found


def each_once(events: Sequence[Record]) -> list[Record]:
    """In order, without the repeats, byte for byte, that whoever took over wrote again."""
    return sorted({event.value: event for event in reversed(events)}.values())
