"""Disclosure control: tables that stay safe whatever is asked of them, and by however many.

`rules` says when one cell may be shown, `partition` merges the cells that may not into safe cells,
`table` holds the result, `answer` reads it, `versions` renews it when the data changes, `codec`
makes it bytes, `margins` tells which questions it can answer. Rows never come here: callers give
figures per contributor, and only for the cells that need merging.
"""

from crypto.disclosure.answer import Block, GroupAnswer, answer, indicate
from crypto.disclosure.codec import decode, encode
from crypto.disclosure.margins import Margin, margins
from crypto.disclosure.partition import Partition, SafeClass, partition
from crypto.disclosure.rules import CellStatistics, Rules, statistics, violations
from crypto.disclosure.standing import Older
from crypto.disclosure.table import CellKey, ProtectedTable, SafeCell
from crypto.disclosure.versions import Renewal, first_version, renew

__all__ = [
    "Block",
    "CellKey",
    "CellStatistics",
    "GroupAnswer",
    "Margin",
    "Older",
    "Partition",
    "ProtectedTable",
    "Renewal",
    "Rules",
    "SafeCell",
    "SafeClass",
    "answer",
    "decode",
    "encode",
    "first_version",
    "indicate",
    "margins",
    "partition",
    "renew",
    "statistics",
    "violations",
]
