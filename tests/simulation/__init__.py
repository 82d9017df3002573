"""Log, engine, board and desks in one thread under a seeded scheduler that kills, restarts, delays and repeats.

`python -m tests.simulation --seeds 2000` looks for a seed that breaks what must hold, `--seed S --trace` shows one,
`--mutations` breaks the code on purpose and tells how soon that is found.
"""
