"""What a statement of a cohort is: named members, each read strictly, the same for every kind.

A kind is a frozen dataclass whose annotations say how each member is read. In JSON a member has its
attribute's name in camel case, beside `v`, the version. A member with a default came later: it is
written if it says something, and then the version is the later one.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Self, get_args, get_type_hints

from contracts.cohort import problems_fields
from contracts.cohort.errors import malformed
from contracts.cohort.fields import VERSION, Fields, as_did, as_digest, as_version
from contracts.cohort.session import MAX_ROSTER
from crypto.did import Did


@dataclass(frozen=True, slots=True)
class How:
    """How a member is read from JSON, and written."""

    read: Callable[[Fields, str], Any]
    write: Callable[[Any], Any] = lambda value: value


def by_provider(found: Fields, name: str) -> dict[Did, str]:
    """Read a digest per provider."""
    value = found.raw(name)
    if not isinstance(value, dict) or not 0 < len(value) <= MAX_ROSTER:
        raise malformed(name, problems_fields.DIGEST_EACH)
    return {as_did(did, name): as_digest(digest, name) for did, digest in value.items()}


def roster(found: Fields, name: str) -> tuple[Did, ...]:
    """Read the members of a cohort: sorted, each once."""
    value = [as_did(item, name) for item in found.items(name, least=1, most=MAX_ROSTER)]
    if value != sorted(set(value)):
        raise malformed(name, problems_fields.SORTED_DIDS)
    return tuple(value)


Identifier = Annotated[str, How(Fields.identifier)]
Digest = Annotated[str, How(Fields.digest)]
Party = Annotated[Did, How(Fields.did)]
Digests = Annotated[Mapping[Did, str], How(by_provider, dict)]
Roster = Annotated[tuple[Did, ...], How(roster, list)]


def whole(low: int, high: int) -> How:
    """Read a whole number within bounds."""
    return How(lambda found, name: found.whole(name, low, high))


def text(longest: int, *, empty: bool = False) -> How:
    """Read a text of some characters at most."""
    return How(lambda found, name: found.text(name, longest=longest, empty=empty))


class Said:
    """A statement."""

    __slots__ = ()
    TYP: ClassVar[str]
    BY: ClassVar[str]  # the attribute that names who signs it
    FIRST: ClassVar[int] = VERSION
    LATER: ClassVar[int] = 2  # with members that came later

    @property
    def signer(self) -> Did:
        """Who signs it."""
        found: Did = getattr(self, self.BY)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        kind: Any = type(self)
        told: dict[str, Any] = {"v": self.FIRST}
        for one in _members(kind):
            value = getattr(self, one.attribute)
            if value or not one.later:
                told[one.name] = one.how.write(value)
            if value and one.later:
                told["v"] = self.LATER
        return told

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement.

        Raises:
            MalformedError: another shape, or another version.
        """
        kind: Any = cls
        members = _members(kind)
        later = as_version(value) == cls.LATER and any(one.later for one in members)
        wanted = [one for one in members if later or not one.later]
        found = Fields(value, ("v", *(one.name for one in wanted)))
        found.version(cls.LATER if later else cls.FIRST)
        return cls(**{one.attribute: one.how.read(found, one.name) for one in wanted})


@dataclass(frozen=True, slots=True)
class _Member:
    attribute: str
    name: str  # in JSON
    how: How
    later: bool


@cache
def _members(kind: Any) -> tuple[_Member, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for one in fields(kind):
        (how,) = (extra for extra in get_args(hints[one.name])[1:] if isinstance(extra, How))
        first, *others = one.name.split("_")
        name = first + "".join(other.capitalize() for other in others)
        later = one.default is not MISSING or one.default_factory is not MISSING
        found.append(_Member(one.name, name, how, later))
    return tuple(found)


__all__: Final = [
    "Digest", "Digests", "How", "Identifier", "Party", "Roster", "Said", "by_provider", "text",
    "whole",
]  # fmt: skip
