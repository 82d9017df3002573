"""The engine: log → rules → events, board, checkpoints."""

from vendue.engine.engine import Engine

__all__ = ["Engine"]
