"""A supplier's product as a drill needs it: text, rows, what the attacker asks and what is true."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.attack.insider import Insider
    from tests.attack.scene import Scene
    from tests.e2e.processes import Running

PATIENCE = 60  # questions again, while we are told to come back
Row = tuple[str, tuple[str, ...], tuple[int, ...]]  # contributor, codes, values


@dataclass(frozen=True)
class Measure:
    """A declared measure over a whole-number column of its name."""

    name: str
    lower: int
    upper: int
    unit: str = ""
    more: str = ""  # further lines of its section
    column: str = ""  # if it reads another one
    expression: str = ""  # if it computes something of it


@dataclass
class Table:
    """A protected table of one supplier, and its rows: the truth that a drill is judged by.

    Attributes:
        dims: codes of each dimension, in order; or, for a whole-number one, the lines that cut it.
        measures: declared measures.
        rows: what the supplier holds.
        top: lines of the product file before the first section.
        rules: lines of its `[rules]`.
        offer: further lines of its offer.
        modes: its line of modes.
    """

    dims: Mapping[str, Sequence[str] | str]
    measures: Sequence[Measure]
    rows: Sequence[Row]
    top: str = ""
    rules: str = ""
    offer: str = ""
    modes: str = 'modes = ["masked"]'
    id: str = ""
    supplier: Running | None = None
    agreements: dict[str, str] = field(default_factory=dict)
    prefix: str = ""
    table: str = "held"
    told: Any = None

    def text(self) -> str:
        """Write the product file."""
        columns = [("who", "text", '"never"')]
        columns += [
            (name, "integer" if isinstance(cut, str) else "text", '"group_key"')
            for name, cut in self.dims.items()
        ]
        names = dict.fromkeys(m.column or m.name for m in self.measures)
        columns += [(name, "integer", '"aggregate"') for name in names]
        lines = [
            f'id = "{self.id}"',
            f'title = "{self.id}"',
            'domain = "production"',
            "level = 1",
            f'table = "{self.table}"',
            'contributor = "who"',
            self.top,
        ]
        if self.rules:
            lines += ["[rules]", self.rules]
        for name, kind, label in columns:
            lines += [
                "[[column]]", f'name = "{name}"', f'type = "{kind}"', f"disclosure = {label}",
            ]  # fmt: skip
        for name, cut in self.dims.items():
            listed = ", ".join(f'"{code}"' for code in cut)
            cut_lines = cut if isinstance(cut, str) else f"codes = [{listed}]"
            lines += ["[[dimension]]", f'name = "{name}"', cut_lines]
        for m in self.measures:
            lines += [
                "[[measure]]", f'name = "{m.name}"', f'unit = "{m.unit}"' if m.unit else "",
                f"bounds = [{m.lower}, {m.upper}]", m.more,
            ]  # fmt: skip
            if m.column:
                lines += [f'expression = "{m.expression or m.column}"']
        lines += [
            "[[offer]]",
            'name = "standard"',
            'purposes = ["stockPlanning"]',
            self.modes,
            self.offer,
        ]
        return "\n".join(line for line in lines if line) + "\n"

    def publish(self, scene: Scene, word: str, supplier: Running | None = None) -> bool:
        """Publish this version; give whether it was taken."""
        self.supplier = supplier or self.supplier or scene.acme
        self.id = self.id or scene.fresh(word)
        names = dict.fromkeys(m.column or m.name for m in self.measures)
        header = ",".join(["who", *self.dims, *names])
        prefix = self.prefix or self.id  # contributors of their own, unless a drill says whose
        rows = [(f"{prefix}-{who}", *codes, *values) for who, codes, values in self.rows]
        done, self.told = scene.publish(self.supplier, self.text(), header, rows)
        return done

    def ask(self, who: Insider, sql: str) -> tuple[int, Any]:
        """Ask as a consumer; the agreement is negotiated when it is first needed."""
        assert self.supplier is not None
        if who.did not in self.agreements:
            self.agreements[who.did] = who.agree(self.supplier, self.id)
        for _ in range(PATIENCE):
            status, body = who.ask(self.agreements[who.did], sql)
            if status != 429:
                break
            time.sleep(1)  # a drill asks more than a consumer would
        return status, body

    def number(self, who: Insider, sql: str) -> Decimal | None:
        """Ask for one figure without groups; None if it is not released."""
        found = self.cells(who, sql)
        return found.get((), [None])[0]

    def cells(self, who: Insider, sql: str) -> dict[tuple[str, ...], list[Decimal | None]]:
        """Ask; give the released figures by key, in the order of the outputs.

        Raises:
            AssertionError: the question itself was refused.
        """
        status, body = self.ask(who, sql)
        assert status == 200, body
        answer = body["answer"]
        names = [output["name"] for output in answer["outputs"]]
        return {
            tuple(cell["key"].values()): [_figure(cell["values"].get(name)) for name in names]
            for cell in answer["cells"]
        }

    def nets(self, *parts: tuple[int, Callable[[Row], int]]) -> Counter[str]:
        """Add up what each contributor adds to a combination: the truth behind a number.

        Args:
            parts: factors, and what a row counts for.
        """
        found: Counter[str] = Counter()
        for row in self.rows:
            for factor, of in parts:
                found[row[0]] += factor * of(row)
        return found

    def column(self, name: str) -> int:
        """Say where the value of a measure stands in a row."""
        names = list(dict.fromkeys(m.column or m.name for m in self.measures))
        return names.index(name)


def combined(numbers: Iterable[tuple[int, Decimal | None]]) -> Decimal | None:
    """Add up factors times figures; None if one of them is not known."""
    total = Decimal(0)
    for factor, number in numbers:
        if number is None:
            return None
        total += factor * number
    return total


def _figure(value: Any) -> Decimal | None:
    """Read a released figure; what has a status instead of a value is none."""
    if isinstance(value, dict):
        value = value.get("value")
    return Decimal(value) if isinstance(value, str) else None
