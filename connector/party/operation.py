"""What an owner can do, declared once: routes, commands, documents and rights follow from it.

Declarations import nothing that works, so that the help of a command costs nothing; what does the
work is bound to them in an area's `Area.operations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.process.actor import ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.process.actor import Actor
    from crypto.words import Words

EVERYBODY: Final = frozenset(ROLES)
JSON: Final = "application/json"
_PART: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Nothing:
    """A body, query or path without fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an auditor's reading of something is put on record.

    Attributes:
        state: what the leaf says that was done.
        unrecorded: why no leaf is written, of what holds no record of anybody's.
    """

    state: str = "READ"
    unrecorded: str = ""


RECORDED: Final = Reading()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """One thing that an owner can do.

    Attributes:
        name: AREA.VERB; stable, the `operationId` of the OpenAPI document.
        method: of HTTP.
        path: below the management listener, with `{name}` for what stands in it.
        named: words for what stands in it, by its name.
        slashes: names of what stands in it and may have slashes: ids that others gave.
        words: what it does.
        detail: more of it for docs/api.md: full sentences, Markdown.
        may: roles that may do it.
        body: record of the body; `Nothing` for none.
        query: record of the query, all texts.
        reply: record of the answer; None for bytes of another `media`, or for what is still
            declared in words alone.
        media: media type of the answer.
        status: of the answer when it went well.
        approval: roles of which a second person must agree first.
        approval_when: when that is so, where it is not always; `Area.weighs` decides it.
        hands_over: whether its answer holds a secret, for nobody but who asked for it.
        leaf: kind of the leaf that it writes, if it writes one.
        reading: how it is put on record that an auditor read its answer.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    words: Words
    may: frozenset[Role]
    named: Mapping[str, Words] = field(default_factory=dict)
    slashes: frozenset[str] = frozenset()
    body: type[Any] = Nothing
    query: type[Any] = Nothing
    reply: type[Any] | None = None
    media: str = JSON
    status: int = 200
    approval: frozenset[Role] | None = None
    approval_when: Words | None = None
    hands_over: bool = False
    leaf: str | None = None
    reading: Reading = RECORDED
    detail: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of what stands in the path."""
        return tuple(_PART.findall(self.path))

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return rule_of(self.path, self.slashes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One time that somebody does it.

    Attributes:
        actor: who.
        path: what stood in the path.
        body: the record of the body.
        query: the record of the query.
        seen: of an act that was agreed to: the digest that `Weighed` named.
        reason: why, in the words of who asks; only for whoever must agree.
        glance: of an act that is only looked at: files that look as they did are not read again.
    """

    actor: Actor
    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    query: Any = None
    reason: str = ""
    seen: str = ""
    glance: bool = False


def rule_of(path: str, slashes: frozenset[str]) -> str:
    """Write a path with `{name}` as Flask does; what is named in `slashes` may have slashes."""

    def written(part: re.Match[str]) -> str:
        kind = "path:" if part[1] in slashes else ""
        return f"<{kind}{part[1]}>"

    return _PART.sub(written, path)
