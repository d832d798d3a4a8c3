"""What a capability brings to a node, as one value; a node is a list of these.

An area's routes have no prefix of the public URL: the applications are mounted under it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask import Blueprint
    from sqlmodel import Session, SQLModel

    from connector.areas.dsp import DataPlane
    from connector.areas.questions import Mode
    from connector.console.doorkeeper import Doorkeeper
    from connector.console.page import Page
    from connector.outbox import Handler
    from connector.party.gate import Gate, Weigh
    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.party.routes import Run
    from connector.party.witnessing import Witness
    from connector.process.actor import Actor, Kind
    from connector.process.checks import Check
    from connector.process.job import Worker
    from connector.process.settings import Settings
    from crypto.words import Spoken
    from policies.model import Policy
    from policies.profile import Stage
    from policies.reasons import Reason


class Rule(Protocol):
    """Says what else stands against a step of the protocol that the policy allows."""

    def __call__(
        self,
        node: Node,
        session: Session,
        stage: Stage,
        *,
        policy: Policy,
        peer: str,
        dataset: str,
    ) -> tuple[Reason, ...]:
        """Say why not; nothing means that it is allowed."""
        ...


def _nothing(_node: Node) -> tuple[Any, ...]:
    return ()


def _no_handlers(_node: Node) -> Mapping[str, Handler]:
    return {}


def _no_notes(_session: Session) -> Mapping[str, Spoken]:
    return {}


def _knows_none(_session: Session, _text: str) -> Iterable[str]:
    return ()


def _no_checks(_settings: Settings) -> Iterable[Check]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """One capability; each is itself alone.

    Attributes:
        name: of the area.
        tables: the rows that it keeps.
        services: makes what it shares, in this order: `node.services` has one of each type. Those
            of the areas before it are there already.
        prepare: puts in order what must be before anything is served.
        protocol: makes the routes for other parties.
        operations: what the owner can do, with what does it.
        handlers: makes what hears of the outcome of its messages, by their outbox kind.
        jobs: makes what works in the background, in the order in which it is started and stopped.
        planes: what its formats of transfers mean, by their name.
        rules: what else stands against a step of the protocol.
        modes: in which private questions are asked, cheapest first.
        pages: what its people see in the console.
        finds: gives the paths of its pages about something with this very id.
        gates: what may keep an operation for later instead of having it run.
        weighs: what an operation comes to before it is done, where its declaration does not say it.
        witness: puts on record what an auditor reads.
        holds: as who a key that a person drew may act now; None if it may not.
        acts: sees, by the kind of actor, that one may still act when what it asked for has its
            turn; raises `Forbidden`.
        door: makes what lets people into the console, called once its services are there.
        notes: what readiness says of it that keeps nobody from serving, by name.
        checks: looks at a home that may not be running, for `voile doctor`.
    """

    name: str
    tables: tuple[type[SQLModel], ...] = ()
    services: Callable[[Node], Iterable[object]] = _nothing
    prepare: Callable[[Node], object] = _nothing
    protocol: Callable[[Node], Blueprint] | None = None
    operations: Mapping[Operation, Run] = field(default_factory=dict)
    handlers: Callable[[Node], Mapping[str, Handler]] = _no_handlers
    jobs: Callable[[Node], Sequence[Worker]] = _nothing
    planes: Mapping[str, DataPlane] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    modes: tuple[Mode, ...] = ()
    pages: tuple[Page, ...] = ()
    finds: Callable[[Session, str], Iterable[str]] = _knows_none
    gates: tuple[Gate, ...] = ()
    weighs: Mapping[Operation, Weigh] = field(default_factory=dict)
    witness: Witness | None = None
    holds: Callable[[Session, Actor, int], Actor | None] | None = None
    acts: Mapping[Kind, Callable[[Node, Actor], None]] = field(default_factory=dict)
    door: Callable[[Node], Doorkeeper] | None = None
    notes: Callable[[Session], Mapping[str, Spoken]] = _no_notes
    checks: Callable[[Settings], Iterable[Check]] = _no_checks


@dataclass(frozen=True, slots=True)
class Areas:
    """All areas of a node; itself the first of its services."""

    areas: tuple[Area, ...]

    def plane(self, format_name: str) -> DataPlane | None:
        """Give what a format of transfers means; None for one that no area knows."""
        return next((a.planes[format_name] for a in self.areas if format_name in a.planes), None)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What the owner can do, in the order of the areas."""
        return tuple(operation for area in self.areas for operation in area.operations)

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of all areas, in their order."""
        return tuple(gate for area in self.areas for gate in area.gates)

    def bound(self, name: str) -> tuple[Operation, Run] | None:
        """Give an operation by its name with what does it; None for one that no area knows."""
        found = (item for area in self.areas for item in area.operations.items())
        return next((each for each in found if each[0].name == name), None)

    def weigh(self, operation: Operation) -> Weigh | None:
        """Give what weighs an operation, if an area brings one."""
        found = (area.weighs[operation] for area in self.areas if operation in area.weighs)
        return next(found, None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all areas, in their order."""
        return tuple(rule for area in self.areas for rule in area.rules)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes of private questions of all areas, in their order."""
        return tuple(mode for area in self.areas for mode in area.modes)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of all areas, in their order."""
        return tuple(page for area in self.areas for page in area.pages)
