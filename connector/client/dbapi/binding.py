"""Parameters as literals of the question language: nothing in one can become anything else."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral
from typing import TYPE_CHECKING, Final

from connector.client.dbapi import problems
from connector.client.dbapi.errors import DataError, NotSupportedError, ProgrammingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.words import Language

# a text, a quoted name, a comment, a mark; an open quote takes the rest
_PIECE: Final = re.compile(r"""'(?:[^']|'')*(?:'|\Z)|"(?:[^"]|"")*(?:"|\Z)|--|/\*|\?""")


def bound(sql: str, parameters: Sequence[object], language: Language) -> str:
    """Put parameters in the places of `?`.

    A mark within quotes is none. Comments are refused: the question language has none, and what
    stands in one could end with it. A mark that touches a name, a number or a text is refused: with
    it, a literal would be read as one.

    Raises:
        ProgrammingError: more or fewer marks than parameters, or a mark that does not stand alone.
        NotSupportedError: a comment.
        DataError: a parameter that cannot be written as a literal.
    """
    if not isinstance(parameters, list | tuple):
        raise ProgrammingError(problems.NO_SEQUENCE).speaking(language)
    marks = 0

    def written(found: re.Match[str]) -> str:
        nonlocal marks
        piece = found[0]
        if piece in {"--", "/*"}:
            raise NotSupportedError(problems.COMMENT).speaking(language)
        if piece != "?":
            return piece
        marks += 1
        if marks > len(parameters):
            return piece
        return _placed(found, literal(parameters[marks - 1], marks, language), marks, language)

    text = _PIECE.sub(written, sql)
    if marks != len(parameters):
        wrong = ProgrammingError(problems.MARKS, marks=marks, given=len(parameters))
        raise wrong.speaking(language)
    return text


def literal(value: object, place: int, language: Language) -> str:
    """Write a value as a literal.

    Raises:
        DataError: the language has none for it, or only an inexact one.
    """
    if isinstance(value, str) and not any(map(_odd, value)):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"'{value.isoformat()}'"
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if not isinstance(value, bool) and isinstance(value, Integral):
        return str(int(value))
    kind = type(value).__name__
    raise DataError(problems.PARAMETER, place=place, kind=kind).speaking(language)


def _placed(mark: re.Match[str], text: str, place: int, language: Language) -> str:
    """Give a literal that stays one where its mark stands."""
    sql, begin, end = mark.string, mark.start(), mark.end()
    if _holds(sql[begin - 1 : begin]) or _holds(sql[end : end + 1]):
        raise ProgrammingError(problems.MARK_TOUCHES, place=place).speaking(language)
    while begin and sql[begin - 1].isspace():
        begin -= 1
    before = sql[begin - 1 : begin]
    if before == ".":  # a point is read as part of a number also over a blank
        raise ProgrammingError(problems.MARK_TOUCHES, place=place).speaking(language)
    if before == "-" and text.startswith("-"):
        raise ProgrammingError(problems.MINUS_TWICE, place=place, value=text).speaking(language)
    return text


def _holds(neighbour: str) -> bool:
    """Say whether a character beside a mark would hold on to its literal."""
    return bool(neighbour) and (neighbour.isalnum() or neighbour in "_.?'\"`")


def _odd(character: str) -> bool:
    """Say whether a character is invisible, breaks a line or only looks like a space."""
    category = unicodedata.category(character)
    return category[0] == "C" or (category[0] == "Z" and character != " ")
