"""The auction rules: pure functions over plain structures. No I/O, clock, randomness, logging or framework."""
