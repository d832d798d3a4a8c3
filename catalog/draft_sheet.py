"""A TOML text with comments, in which nothing that a file or a contract says can become code."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.words import Language, Words

Value = str | int | bool | Decimal | None
_WIDTH: Final = 100
_LONGEST: Final = 60  # characters that a comment quotes
_UNITS: Final = re.compile(
    r"\s+|(?:[\u4e00-\u9fff]|[^\s\u3000-\u9fff\uff00-\uffef]+)[，。；：、）？]*|."
)
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: str) -> str:
    """Returns a text as TOML writes it; what would steer a terminal is written as its number."""
    if '"' in text and "'" not in text and "\\" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(_SHORT.get(c) or (c if c.isprintable() else _code(c)) for c in text) + '"'


def shown(text: str) -> str:
    """Returns a text as a comment quotes it: one line, not too long, without controls."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + "".join(c if c.isprintable() else _code(c) for c in short) + "`"


def written(value: Value | Sequence[Value]) -> str:
    """Returns a value, or an array of some, as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case None:
            raise TypeError("TOML has no word for nothing")
        case _:
            return "[" + ", ".join(map(written, value)) + "]"


def _code(character: str) -> str:
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        return "\\uFFFD"  # half a pair is no character of TOML
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


class Sheet:
    """The lines of a draft, and what a person must decide.

    Attributes:
        decisions: What the comments ask for, in the language of the sheet.
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.decisions: list[str] = []
        self._lines: list[str] = []
        self._off = ""

    def say(self, words: Words, /, **facts: object) -> None:
        """Adds a comment."""
        self._comment(words.filled(self.language, facts), "# ")

    def decide(self, words: Words, /, **facts: object) -> None:
        """Adds a comment that asks for a decision."""
        text = words.filled(self.language, facts)
        self.decisions.append(text)
        self._comment(text, "#? ")

    def put(self, key: str, value: Value | Sequence[Value]) -> None:
        """Adds a key with its value."""
        self._lines.append(f"{self._off}{key} = {written(value)}")

    def line(self, text: str = "") -> None:
        """Adds a line of TOML as it is."""
        self._lines.append(f"{self._off}{text}".rstrip() if text else "")

    def row(self, **values: Value | Sequence[Value]) -> None:
        """Adds an inline table to an array; what is None is left out."""
        inside = ", ".join(f"{k} = {written(v)}" for k, v in values.items() if v is not None)
        self._lines.append(f"  {self._off}{{ {inside} }},")

    def off(self, *, on: bool) -> None:
        """Makes what is added from now on a comment, or no longer."""
        self._off = "# " if on else ""

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines) + "\n"

    def _comment(self, text: str, begin: str) -> None:
        flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        self._lines += [f"{begin}{each}" for each in _broken(flat, _WIDTH - len(begin))]


def _broken(text: str, width: int) -> list[str]:
    """Breaks a text into lines: at blanks, or between Chinese characters, which take two places."""
    found, line, taken = [], "", 0
    for unit in _UNITS.findall(text):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in unit)
        if line and taken + wide > width and not unit.isspace():
            found.append(line.rstrip())
            line, taken = "", 0
        if line or not unit.isspace():
            line, taken = line + unit, taken + wide
    return [*found, line.rstrip()]
