"""What an auditor reads is put on record before it is shown: of every face, in one place.

A page or an operation says in its `Reading` how, or why not; an area brings what writes it
(`Area.witness`). Whoever may read by another role of the firm reads what is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from connector.party.area import Areas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node
    from connector.party.operation import Reading
    from connector.process.actor import Actor, Role

# a further page of the same is no other reading
PAGING: Final = frozenset({"after", "before", "from", "limit", "page", "size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something that an auditor is about to be shown.

    Attributes:
        what: name of the page or operation.
        state: what the leaf says that was done.
        who: reads it.
        asked: what was asked for, without what only turns a page.
    """

    what: str
    state: str
    who: Actor
    asked: Mapping[str, Any]


class Declared(Protocol):
    """A page or an operation."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def may(self) -> frozenset[Role]:
        """Roles that may read it."""
        ...

    @property
    def reading(self) -> Reading:
        """How it is put on record that an auditor read it."""
        ...


class Witness(Protocol):
    """Puts on record that something was read."""

    def __call__(self, node: Node, seen: Seen, /) -> None:
        """Do it; whatever it raises, nothing is shown."""
        ...


def reads_as_auditor(may: frozenset[Role], who: Actor) -> bool:
    """Say whether somebody may read something as an auditor, and by no other role."""
    return may & who.roles == {"auditor"}


def witness(node: Node, declared: Declared, who: Actor, asked: Mapping[str, Any]) -> None:
    """Put on record what is about to be shown, if an auditor reads it.

    Args:
        node: this node.
        declared: the page or operation.
        who: reads it.
        asked: what was asked for.

    Raises:
        TooMany: more than may be put on record at once.
        StoreError: it cannot be put on record.
    """
    reading = declared.reading
    if reading.unrecorded or not reads_as_auditor(declared.may, who):
        return
    told = {
        name: value
        for name, value in asked.items()
        if name not in PAGING and value not in (None, "", [])
    }
    seen = Seen(what=declared.name, state=reading.state, who=who, asked=told)
    for area in node.services[Areas].areas:
        if area.witness is not None:
            area.witness(node, seen)
