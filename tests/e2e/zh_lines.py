"""Which printed lines a zh home may leave without a Chinese character, and a way to run commands.

A line passes that holds Chinese, or nothing but what is in no language: ids, names, digests,
numbers, addresses, paths, code and commands.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

import typer

from connector.__main__ import build, main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

HAN = re.compile(r"[\u4e00-\u9fff]")
# what is in no language, taken off a line before it is looked for words
NO_LANGUAGE = (
    re.compile(r"`[^`]*`"),  # quoted input
    re.compile(r"(did:web|urn:uuid|urn|https?|sha-?256|file):[^\s,;)]+"),  # ids and addresses
    re.compile(r"/[^\s,;()]+"),  # paths
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b"),  # a UUID
    re.compile(r"\b[A-Za-z0-9_-]{22,}\b"),  # thumbprints, session ids, digests, tokens
    re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?( ?UTC|Z|\+00:00)?)?"),  # moments
    re.compile(r"\d[\d,.]*( (%|B|s|MiB))?"),  # figures
    re.compile(r"\bvoile( [^\s：，]+)+"),  # commands
    # what the owners of the test named: products, a measure, a dimension and its codes, a column
    re.compile(r"\b([Dd]eliveries|[Bb]ulk|quantity|piece|mode|RAIL|ROAD|total)\b"),
)
WORD = re.compile(r"[A-Za-z]{2,}")
# lines without Chinese that are right so, by what they are
ALLOWED = {
    "a setting of the sheet of `voile doctor`, by its name": re.compile(
        r"(did|public_url|role|hub|space|language|zone|data|kek_file|database|protocol|management"
        r"|metrics|console|console\.url|intake\.\w+|expose|pinned|status_seconds|limits\.\w+"
        r"|testing\.\w+)\b.*"
    ),
    "the question as it was asked, in SQL": re.compile(r" +SELECT .*"),
    "figures by their terms of SQL, and how many of each": re.compile(
        r"( *\w+:)?( *(COUNT|SUM)\([^()]+\)( +\d+| +\d+/\d+)+( +\([\d.]+ %\))?)+ *"
    ),
    "versions of programs": re.compile(r"(voile|Python|SQLite|DuckDB) +\S.*"),
}


def foreign(text: str) -> list[str]:
    """The lines of a text that say something, and nothing of it in Chinese."""
    found = []
    for line in text.splitlines():
        bare = line
        for pattern in NO_LANGUAGE:
            bare = pattern.sub(" ", bare)
        if HAN.search(line) or not WORD.search(bare):
            continue
        if not any(pattern.fullmatch(line) for pattern in ALLOWED.values()):
            found.append(line)
    return found


@dataclass
class Said:
    """What one command printed."""

    words: tuple[str, ...]
    code: int
    text: str

    @property
    def foreign(self) -> list[str]:
        return [f"voile {' '.join(self.words)}: {line}" for line in foreign(self.text)]


@dataclass
class Reader:
    """Runs commands in this process as the console script does, and keeps what they printed."""

    said: list[Said] = field(default_factory=list)

    def run(self, *words: str, env: dict[str, str] | None = None) -> Said:
        out, err = io.StringIO(), io.StringIO()
        kept = {name: text for name, text in os.environ.items() if not name.startswith("VOILE_")}
        kept |= {"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "COLUMNS": "200"}
        code = 0
        with (
            mock.patch.dict(os.environ, kept | (env or {}), clear=True),
            mock.patch.object(sys, "argv", ["voile", *words]),
            mock.patch.object(sys, "stdin", io.StringIO("")),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        found = Said(words, code, out.getvalue() + err.getvalue())
        self.said.append(found)
        return found

    def at(self, party: Running, *words: str, code: int = 0) -> str:
        """Run a command at a home; give what it printed."""
        env = {name: text for name, text in party.env.items() if name.startswith("VOILE_")}
        found = self.run(*words, "--home", str(party.home), env=env)
        assert found.code == code, (
            found.words,
            found.code,
            found.text,
            party.log[-2000:],
        )
        return found.text


def in_chinese(party: Running) -> Running:
    """Make the home of a party one that speaks Chinese."""
    path: Path = party.home / "voile.toml"
    text = path.read_text(encoding="utf-8")
    assert 'language = "en"' in text
    path.write_text(text.replace('language = "en"', 'language = "zh"'), encoding="utf-8")
    return party


def paths(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that runs: groups only if they do something alone."""
    command = command or typer.main.get_command(build())
    inner = getattr(command, "commands", {})
    if path and (not inner or command.invoke_without_command):
        yield path
    for name, below in inner.items():
        yield from paths(below, (*path, name))


ALL = sorted(set(paths()))


def path_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Which command a line runs."""
    return max((path for path in ALL if words[: len(path)] == path), key=len, default=())


def as_json(reader: Reader, party: Running, *words: str) -> Any:
    before = len(reader.said)
    found = json.loads(reader.at(party, *words, "--json"))
    del reader.said[before:]  # what programs read is in no language
    return found
