"""The protocol with a shelf of constant datasets, so that tests need no product and no data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.areas.dsp.context import QUESTION_FORMAT, Dsp
from connector.areas.dsp.objections import Shares
from connector.areas.dsp.reactions import automatic
from connector.areas.dsp.rules import RuledGate
from connector.areas.questions.plane import QuestionPlane
from connector.party.area import Areas
from policies.odrl import to_wire
from policies.offers import QuestionTerms, question_offer
from tests.areas import DSP, OWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlmodel import Session

    from connector.party.node import Node

OPEN = "urn:dataset:open"
CLOSED = "urn:dataset:closed"  # only for did:web:other.example
LATE = "urn:dataset:late"  # its time is over
MANY = 7  # further datasets, for pages


def offer_of(dataset_id: str) -> dict[str, Any]:
    """The offer of a dataset, as in the catalogue."""
    terms = {
        OPEN: QuestionTerms(purposes=("capacityPlanning",), count=5),
        CLOSED: QuestionTerms(
            purposes=("capacityPlanning",), recipients=("did:web:other.example",)
        ),
        LATE: QuestionTerms(purposes=("capacityPlanning",), not_after="2026-01-01T00:00:00Z"),
    }.get(dataset_id, QuestionTerms(purposes=("quality",)))
    return to_wire(question_offer(f"{dataset_id}:offer", terms))


class ConstantShelf:
    """Implements `connector.areas.dsp.context.Shelf` without a database."""

    def __init__(self, node: Node) -> None:
        base = f"{node.settings.public_url}/dsp/2025-1"
        service = {"@id": base, "@type": "DataService", "endpointURL": base}
        names = [OPEN, CLOSED, LATE, *(f"urn:dataset:{n}" for n in range(MANY))]
        self._datasets = {
            name: {
                "@id": name,
                "@type": "Dataset",
                "dct:title": [{"@language": "en", "@value": name}],
                "hasPolicy": [offer_of(name)],
                "distribution": [
                    {
                        "@type": "Distribution",
                        "format": QUESTION_FORMAT,
                        "accessService": service,
                    }
                ],
            }
            for name in names
        }

    def datasets(self, session: Session) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002 -- constant
        return list(self._datasets.values())

    def names(
        self,
        session: Session,  # noqa: ARG002 -- constant
        *,
        after: str,
        limit: int,
    ) -> Sequence[tuple[str, int]]:
        names = sorted(name for name in self._datasets if name > after)
        return [(name, 0) for name in names[:limit]]

    def dataset(self, session: Session, dataset_id: str) -> Mapping[str, Any] | None:  # noqa: ARG002 -- constant
        return self._datasets.get(dataset_id)

    def some(self, session: Session, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:  # noqa: ARG002 -- constant
        return {name: self._datasets[name] for name in ids if name in self._datasets}


def dsp_of(node: Node) -> Dsp:
    """The protocol of a test's node."""
    return node.services[Dsp]


def services(node: Node) -> tuple[object, ...]:
    """As `connector.areas.dsp.area` does, with constant datasets."""
    areas = node.services[Areas]
    gate = RuledGate(node, areas.rules)
    shelf = ConstantShelf(node)
    made = Dsp(node=node, shelf=shelf, gate=gate, react=automatic, plane=areas.plane)
    return made, Shares()


AREA = replace(DSP, services=services, planes={QUESTION_FORMAT: QuestionPlane()})
AREAS = (OWN, AREA)
