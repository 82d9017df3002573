"""Paints: a colour as light falls on it."""

from typing import NamedTuple


class Paint(NamedTuple):
    """From what faces the sky to what faces the ground; `gleam` is how strongly it reflects, 0 to 1."""

    light: str
    mid: str
    dark: str
    deep: str
    gleam: float


PAINTS = {
    "black": Paint("#565b66", "#20232a", "#0f1114", "#050607", 0.75),
    "white": Paint("#ffffff", "#eceef0", "#bcc3cc", "#7d8590", 0.8),
    "silver": Paint("#f4f6f8", "#bcc2c9", "#858d97", "#484f58", 0.8),
    "grey": Paint("#a3abb4", "#636b74", "#3b4149", "#1e2227", 0.7),
    "blue": Paint("#6ca6ea", "#1f5bb2", "#113a7c", "#081d44", 0.7),
    "red": Paint("#f5705c", "#c0201f", "#7e1019", "#3e070d", 0.7),
    "green": Paint("#68a583", "#1f5f41", "#113c29", "#071f14", 0.65),
    "orange": Paint("#ffb566", "#e8711a", "#a2480c", "#572305", 0.7),
    "beige": Paint("#f7ecd6", "#d3bf9a", "#988563", "#574a34", 0.7),
}
