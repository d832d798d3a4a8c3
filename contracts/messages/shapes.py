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
from typing import Any, Final

from contracts.errors import MalformedMessageError
from crypto.strict_json import kind

Check = Callable[[Any, str], None]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LAST_SEGMENT: Final = re.compile(r"[:/#]")
MAX_NAME_CHARS: Final = 1024  # of a URL, a dataset, an offer
MAX_IDENTIFIER_CHARS: Final = 512  # of a pid, a message, an agreement


def malformed(at: str, expected: str, got: str) -> MalformedMessageError:
    """Make the one error of this room: where, what was expected, what was there."""
    where = at or "/"
    return MalformedMessageError(
        f"`{where}`: expected {expected}, got {got}",
        code="message.malformed",
        next_step="compare the message with the DSP 2025-1 schema of its type",
        pointer=where,
        expected=expected,
        got=got,
    )


def text(value: Any, at: str) -> None:
    """Any string."""
    if not isinstance(value, str):
        raise malformed(at, "a string", kind(value))


def name(value: Any, at: str, *, most: int = MAX_NAME_CHARS) -> None:
    """A name or URL: a string of 1 to 1024 characters without control characters."""
    if not isinstance(value, str) or not value:
        raise malformed(at, "a non-empty string", kind(value))
    if len(value) > most:
        raise malformed(at, f"at most {most} characters", f"{len(value)} characters")
    if _CONTROL.search(value):
        raise malformed(at, "a string without control characters", "one with")


def identifier(value: Any, at: str) -> None:
    """A pid or message id: a name of at most 512 characters (evidence leaves hold several)."""
    name(value, at, most=MAX_IDENTIFIER_CHARS)


def one_of(*allowed: str) -> Check:
    """One of a closed list of strings."""
    expected = " or ".join(f"`{item}`" for item in allowed)

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise malformed(at, expected, kind(value))
        if value not in allowed:
            shown = _CONTROL.sub("?", value[:64])
            raise malformed(at, expected, f"`{shown}`")

    return check


def matching(pattern: re.Pattern[str], expected: str) -> Check:
    """A string that a pattern matches as a whole."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise malformed(at, expected, kind(value) if not isinstance(value, str) else "another")

    return check


def anything(value: Any, at: str) -> None:
    """Whatever it is, it is kept and not interpreted."""


def either(*checks: tuple[type, Check], expected: str) -> Check:
    """A value of one of several JSON kinds, each with its own check."""

    def check(value: Any, at: str) -> None:
        for python_type, inner in checks:
            if isinstance(value, python_type):
                return inner(value, at)
        raise malformed(at, expected, kind(value))

    return check


def array(item: Check, *, at_least: int = 0) -> Check:
    """An array whose every member passes `item`."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise malformed(at, "an array", kind(value))
        if len(value) < at_least:
            raise malformed(at, f"an array of at least {at_least}", f"{len(value)}")
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
            raise malformed(at, "an object", kind(value))
        self.check(value, at)

    def check(self, value: Mapping[str, Any], at: str) -> None:
        """Check the keys of an object."""
        for key in self.keys:
            if key.name in value:
                key.check(value[key.name], pointer(at, key.name))
            elif key.required:
                raise malformed(pointer(at, key.name), "this key", "nothing")
        for unwanted in self.forbidden:
            if unwanted in value:
                raise malformed(pointer(at, unwanted), "no such key here", kind(value[unwanted]))
        self._between(value, at)
        if self.compact_only:
            self._refuse_aliases(value, at)

    def _between(self, value: Mapping[str, Any], at: str) -> None:
        if self.exactly_one:
            present = [key for key in self.exactly_one if key in value]
            if len(present) != 1:
                expected = "exactly one of " + ", ".join(f"`{k}`" for k in self.exactly_one)
                raise malformed(at, expected, f"{len(present)} of them")
        if self.at_least_one and not any(key in value for key in self.at_least_one):
            expected = "at least one of " + ", ".join(f"`{k}`" for k in self.at_least_one)
            raise malformed(at, expected, "none")

    def _refuse_aliases(self, value: Mapping[str, Any], at: str) -> None:
        known = {key.name.lstrip("@") for key in self.keys}
        for key in value:
            if ":" in key and _LAST_SEGMENT.split(key)[-1].lstrip("@") in known:
                raise malformed(pointer(at, key), "the compact name of this key", "an alias of it")


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
