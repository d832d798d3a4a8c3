"""Who acts: each change has one actor, and each leaf of evidence names it.

Whoever lets somebody in says so for what follows in this thread; a thread of its own says what it
is. What nobody says is done by the connector itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

# of a firm; of the operator; of both
Role = Literal["steward", "cdo", "security", "certifier", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
_OF_FIRM: Final[tuple[Role, ...]] = ("steward", "cdo", "security", "auditor")
_OF_HUB: Final[tuple[Role, ...]] = ("certifier", "security", "auditor")
Kind = Literal["person", "key", "peer", "job", "command"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes:
        kind: a person, a management key, another party, a job of ours, or a command at this home.
        name: id of the person or key, DID, name of the job or command. Ids are random: a leaf that
            others read names nobody.
        roles: what it may do; of persons and keys.
        person: of a key that a person drew: that person's id.
    """

    kind: Kind
    name: str
    roles: frozenset[Role] = field(default=frozenset(), compare=False)
    person: str = field(default="", compare=False)

    def __str__(self) -> str:
        """As leaves say it: `KIND:NAME`."""
        return f"{self.kind}:{self.name}"

    @property
    def behind(self) -> str:
        """Id of the person who stands behind what is done; empty where nobody is known."""
        return self.name if self.kind == "person" else self.person

    def said(self, counterparty: str) -> str:
        """Give what a leaf says; of a peer that it names already, only that it was it."""
        return self.kind if self.kind == "peer" and self.name == counterparty else str(self)


def roles_at(node: str) -> tuple[Role, ...]:
    """Give the roles that people have at a kind of node: a firm has no certifier, a hub no steward.

    Args:
        node: ``hub`` or ``participant``, as its settings say.
    """
    return _OF_HUB if node == "hub" else _OF_FIRM


ITSELF: Final = Actor("job", "connector")
_now: Final[ContextVar[Actor]] = ContextVar("actor", default=ITSELF)


def actor() -> Actor:
    """Give who acts in this thread now."""
    return _now.get()


def act_as(who: Actor) -> None:
    """From now on somebody else acts in this thread: at the beginning of a request or a thread."""
    _now.set(who)


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Have somebody else act in this thread for a while."""
    token = _now.set(who)
    try:
        yield
    finally:
        _now.reset(token)


def read_actor(said: str) -> Actor:
    """Read what `str` wrote, for what is done later in somebody's name; it has no roles."""
    kind, _, name = said.partition(":")
    return Actor(cast("Kind", kind), name) if kind in get_args(Kind) and name else ITSELF
