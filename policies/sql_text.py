"""The text of a question before it is parsed: size, characters, comments, tokens.

Here stands what a syntax tree no longer shows, or shows without a position: comments, parameters,
foreign punctuation, invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from policies import problems
from policies.errors import QueryError
from policies.phrases import line
from policies.query import Position
from policies.reasons import Reason

if TYPE_CHECKING:
    from sqlglot.tokenizer_core import Token

MAX_CHARACTERS: Final = 8192
MAX_TOKENS: Final = 1500
MAX_DEPTH: Final = 24

_PUNCTUATION: Final = frozenset(
    {"(", ")", ",", ".", "*", "=", "<>", "!=", "<", "<=", ">", ">=", "-", ";"}
)
_ARITHMETIC: Final = frozenset(["+", "/", "%", "||", "::", "^", "&", "|", "<<", ">>"])
_PARAMETERS: Final = frozenset({"PLACEHOLDER", "PARAMETER", "COLON", "SESSION_PARAMETER"})
_LITERALS: Final = frozenset({"STRING", "NUMBER", "IDENTIFIER", "VAR"})
_PLAIN: Final = frozenset({"STRING", "IDENTIFIER", "COMMA", "L_PAREN", "R_PAREN", "AND", "OR"})
_WORD: Final = re.compile(r"[^\W\d]\w*( [^\W\d]\w*)*")  # `GROUP BY` is one token
_DECIMAL: Final = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?|\.[0-9]{1,30}")


def refused(
    code: str, at: Position, *, given: str = "", expected: str = "", nxt: str
) -> QueryError:
    """Return the one error of a question that is not in the language, to be raised.

    Args:
        code: Reason code.
        at: Where in the text.
        given: The offending piece.
        expected: What may stand there.
        nxt: Code of what to do next.

    Returns:
        The error, with its reason.
    """
    shown = given if len(given) <= 80 else given[:77] + "…"
    reason = Reason(
        code=code,
        rule="question",
        clause=str(at),
        expected=expected,
        given=shown,
        cause="malformed",
        next=nxt,
        params={"line": at.line, "column": at.column},
    )
    error = QueryError(
        problems.QUESTION, reasons=(reason,), line=at.line, column=at.column, why=line(reason)
    )
    error.advise(problems.AFTER, after=line(nxt))
    return error


def position(text: str, offset: int) -> Position:
    """Return line and column of a character offset."""
    before = text[:offset]
    return Position(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def tokens(text: str) -> list[Token]:
    """Split a question into tokens, refusing what no question needs.

    Args:
        text: The caller's text.

    Returns:
        The tokens, without a final semicolon.

    Raises:
        QueryError: Too long, invisible characters, comments, parameters, a second statement,
            foreign punctuation or deep nesting.
    """
    check_characters(text)
    found = _tokenize(text)
    if len(found) > 1 and found[-1].token_type.name == "SEMICOLON" and not found[-1].comments:
        found.pop()
    if not found:
        raise refused("question.empty", Position(1, 1), nxt="next.select-only")
    if len(found) > MAX_TOKENS:
        at = position(text, found[MAX_TOKENS].start)
        raise refused("question.too-long", at, expected=f"{MAX_TOKENS} tokens", nxt="next.ask-less")
    depth = 0
    in_a_row = 0
    for before, token in zip([None, *found], found, strict=False):
        if before is not None and token.token_type.name == "L_PAREN" and _odd_word(before):
            at = position(text, before.start)
            raise refused("question.character", at, given=before.text, nxt="next.plain-text")
        depth += (token.token_type.name == "L_PAREN") - (token.token_type.name == "R_PAREN")
        in_a_row = in_a_row + 1 if token.token_type.name in ("NOT", "DASH") else 0
        _check_token(text, token, max(depth, in_a_row))
    return found


def _odd_word(token: Token) -> bool:
    """Says whether a token before a parenthesis only looks like the name of a function."""
    return token.token_type.name == "VAR" and not token.text.isascii()


def _tokenize(text: str) -> list[Token]:
    from sqlglot.errors import TokenError
    from sqlglot.tokens import Tokenizer

    try:
        return Tokenizer().tokenize(text)
    except TokenError:
        # sqlglot's message quotes the text around it without a position of its own
        end = position(text, len(text))
        raise refused(
            "question.unfinished", end, expected="a closing quote", nxt="next.select-only"
        ) from None


def check_characters(text: str) -> None:
    """Refuse a text that is too long, or has a character that no question needs.

    Raises:
        QueryError: With its place.
    """
    if len(text) > MAX_CHARACTERS:
        raise refused(
            "question.too-long",
            position(text, MAX_CHARACTERS),
            expected=f"{MAX_CHARACTERS} characters",
            nxt="next.ask-less",
        )
    if text.isascii() and text.isprintable():
        return
    for offset, character in enumerate(text):
        # control, format (zero width, right to left), surrogate, private, unassigned, line breaks
        # of other scripts; and spaces that only look like one
        category = unicodedata.category(character)
        odd = category[0] == "C" or (category[0] == "Z" and character != " ")
        if odd and character not in "\t\n\r":
            raise refused(
                "question.character",
                position(text, offset),
                given=f"U+{ord(character):04X}",
                nxt="next.plain-text",
            )


def _check_token(text: str, token: Token, depth: int) -> None:
    name = token.token_type.name
    if depth <= MAX_DEPTH and not token.comments and name in _PLAIN:
        return
    at = position(text, token.start)
    if token.comments:
        raise refused("question.comment", at, given=token.text, nxt="next.no-comment")
    if name in _PARAMETERS or (name == "VAR" and token.text.startswith("$")):
        raise refused("question.parameter", at, given=token.text, nxt="next.write-literals")
    if name == "SEMICOLON":
        raise refused("question.statements", at, given=";", nxt="next.one-statement")
    if depth > MAX_DEPTH:
        raise refused("question.deep", at, expected=f"{MAX_DEPTH} levels", nxt="next.ask-less")
    if token.text in _ARITHMETIC:
        raise refused("question.expression", at, given=token.text, nxt="next.derived-measure")
    if name == "VAR" and token.text.upper() == "NULLS":
        raise refused("question.not-allowed", at, given=token.text, nxt="next.select-only")
    if name == "NUMBER":
        fine = _DECIMAL.fullmatch(token.text) is not None
    elif name in _LITERALS:
        fine = True
    else:
        word = (
            _WORD.fullmatch(token.text) is not None
            and token.text.isascii()
            and not name.endswith("STRING")
        )
        fine = word or token.text in _PUNCTUATION
    if not fine:
        raise refused("question.character", at, given=token.text, nxt="next.plain-text")
