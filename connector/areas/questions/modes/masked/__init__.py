"""Masked: one provider answers in the clear from cells that each stand for enough contributors."""

from __future__ import annotations

from typing import Final

from connector.areas.questions.answers import masked_cells
from connector.areas.questions.one_provider import OneProvider
from policies.modes import MASKED_MODE

MODE: Final = OneProvider(terms=MASKED_MODE, cells=masked_cells)
