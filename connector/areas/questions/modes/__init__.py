"""The modes of questions, cheapest first: each a folder, and a line in this list.

A mode that is as large as an area is one: totals over several parties come from `areas.cohort`.
"""

from __future__ import annotations

from typing import Final

from connector.areas.questions.modes import masked

MODES: Final = (masked.MODE,)
