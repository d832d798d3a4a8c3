"""What datasets of ours are called: of a list, looked up at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.dsp.context import Dsp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node


def titles_of(
    node: Node, session: Session, parts: Iterable[tuple[str, str]], visit: Visit
) -> dict[tuple[str, str], str]:
    """Name what we provide; what others provide, and what is no longer on offer, has no name here.

    Args:
        node: this node.
        session: any session.
        parts: our part (`provider`, `consumer`) and the dataset's id, of each; what a page shows.
        visit: of the page.
    """
    ours = {(part, dataset) for part, dataset in parts if part == "provider"}
    found = node.services[Dsp].shelf.some(session, {dataset for _, dataset in ours})
    return {
        (part, dataset): title_in(found[dataset], visit)
        for part, dataset in ours
        if dataset in found
    }


def title_in(dataset: Mapping[str, Any], visit: Visit) -> str:
    """Give the title that a dataset has in the language of the page, or in another one."""
    titles = dataset.get("dct:title")
    found = {
        one.get("@language"): str(one.get("@value", ""))
        for one in (titles if isinstance(titles, list) else ())
        if isinstance(one, dict)
    }
    return found.get(visit.language) or next(iter(found.values()), "")
