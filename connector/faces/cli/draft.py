"""``product draft``: a first product file, made on this machine from data of one's own."""

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import (
    Json,
    Lang,
    MaybeHome,
    put,
    said,
    say,
    settings_of,
    show,
)
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.engines.progress import Progress

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write to this new file; without, to the screen."),
]
_PATIENCE: Final = 1.0  # seconds without a word of how far it is
_STAGES: Final = {
    "read": Words("读取", "reading"),
    "check": Words("统计", "counting"),
    "group": Words("推断写法", "finding how values are written"),
    "cells": Words("查取值范围", "finding ranges and codes"),
}
_WRITTEN: Final = Words("已写入 {path}", "written to {path}")
_DECISIONS: Final = Words(
    "须由人决定的有 {count} 处，见其中以 #? 开头的行",
    "{count} {count|thing is|things are} left to decide: the lines that begin with #?",
)
_LACKING: Final = Words("还不能发布，尚缺：{keys}", "it cannot be published yet, it lacks: {keys}")
_THEN: Final = Words(
    "然后：voile publish --check {what} --home HOME",
    "then: voile publish --check {what} --home HOME",
)


def draft(
    data: Annotated[
        Path | None,
        typer.Argument(help="A CSV, Parquet or Excel (.xlsx) file, or a folder with --files."),
    ] = None,
    files: Annotated[
        str, typer.Option("--files", help="Of a folder: the pattern of its files, like '*.csv'.")
    ] = "",
    sheet: Annotated[
        str, typer.Option("--sheet", help="Of a workbook: the sheet; not needed if it has one.")
    ] = "",
    header_row: Annotated[
        int,
        typer.Option(
            "--header-row", min=0, max=1000, help="Of a sheet: the row that names the columns."
        ),
    ] = 0,
    database: Annotated[
        str, typer.Option("--database", help="Instead of a file: a name in databases.toml.")
    ] = "",
    table: Annotated[str, typer.Option("--table", help="Of the database: a table or view.")] = "",
    query: Annotated[str, typer.Option("--query", help="Of the database: one query.")] = "",
    home: MaybeHome = None,
    out: Out = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Write a first product file from data, with a comment wherever a person must decide.

    All of the data are read on this machine; no connector need run, and nothing is sent anywhere.
    """
    from connector.areas.products import Asked, draft_of

    refuse_existing(out)
    asked = Asked(path=data, files=files, sheet=sheet, header_row=header_row)
    if database:
        if data is not None or files or sheet or header_row or bool(table) == bool(query):
            raise SettingsError(problems.DRAFT_OF_DATABASE)
        if home is None:
            raise SettingsError(problems.HOME_NOT_GIVEN)
        settings = settings_of(home)
        asked = Asked(settings=settings, database=database, table=table, query=query)
    elif data is None or table or query:
        raise SettingsError(problems.DRAFT_OF_WHAT)
    elif not data.exists():
        raise SettingsError(problems.DATA_FILE_MISSING, path=str(data))
    elif data.is_dir() != bool(files):
        wrong = problems.DRAFT_OF_FOLDER if data.is_dir() else problems.DRAFT_OF_NO_FOLDER
        raise SettingsError(wrong, name=data.name or str(data))
    else:
        asked = replace(asked, path=data.resolve())
    today = datetime.now(UTC).date()
    with _watched() as progress:
        made = draft_of(asked, language=spoken(), today=today, progress=progress)
    found = {"decisions": list(made.decisions), "lacking": list(made.lacking)}
    deliver(made.text, out, found, as_json=as_json)
    if out is not None and not as_json:
        say_what_is_left(made.decisions, made.lacking)
        say(_THEN, what=out if data is None else f"{out} {data}")


def say_what_is_left(decisions: "Sequence[str]", lacking: "Sequence[str]") -> None:
    """Say how much of a written draft is left to a person."""
    say(_DECISIONS, count=len(decisions))
    if lacking:
        say(_LACKING, keys=list(lacking))


def refuse_existing(out: Path | None) -> None:
    """Refuse a file that is there before anything is read: nothing is written over.

    Raises:
        SettingsError: it is there.
    """
    if out is not None and out.exists():
        raise SettingsError(problems.OUT_FILE_EXISTS, path=str(out))


def deliver(text: str, out: Path | None, found: "Mapping[str, object]", *, as_json: bool) -> None:
    """Write a product file to a new file that its owner alone reads, or print it.

    Args:
        text: the product file.
        out: where to; None prints it.
        found: what else `--json` tells.
        as_json: whether it does.
    """
    if out is None:
        show({"product": text, **found}, as_json=as_json, human=lambda: put(text.rstrip("\n")))
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SettingsError(problems.OUT_FILE_EXISTS, path=str(out)) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    told = {"file": str(out), **found}
    show(told, as_json=as_json, human=lambda: say(_WRITTEN, path=out))


@contextmanager
def _watched() -> "Iterator[Progress]":
    """Show how far it is, at a terminal, once it takes longer than a second."""
    from connector.engines.progress import quiet

    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=len(_STAGES))
    begun = time.monotonic()
    places = list(_STAGES)

    def watch(stage: str, done: float) -> None:
        if stage not in _STAGES:
            return
        if not bar.live.is_started and time.monotonic() - begun > _PATIENCE:
            bar.start()
        at = places.index(stage) + done
        bar.update(task, description=said(_STAGES[stage]), completed=at)

    try:
        yield watch
    finally:
        bar.stop()
