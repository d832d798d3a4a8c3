"""The port of `crypto.disclosure.ledger`, answered by grouped queries over the contributions.

Two tables: `piece(version, place, contributor, f0, f1, …)`, where version 0 is the new data and the
others are what was shown, read from the basis files; and, for each batch of sets, `member(s, place,
rest)`. Sums go per set and contributor first, then per set; only sets in which something is not
fine come back.
"""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.engines.duckdb.statements import figure
from crypto.disclosure.bits import members
from crypto.disclosure.fineness import Profile
from crypto.disclosure.ledger import NOW, STATE, Finding
from crypto.disclosure.memory import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Ask, Contents, Moment, Question, Request
    from crypto.disclosure.rules import Rules

MEMBERS_AT_ONCE: Final = 2_000_000  # pairs of set and place per query
NETS_AT_ONCE: Final = 24  # forms times moments per query


class DuckLedger:
    """The figures behind numbered places; `piece` is made by the caller.

    Args:
        session: has the table `piece`.
        places: how many places there are.
        figures: how many figures a row has.
        versions: how many earlier versions there are.
    """

    def __init__(self, session: DuckSession, *, places: int, figures: int, versions: int) -> None:
        self._session = session
        self._places = places
        self._figures = [figure(i) for i in range(figures)]
        self._versions = versions
        session.run("CREATE OR REPLACE TEMP TABLE member (s BIGINT, place BIGINT, rest BOOLEAN)")
        session.run("CREATE OR REPLACE TEMP TABLE held (place BIGINT)")

    def totals(self) -> list[tuple[int, ...]]:
        """Returns the net sums of the new data per place."""
        sums = ", ".join(f"sum({f})" for f in self._figures)
        found = [(0,) * len(self._figures)] * self._places
        for place, *total in self._session.rows(
            f"SELECT place, {sums} FROM piece WHERE version = {NOW} GROUP BY place"
        ):
            found[place] = tuple(map(int, total))
        return found

    def fingerprints(self) -> list[str]:
        """Returns per place a text that is equal for equal contents."""
        one = ", ".join(f"{f}::VARCHAR" for f in self._figures)
        found = [""] * self._places
        for place, text in self._session.rows(
            "SELECT place, sha256(string_agg(concat_ws(chr(31), length(contributor::VARCHAR), "
            f"contributor, {one}), chr(30) ORDER BY contributor)) FROM piece "
            f"WHERE version = {NOW} AND ({self._any('{} <> 0')}) GROUP BY place"
        ):
            found[place] = text
        return found

    def contents(self, sets: Sequence[Bits]) -> list[Contents]:
        """Returns what every contributor has in some sets, in the new data."""
        self._set_members([(bits, 0) for bits in sets])
        sums = ", ".join(f"sum({f})" for f in self._figures)
        found: list[dict[str, tuple[int, ...]]] = [{} for _ in sets]
        for number, contributor, *figures in self._session.rows(
            f"SELECT s, contributor, {sums} FROM piece JOIN member USING (place) "
            f"WHERE version = {NOW} GROUP BY ALL"
        ):
            found[number][contributor] = tuple(map(int, figures))
        return list(found)

    def suspects(
        self, requests: Sequence[Request], rules: Rules, held: Bits = 0
    ) -> Iterator[Finding]:
        """Returns the findings of sets in which something is not fine."""
        self._set_held(held)
        for number, request in enumerate(requests):
            wanted = [(m, a) for m in range(len(request.moments)) for a in range(len(request.asks))]
            for start, sets in _chunks(request):
                self._set_members(sets)
                for at in range(0, len(wanted), NETS_AT_ONCE):
                    some = wanted[at : at + NETS_AT_ONCE]
                    for place, rows, *known in self._session.rows(
                        self._judged(request, some, rules, len(sets))
                    ):
                        for i, (moment, ask) in enumerate(some):
                            carriers, total, largest = known[3 * i : 3 * i + 3]
                            profile = Profile(
                                carriers, int(total), tuple(int(x) for x in largest if x)
                            )
                            yield Finding(number, start + place, moment, ask, profile, int(rows))

    def movers(self, questions: Sequence[Question], held: Bits = 0) -> list[Bits]:
        """Returns per question the places through which offenders move."""
        wanted = 0
        for question in questions:
            wanted |= question.among
            for cells, rest, _ in question.checks:
                wanted |= cells | rest
        places = members(wanted)
        self._set_members([(wanted, 0)])
        now: list[dict[str, tuple[int, ...]]] = [{} for _ in range(self._places)]
        last: list[dict[str, tuple[int, ...]]] = [{} for _ in range(self._places)]
        if places:
            for version, place, contributor, *figures in self._session.rows(
                f"SELECT version, place, contributor, {', '.join(self._figures)} FROM piece "
                f"SEMI JOIN member USING (place) WHERE version IN ({NOW}, {self._versions})"
            ):
                (last if version else now)[place][contributor] = tuple(map(int, figures))
        before = [last] * self._versions
        return MemoryLedger(now, before).movers(questions, held)

    def moved(self) -> list[int]:
        """Returns per place how many rows changed since shown last."""
        found = [0] * self._places
        for place, rows in self._session.rows(
            "SELECT place, sum(abs(d)) FROM (SELECT place, contributor, "
            f"sum(CASE WHEN version = {NOW} THEN f0 ELSE -f0 END) AS d FROM piece "
            f"WHERE version IN ({NOW}, {self._versions}) GROUP BY ALL) GROUP BY place"
        ):
            found[place] = int(rows)
        return found

    def _judged(
        self, request: Request, wanted: Sequence[tuple[int, int]], rules: Rules, count: int
    ) -> str:
        """Renders the query of one batch: nets per contributor, then what is not fine per set."""
        last = self._versions
        nets, shown, failing = [], [], []
        for i, (m, a) in enumerate(wanted):
            ask, moment = request.asks[a], request.moments[m]
            weight = _weight(moment, last)
            part = self._dot(ask.coefficients)
            if ask.at_rest:
                part = f"(CASE WHEN rest THEN {self._dot(ask.at_rest)} ELSE {part} END)"
            nets.append(f"sum(({weight}) * {part})::HUGEINT AS n{i}")
            shown.append(
                f"count(*) FILTER (n{i} <> 0) AS c{i}, coalesce(sum(abs(n{i})), 0)::HUGEINT AS t{i}"
                f", coalesce(max(abs(n{i}), {rules.depth}), []) AS l{i}"
            )
            failing.append(_failing(i, ask, rules, is_state=moment == STATE))
        rows = f"coalesce(sum(({_weight(STATE, last)}) * f0) FILTER (NOT rest), 0) AS n"
        return (
            f"WITH net AS (SELECT s, contributor, {rows}, {', '.join(nets)} "
            "FROM member JOIN piece USING (place) LEFT JOIN (SELECT place, TRUE AS is_held "
            "FROM held) USING (place) GROUP BY s, contributor), known AS (SELECT a.s AS s, "
            f"coalesce(sum(n), 0) AS rows, {', '.join(shown)} FROM "
            f"(SELECT unnest(range({count})) AS s) a LEFT JOIN net USING (s) GROUP BY a.s) "
            "SELECT s, rows, "
            + ", ".join(f"c{i}, t{i}, l{i}" for i in range(len(wanted)))
            + f" FROM known WHERE {' OR '.join(failing)}"
        )

    def _dot(self, coefficients: Coefficients) -> str:
        parts = [f"{c} * {f}" for c, f in zip(coefficients, self._figures, strict=True) if c]
        return f"({' + '.join(parts) or '0'})"

    def _any(self, condition: str) -> str:
        return " OR ".join(condition.format(f) for f in self._figures)

    def _set_members(self, sets: Sequence[tuple[Bits, Bits]]) -> None:
        pairs = [
            (number, place, int(is_rest))
            for number, pair in enumerate(sets)
            for is_rest, bits in enumerate(pair)
            for place in members(bits)
        ]
        self._session.run("DELETE FROM member")
        self._session.insert("member", pairs, 3)

    def _set_held(self, held: Bits) -> None:
        self._session.run("DELETE FROM held")
        self._session.insert("held", [(place,) for place in members(held)], 1)


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


def _failing(i: int, ask: Ask, rules: Rules, *, is_state: bool) -> str:
    """Renders when a form is not fine: the core judges it again, so this may only be stricter."""
    bad = [f"c{i} < {ask.carriers}"]
    bad += [f"list_sum(l{i}[1:{n}]) * 100 > {percent} * t{i}" for n, percent in rules.dominance]
    bad.append(f"(t{i} - list_sum(l{i}[1:2])) * 100 < {rules.p_percent} * l{i}[1]")
    found = f"(c{i} > 0 AND ({' OR '.join(bad)}))"
    if is_state and not ask.always:
        found += f" OR c{i} = 0"
    return found


def _chunks(request: Request) -> Iterator[tuple[int, list[tuple[Bits, Bits]]]]:
    """Walks through the sets of a request, as many at once as make one query."""
    start, count, some = 0, 0, list[tuple["Bits", "Bits"]]()
    for number, pair in enumerate(request.sets):
        size = pair[0].bit_count() + pair[1].bit_count()
        if some and count + size > MEMBERS_AT_ONCE:
            yield start, some
            start, count, some = number, 0, []
        some.append(pair)
        count += size
    if some:
        yield start, some
