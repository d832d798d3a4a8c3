"""The comparison of two worlds finds what must not differ, and the worlds are equal where they must."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from tests.worlds import holdings
from tests.worlds.caller import Book
from tests.worlds.compare import differing, of_the_rows, unasked
from tests.worlds.normal import Normaliser
from tests.worlds.rows import ROWS

HEADERS = [("Content-Type", "application/json"), ("Content-Length", "9"), ("Date", "now")]
BODY = b'{"n": 7}\n'


def book(*notes: tuple[str, int, list[tuple[str, str]], bytes]) -> Book:
    made = Book(Normaliser())
    for note in notes:
        made.note(*note)
    return made


@pytest.mark.parametrize(
    "other",
    [
        ("a", 403, HEADERS, BODY),
        ("a", 200, [*HEADERS, ("X-Rows", "8")], BODY),
        ("a", 200, HEADERS[::-1], BODY),
        ("a", 200, HEADERS, b'{"n": 8}\n'),
        ("a", 200, HEADERS, b'{"n": 7} \n'),
        ("b", 200, HEADERS, BODY),
    ],
)
def test_status_headers_order_body_and_length_count(other: Any) -> None:
    same = ("a", 200, HEADERS, BODY)
    assert differing(book(same), book(same)) == []
    assert differing(book(same), book(other)) != []
    assert differing(book(same), book(same, same)) != []


def test_of_a_released_value_neither_the_figure_nor_its_length_counts() -> None:
    short, long = ({"values": {"a": text}} for text in ("1", "1000"))
    notes = []
    for value in (short, long):
        body = str(value).replace("'", '"').encode()
        notes.append(("a", 200, [("Content-Length", str(len(body)))], body))
    assert differing(book(notes[0]), book(notes[1])) == []


def test_a_digest_of_the_rows_is_found_among_what_looks_random() -> None:
    def lived(drawn: str, rows: str) -> Book:
        body = f'{{"id": "{drawn * 43}", "key": "{"k" * 43}", "digest": "{rows * 64}"}}'
        return book(("a", 200, [], body.encode()))

    assert of_the_rows(lived("x", "a"), lived("y", "b"), lived("z", "a")) == ["a" * 64]
    assert of_the_rows(lived("x", "a"), lived("y", "b"), lived("z", "c")) == []


def test_a_route_that_nobody_asked_is_told() -> None:
    assert len(unasked(book())) == len(ROWS)


def test_both_worlds_have_the_same_contributors_in_the_same_cells_and_other_figures() -> None:
    for made in (
        lambda w: holdings.ledger(w, 1),
        lambda w: holdings.ledger(w, 2),
        lambda w: holdings.stock(w, 0),
    ):
        one, other = (made(world) for world in holdings.WORLDS)
        assert one.text() == other.text()
        sides = []
        for table in (one, other):
            people = defaultdict(list)
            for who, cell, _ in table.rows:
                people[cell].append(who)
            sides.append(people)
        assert sides[0] == sides[1]
        assert [row[2] for row in one.rows] != [row[2] for row in other.rows]
