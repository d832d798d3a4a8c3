"""Reading a TOML table strictly: each key is asked for by name and type; the rest is refused.

An empty list is refused too: its writer may mean nobody, and its reader everybody. Whoever reads a
list of which an empty one can only be none, and is no wider for it, says so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog import problems_products as problems
from catalog.errors import ProductError
from crypto.problems import A_WHOLE_NUMBER, AN_ARRAY, ONE_OF
from crypto.words import Spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crypto.problem import Problem

MAX_TEXT: Final = 4000  # characters
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def wrong(
    field: str,
    expected: object,
    got: object,
    *,
    problem: Problem = problems.FIELD,
    **facts: object,
) -> ProductError:
    """Makes the error for one field."""
    return ProductError(problem, field=field, expected=expected, got=shown(got), **facts)


def shown(value: object) -> str | Spoken:
    """Returns a value as an error shows it."""
    match value:
        case None:
            return problems.NOTHING
        case str():
            return f"`{value[:60]}`"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | Decimal():
            return f"`{value}`"
        case list():
            return problems.AN_ARRAY_OF.of(count=len(value))
        case Spoken():
            return problems.QUOTED.of(text=value)
        case Mapping():
            return problems.A_TABLE_CAME
        case _:
            return problems.A_KIND.of(kind=type(value).__name__)


def one_of(known: Iterable[str]) -> Spoken:
    """Returns how an error says that one of a few words is expected."""
    return ONE_OF.of(known=[f"`{one}`" for one in known])


class Fields:
    """The keys of one table. Whoever reads one says first, by `only`, which it may have."""

    def __init__(self, value: object, at: str = "", *, stored: bool = False) -> None:
        """Takes a table; what is stored was published, and means what it meant then."""
        if not isinstance(value, Mapping):
            raise wrong(at, problems.A_TABLE, value)
        self._value: Mapping[str, Any] = value
        self._at = at
        self.stored = stored
        self._known: tuple[str, ...] | None = None

    def at(self, name: str) -> str:
        """Returns how an error names a key."""
        return f"{self._at}.{name}" if self._at else name

    def only(self, *names: str) -> None:
        """Refuses every key but these, before one that it was meant to be is found missing."""
        self._known = names
        for name in self._value:
            if name not in names:
                unknown = ProductError(problems.KEY, field=self.at(name), known=sorted(names))
                for near in difflib.get_close_matches(name, names, n=1):
                    unknown.advise(problems.DID_YOU_MEAN, near=near)
                raise unknown

    def has(self, name: str) -> bool:
        """Says whether the key is there."""
        assert self._known is None or name in self._known, f"a reader knows no key `{name}`"
        return name in self._value

    def raw(self, name: str) -> Any:
        """Returns a value as it is, or None."""
        return self._value[name] if self.has(name) else None

    def text(self, name: str, default: str | None = None, *, longest: int = MAX_TEXT) -> str:
        """Returns a text."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if (
            not isinstance(value, str)
            or not value.strip()
            or len(value) > longest
            or _CONTROL.search(value)
        ):
            raise wrong(self.at(name), problems.A_TEXT_OF.of(most=longest), value)
        return value

    def matching(
        self, name: str, pattern: re.Pattern[str], expected: Spoken, default: str | None = None
    ) -> str:
        """Returns a text that matches a pattern as a whole."""
        value = self.text(name, default, longest=200)
        if not pattern.fullmatch(value):
            raise wrong(self.at(name), expected, value)
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Returns one of a few texts."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if value not in choices:
            raise wrong(self.at(name), one_of(choices), value)
        return str(value)

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """Returns a whole number within bounds."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise wrong(self.at(name), A_WHOLE_NUMBER.of(least=low, most=high), value)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Returns true or false."""
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise wrong(self.at(name), problems.TRUE_OR_FALSE, value)
        return value

    def table(self, name: str) -> Fields:
        """Returns a table; a missing one is empty."""
        value = self.raw(name)
        if value is None or (self.stored and not value):
            value = {}
        return Fields(value, self.at(name), stored=self.stored)

    def items(self, name: str, *, most: int, least: int = 0, none: bool = False) -> list[Any]:
        """Returns an array; a missing one is empty.

        Args:
            name: Of the key.
            most: Items.
            least: Items; with 0 the key may be missing.
            none: Whether an empty array may be written, too: it is none, and no wider for it.
        """
        value = self.raw(name)
        if value == [] and not (least or none or self.stored):
            without = problems.WITHOUT.get(name, problems.NOT_SAID)
            raise ProductError(problems.EMPTY_LIST, field=self.at(name), without=without)
        if value is None:
            value = []
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise wrong(self.at(name), AN_ARRAY.of(least=least, most=most), value or None)
        return value

    def texts(self, name: str, *, most: int, least: int = 0, none: bool = False) -> tuple[str, ...]:
        """Returns an array of distinct texts; the arguments are those of `items`."""
        found = self.items(name, most=most, least=least, none=none)
        seen: set[str] = set()
        for index, item in enumerate(found):
            if not isinstance(item, str) or not item.strip() or _CONTROL.search(item):
                raise wrong(f"{self.at(name)}[{index + 1}]", problems.A_TEXT, item)
            if item in seen:
                raise wrong(f"{self.at(name)}[{index + 1}]", problems.NO_TEXT_TWICE, item)
            seen.add(item)
        return tuple(found)

    def tables(self, name: str, *, most: int, least: int = 0) -> list[Fields]:
        """Returns an array of tables, `[[name]]`; an empty one is none."""
        found = self.items(name, most=most, least=least, none=True)
        return [
            Fields(item, f"{self.at(name)}[{i + 1}]", stored=self.stored)
            for i, item in enumerate(found)
        ]

    def numbers(self, name: str, *, most: int, least: int) -> list[Decimal]:
        """Returns an array of numbers, `inf` and `-inf` among them, exactly as written."""
        found = self.items(name, most=most, least=least)
        for index, item in enumerate(found):
            if (
                isinstance(item, bool)
                or not isinstance(item, int | Decimal)
                or Decimal(item).is_nan()
            ):
                raise wrong(f"{self.at(name)}[{index + 1}]", problems.A_NUMBER, item)
        return [Decimal(item) for item in found]
