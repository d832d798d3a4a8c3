"""One reader and writer of frozen records; `record_schema` says the same as a JSON Schema.

A record is a frozen dataclass. Its annotations say what each field may be; reading is strict: each
field has its type and bounds, what is not known is refused by name, nothing is converted. Names in
JSON are those of the fields in camelCase. An error names the field by its JSON pointer (RFC 6901),
what was expected and what came.
"""

from __future__ import annotations

from crypto.record_kinds import IRI, MAX_INTEGER, MAX_TEXT, As, More, Name, Range, Size, Text
from crypto.record_readers import read, value_of
from crypto.record_writing import write

__all__ = [
    "IRI",
    "MAX_INTEGER",
    "MAX_TEXT",
    "As",
    "More",
    "Name",
    "Range",
    "Size",
    "Text",
    "read",
    "value_of",
    "write",
]
