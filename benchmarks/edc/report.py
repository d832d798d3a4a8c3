"""The rows of the comparison, their goals, and the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

DEFAULT: Final = "EDC default"
FASTEST: Final = "EDC fastest"
VOILE: Final = "Voile"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where its figure lies, how it reads, what we want of it."""

    what: str
    unit: str
    path: tuple[str, ...]
    goal: float | None = None
    more: bool = False  # more is better


ROWS: Final = (
    Row("REQUESTED → FINALIZED, one by one, median", "ms", ("sequential", "median_ms"), 40),
    Row("… 95th percentile", "ms", ("sequential", "p95_ms")),
    Row("… lost", "", ("sequential", "lost"), 0),
    Row(
        "… CPU per contract, polls included",
        "ms",
        ("sequential", "cpu_ms_per_contract"),
    ),
    Row("300 negotiations at once", "1/s", ("at_once", "per_second"), 60, more=True),
    Row("… lost", "", ("at_once", "lost"), 0),
    Row("… CPU per contract, both sides", "ms", ("at_once", "cpu_ms_per_contract"), 27),
    Row("pull, request → STARTED, median", "ms", ("pulls", "median_ms"), 30),
    Row("… lost", "", ("pulls", "lost"), 0),
    Row("catalogue of 10,000, first page of 50", "ms", ("catalogue", "first_page", "ms"), 15),
    Row("the same on one page", "ms", ("catalogue", "one_page", "ms"), 500),
    Row("… datasets on it", "", ("catalogue", "one_page", "datasets")),
    Row("… bytes", "B", ("catalogue", "one_page", "bytes")),
    Row("… provider's memory then", "MiB", ("catalogue", "one_page", "provider_rss_mib"), 300),
    Row("start of both", "s", ("idle", "start_seconds"), 2),
    Row("idle memory of each (RSS)", "MiB", ("idle", "rss_mib"), 200),
    Row("… without what processes share (PSS)", "MiB", ("idle", "pss_mib")),
    Row("idle CPU of the pair", "%", ("idle", "cpu_percent"), 1),
)


def value(found: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    """Follow a path into what was measured; None if that was not."""
    at: Any = found
    for name in path:
        at = at.get(name) if isinstance(at, Mapping) else None
    return None if at is None else float(at)


def rows(results: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay the measured figures side by side."""
    made = []
    for row in ROWS:
        ours = value(results.get(VOILE, {}), row.path)
        met: bool | None = None
        if row.goal is not None and ours is not None:
            met = ours >= row.goal if row.more else ours <= row.goal
        made.append(
            {
                "what": row.what,
                "unit": row.unit,
                DEFAULT: value(results.get(DEFAULT, {}), row.path),
                FASTEST: value(results.get(FASTEST, {}), row.path),
                VOILE: ours,
                "goal": row.goal,
                "met": met,
            }
        )
    return made


def table(made: list[dict[str, Any]]) -> Table:
    """Draw them."""
    drawn = Table("work", "unit", DEFAULT, FASTEST, VOILE, "goal", "met")
    for row, line in zip(ROWS, made, strict=True):
        goal = "" if row.goal is None else f"{'≥' if row.more else '≤'} {row.goal:g}"
        met = {True: "yes", False: "no", None: ""}[line["met"]]
        figures = [_short(line[name]) for name in (DEFAULT, FASTEST, VOILE)]
        drawn.add_row(row.what, row.unit, *figures, goal, met)
    return drawn


def markdown(made: list[dict[str, Any]]) -> str:
    """Write the table as docs/performance.md has it."""
    lines = [f"| work | {DEFAULT} | {FASTEST} | {VOILE} | goal |", "|---|---|---|---|---|"]
    for row, line in zip(ROWS, made, strict=True):
        figures = [_short(line[name]) for name in (DEFAULT, FASTEST, VOILE)]
        units = [f"{figure} {row.unit}".strip() if figure else "" for figure in figures]
        goal = "" if row.goal is None else f"{'≥' if row.more else '≤'} {row.goal:g}"
        missed = " (missed)" if line["met"] is False else ""
        lines.append(f"| {row.what} | {' | '.join(units)} | {goal}{missed} |")
    return "\n".join(lines) + "\n"


def _short(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:,.0f}" if figure >= 1000 or figure == int(figure) else f"{figure:.3g}"
