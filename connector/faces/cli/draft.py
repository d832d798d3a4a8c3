"""``product draft``: a first product file, made on this machine from a data file of one's own."""

import os
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Json, Lang, put, said, say, show
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
    "{count} things are left to decide: the lines that begin with #?",
)
_LACKING: Final = Words("还不能发布，尚缺：{keys}", "it cannot be published yet, it lacks: {keys}")
_THEN: Final = Words(
    "然后：voile publish {path} {data} --home HOME", "then: voile publish {path} {data} --home HOME"
)


def draft(
    data: Annotated[Path, typer.Argument(help="A CSV or Parquet file.")],
    out: Out = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Write a first product file from data, with a comment wherever a person must decide.

    The whole file is read on this machine; no connector need run, and nothing is sent anywhere.
    """
    from connector.areas.products import draft_of

    refuse_existing(out)
    if not data.is_file():
        raise SettingsError(problems.DATA_FILE_MISSING, path=str(data))
    today = datetime.now(UTC).date()
    with _watched() as progress:
        made = draft_of(data.resolve(), language=spoken(), today=today, progress=progress)
    found = {"decisions": list(made.decisions), "lacking": list(made.lacking)}
    deliver(made.text, out, found, as_json=as_json)
    if out is not None and not as_json:
        say_what_is_left(made.decisions, made.lacking)
        say(_THEN, path=out, data=data)


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
