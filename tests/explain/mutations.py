"""Bugs that clients can see, put into a copy of the source: a checker that explains what they then see is none.

Each breaks one promise of the way from a bid to its answer, on the embedded log and board. What holds only on another
log or board is broken there, by one more line here and the tests that run processes on it.
"""

from tests.simulation.mutations import MUTATIONS as OF_THE_SIMULATION
from tests.simulation.mutations import Mutation

MUTATIONS = {
    "answer-before-flush": OF_THE_SIMULATION["answer-before-durable"],
    "offset-first": Mutation(
        "engine/shelf.py",
        "            try:\n                for start in range",
        "            try:\n                await self._save_slice([], offsets)\n                for start in range",
    ),
    "skip-the-seq-check": Mutation(
        "engine/rostrum.py", "if kept is not None and record.offset <= kept.offset:", "if record.offset < 0:"
    ),
    "board-takes-what-is-older": Mutation(
        "board/memory.py", "if before is None or before.seq < update.seq:", "if before is not update:"
    ),
    "board-for-truth": Mutation(
        "api/desk.py",
        "        self.put(command, told)\n        return await waiter",
        "        from vendue.rules.commands import Bid\n"
        "        from vendue.rules.events import Details\n"
        "        from vendue.rules.standing import Standing\n"
        "        known = await self._board.read(command.auction)\n"
        "        if known is not None and type(command) is Bid:\n"
        "            shown = Decoder(Standing).decode(known.standing)\n"
        "            least = shown.minimum_next\n"
        "            if least is not None and command.amount < least:\n"
        "                now, details = self.now_ms(), Details(minimum=least)\n"
        "                return Receipt(\n"
        "                    command.id, command.auction, shown.seq, now, None, 'too_low', details, shown\n"
        "                )\n"
        "        self.put(command, told)\n        return await waiter",
    ),
}
