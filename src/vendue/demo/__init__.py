"""A sale that bids on itself."""

from vendue.demo.sale import run_demo

__all__ = ["run_demo"]
