"""What a statement of a cohort is: named members, each read strictly, the same for every kind.

A kind is a record (`crypto.records`). In JSON it has `v` beside its members, the version. A member
with a default came later: all such are written if one of them says something, and then the version
is the later one.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from contracts.cohort.errors import of_a_statement
from crypto import problems, records
from crypto.did import Did
from crypto.record_errors import wrong
from crypto.record_kinds import fields_of

VERSION: Final = 1


class Versioned:
    """What has a version."""

    __slots__ = ()
    FIRST: ClassVar[int] = VERSION
    LATER: ClassVar[int] = 2  # with members that came later

    def to_json(self) -> dict[str, Any]:
        """Return what is said."""
        told = records.write(self)
        later = [one for one in fields_of(type(self)) if not one.required]
        says = any(getattr(self, one.name) for one in later)
        for one in later if not says else ():
            del told[one.key]
        return {"v": self.LATER if says else self.FIRST, **told}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read it.

        Raises:
            MalformedError: another shape, or another version.
        """
        with of_a_statement():
            if not isinstance(value, Mapping):
                raise wrong("/", value, problems.AN_OBJECT)
            later = [one.key for one in fields_of(cls) if not one.required]
            is_later = bool(later) and value.get("v") == cls.LATER
            wanted = cls.LATER if is_later else cls.FIRST
            if type(value.get("v")) is not int or value["v"] != wanted:
                raise wrong("/v", value.get("v"), f"`{wanted}`")
            for key in later:
                if (key in value) != is_later:
                    absent = problems.ANYTHING if is_later else problems.NO_SUCH_FIELD
                    raise wrong(f"/{key}", value.get(key), absent)
            found = records.read(cls, {key: one for key, one in value.items() if key != "v"})
            found.check()
        return found

    def check(self) -> None:
        """See that its members fit each other.

        Raises:
            MalformedError: they do not.
        """


class Said(Versioned):
    """A statement."""

    __slots__ = ()
    TYP: ClassVar[str]
    BY: ClassVar[str]  # the attribute that names who signs it

    @property
    def signer(self) -> Did:
        """Who signs it."""
        found: Did = getattr(self, self.BY)
        return found
