"""Stock on hand at several suppliers, of which only totals are offered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.attack import sessions
from tests.attack.tables import Measure, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.attack.insider import Insider
    from tests.attack.scene import Scene
    from tests.attack.tables import Row

BRANDS = ("A1", "B2", "C3")
PLANTS = 20
TOP = 10_000


def rows_of(number: int, brands: Sequence[str] = BRANDS[:2]) -> list[Row]:
    """Make one supplier's rows: some plants, each with every brand."""
    return [
        (f"p{plant}", (brand,), ((plant * (37 + 11 * number) * (3 + at)) % 900 + 100 * number,))
        for plant in range(PLANTS)
        for at, brand in enumerate(brands)
    ]


@dataclass
class Stocks:
    """One product, published by several suppliers, and who has agreed about it.

    Attributes:
        scene: where.
        id: of the product, the same everywhere.
        held: rows by the supplier's name.
        offer: further lines of the offers.
        most: the upper bound of the measure.
    """

    scene: Scene
    id: str
    held: Mapping[str, list[Row]]
    offer: str = ""
    most: int = TOP
    _agreed: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Its table's name: a cohort has one table of each name."""
        return self.id.replace("-", "_")

    def sql(self, text: str = sessions.SQL) -> str:
        """Write a question about `held` as one about this product."""
        return text.replace("FROM held", f"FROM {self.table}")

    def publish(self, *names: str) -> None:
        """Publish at these suppliers, by default at all."""
        roster = sorted(self.supplier(name).did for name in self.held)
        for name in names or self.held:
            supplier = self.supplier(name)
            table = Table(
                {"brand": BRANDS},
                [Measure("held", 0, self.most, "pcs")],
                self.held[name],
                modes=f'modes = ["homomorphic"]\naggregator = "{self.scene.hub.did}"',
                offer=f"cohort = {json.dumps(roster)}\n{self.offer}",
                id=self.id,
                prefix=f"{self.id}-{name}",
                table=self.table,
            )
            assert table.publish(self.scene, self.id, supplier), table.told

    def supplier(self, name: str) -> Any:
        """Find a supplier, honest or the attackers' own."""
        return self.scene.suppliers.get(name) or self.scene.attackers[name]

    def agreements(self, who: Insider, *names: str) -> list[str]:
        """Give the agreements with these suppliers, by default with all."""
        for name in names or self.held:
            if (who.did, name) not in self._agreed:
                self._agreed[who.did, name] = who.agree(self.supplier(name), self.id)
        return [self._agreed[who.did, name] for name in names or self.held]

    def ask(
        self, who: Insider, sql: str = sessions.SQL, *names: str, **more: Any
    ) -> tuple[int, Any]:
        """Ask for a total."""
        return sessions.ask(who, self.agreements(who, *names), self.sql(sql), **more)

    def drawn(self, who: Insider, sql: str = sessions.SQL, *names: str) -> dict[str, Any]:
        """Plan an honest session without opening it: openings by the supplier's name."""
        found = sessions.draw(who, self.agreements(who, *names), self.sql(sql))
        return {name: found[self.supplier(name).did] for name in names or self.held}

    def truth(self, brand: str | None = None) -> int:
        """Add up what all hold."""
        return sum(
            row[2][0] for rows in self.held.values() for row in rows if brand in (None, row[1][0])
        )

    def used(self, who: Insider) -> list[int]:
        """What is charged of each agreement, as its supplier says."""
        agreements = self.agreements(who)
        body = {"agreements": agreements, "sql": self.sql(), "purpose": sessions.PURPOSE}
        status, found = who.manage("POST", "/v1/questions", body | {"explain": True})
        assert status == 200, found
        explained = found.get("explain", found)
        return [usage["used"] for usage in explained["usage"].values()]


def stocks(scene: Scene, word: str, **more: Any) -> Stocks:
    """Publish a product of totals at the three honest suppliers."""
    held = more.pop("held", None) or {name: rows_of(n) for n, name in enumerate(scene.suppliers, 1)}
    made = Stocks(scene, scene.fresh(word), held, **more)
    made.publish()
    return made


def cells(body: Any) -> dict[str, dict[str, str]]:
    """Give the released values of a total by brand; the empty text is the whole."""
    return {cell["key"].get("brand", ""): cell["values"] for cell in body["answer"]["cells"]}
