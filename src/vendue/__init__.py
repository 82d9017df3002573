"""Live car auctions."""

__version__ = "0.1.0"
