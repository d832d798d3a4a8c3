"""What commands share: options, the client of the management API, and how results are printed.

CLI modules do not use ``from __future__ import annotations``: Typer reads the annotations.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from connector.client import errors
from connector.client.channel import Channel
from connector.client.opening import place_of, secret_of
from connector.faces.cli import problems
from connector.faces.cli.tongue import spoken
from connector.process.errors import SettingsError
from connector.process.settings import Settings, load
from crypto.words import LANGUAGES, NOTHING, Language, Words

_HOME: Any = typer.Option(
    "--home", envvar="VOILE_HOME", help="Folder with voile.toml and data.", show_default=False
)
Home = Annotated[Path, _HOME]
MaybeHome = Annotated[Path | None, _HOME]  # of a command that others stand below
AcceptHead = Annotated[
    bool,
    typer.Option(
        "--accept-head",
        help="Sign on although the anchor file of the log is lost, or everything was restored from "
        "a backup; a leaf says so. A head that others saw since that backup still convicts: the "
        "log is then split for good, and what helps is a new home with a new log.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def _known(lang: str) -> str:
    """Refuse a language that there is none of, before anything runs."""
    if lang and lang not in LANGUAGES:
        raise SettingsError(problems.LANGUAGE_UNKNOWN, given=lang)
    return lang


Lang = Annotated[
    str,
    typer.Option(
        "--lang", envvar="VOILE_LANG", callback=_known, help="zh or en; default: the settings'."
    ),
]

_printed: list[
    object
] = []  # results that went out as JSON: a failure after one goes to standard error


Failed = errors.Failed


class Management(Channel):
    """Calls the management API of the running connector of a home."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(place_of(settings), secret_of(settings), spoken)
        self.settings = settings


def part(text: str) -> str:
    """Make an id that a person typed a part of a path, whatever stands in it."""
    if not text.strip():
        raise SettingsError(problems.ID_EMPTY)
    return quote(text, safe=":")


def settings_of(home: Path) -> Settings:
    """Read the settings of a home."""
    return load(home, os.environ)


def management(home: Path) -> Management:
    """Give the client of the connector of a home."""
    return Management(settings_of(home))


def language(lang: str = "") -> Language:
    """Give the language of this command: what its `--lang` says, else what `spoken` decides."""
    _known(lang)
    return "zh" if lang == "zh" else "en" if lang == "en" else spoken()


def show(value: object, *, as_json: bool, human: Callable[[], None] | None = None) -> None:
    """Print a result: as JSON, or as ``human`` prints it."""
    if as_json or human is None:
        if as_json:
            _printed.append(value)
        text = json.dumps(value, ensure_ascii=False, indent=None if as_json else 2)
        sys.stdout.write(escaped(text) + "\n")
    else:
        human()


def unreadable(row: Mapping[str, Any]) -> str:
    """Say that one item of a list cannot be read, and why."""
    return said(Words("无法读取：{why}", "cannot be read: {why}"), why=row["unreadable"])


def escaped(text: str) -> str:
    """Escape in JSON what would steer a terminal: the value stays the same."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def printable(text: str) -> str:
    """Return a peer's text without what would steer a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def harmless(text: str) -> str:
    """Return lines, some of them a peer's, without what would steer a terminal."""
    return "\n".join(printable(line) for line in text.split("\n"))


def printed() -> bool:
    """Whether a result went out as JSON: standard output must hold one value."""
    return bool(_printed)


def begin() -> None:
    """Begin a command: nothing is printed yet."""
    _printed.clear()


def said(words: Words, /, **facts: object) -> str:
    """Give words in the language of this command, without what would steer a terminal.

    Args:
        words: the text.
        facts: what fills its places.
    """
    return printable(words.filled(spoken(), facts))


def say(words: Words = NOTHING, /, **facts: object) -> None:
    """Print one line of words."""
    put(said(words, **facts))


def put(text: str = "") -> None:
    """Print one line that is in no language: ids, names, numbers; or words that were said."""
    sys.stdout.write(text + "\n")
