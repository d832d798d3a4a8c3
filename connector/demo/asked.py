"""A question of the demonstration, said twice: as Voile is asked, and as plain SQL over all rows.

The two texts are written from one description, but share no code with Voile: the plain SQL works
on the firms' files as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from connector.demo.plaintext import Column, Reference
from connector.demo.results import Cell, Text

# what each measure means, in SQL over the raw columns
_PLAIN: Final[Mapping[str, str]] = {
    "late": "CASE WHEN received_date > promised_date THEN 1 ELSE 0 END",
    "delay": "received_date - promised_date",
    "quantity": "quantity",
    "price": "price",
    "available_quantity": "available_quantity",
    "unit_cost": "unit_cost",
}
_DEFAULT_MEAN_PLACES: Final = 6  # the answer's promise: the measure's scale and six more
TOGETHER: Final = "; released only together with "
_VIEWS: Final[Mapping[str, str]] = {"delivery_records": "deliveries", "stock_on_hand": "stock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question.

    Attributes:
        id: Its name in the report.
        title: What it asks, in words.
        table: The table's name in Voile's SQL.
        group_by: Dimensions.
        outputs: (measure, function); measure `*` for COUNT(*).
        where: Per dimension the codes that are kept.
        suppliers: Slugs of who is asked.
        mode: `masked` or `homomorphic`.
        text: The SQL as it is sent, where it differs from the plain rendering.
        shown: Whether the report gives it a section of its own.
    """

    id: str
    title: Text
    table: str
    group_by: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]
    suppliers: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mode: str = "masked"
    text: str = ""
    shown: bool = True

    @property
    def sql(self) -> str:
        """The question as Voile is asked."""
        if self.text:
            return self.text
        columns = ", ".join((*self.group_by, *(_call(m, f) for m, f in self.outputs)))
        grouped = f" GROUP BY {', '.join(self.group_by)}" if self.group_by else ""
        return f"SELECT {columns} FROM {self.table}{_where(self.where)}{grouped}"  # noqa: S608

    @property
    def reference(self) -> Reference:
        """The same as plain SQL."""
        sums = "".join(
            f", sum({_PLAIN[measure]}) AS {measure}"
            for measure in dict.fromkeys(m for m, f in self.outputs if f != "count")
        )
        keys = "".join(f"{name}, " for name in self.group_by)
        firms = ", ".join(f"'{slug}'" for slug in self.suppliers)
        kept = _where(self.where, first=f"firm IN ({firms})")
        grouped = f" GROUP BY {', '.join(self.group_by)}" if self.group_by else ""
        view = _VIEWS[self.table]
        return Reference(
            sql=f"SELECT {keys}count(*) AS lines{sums} FROM {view}{kept}{grouped}",  # noqa: S608
            keys=self.group_by,
            columns=tuple(
                Column(
                    _call(m, f),
                    "count" if f == "count" else "mean" if f == "avg" else "sum",
                    total="" if f == "count" else m,
                    places=_DEFAULT_MEAN_PLACES + (2 if m == "price" else 0),
                )
                for m, f in self.outputs
            ),
        )


def cells_of(answer: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One row per cell and aggregate of an answer, as Voile gave it."""
    outputs = {
        output["name"]: (_call(output["measure"] or "*", output["function"]), output["unit"])
        for output in answer["outputs"]
    }
    found = []
    for cell in answer["cells"]:
        for name, output in outputs.items():
            value = cell["values"][name]
            reason = None if value is not None else _why(cell, name)
            found.append(_cell(cell["key"], *output, value, reason))
    for cell in answer["withheld"]:
        found.extend(
            _cell(cell["key"], *output, None, _why(cell, name)) for name, output in outputs.items()
        )
    return tuple(found)


def _why(cell: Mapping[str, Any], name: str) -> str:
    """Say why one aggregate of a cell is not released, and together with what it would be."""
    reason = str(cell.get("statuses", {}).get(name) or cell.get("reason", "empty"))
    advice = cell.get("advice", {}).get(name, cell)
    together = [_differing(cell["key"], other) for other in advice.get("togetherWith", ())]
    together += [code for codes in advice.get("widen", {}).values() for code in codes]
    return f"{reason}{TOGETHER}{', '.join(together)}" if together else reason


def _cell(
    key: Mapping[str, str], name: str, unit: str, value: str | None, reason: str | None
) -> Cell:
    return Cell(
        key=dict(key),
        measure=name,
        unit=unit,
        value=value,
        reason=reason,
        plaintext=None,
        equal=None,
    )


def _differing(key: Mapping[str, str], other: Mapping[str, str]) -> str:
    return "/".join(code for name, code in other.items() if key.get(name) != code)


def _call(measure: str, function: str) -> str:
    return f"{function.upper()}({measure})"


def _where(where: Mapping[str, tuple[str, ...]], first: str = "") -> str:
    clauses = [first] if first else []
    for name, codes in where.items():
        listed = ", ".join(code if code.isdigit() else f"'{code}'" for code in codes)
        clauses.append(f"{name} IN ({listed})")
    return f" WHERE {' AND '.join(clauses)}" if clauses else ""
