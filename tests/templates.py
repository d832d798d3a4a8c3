"""Homes, routes, compiled SQL and templates that are made once in a test process: what makes them
gives the same each time.

A party's keys come from entropy that is seeded by its name, its first leaf from a clock that
stands: a second home of one name at one time is a copy of the first. `connector.party.home` itself
is tested where it is called, by `tests/e2e/processes.py` and the command line's tests.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.routing.converters import DEFAULT_CONVERTERS

from connector.party.home import Plan, make_home
from connector.process.actor import actor
from connector.process.settings import load
from connector.store import sqlite
from tests.postgres import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from jinja2.bccache import Bucket
    from sqlalchemy import Engine
    from werkzeug.routing.matcher import RulePart

    from connector.process.settings import Settings
    from tests.simulators import SeededEntropy, StandingClock

COMPILED = 5_000  # statements that are kept; all tests together have fewer


@dataclass(frozen=True)
class _Made:
    """A home, closed, and how often its entropy had been asked by then."""

    folder: Path
    asked: int


_homes: dict[Hashable, _Made] = {}
_folder: list[Path] = []


def home(
    place: Path,
    plan: Plan,
    env: Mapping[str, str],
    *,
    clock: StandingClock,
    entropy: SeededEntropy,
) -> Settings:
    """Make a home as `make_home` does, or copy the one that was made like it.

    A home with a part elsewhere is made anew each time: a database on a server, a key file that
    the environment names.
    """
    key = (plan, tuple(sorted(env.items())), clock.now(), type(clock), entropy.seed, actor())
    found = _homes.get(key)
    if found is None or place.exists() or entropy.count:
        asked = entropy.count
        with databases.migrated_once():
            settings = make_home(place, plan, env, clock=clock, entropy=entropy)
        own = (settings.data, settings.kek_file)
        if not asked and not databases.SERVER and all(place in path.parents for path in own):
            _homes[key] = _Made(_kept(place), entropy.count)
        return settings
    shutil.copytree(found.folder, place)
    entropy.count = found.asked
    return load(place, env)


def place() -> Path:
    """Make a folder that lasts as long as this process."""
    if not _folder:
        _folder.append(Path(tempfile.mkdtemp(prefix="voile-homes-")))
        atexit.register(shutil.rmtree, _folder[0], ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=_folder[0]))


def _kept(home: Path) -> Path:
    folder = place()
    shutil.copytree(home, folder, dirs_exist_ok=True)
    return folder


def routes_compiled_once() -> None:
    """Have werkzeug read a route and write the function that spells it once, not per application.

    Both are made of the route's text alone, unless the route has default values or its map has
    converters of its own.
    """
    compiled: dict[Hashable, Callable[..., Any]] = {}
    plain = Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if rule.defaults:
            return plain(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = plain(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = builder  # type: ignore[method-assign]
    Rule._parse_rule = _read_once(Rule._parse_rule)  # type: ignore[method-assign]


class _Alike(SQLiteDialect_pysqlite):
    """The dialect of one engine of a store, equal to that of any other."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is _Alike

    def __hash__(self) -> int:
        return hash(_Alike)


def statements_compiled_once() -> None:
    """Have SQLAlchemy compile a statement for SQLite once, not for each engine of each node.

    It keeps what it compiled per engine and looks it up by dialect, of which each engine has one of
    its own; those that a store makes are all alike.
    """
    compiled: LRUCache[Any, Any] = LRUCache(COMPILED)
    plain = sqlite.create_engine

    def create(*arguments: Any, **options: Any) -> Engine:
        made = plain(*arguments, **options)
        made.dialect.__class__ = _Alike
        made._compiled_cache = compiled
        return made

    sqlite.create_engine = create  # type: ignore[assignment]


class _Bytecode(BytecodeCache):
    """Keeps what Jinja made of a template, by name and text."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (made := self.made.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(made)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.made[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def pages_compiled_once() -> None:
    """Have Jinja compile a template once, not for the console of each node.

    What it makes depends on the template's text and on settings that all consoles have; filters
    are looked up when a page is drawn.
    """
    kind: Any = Environment
    plain, kept = kind.__init__, _Bytecode()

    def init(made: Environment, *arguments: Any, **options: Any) -> None:
        plain(made, *arguments, **{"bytecode_cache": kept, **options})

    kind.__init__ = init


def _read_once(plain: Callable[[Rule, str], Iterable[RulePart]]) -> Callable[..., Any]:
    known: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]] = {}

    def parse(rule: Rule, text: str) -> Iterable[RulePart]:
        if rule.map.converters != DEFAULT_CONVERTERS:
            return plain(rule, text)
        if text not in known:
            before = len(rule._trace)
            parts = [*plain(rule, text)]
            kept = {name: copy(one) for name, one in rule._converters.items()}
            for one in kept.values():
                del one.map  # a closed application's
            known[text] = (parts, rule._trace[before:], kept)
            return parts
        parts, trace, kept = known[text]
        rule._trace += trace
        for name, one in kept.items():
            rule._converters[name] = own = copy(one)
            own.map = rule.map
        rule.arguments |= kept.keys()
        return parts

    return parse
