"""A small language for the shape of JSON: a check takes a value and where it stands.

A check returns nothing and raises `MalformedMessageError` naming the JSON pointer, what was
expected and which kind of value stood there. It never repeats the value, except short names out
of a closed list. Unknown keys are left alone, unless they are another spelling of a known one: the
wire is plain compact JSON, so a prefixed or expanded key would be read by some and not by others.

Spec: DSP 2025-1 (JSON schemas), voile design dsp.md §1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.errors import MalformedMessageError
from contracts.messages import problems
from crypto.strict_json import kind_of
from crypto.words import Either

if TYPE_CHECKING:
    from crypto.words import Spoken, Words

Check = Callable[[Any, str], None]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LAST_SEGMENT: Final = re.compile(r"[:/#]")
MAX_NAME_CHARS: Final = 1024  # of a URL, a dataset, an offer
MAX_IDENTIFIER_CHARS: Final = 512  # of a pid, a message, an agreement


def malformed(at: str, expected: str | Spoken, got: str | Spoken) -> MalformedMessageError:
    """Make the one error of this room: where, what was expected, what was there."""
    return MalformedMessageError(problems.MALFORMED, pointer=at or "/", expected=expected, got=got)


def text(value: Any, at: str) -> None:
    """Any string."""
    if not isinstance(value, str):
        raise malformed(at, problems.A_STRING, kind_of(value))


def name(value: Any, at: str, *, most: int = MAX_NAME_CHARS) -> None:
    """A name or URL: a string of 1 to 1024 characters without control characters."""
    if not isinstance(value, str) or not value:
        raise malformed(at, problems.NON_EMPTY, kind_of(value))
    if len(value) > most:
        came = problems.CHARACTERS.of(count=len(value))
        raise malformed(at, problems.SO_LONG.of(most=most), came)
    if _CONTROL.search(value):
        raise malformed(at, problems.NO_CONTROL, problems.ONE_WITH)


def identifier(value: Any, at: str) -> None:
    """A pid or message id: a name of at most 512 characters (evidence leaves hold several)."""
    name(value, at, most=MAX_IDENTIFIER_CHARS)


def pid(value: Any, at: str) -> None:
    """An identifier that stands in addresses of the protocol, where dots alone are a way up."""
    identifier(value, at)
    if value in {".", ".."}:
        raise malformed(at, problems.NO_WAY_UP, f"`{value}`")


def one_of(*allowed: str) -> Check:
    """One of a closed list of strings."""
    expected = Either(tuple(f"`{item}`" for item in allowed))

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise malformed(at, expected, kind_of(value))
        if value not in allowed:
            shown = _CONTROL.sub("?", value[:64])
            raise malformed(at, expected, f"`{shown}`")

    return check


def matching(pattern: re.Pattern[str], expected: Words) -> Check:
    """A string that a pattern matches as a whole."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            is_text = isinstance(value, str)
            raise malformed(at, expected, problems.ANOTHER if is_text else kind_of(value))

    return check


def anything(value: Any, at: str) -> None:
    """Whatever it is, it is kept and not interpreted."""


def either(*checks: tuple[type, Check], expected: Words) -> Check:
    """A value of one of several JSON kinds, each with its own check."""

    def check(value: Any, at: str) -> None:
        for python_type, inner in checks:
            if isinstance(value, python_type):
                return inner(value, at)
        raise malformed(at, expected, kind_of(value))

    return check


def array(item: Check, *, at_least: int = 0) -> Check:
    """An array whose every member passes `item`."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise malformed(at, problems.AN_ARRAY, kind_of(value))
        if len(value) < at_least:
            raise malformed(at, problems.AN_ARRAY_OF.of(least=at_least), f"{len(value)}")
        for index, member in enumerate(value):
            item(member, f"{at}/{index}")

    return check


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object: its name on the wire, its check, whether it must be there."""

    name: str
    check: Check
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its known keys and the rules between them. Calling it checks a value."""

    keys: tuple[Key, ...]
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    compact_only: bool = True  # False inside policies, whose own room reads expanded terms

    def __call__(self, value: Any, at: str) -> None:
        """Check a value that stands at JSON pointer `at`."""
        if not isinstance(value, dict):
            raise malformed(at, problems.AN_OBJECT, kind_of(value))
        self.check(value, at)

    def check(self, value: Mapping[str, Any], at: str) -> None:
        """Check the keys of an object."""
        for key in self.keys:
            if key.name in value:
                key.check(value[key.name], pointer(at, key.name))
            elif key.required:
                raise malformed(pointer(at, key.name), problems.THIS_KEY, problems.NOTHING)
        for unwanted in self.forbidden:
            if unwanted in value:
                there = kind_of(value[unwanted])
                raise malformed(pointer(at, unwanted), problems.NO_KEY, there)
        self._between(value, at)
        if self.compact_only:
            self._refuse_aliases(value, at)

    def _between(self, value: Mapping[str, Any], at: str) -> None:
        if self.exactly_one:
            present = [key for key in self.exactly_one if key in value]
            if len(present) != 1:
                expected = problems.EXACTLY_ONE.of(keys=[f"`{k}`" for k in self.exactly_one])
                raise malformed(at, expected, problems.OF_THEM.of(count=len(present)))
        if self.at_least_one and not any(key in value for key in self.at_least_one):
            expected = problems.AT_LEAST_ONE.of(keys=[f"`{k}`" for k in self.at_least_one])
            raise malformed(at, expected, problems.NONE)

    def _refuse_aliases(self, value: Mapping[str, Any], at: str) -> None:
        known = {key.name.lstrip("@") for key in self.keys}
        for key in value:
            if ":" in key and _LAST_SEGMENT.split(key)[-1].lstrip("@") in known:
                raise malformed(pointer(at, key), problems.COMPACT, problems.AN_ALIAS)


def pointer(at: str, key: str) -> str:
    """Append a key to a JSON pointer (RFC 6901 escapes; long keys are cut)."""
    shown = _CONTROL.sub("?", key[:64]).replace("~", "~0").replace("/", "~1")
    return f"{at}/{shown}"


def required(key: str, check: Check) -> Key:
    """A key that must be there."""
    return Key(key, check, required=True)


def optional(key: str, check: Check) -> Key:
    """A key that may be there."""
    return Key(key, check)
