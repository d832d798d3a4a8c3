"""What the participant's catalogue lists: its published products as DSP datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.dcat import dataset
from connector.products import store
from contracts.versions import PATH

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.node import Node
    from connector.products.store import PublishedProduct


class ProductShelf:
    """The datasets on offer; products without an offer are not shown."""

    def __init__(self, node: Node) -> None:
        self._service = data_service(node)

    def datasets(self, session: Session) -> list[dict[str, Any]]:
        """Returns the datasets with their offers, by id."""
        return [self._shown(found) for found in store.published(session) if found.offers]

    def dataset(self, session: Session, dataset_id: str) -> dict[str, Any] | None:
        """Returns one of them, or None."""
        found = store.product(session, dataset_id)
        return None if found is None or not found.offers else self._shown(found)

    def _shown(self, found: PublishedProduct) -> dict[str, Any]:
        return dataset(found.product, found.publication, service=self._service)


def data_service(node: Node) -> dict[str, Any]:
    """Returns the participant's DataService, as distributions inline it."""
    base = node.settings.public_url + PATH
    return {"@id": base, "@type": "DataService", "endpointURL": base}
