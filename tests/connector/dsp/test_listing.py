"""The catalogue's bytes: kept while nothing changes, never stale, judged once for equal terms."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.dsp.catalog_cache import Listing
from policies.odrl import to_wire
from policies.offers import QuestionTerms, question_offer
from tests.connector.dsp.area import dsp_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from policies.reasons import Reason
    from tests.connector.dsp.conftest import Pair

OTHER = "did:web:other.example"


def offer(name: str, *recipients: str) -> dict[str, Any]:
    terms = QuestionTerms(purposes=("quality",), recipients=recipients)
    return to_wire(question_offer(name, terms))


class Books:
    """A shelf that a test rearranges; counts how often it is read."""

    def __init__(self) -> None:
        self.books: dict[str, tuple[int, list[dict[str, Any]]]] = {}
        self.read: list[str] = []

    def put(self, name: str, *offers: dict[str, Any]) -> None:
        self.books[name] = (self.books.get(name, (0, []))[0] + 1, list(offers))

    def datasets(self, _session: Session) -> Sequence[Mapping[str, Any]]:
        raise AssertionError("the listing reads names and single datasets")

    def names(self, _session: Session, *, after: str, limit: int) -> list[tuple[str, int]]:
        found = sorted(name for name in self.books if name > after)[:limit]
        return [(name, self.books[name][0]) for name in found]

    def dataset(self, _session: Session, dataset_id: str) -> dict[str, Any] | None:
        self.read.append(dataset_id)
        stamp, offers = self.books[dataset_id]
        service = {"@id": "urn:s", "@type": "DataService", "endpointURL": "https://a.example"}
        return {
            "@id": dataset_id,
            "@type": "Dataset",
            "dct:title": f"版本 {stamp}",
            "hasPolicy": offers,
            "distribution": [
                {"@type": "Distribution", "format": "Voile-Question", "accessService": service}
            ],
        } if offers else None  # fmt: skip


class Counting:
    """The real gate, counted."""

    def __init__(self, gate: Any) -> None:
        self.gate = gate
        self.asked = 0

    def reasons(self, *arguments: Any, **named: Any) -> tuple[Reason, ...]:
        self.asked += 1
        found: tuple[Reason, ...] = self.gate.reasons(*arguments, **named)
        return found


@pytest.fixture
def room(pair: Pair) -> tuple[Books, Counting, Any]:
    dsp = dsp_of(pair.provider.node)
    books, gate = Books(), Counting(dsp.gate)
    listing = Listing(replace(dsp, shelf=books, gate=gate))

    def seen() -> list[dict[str, Any]]:
        with pair.provider.node.db.reading() as session:
            return [json.loads(data) for data in listing.visible(session, pair.consumer.did)]

    return books, gate, seen


def test_what_has_not_changed_is_not_read_again(room: tuple[Books, Counting, Any]):
    """The second reading reads nothing; a change is shown at once, and only it is read."""
    books, _, seen = room
    for name in ("b", "a", "c"):
        books.put(name, offer(f"{name}:o"))
    assert [found["@id"] for found in seen()] == ["a", "b", "c"]
    assert books.read == ["a", "b", "c"]
    assert seen() == seen()
    books.put("b", offer("b:o"), offer("b:p"))
    changed = seen()[1]
    assert changed["dct:title"] == "版本 2"
    assert [found["@id"] for found in changed["hasPolicy"]] == ["b:o", "b:p"]
    assert books.read == ["a", "b", "c", "b"]
    del books.books["a"]
    assert [found["@id"] for found in seen()] == ["b", "c"]


def test_equal_terms_are_judged_once_a_request(room: tuple[Books, Counting, Any]):
    """Three hundred datasets under one kind of terms: one decision; in the next request another."""
    books, gate, seen = room
    for number in range(300):
        books.put(f"{number:03}", offer(f"{number}:o"))
    assert len(seen()) == 300
    assert gate.asked == 1
    seen()
    assert gate.asked == 2


def test_a_hidden_offer_is_left_out_and_the_rest_shown(room: tuple[Books, Counting, Any]):
    """Of two offers the visible one; a dataset without one, or without any, is not there."""
    books, gate, seen = room
    books.put("both", offer("o"), offer("p", OTHER))
    books.put("hidden", offer("q", OTHER))
    books.put("none")
    (found,) = seen()
    assert [policy["@id"] for policy in found["hasPolicy"]] == ["o"]
    assert found["dct:title"] == "版本 1"
    assert gate.asked == 2
