"""DuckDB answers the port of protected tables as memory does, in whole results too."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from connector.engines.duckdb.ledger import DuckLedger
from connector.engines.duckdb.session import open_session
from connector.engines.progress import quiet
from crypto.disclosure.declaration import figures
from crypto.disclosure.ledger import Ask, Request, failing
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import MemoryLedger, MemorySource
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import Rules
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.ledger_contract import check, stays_apart
from tests.crypto.disclosure.second_vectors import Product, Refused, declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from connector.engines.duckdb.session import DuckSession


@pytest.fixture
def session(tmp_path: Path) -> Iterator[DuckSession]:
    with open_session(files=[], scratch=tmp_path, progress=quiet) as opened:
        yield opened


class DuckSource:
    """Rows in memory whose ledger is DuckDB's."""

    def __init__(
        self, session: DuckSession, rows: MemorySource, width: int, *, in_memory: int = 0
    ) -> None:
        self.session, self.rows, self.width, self.in_memory = session, rows, width, in_memory

    def cells(self) -> Any:
        return self.rows.cells()

    def extremes(self, wanted: Any) -> Any:
        return self.rows.extremes(wanted)

    def ledger(self, places: Sequence[Any], shown: Sequence[Sequence[int]] = ()) -> DuckLedger:
        known: MemoryLedger = self.rows.ledger(places, shown)
        columns = [f"f{i}" for i in range(self.width)]
        kinds = ", ".join(f"{column} HUGEINT" for column in columns)
        self.session.run(
            "CREATE OR REPLACE TEMP TABLE piece "
            f"(version BIGINT, place BIGINT, contributor VARCHAR, {kinds})"
        )
        pieces = [
            (version, place, who, *figures)
            for version, bases in enumerate([known.now, *known.before])
            for place, basis in enumerate(bases)
            for who, figures in basis.items()
        ]
        if pieces:
            cast = ["BIGINT", "BIGINT", "VARCHAR", *["HUGEINT"] * self.width]
            self.session.run(
                f"INSERT INTO piece SELECT {', '.join(f'unnest(?::{kind}[])' for kind in cast)}",
                [list(column) for column in zip(*pieces, strict=True)],
            )
        return DuckLedger(
            self.session,
            places=len(places),
            figures=self.width,
            versions=len(shown),
            sample=2,
            in_memory=self.in_memory,
        )


@pytest.mark.sweep
@pytest.mark.parametrize("in_memory", [0, 1_000])
@pytest.mark.parametrize("seed", range(6))
def test_every_question_is_answered_as_in_memory(
    session: DuckSession, seed: int, in_memory: int
) -> None:
    """Totals, contents, findings, movers: equal on random sets, forms, versions and held places."""
    dice = random.Random(seed)
    rows = [
        (
            f"C{dice.randrange(9)}",
            (dice.randrange(6),),
            (1, dice.randint(-9, 9), dice.randint(0, 1)),
        )
        for _ in range(90)
    ]
    places = [[(0,)], [(1,), (2,)], [(3,)], [(4,)], [(7,)]]
    earlier = MemorySource([(w, c, (1, a + dice.choice([0, 0, 1]), b)) for w, c, (_, a, b) in rows])
    before = earlier.ledger(places).now
    brought = {(1, place): basis for place, basis in enumerate(before)}
    shown = [[1, 1, 1, 0, 0], [1, 1, 1, 1]][: dice.choice([0, 1, 2])]
    source = MemorySource(rows, brought)
    duck = DuckSource(session, source, 3, in_memory=in_memory)
    check(duck, source, dice, places=places, shown=shown, width=3)
    stays_apart(duck.ledger(places), 5, 3)


def test_what_a_sample_presumes_fine_is_fine(session: DuckSession) -> None:
    """Most sets of many contributors are not looked at exactly; all that fail are still found."""
    dice = random.Random(3)
    rows = []
    for i in range(300):
        amount = dice.randint(1, 20)
        rows += [(f"C{i}", (place,), (1, dice.randint(-9, 9))) for place in range(5)]
        rows.append((f"C{i}", (5,), (1, amount)))
        if i not in (7, 8):
            rows.append((f"C{i}", (6,), (1, -amount)))
    source = MemorySource(rows)
    places = [[(c,)] for c in range(7)]
    sets = [(bits, 0) for bits in range(1, 128) if bits.bit_count() > 1]
    request = Request(sets, (Ask((0, 1), 5), Ask((1, 0), 5)))
    duck = DuckSource(session, source, 2).ledger(places)
    found = failing(duck, [request], Rules())
    assert found == failing(source.ledger(places), [request], Rules())
    assert [sets[f.set][0] for f in found] == [0b1100000]
    ((left,),) = session.rows("SELECT count(DISTINCT s) FROM member")
    assert 0 < left < len(sets) / 4


@pytest.mark.sweep
@pytest.mark.parametrize("in_memory", [0, 60, 10_000])
@pytest.mark.parametrize("seed", range(12))
def test_a_table_comes_out_as_from_memory(session: DuckSession, seed: int, in_memory: int) -> None:
    """All versions of a product are made equal by both."""
    vector = any_product(random.Random(seed))
    vector.pop("migrate", None)
    product = Product(declared(vector["declaration"]), most_products=vector["products"])
    old = None
    for rows in vector["versions"]:
        source = product.source(rows)
        width = len(figures(product.declaration))
        duck = DuckSource(session, source, width, in_memory=in_memory)
        try:
            if old is None:
                made = make_table(product.declaration, duck, most_products=vector["products"])
            else:
                made = renew_table(old, duck, most_products=vector["products"])
        except Refused:
            with pytest.raises(Refused):
                product.publish(rows)
            return
        wanted = product.publish(rows)
        assert made.held == wanted.held
        assert made.table.base == wanted.table.base
        assert made.table.cells == wanted.table.cells
        assert made.table.withheld == wanted.table.withheld
        assert made.table.newest.values == wanted.table.newest.values
        assert made.table.newest.since == wanted.table.newest.since
        old = made.table
