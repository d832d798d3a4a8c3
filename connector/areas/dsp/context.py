"""What every part of the protocol needs: the node, what is on offer, who decides, what follows.

`Shelf` and `Gate` stand between us and the areas that own products and policies; `react` is what we
do by ourselves after a message was applied; `plane` gives what a format of transfers means, None
for one that we do not know. A test profile brings its own four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from connector.areas.dsp.planes import NullPlane
from contracts import negotiation, transfer
from contracts.versions import PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
    from types import ModuleType

    from sqlmodel import Session

    from connector.areas.dsp.planes import DataPlane
    from connector.areas.dsp.processes import ProcessRecord
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from contracts.machine import Table
    from policies.odrl import Policy
    from policies.reasons import Reason

Stage = Literal["catalogue", "negotiation", "transfer"]

QUESTION_FORMAT: Final = "Voile-Question"
TABLES: Final[Mapping[str, Table]] = {"negotiation": negotiation.TABLE, "transfer": transfer.TABLE}
MODULES: Final[Mapping[str, ModuleType]] = {"negotiation": negotiation, "transfer": transfer}


class Shelf(Protocol):
    """What this participant has published."""

    def datasets(self, session: Session) -> Sequence[Mapping[str, Any]]:
        """List the datasets as DCAT objects with their offers, in a stable order."""
        ...

    def names(self, session: Session, *, after: str, limit: int) -> Sequence[tuple[str, Hashable]]:
        """List the ids that come after one, in their order, each with a stamp of its content.

        Args:
            session: Any session.
            after: An id; empty to begin with the first.
            limit: How many at most.
        """
        ...

    def dataset(self, session: Session, dataset_id: str) -> Mapping[str, Any] | None:
        """Find one of them."""
        ...

    def some(self, session: Session, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Find those of these that there are, by id, in one look."""
        ...


class Gate(Protocol):
    """Who may see, negotiate and transfer, by the policy that applies."""

    def reasons(
        self, session: Session, stage: Stage, *, policy: Policy, peer: str, dataset: str
    ) -> tuple[Reason, ...]:
        """Say why not; nothing means that it is allowed.

        At the stage ``catalogue`` it depends on what an offer says, not on which dataset it is of:
        equal offers are judged once for a whole page.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dsp:
    """The protocol of one node."""

    node: Node
    shelf: Shelf
    gate: Gate
    react: Callable[[Dsp, Transaction, ProcessRecord, str], None]
    plane: Callable[[str], DataPlane | None]

    @property
    def base(self) -> str:
        """The base URL of our own endpoints, which is also our callback address."""
        return self.node.settings.public_url + PATH

    def plane_of(self, row: ProcessRecord) -> DataPlane:
        """Give what the format of a transfer means: nothing where it is not known any more."""
        return self.plane(row.format) or NullPlane()
