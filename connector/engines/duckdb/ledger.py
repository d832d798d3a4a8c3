"""The port of `crypto.disclosure.ledger`, answered by grouped queries over the contributions.

Two tables: `piece(version, place, contributor, f0, f1, …)`, where version 0 is the new data and the
others are what was shown, read from the basis files; and, for each batch of sets, `member(s, place,
rest)`. Sums go per set and contributor first, then per set; only sets in which something is not
fine come back.
"""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.engines.duckdb.batches import apart, chunks
from connector.engines.duckdb.counted import count
from connector.engines.duckdb.fingerprints import Fingerprints
from connector.engines.duckdb.judged_batch import JudgedBatch, is_single
from connector.engines.duckdb.kept_pieces import IN_MEMORY, KeptPieces
from connector.engines.duckdb.presuming import GroupSums
from connector.engines.duckdb.statements import figure
from crypto.disclosure.bits import members
from crypto.disclosure.fineness import Profile
from crypto.disclosure.ledger import NOW, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from connector.engines.duckdb.counted import Counted
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.progress import Stage
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Contents, Near, Question, Request
    from crypto.disclosure.rules import Rules

SAMPLE: Final = 50
ADVANCE: Final = 0.02  # share of what is left that one query counts as
NETS_AT_ONCE: Final = 24  # forms times moments per query


class DuckLedger:
    """The figures behind numbered places; `piece` is made by the caller.

    Args:
        session: has the table `piece`.
        places: how many places there are.
        figures: how many figures a row has.
        versions: how many earlier versions there are.
        sample: one contributor in so many is looked at first.
        stage: what the questions are part of, for the progress that is told.
        in_memory: up to so many contributions are read once, and judged without queries.
        counted: what the places hold in the new data, if that is known.
    """

    def __init__(
        self,
        session: DuckSession,
        *,
        places: int,
        figures: int,
        versions: int,
        sample: int = SAMPLE,
        stage: Stage = "merge",
        in_memory: int = IN_MEMORY,
        counted: Mapping[int, Counted] | None = None,
    ) -> None:
        self._session = session
        self._places = places
        self._figures = [figure(i) for i in range(figures)]
        self._versions = versions
        self._sample = sample
        self._stage: Stage = stage
        self._done = 0.0
        self._sums: GroupSums | None = None
        if counted is None:
            counted = count(session, "piece", "place", self._figures, f"version = {NOW}")
        self._counted = counted
        self._prints = Fingerprints(session, places, self._figures)
        session.run("CREATE OR REPLACE TEMP TABLE member (s BIGINT, place BIGINT, rest BOOLEAN)")
        session.run("CREATE OR REPLACE TEMP TABLE held (place BIGINT)")
        self._kept = KeptPieces(
            session,
            places=places,
            figures=self._figures,
            versions=versions,
            most=in_memory,
            counts={} if versions else {place: one.pieces for place, one in counted.items()},
        )

    def totals(self) -> list[tuple[int, ...]]:
        """Returns the net sums of the new data per place."""
        found = [(0,) * len(self._figures)] * self._places
        for place, one in self._counted.items():
            found[place] = one.sums
        return found

    def most_rows(self) -> list[int]:
        """Returns per place the most rows of one contributor."""
        found = [0] * self._places
        for place, one in self._counted.items():
            found[place] = one.most_rows
        return found

    def largest(self, forms: Sequence[Coefficients]) -> list[Sequence[int]] | None:
        """Returns per form and place the largest net of one contributor, if all is in memory."""
        kept = self._kept.everything()
        return kept.largest(forms) if kept else None

    def near(self, sets: Iterable[Bits]) -> tuple[Near | None, Bits]:
        """Brings the first of some sets near that there is room for in memory."""
        return self._kept.near(sets)

    def carriers(self, sets: Sequence[Bits], held: Bits = 0) -> list[tuple[int, ...]]:
        """Returns per set and figure how many contributors have a net that is not nil."""
        nothing = (0,) * len(self._figures)
        found = [nothing] * len(sets)
        asked: list[int] = []
        for i, bits in enumerate(sets):
            if bits & bits - 1 or bits & held:
                asked.append(i)
            elif (one := self._counted.get(bits.bit_length() - 1)) is not None:
                found[i] = one.carriers
        if not asked:
            return found
        self._set_held(held)
        self._set_members([(sets[i], 0) for i in asked])
        sums = ", ".join(f"sum({f}) AS {f}" for f in self._figures)
        counts = ", ".join(f"count(nullif({f}, 0))" for f in self._figures)
        for number, *carriers in self._session.rows(
            f"SELECT s, {counts} FROM (SELECT s, contributor, {sums} FROM piece "
            "JOIN member USING (place) LEFT JOIN (SELECT place, TRUE AS is_held FROM held) "
            f"USING (place) WHERE version = CASE WHEN is_held THEN {self._versions} ELSE {NOW} END "
            "GROUP BY s, contributor) GROUP BY s"
        ):
            found[asked[number]] = tuple(carriers)
        return found

    def fingerprints(self, version: int = NOW) -> list[str]:
        """Returns per place a text that is equal for equal contents."""
        return self._prints.of(version)

    def contents(self, sets: Sequence[Bits]) -> list[Contents]:
        """Returns what every contributor has in some sets, in the new data."""
        kept = self._kept.of(sets)
        if kept:
            return kept.contents(sets)
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
        is_set = False
        for number, whole in enumerate(requests):
            for request, numbers in apart(whole):
                kept = self._kept.of(bits for pair in request.sets for bits in pair)
                if not (kept or is_set):
                    self._set_held(held)
                    is_set = True
                self._advance()
                for finding in (
                    kept.suspects([request], rules, held)
                    if kept
                    else self._judged(request, rules, held)
                ):
                    which = numbers[finding.set] if numbers else finding.set
                    yield finding._replace(request=number, set=which)

    def _judged(self, request: Request, rules: Rules, held: Bits) -> Iterator[Finding]:
        wanted = [(m, a) for m in range(len(request.moments)) for a in range(len(request.asks))]
        for at in range(0, len(wanted), NETS_AT_ONCE):
            batch = JudgedBatch(self._session, request, wanted[at : at + NETS_AT_ONCE], rules)
            batch.weigh(self._figures, self._versions, is_held=bool(held))
            for places, sets in chunks(self._doubtful(request, batch, rules, held)):
                self._set_members(sets)
                self._advance()
                for which, rows, *known in batch.failing(sets, self._sample):
                    for i, (moment, ask) in enumerate(batch.wanted):
                        carriers, total, largest = known[3 * i : 3 * i + 3]
                        top = tuple(int(x) for x in largest if x)
                        profile = Profile(carriers, int(total), top)
                        yield Finding(0, places[which], moment, ask, profile, int(rows))

    def _doubtful(
        self, request: Request, batch: JudgedBatch, rules: Rules, held: Bits
    ) -> Iterator[tuple[int, tuple[Bits, Bits]]]:
        """Walks through the sets that are not surely fine; single places are looked at anyway."""
        if is_single(request.sets):
            yield from enumerate(request.sets)
            return
        if self._sums is None:
            self._sums = GroupSums(
                self._session,
                places=self._places,
                figures=self._figures,
                versions=self._versions,
            )
        presumption = self._sums.presumption(batch, rules, held)
        for number, pair in enumerate(request.sets):
            if presumption is None or presumption.doubtful(*pair):
                yield number, pair

    def movers(self, questions: Sequence[Question], held: Bits = 0) -> list[Bits]:
        """Returns per question the places through which offenders move."""
        wanted = 0
        for question in questions:
            wanted |= question.among
            for cells, rest, _ in question.checks:
                wanted |= cells | rest
        kept = self._kept.of([wanted]) or self._kept.read(wanted, (NOW, self._versions))
        return kept.movers(questions, held)

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

    def _advance(self) -> None:
        """Tells that work goes on; how many questions there will be is not known."""
        self._done += (1 - self._done) * ADVANCE
        self._session.progress(self._stage, self._done)

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
