"""The command ``questions``: what we asked others, or with ``--received`` what others asked us."""

import csv
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from connector.faces.cli import problems_asked as problems
from connector.faces.cli.client import Csv, Home, Json, Lang, Management, management, show
from connector.faces.cli.does import does
from connector.faces.cli.moments import read_moment
from connector.faces.cli.question_lines import say_questions
from connector.faces.cli.received_lines import CSV_HEADS, csv_row, say_received
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

_PAGE = 1000  # questions of one call, where all are wanted
_BOM = "\ufeff"
_OR_RECEIVED = Words("；或别人向本方提的问题", "; or those that others asked of us")
_USUAL_LIMIT = Words("；默认 100，CSV 为全部", "; default: 100, CSV: all")


class Became(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    REFUSED = "refused"
    OPEN = "open"
    ENDED = "ended"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(questions)


@does(
    "question.list",
    _OR_RECEIVED,
    also="question.received",
    fields={"asker": "counterparty"},
    of={"limit": _USUAL_LIMIT},
)
def questions(
    home: Home,
    received: Annotated[
        bool, typer.Option("--received", help="Those that others asked of our data.")
    ] = False,
    asker: Annotated[str, typer.Option("--from")] = "",
    agreement: Annotated[str, typer.Option("--agreement")] = "",
    product: Annotated[str, typer.Option("--product")] = "",
    since: Annotated[
        str, typer.Option("--since", help="From this day or moment on, UTC: 2026-11-30.")
    ] = "",
    until: Annotated[
        str, typer.Option("--until", help="Until the end of this day, or before this moment, UTC.")
    ] = "",
    state: Annotated[Became | None, typer.Option("--state")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1)] = None,
    before: Annotated[
        int | None, typer.Option("--before", min=0, help="The next page: as its line says.")
    ] = None,
    as_csv: Csv = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV for Excel: with a byte-order mark.")
    ] = False,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Print a page of lines, one JSON value, or CSV as it comes."""
    wanted: dict[str, str | int] = {
        name: given
        for name, given in (
            ("counterparty", asker),
            ("agreement", agreement),
            ("product", product),
            ("since", read_moment(since)),
            ("until", read_moment(until, end=True)),
            ("state", state.value if state is not None else None),
            ("before", before),
        )
        if given not in (None, "")
    }
    if not received:
        if wanted or as_csv or bom or limit is not None:
            raise SettingsError(problems.RECEIVED_ONLY)
        found = management(home).get("/v1/questions")
        rows = [*found["questions"], *found.get("totals", [])]
        show(found, as_json=as_json, human=lambda: say_questions(rows))
        return
    if (as_csv and as_json) or (bom and not as_csv):
        raise SettingsError(problems.CSV_AND_JSON if as_csv else problems.BOM_ALONE)
    client = management(home)
    if as_csv:
        _write_csv(_all(client, wanted, limit), bom=bom)
        return
    page = client.get("/v1/questions/received", **wanted, limit=limit or 100)
    show(page, as_json=as_json, human=lambda: say_received(page))


def _write_csv(rows: Iterator[Mapping[str, Any]], *, bom: bool) -> None:
    """Write rows as they come: never more than one page is held."""
    first = next(rows, None)  # what is refused is refused before anything is written
    sys.stdout.write(_BOM if bom else "")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    tongue = spoken()
    writer.writerow([head.said(tongue) for head in CSV_HEADS])
    if first is not None:
        writer.writerow(csv_row(first, tongue))
    writer.writerows(csv_row(row, tongue) for row in rows)


def _all(
    client: Management, wanted: Mapping[str, str | int], limit: int | None
) -> Iterator[Mapping[str, Any]]:
    """Ask page after page, for so many or for all."""
    asked = dict(wanted)
    while limit is None or limit > 0:
        size = _PAGE if limit is None else min(limit, _PAGE)
        page = client.get("/v1/questions/received", **asked, limit=size)
        yield from page["questions"]
        if page["next"] is None:
            return
        asked["before"] = page["next"]
        limit = None if limit is None else limit - len(page["questions"])
