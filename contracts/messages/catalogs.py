"""A peer's catalogue, read part by part: what cannot be read is named, and hides nothing else.

A catalogue is other people's text about many things. One dataset that has lost its distributions
(a connector whose data plane is away lists it so) must not take the others from whoever looks.
What a part needs is the table's; here it is only asked part by part, offers and distributions too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from contracts.errors import MalformedMessageError
from contracts.messages import problems
from contracts.messages.codec import load, of_object
from contracts.messages.shapes import malformed
from contracts.messages.terms import (
    CATALOG,
    CATALOG_OFFER,
    DATA_SERVICE,
    DATASET,
    DISTRIBUTION,
)
from contracts.messages.types import Catalog, Dataset
from crypto.strict_json import kind_of
from policies.errors import PolicyError
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.messages.shapes import Check

LONGEST_NAME: Final = 200  # characters of a peer's name that are shown
_LISTS: Final[Mapping[str, Check]] = {
    "service": DATA_SERVICE,
    "catalog": CATALOG,
    "distribution": DISTRIBUTION,
}
_OF_DATASET: Final[Mapping[str, Check]] = {"hasPolicy": CATALOG_OFFER, "distribution": DISTRIBUTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A part that cannot be read.

    Attributes:
        dataset: `@id` of the dataset that it is, or stands in; empty where it has none.
        part: `dataset`, or which of its lists it stands in.
        id: its own `@id`, if it has one.
        why: JSON pointer, what was expected and what was there.
    """

    dataset: str
    part: str
    id: str
    why: str

    def to_json(self) -> dict[str, str]:
        """Give the JSON form."""
        return {"dataset": self.dataset, "part": self.part, "id": self.id, "why": self.why}


@dataclass(frozen=True, slots=True)
class CatalogRead:
    """What of a catalogue can be read, and what cannot.

    Offers in terms that are not understood stand in both: they are offers, and cannot be asked for.
    """

    catalog: Catalog
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetRead:
    """What of a dataset can be read, and what cannot, as in `CatalogRead`."""

    dataset: Dataset
    unreadable: tuple[Unreadable, ...] = ()


def read_dataset(data: bytes) -> DatasetRead:
    """Read one dataset, that is the whole body of an answer.

    Args:
        data: the body, at most 1 MiB.

    Raises:
        MalformedMessageError: It is no dataset, or no offer or distribution of it can be read.
    """
    found: list[Unreadable] = []
    kept = _dataset(load(data), "", found)
    return DatasetRead(of_object(kept, Dataset, answer=True), tuple(found))


def read_catalog(data: bytes) -> CatalogRead:
    """Read one page of a catalogue.

    Args:
        data: the body of the answer, at most 1 MiB.

    Raises:
        MalformedMessageError: It is no catalogue at all.
    """
    value = load(data)
    if not isinstance(value, dict):
        raise malformed("/", problems.A_TYPE.of(type="Catalog"), kind_of(value))
    found: list[Unreadable] = []
    rest = {key: item for key, item in value.items() if key != "dataset"}
    for key, check in _LISTS.items():
        if isinstance(items := rest.get(key), list):
            rest[key] = _kept(items, check, f"/{key}", "", found)
    # a list that has become empty, or came so, is none: the table has no empty ones
    rest = {key: item for key, item in rest.items() if key not in _LISTS or item != []}
    catalog = of_object(rest, Catalog, answer=True)
    datasets = value.get("dataset", [])
    if not isinstance(datasets, list):
        raise malformed("/dataset", problems.AN_ARRAY, kind_of(datasets))
    read = []
    for index, item in enumerate(datasets):
        try:
            read.append(_dataset(item, f"/dataset/{index}", found))
        except MalformedMessageError as error:
            name = name_of(item)
            found.append(Unreadable(dataset=name, part="dataset", id=name, why=error.message))
    return CatalogRead(replace(catalog, dataset=tuple(read)), tuple(found))


def _dataset(value: Any, at: str, found: list[Unreadable]) -> dict[str, Any]:
    """Read one dataset without those of its offers and distributions that cannot be read."""
    if not isinstance(value, dict):
        raise malformed(at, problems.AN_OBJECT, kind_of(value))
    lost: list[Unreadable] = []
    kept = dict(value)
    for key, check in _OF_DATASET.items():
        if isinstance(items := kept.get(key), list) and items:
            kept[key] = _kept(items, check, f"{at}/{key}", name_of(value), lost)
            if not kept[key]:  # nothing of it is left: say why, not that there is nothing
                raise malformed(f"{at}/{key}", problems.READABLE, lost[-1].why)
    DATASET(kept, at)
    found += [*lost, *_not_understood(kept)]
    return kept


def _kept(
    items: list[Any], check: Check, at: str, dataset: str, found: list[Unreadable]
) -> list[Any]:
    kept = []
    for index, item in enumerate(items):
        try:
            check(item, f"{at}/{index}")
        except MalformedMessageError as error:
            part = at.rpartition("/")[2]
            found.append(
                Unreadable(dataset=dataset, part=part, id=name_of(item), why=error.message)
            )
        else:
            kept.append(item)
    return kept


def _not_understood(dataset: Mapping[str, Any]) -> Iterator[Unreadable]:
    """Name the offers of a dataset whose terms mean nothing to us."""
    for offer in dataset["hasPolicy"]:
        try:
            parse_policy(offer, kind="Offer")
        except PolicyError as error:
            yield Unreadable(
                dataset=name_of(dataset), part="hasPolicy", id=name_of(offer), why=error.message
            )


def name_of(value: Any) -> str:
    """Give the `@id` of a part as far as it can be shown; empty where it has none."""
    name = value.get("@id") if isinstance(value, dict) else None
    return name[:LONGEST_NAME] if isinstance(name, str) and name.isprintable() else ""
