"""The tamper drill: changes a bundle in thousands of ways and demands that each is found.

Every check is the real one, on a copy with one thing changed. *Flips* change one bit of one byte
of any file. *Deep* flips make believe that the party itself made a new manifest over the changed
file: then the tree, the chains of signatures and the commitments must find it; not of what others
acknowledged, of which who holds it may leave out what it likes. *Moves* change whole files.
Positions are spread evenly, so that two drills of one bundle are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from contracts.audit import layout
from contracts.audit.memo import Memo
from contracts.audit.verify import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contracts.audit.report import Finding
    from contracts.audit.verify import Bundle

WHOLE_BYTES: Final = 512  # smaller files are flipped at every byte
_PAIR: Final = (layout.MANIFEST, layout.SIGNATURE)
_DEEP: Final = ("log/entries.jsonl", "log/leaf-hashes", "checkpoint", "agreements/", "signed/",
                "peers/", "opened/")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many changes of one sort were made in one place, and how many were found.

    Attributes:
        sort: "flip", "deep" or "move".
        where: the file, or what was moved.
        made: changes.
        found: changes that a check found.
        located: those where it named the very file or leaf.
    """

    sort: str
    where: str
    made: int
    found: int
    located: int


class Overlay(Mapping[str, bytes]):
    """A bundle's files with some replaced or taken away, without copying the rest."""

    def __init__(self, below: Mapping[str, bytes], changed: Mapping[str, bytes | None]) -> None:
        self._below = below
        self._changed = changed

    def __getitem__(self, path: str) -> bytes:
        if path not in self._changed:
            return self._below[path]
        data = self._changed[path]
        if data is None:
            raise KeyError(path)
        return data

    def __iter__(self) -> Iterator[str]:
        for path in self._below:
            if self._changed.get(path, b"") is not None:
                yield path
        for path, data in self._changed.items():
            if data is not None and path not in self._below:
                yield path

    def __len__(self) -> int:
        return sum(1 for _ in self)


def drill(
    bundle: Bundle, *, flips_per_file: int = 64, progress: Callable[[int], None] = lambda _: None
) -> tuple[Tally, ...]:
    """Change a clean bundle in every way listed above.

    Args:
        bundle: it must be free of findings; what is unchecked stays so.
        flips_per_file: for files too large to flip every byte.
        progress: told the number of changes made so far.
    """
    memo = Memo()
    before = frozenset(examine(bundle, memo))
    frozenset(examine(bundle, memo, manifest_only=False))
    memo.freeze()
    tallies: list[Tally] = []
    made = 0
    for path in sorted(bundle.files):
        for deep in (False, True) if _is_deep(path) else (False,):
            tally = _flip_file(bundle, memo, before, path, flips_per_file, deep=deep)
            tallies.append(tally)
            made += tally.made
            progress(made)
    for name, changed in _moves(bundle.files):
        found = next(_new(bundle, memo, before, changed, deep=False), None)
        tallies.append(_tally("move", name, [found]))
        made += 1
    progress(made)
    return tuple(tallies)


def positions(size: int, count: int) -> list[int]:
    """Choose bytes to flip: all of a small file, else first, last and evenly between."""
    if size <= max(count, WHOLE_BYTES):
        return list(range(size))
    return sorted({*(at * (size - 1) // (count - 1) for at in range(count)), 0, size - 1})


def _flip_file(
    bundle: Bundle, memo: Memo, before: frozenset[Finding], path: str, count: int, *, deep: bool
) -> Tally:
    data = bundle.files[path]
    results: list[Finding | None] = []
    places = positions(len(data), count)
    if deep:
        places = places[:: max(1, len(places) // count)]
    for number, at in enumerate(places):
        changed = bytearray(data)
        changed[at] ^= 1 << number % 8
        found = _new(bundle, memo, before, {path: bytes(changed)}, deep=deep)
        results.append(_best(found, path))
    return _tally("deep" if deep else "flip", path, results, path)


def _new(
    bundle: Bundle,
    memo: Memo,
    before: frozenset[Finding],
    changed: Mapping[str, bytes | None],
    *,
    deep: bool,
) -> Iterator[Finding]:
    """Yield the findings about a changed bundle that it did not have before."""
    files = Overlay(bundle.files, changed)
    stop = False if deep else None
    for finding in examine(replace(bundle, files=files), memo, manifest_only=stop):
        if finding.level != "unchecked" and finding not in before:
            yield finding


def _best(findings: Iterator[Finding], path: str) -> Finding | None:
    """Give the first finding that names the file, else the first; stop looking once it is there."""
    first: Finding | None = None
    for finding in findings:
        if _names(finding, path):
            return finding
        first = first or finding
    return first


def _names(finding: Finding, path: str) -> bool:
    if path in _PAIR and finding.where in _PAIR:
        return True  # the two are one statement: which of them changed cannot be told
    if finding.leaf is not None and path.startswith("log/"):
        return True
    return path == finding.where or path.startswith(f"{finding.where}/")


def _tally(sort: str, where: str, results: list[Finding | None], path: str | None = None) -> Tally:
    found = [finding for finding in results if finding is not None]
    located = [finding for finding in found if path is None or _names(finding, path)]
    return Tally(sort=sort, where=where, made=len(results), found=len(found), located=len(located))


def _is_deep(path: str) -> bool:
    return path.startswith(_DEEP)


def _moves(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, bytes | None]]]:
    """Yield whole-file changes: what is taken away, added, exchanged, cut, lengthened."""
    paths = sorted(files)
    for path in paths:
        yield f"{path} taken away", {path: None}
        yield f"{path} lengthened", {path: files[path] + b"\n"}
        if files[path]:
            yield f"{path} cut", {path: files[path][:-1]}
            yield f"{path} emptied", {path: b""}
    for one, two in pairwise(paths):
        if files[one] != files[two]:
            yield f"{one} and {two} exchanged", {one: files[two], two: files[one]}
    yield "a file added", {"agreements/added/agreement.json": b"{}"}
    yield "a file added beside the manifest", {"added": b""}
    lines = files.get(layout.ENTRIES, b"").split(b"\n")[:-1]
    if len(lines) > 1:
        rest = lines[1:-1]
        for name, bent in (
            ("the last leaf taken away", lines[:-1]),
            ("the first leaf taken away", lines[1:]),
            ("the last leaf doubled", [*lines, lines[-1]]),
            ("the first and last leaf exchanged", [lines[-1], *rest, lines[0]]),
        ):
            yield name, {layout.ENTRIES: b"".join(line + b"\n" for line in bent)}
