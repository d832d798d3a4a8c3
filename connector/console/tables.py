"""Lists as files: what a page lists, with the filters of its URL, as CSV for a spreadsheet.

The page itself is asked, one part after the other, so that a file holds what the page shows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from flask import Response

from connector.client.spreadsheet import BOM, escaped
from connector.client.texts import plain
from connector.console import words
from connector.console.page import Page
from connector.console.render import iso
from crypto.words import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.console.page import View, Visit
    from connector.party.node import Node
    from crypto.words import Language, Words

MOST: Final = 5_000  # rows of a file
MOST_PARTS: Final = 400  # of a list that are read for it: a search may give some that are empty
ENDING: Final = ".csv"
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
PLACES: Final = frozenset({"after", "before"})  # of a URL: which part of the list it shows


@dataclass(frozen=True, slots=True)
class Time:
    """A moment as a cell: milliseconds since 1970; nothing for 0."""

    ms: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        head: what stands above it.
        cell: gives its value of a row as the page's view made it: words, a text, a number, a
            `Time`; None for an empty cell.
    """

    head: Words
    cell: Callable[[Any], object]


class _Filters(Mapping[str, "Sequence[str]"]):
    """A query without what says which part is shown; what is looked at of it, that alone is read.

    So that an auditor's file is put on record by what its list asks for, as the list is.
    """

    def __init__(self, query: Mapping[str, Sequence[str]], without: frozenset[str]) -> None:
        self._query = query
        self._without = without

    def __getitem__(self, name: str) -> Sequence[str]:
        if name in self._without:
            raise KeyError(name)
        return self._query[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._query if name not in self._without)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def table_file(
    page: Page,
    *,
    rows: str,
    columns: Sequence[Column],
    following: str = "next",
    places: frozenset[str] = PLACES,
    part: View | None = None,
) -> Page:
    """Make the page that gives a list as CSV, under the list's own path with `.csv` behind it.

    Args:
        page: the list; whoever may open it may have the file.
        rows: name of what its view lists.
        columns: of the file.
        following: name of what its view gives as the address of the next part; empty at the end.
        places: what of the URL says which part is shown; the file begins at the beginning.
        part: makes the same as the list's view, of what the file needs; None: that view.
    """
    parts = part or page.view

    def view(node: Node, visit: Visit) -> Response:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.head.said(visit.language) for column in columns])
        for row in _rows(parts, node, visit, rows, following, places):
            cells = [cell_of(column.cell(row), visit.language) for column in columns]
            writer.writerow(cells)
        name = page.path.strip("/").replace("/", "-")
        return csv_file(name, out.getvalue(), bom=visit.asked("bom") == "1")

    return Page(
        name=f"{page.name}_file",
        path=page.path + ENDING,
        title=words.LIST_FILE,
        may=page.may,
        view=view,
        template=page.template,
        words=page.words,
        reading=page.reading,
    )


def _rows(
    view: View, node: Node, visit: Visit, rows: str, following: str, places: frozenset[str]
) -> Iterator[Any]:
    """Give the rows of one part after the other, up to a bound."""
    asked: Mapping[str, Sequence[str]] = _Filters(visit.query, places | {"bom"})
    left = MOST
    for _ in range(MOST_PARTS):
        made = view(node, replace(visit, query=asked))
        assert not isinstance(made, Response), "a list is no file"
        listed = list(made[rows])[:left]
        yield from listed
        left -= len(listed)
        further = made.get(following, "")
        if not further or left <= 0:
            return
        asked = _query(further)


def _query(href: str) -> Mapping[str, Sequence[str]]:
    return parse_qs(href.partition("?")[2], keep_blank_values=True)


def cell_of(value: object, language: Language) -> str:
    """Write one cell; no spreadsheet takes it for a formula, nothing in it steers a reader."""
    if value is None:
        return ""
    if isinstance(value, Time):
        return iso(value.ms) if value.ms else ""
    text = escaped(spoken(value, language))  # before what steers goes: a tab counts as it came
    return "\n".join(map(plain, text.replace("\t", " ").split("\n")))


def csv_file(name: str, text: str, *, bom: bool) -> Response:
    """Give CSV to save, for Excel with a byte-order mark."""
    response = Response((BOM if bom else "") + text, mimetype="text/csv")
    return named(response, name, ENDING)


def named(response: Response, name: str, ending: str) -> Response:
    """Have a browser save an answer under a name in which nothing of others' steers."""
    kept = _NO_NAME.sub("-", name).strip("-.")[:80] or "table"
    response.headers["Content-Disposition"] = f'attachment; filename="{kept}{ending}"'
    return response
