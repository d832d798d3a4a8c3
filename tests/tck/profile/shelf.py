"""The datasets that the kit expects, for everybody, and a plane through which nothing flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp.planes import NullPlane
from contracts.versions import PATH
from tests.tck.profile.table import LISTED, seeds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.dsp.context import Dsp, Stage
    from connector.areas.dsp.planes import Address
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from policies.odrl import Policy
    from policies.reasons import Reason

FORMAT: Final = "HttpData-PULL"
HTTP: Final = "https://w3id.org/idsa/v4.1/HTTP"
USE: Final = ({"action": "use"},)  # permitted without a constraint


def offer_id(dataset_id: str) -> str:
    """Name the offer of a dataset, as the kit asks for it."""
    return f"CD123:{dataset_id}:456"


class SeedShelf:
    """Implements `connector.areas.dsp.context.Shelf` with constant datasets."""

    def __init__(self, public_url: str) -> None:
        base = public_url + PATH
        service = {"@id": base, "@type": "DataService", "endpointURL": base}
        self._datasets: dict[str, dict[str, Any]] = {
            name: {
                "@id": name,
                "@type": "Dataset",
                "hasPolicy": [{"@id": offer_id(name), "@type": "Offer", "permission": list(USE)}],
                "distribution": [
                    {"@type": "Distribution", "format": FORMAT, "accessService": service}
                ],
            }
            for name in (*LISTED, *seeds("ACN"))  # the kit reads one page of the catalogue
        }

    def datasets(self, session: Session) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002 -- constant
        """List all."""
        return list(self._datasets.values())

    def names(
        self,
        session: Session,  # noqa: ARG002 -- constant
        *,
        after: str,
        limit: int,
    ) -> Sequence[tuple[str, int]]:
        """List the ids after one."""
        names = list(self._datasets)
        first = names.index(after) + 1 if after else 0
        return [(name, 0) for name in names[first : first + limit]]

    def dataset(self, session: Session, dataset_id: str) -> Mapping[str, Any] | None:  # noqa: ARG002 -- constant
        """Find one."""
        return self._datasets.get(dataset_id)

    def some(self, session: Session, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:  # noqa: ARG002 -- constant
        """Find several."""
        return {name: self._datasets[name] for name in ids if name in self._datasets}


class OpenGate:
    """Implements `connector.areas.dsp.context.Gate`: nothing is asked of anybody."""

    def reasons(
        self, session: Session, stage: Stage, *, policy: Policy, peer: str, dataset: str
    ) -> tuple[Reason, ...]:
        """Give no reason against it."""
        del session, stage, policy, peer, dataset
        return ()


class KitPlane(NullPlane):
    """Nothing flows; a Start names an address all the same, as a pull needs one."""

    def address(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> Address | None:
        """Give an address behind which there is nothing."""
        del tx, row
        return {
            "@type": "DataAddress",
            "endpointType": HTTP,
            "endpoint": f"{dsp.node.settings.public_url}/nothing",
        }


def plane(format_: str) -> KitPlane | None:
    """Give the plane of the one format on offer."""
    return KitPlane() if format_ == FORMAT else None
