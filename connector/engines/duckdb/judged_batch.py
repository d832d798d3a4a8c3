"""Some forms at some moments on many sets at once: what of it may not be fine."""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.capacity import sample_factor
from crypto.disclosure.ledger import NOW, STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Moment, Request
    from crypto.disclosure.rules import Rules


SAMPLED_ABOVE: Final = 100_000  # pairs of set and place
COARSER: Final = 10  # a sample so many times smaller is tried first: it does for large sets


class JudgedBatch:
    """Some forms at some moments, on all sets of a request.

    `weighed(place, contributor, n, x0, y0, x1, …)` has, per form, what counts in a set and in its
    rest. A set is presumed fine, and not looked at again, if enough contributors of the sample
    carry every form, and what they carry is many times what any one contributor can have: the sum
    of the largest in its places, or the largest gross of anybody (disclosure.md §5). With M for
    the lesser of these, no n contributors have more than n·M, and T ≥ (2 + p/100)·M is p%.
    """

    def __init__(
        self,
        session: DuckSession,
        request: Request,
        wanted: Sequence[tuple[int, int]],
        rules: Rules,
    ) -> None:
        self.wanted = wanted
        self._session = session
        self.asks = [request.asks[a] for _, a in wanted]
        self.moments = [request.moments[m] for m, _ in wanted]
        self._rules = rules
        self._numbers = range(len(wanted))
        self._sampled: set[int] = set()

    def weigh(self, figures: Sequence[str], last: int, *, is_held: bool) -> None:
        """Makes `weighed`; of the new data alone it is a view, each piece being one row there."""
        if not is_held and all(moment == STATE for moment in self.moments):
            columns = ["f0 AS n"]
            for i, ask in enumerate(self.asks):
                columns.append(f"{_dot(ask.coefficients, figures)} AS x{i}")
                columns.append(f"{_dot(ask.at_rest, figures)} AS y{i}")
            self._session.run("DROP TABLE IF EXISTS weighed_of_versions")
            self._session.run(
                f"CREATE OR REPLACE TEMP VIEW weighed AS SELECT place, contributor, "
                f"{', '.join(columns)} FROM piece WHERE version = {NOW}"
            )
            return
        sums = [f"sum(({_weight(STATE, last)}) * f0) AS n"]
        for i, (ask, moment) in enumerate(zip(self.asks, self.moments, strict=True)):
            for name, coefficients in (("x", ask.coefficients), ("y", ask.at_rest)):
                weight = _weight(moment, last)
                sums.append(f"sum(({weight}) * {_dot(coefficients, figures)}) AS {name}{i}")
        self._session.run(
            "CREATE OR REPLACE TEMP TABLE weighed_of_versions AS "
            f"SELECT place, contributor, {', '.join(sums)} "
            "FROM piece LEFT JOIN (SELECT place, TRUE AS is_held FROM held) USING (place) "
            "GROUP BY place, contributor"
        )
        self._session.run(
            "CREATE OR REPLACE TEMP VIEW weighed AS SELECT * FROM weighed_of_versions"
        )

    def failing(self, sets: Sequence[tuple[Bits, Bits]], sample: int) -> list[tuple[Any, ...]]:
        """Returns per set in which something is not fine its rows and, per form, its profile.

        Args:
            sets: what is in `member`.
            sample: one contributor in so many is looked at first, if it is worth it.
        """
        alone = is_single(sets)
        pairs = sum(cells.bit_count() for cells, _ in sets)
        if pairs > SAMPLED_ABOVE and not any(rest for _, rest in sets):
            for rate in (sample * COARSER, sample):
                self._presume(rate)
        i_s = self._numbers
        each = [f"(CASE WHEN rest THEN y{i} ELSE x{i} END)" for i in i_s]
        rows, group = "sum(n) FILTER (NOT rest)", "GROUP BY s, contributor"
        if alone:  # one place each, so that every contributor is there once
            rows, group = "n", ""
        else:
            each = [f"sum({one})" for one in each]
        nets = ", ".join(f"{one} AS n{i}" for i, one in enumerate(each))
        shown = ", ".join(
            f"count(*) FILTER (n{i} <> 0) AS c{i}, coalesce(sum(abs(n{i})), 0) AS t{i}, "
            f"coalesce(max(abs(n{i}), {self._rules.depth}), []) AS l{i}"
            for i in i_s
        )
        return self._session.rows(
            f"WITH net AS (SELECT s, {rows} AS n, {nets} FROM member JOIN weighed USING (place) "
            f"{group}), known AS (SELECT a.s AS s, "
            f"coalesce(sum(n), 0) AS rows, {shown} FROM (SELECT DISTINCT s FROM member) a "
            "LEFT JOIN net USING (s) GROUP BY a.s) "
            f"SELECT s, rows, {', '.join(f'c{i}, t{i}, l{i}' for i in i_s)} FROM known "
            f"WHERE {' OR '.join(self._is_bad(i) for i in i_s)}"
        )

    def _presume(self, sample: int) -> None:
        """Takes sets that are surely fine out of `member`."""
        i_s = self._numbers
        if sample not in self._sampled:
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE sampled_{sample} AS SELECT * FROM weighed "
                f"WHERE hash(contributor) % {sample} = 0"
            )
        if not self._sampled:
            most = ", ".join(f"max(abs(x{i})) AS m{i}" for i in i_s)
            self._session.run(
                "CREATE OR REPLACE TEMP TABLE greatest_here AS "
                f"SELECT place, {most} FROM weighed GROUP BY place"
            )
            own = ", ".join(f"sum(abs(x{i})) AS g{i}" for i in i_s)
            gross = ", ".join(f"max(g{i}) AS g{i}" for i in i_s)
            self._session.run(
                f"CREATE OR REPLACE TEMP TABLE gross AS SELECT {gross} FROM "
                f"(SELECT {own} FROM weighed GROUP BY contributor)"
            )
        self._sampled.add(sample)
        nets = ", ".join(f"sum(x{i}) AS n{i}" for i in i_s)
        seen = ", ".join(
            f"count(*) FILTER (n{i} <> 0) AS c{i}, sum(abs(n{i})) AS t{i}" for i in i_s
        )
        most = ", ".join(f"sum(m{i}) AS m{i}" for i in i_s)
        factor = sample_factor(self._rules)
        sure = " AND ".join(
            f"c{i} >= {ask.carriers} AND 100 * t{i} >= {factor} * least(m{i}, g{i})"
            for i, ask in enumerate(self.asks)
        )
        self._session.run(
            f"WITH net AS (SELECT s, contributor, {nets} FROM member JOIN sampled_{sample} "
            f"USING (place) GROUP BY s, contributor), seen AS (SELECT s, {seen} FROM net "
            f"GROUP BY s), bound AS (SELECT s, {most} FROM member JOIN greatest_here "
            "USING (place) GROUP BY s) "
            "DELETE FROM member WHERE s IN (SELECT s FROM seen JOIN bound USING (s), gross "
            f"WHERE {sure})"
        )

    def _is_bad(self, i: int) -> str:
        """Renders when a form is not fine; the core judges it again."""
        ask, rules = self.asks[i], self._rules
        bad = [f"c{i} < {ask.carriers}"]
        bad += [f"list_sum(l{i}[1:{n}]) * 100 > {percent} * t{i}" for n, percent in rules.dominance]
        bad.append(f"(t{i} - list_sum(l{i}[1:2])) * 100 < {rules.p_percent} * l{i}[1]")
        found = f"(c{i} > 0 AND ({' OR '.join(bad)}))"
        if self.moments[i] == STATE and not ask.always:
            found += f" OR c{i} = 0"
        return found


def is_single(sets: Iterable[tuple[Bits, Bits]]) -> bool:
    """Says whether all sets are single places without a rest."""
    return all(not rest and not cells & cells - 1 for cells, rest in sets)


def _dot(coefficients: Coefficients, figures: Sequence[str]) -> str:
    parts = [f"{c} * {f}" for c, f in zip(coefficients, figures, strict=False) if c]
    return f"({' + '.join(parts) or '0'})"


def _weight(moment: Moment, last: int) -> str:
    """Renders what a piece counts: a held place is now as it was shown last."""
    parts = []
    for weight, version in moment:
        if version == NOW:
            parts.append(
                f"CASE WHEN version = CASE WHEN is_held THEN {last} ELSE {NOW} END "
                f"THEN {weight} ELSE 0 END"
            )
        else:
            parts.append(f"CASE WHEN version = {version} THEN {weight} ELSE 0 END")
    return " + ".join(f"({part})" for part in parts)
