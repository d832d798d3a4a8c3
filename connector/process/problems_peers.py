"""What can be wrong with the answer of a peer, whatever was asked."""

from __future__ import annotations

from typing import Final

from crypto.problem import Problem
from crypto.words import Words

DELIVERY_ANSWERED: Final = Problem(
    "peer-refused",
    Words("供方对交付答复 {status}", "the provider answered {status} to a delivery"),
)
