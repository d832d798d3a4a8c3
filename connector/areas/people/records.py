"""What is sent and told of people, as records; times are milliseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from connector.process.actor import Role
from crypto.records import Range, Size, Text
from crypto.words import Words

NAME: Final = Words("人员姓名，登录时使用", "the person's name, by which it signs in")
PERSON: Final = Words("人员的编号或姓名", "id or name of a person")
ROLES: Final = Words(
    "角色，可重复：steward、cdo、security、certifier、auditor",
    "what it may do, repeatable: steward, cdo, security, certifier, auditor",
)
DAYS: Final = Words("链接有效的天数", "days for which the link is good")
UNTIL: Final = Words(
    "授权结束的时刻；只用于审计员，不给则不结束",
    "when the grant ends, for an auditor alone; without one it does not end",
)

MOST_MS: Final = 253_402_300_799_999  # the end of the year 9999
Language = Literal["zh", "en"]
Roles = Annotated[tuple[Role, ...], Size(1, 5, distinct=True), ROLES]
Days = Annotated[int, Range(1, 30), DAYS]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody who is to sign in."""

    name: Annotated[str, Text(100), NAME]
    roles: Roles
    language: Annotated[
        Language | None, Words("页面语言：zh 或 en", "in which pages speak: zh or en")
    ] = None
    days: Days = 7
    until: Annotated[int | None, Range(1, MOST_MS), UNTIL] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoles:
    """What somebody may do from now on, and what its sender saw; null asks nothing of that."""

    roles: Roles
    before: Annotated[
        Annotated[tuple[Role, ...], Size(1, 5, distinct=True)] | None,
        Words(
            "所见的现有角色：现在若不同，则不更改",
            "roles that were seen, repeatable: with others by now, nothing is changed",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """How long another link is good."""

    days: Days = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person.

    Attributes:
        id: random; leaves name it.
        name: by which it signs in.
        language: in which pages speak to it.
        roles: what it may do.
        state: invited, active, or ended; a grant that is over has ended.
        second_factor: whether it has one.
        created: when it was invited first.
        enrolled: when it last used a link.
        ended: when it ended, or its grant did.
        until: when its grant ends.
        link_ends: until when the newest link is good, while it is.
        locked_until: until when nobody is let in under its name, after too many failures, but
            from a browser in which it signed in before.
    """

    id: str
    name: Annotated[str, Text(100)]
    language: Language
    roles: tuple[Role, ...]
    state: Literal["invited", "active", "ended"]
    second_factor: bool
    created: int
    enrolled: int | None = None
    ended: int | None = None
    until: int | None = None
    link_ends: int | None = None
    locked_until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A sentence in both languages."""

    zh: Annotated[str, Text(2000)]
    en: Annotated[str, Text(2000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """All people, the oldest first; those who have ended, too.

    Attributes:
        people: each of them.
        heed: that there are just two who may agree, where four eyes are in force.
    """

    people: tuple[Person, ...]
    heed: Both | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedPerson:
    """A person and its link, which is good once and nowhere else.

    Attributes:
        person: who.
        link: to be opened by nobody else; without a console only its path.
        expires: when it ends.
    """

    person: Person
    link: Annotated[str, Text(2048)]
    expires: int
