"""Disclosure control: tables that stay safe whatever is asked of them, and by however many.

Second edition: `making` makes a table of what an owner declares, `renewing` its later versions,
`published` is what a product answers from, `groups` reads it, `guarded_codec` makes it bytes,
`shares` tells which questions it can answer.

First edition: `rules` says when one cell may be shown, `partition` merges the cells that may not
into safe cells, `table` holds the result, `answer` reads it, `versions` renews it when the data
changes, `codec` makes it bytes, `margins` tells which questions it can answer. Rows never come
here: callers give figures per contributor, and only for the cells that need merging.
"""

from crypto.disclosure.answer import Block, GroupAnswer, answer, indicate
from crypto.disclosure.codec import decode, encode
from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection, Refused
from crypto.disclosure.groups import Part, answer_groups
from crypto.disclosure.guarded_codec import (
    decode_published,
    digest_published,
    encode_published,
    is_published,
)
from crypto.disclosure.guarded_table import DataVersion, GuardedTable, Made
from crypto.disclosure.making import make_table
from crypto.disclosure.margins import margins
from crypto.disclosure.migrating import migrate_table
from crypto.disclosure.partition import Partition, SafeClass, partition
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import CellStatistics, Rules, statistics, violations
from crypto.disclosure.shares import Margin
from crypto.disclosure.standing import Older
from crypto.disclosure.statuses import Output, OutputAnswer
from crypto.disclosure.table import CellKey, ProtectedTable, SafeCell
from crypto.disclosure.versions import Renewal, first_version, renew

__all__ = [
    "Block",
    "CellKey",
    "CellStatistics",
    "DataVersion",
    "Declaration",
    "DeclaredMeasure",
    "GroupAnswer",
    "GuardedTable",
    "Made",
    "Margin",
    "Older",
    "Output",
    "OutputAnswer",
    "Part",
    "Partition",
    "ProtectedTable",
    "Protection",
    "PublishedTable",
    "Refused",
    "Renewal",
    "Rules",
    "SafeCell",
    "SafeClass",
    "answer",
    "answer_groups",
    "decode",
    "decode_published",
    "digest_published",
    "encode",
    "encode_published",
    "first_version",
    "indicate",
    "is_published",
    "make_table",
    "margins",
    "migrate_table",
    "partition",
    "renew",
    "renew_table",
    "statistics",
    "violations",
]
