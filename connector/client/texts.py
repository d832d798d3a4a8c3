"""Texts of others, shown: without what would steer a terminal or turn what follows."""

from __future__ import annotations


def plain(text: str, *, most: int = 0) -> str:
    """Replace what is not printable; cut what is longer than ``most``, if that is given."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return shown[: most - 1] + "…" if 0 < most < len(shown) else shown
