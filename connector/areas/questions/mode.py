"""What a mode brings: each step of a question's life that is its own. `life` has the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from connector.party.area import Areas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions.asked import Asked
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from policies.modes import QueryMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an owner asks.

    Attributes:
        agreements: Their ids; one asks its provider.
        sql: The question.
        purpose: IRI or short name.
        mode: Insist on a mode by its name; None for the cheapest that fits.
        id: Of the question, to ask it again; None draws a fresh one.
    """

    agreements: Sequence[str]
    sql: str
    purpose: str
    mode: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A question under agreements that let us ask it, in a mode that they grant.

    Attributes:
        id: Of the question.
        sql: The question.
        purpose: IRI or short name.
        mode: Its name.
        why: Code of why this mode.
        agreements: By the provider's DID, in the order of these.
    """

    id: str
    sql: str
    purpose: str
    mode: str
    why: str
    agreements: Mapping[str, AgreementRecord]


class Opened(Protocol):
    """A question that is ready to be saved, and then to leave."""

    @property
    def attempt(self) -> str:
        """Names its row: the question's id where asking again is the same attempt."""
        ...

    @property
    def parties(self) -> Sequence[str]:
        """Who must be certified, besides us."""
        ...

    def write(self, tx: Transaction) -> None:
        """Write its leaves, and rows of the mode's own, in the transaction that saves it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer, as its asker gets it.

    Attributes:
        answer: Released and withheld cells with all they depend on.
        signature: The signed answer, or the signed statements behind it, for auditors.
        usage: What is used of the agreement's count; of several, by provider.
        repeated: Whether it was given before, and not charged again.
    """

    answer: Mapping[str, Any]
    signature: Any
    usage: Mapping[str, Any]
    repeated: bool = False


class Mode(Protocol):
    """A mode in which questions are asked; every method may raise what `life.ask` names."""

    @property
    def terms(self) -> QueryMode:
        """Its name, its words, and how many agreements it takes."""
        ...

    @property
    def resumes(self) -> bool:
        """Whether an attempt that was begun goes on from its rows; if not, it is opened again."""
        ...

    def plan(self, node: Node, chosen: Chosen) -> Any:
        """See what must stand before it is asked or explained; nothing about it leaves yet."""
        ...

    def open(self, node: Node, chosen: Chosen, plan: Any) -> Opened:
        """Make ready what is saved before anything leaves."""
        ...

    def answer(self, node: Node, attempt: str, opened: Any) -> Told:
        """Send, verify, and store by `keeping`; may be called again after a crash.

        Args:
            node: This node, the consumer.
            attempt: Its row.
            opened: What `open` gave; None where it goes on from its rows.
        """
        ...

    def explain(self, node: Node, chosen: Chosen, plan: Any) -> dict[str, Any]:
        """Say whether it would be answered: ``allowed``, ``reasons``, and what providers tell."""
        ...

    def told(self, node: Node, asked: Asked) -> Told:
        """Give a stored answer."""
        ...

    def named(self, asked: Asked) -> dict[str, Any]:
        """Name an attempt in the list of what was asked, also if the rest cannot be read."""
        ...

    def shown(self, asked: Asked) -> dict[str, Any]:
        """Give what the list tells in this mode besides its name, state, reasons and times."""
        ...


def modes_of(node: Node) -> tuple[Mode, ...]:
    """Give the modes that the areas of a node bring, in their order."""
    return node.services[Areas].modes
