"""Disclosure control: tables that stay safe whatever is asked of them, and by however many.

Second edition: `making` makes a table of what an owner declares, `renewing` its later versions,
`published` is what a product answers from, `groups` reads it, `guarded_codec` makes it bytes,
`shares` tells which questions it can answer.

Of the first edition, to make its tables anew: `table` holds one, `codec` reads its bytes.
Rows never come here: callers give figures per contributor.
"""

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
from crypto.disclosure.migrating import migrate_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import Rules
from crypto.disclosure.shares import Margin
from crypto.disclosure.statuses import Output, OutputAnswer
from crypto.disclosure.table import CellKey, ProtectedTable, SafeCell

__all__ = [
    "CellKey",
    "DataVersion",
    "Declaration",
    "DeclaredMeasure",
    "GuardedTable",
    "Made",
    "Margin",
    "Output",
    "OutputAnswer",
    "Part",
    "ProtectedTable",
    "Protection",
    "PublishedTable",
    "Refused",
    "Rules",
    "SafeCell",
    "answer_groups",
    "decode",
    "decode_published",
    "digest_published",
    "encode",
    "encode_published",
    "is_published",
    "make_table",
    "migrate_table",
    "renew_table",
]
