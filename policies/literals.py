"""Literals of constraints: their lexical forms and the values they stand for."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from crypto.errors import MalformedError
from crypto.instants import read_interval
from policies import problems
from policies.profile import MODES, QUERY_MODE, Operand

if TYPE_CHECKING:
    from crypto.words import Spoken

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]+")
_DID: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%\-]+")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?")
_CODE: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")

Interval = tuple[datetime, datetime]


def check_literal(operand: Operand, text: str) -> Spoken | None:
    """Return what is expected where a literal does not fit its operand, else None.

    Args:
        operand: The left operand.
        text: The literal as written.

    Returns:
        None when it fits; else the expected form in words.
    """
    if operand.kind == "number":
        return None if _NUMBER.fullmatch(text) else problems.A_DECIMAL
    if operand.kind == "did":
        return None if _DID.fullmatch(text) else problems.A_DID
    if operand.kind == "iri":
        return None if _IRI.fullmatch(text) else problems.AN_IRI
    if operand.kind == "instant":
        try:
            interval(text)
        except MalformedError:
            return problems.AN_INSTANT
        return None
    if operand.name == QUERY_MODE:
        known = text in MODES or _IRI.fullmatch(text)
        return None if known else problems.MODE_OR_IRI.of(known=MODES)
    return None if _CODE.fullmatch(text) else problems.A_SHORT_TEXT


def number(text: str) -> int | Decimal:
    """Return the value of a decimal literal; whole numbers as int, which compares faster."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value


def interval(text: str) -> Interval:
    """Return the instants a date or dateTime literal stands for: first, and first one after.

    A date is its whole day in its zone, so that ``lteq 2027-12-31Z`` lasts to the end of that day;
    an instant is an interval without length.

    Args:
        text: xsd:date or xsd:dateTime, zone required.

    Returns:
        Start and end in UTC.

    Raises:
        MalformedError: When the text is neither, or lacks its zone.
    """
    return read_interval(text)


def canonical(operand: Operand, text: str) -> str:
    """Return one form for all literals that mean the same value.

    Args:
        operand: The left operand.
        text: A literal that `check_literal` accepts.

    Returns:
        Numbers without needless zeros, instants in UTC, all else unchanged.
    """
    if operand.kind == "number":
        return format(Decimal(text).normalize(), "f")
    if operand.kind == "instant":
        start, end = interval(text)
        return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"
    return text
