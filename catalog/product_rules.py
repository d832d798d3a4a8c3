"""The `[rules]` table of a product file: what is protected, how strictly, and what gives way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from catalog import problems_products as problems
from catalog.toml_fields import Fields, wrong
from crypto.disclosure import Rules
from crypto.disclosure.declaration import Protection
from crypto.disclosure.rules import LEAST_CONTRIBUTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.product import ProductMeasure

Equation = tuple[tuple[str, int], ...]  # a whole coefficient by name of figure, as written

MAX_EQUATIONS: Final = 16
MAX_COEFFICIENT: Final = 10**9
_KEYS: Final = (
    *("minimum_contributors", "p_percent", "dominance", "indicator_carriers"),
    *("nil", "on_conflict", "mixed_versions", "equations"),
)
_TERM: Final = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?:(?P<factor>[0-9]{1,10})\s*\*\s*)?"
    r"(?P<name>present\([^\W\d_]\w*\)|[^\W\d_]\w*)\s*"
)


def read_rules(
    fields: Fields, zeros: Literal["shown", "hidden"], measures: Sequence[ProductMeasure]
) -> tuple[Protection, tuple[Equation, ...]]:
    """Reads the rules and the equations that its measures are known to obey.

    Raises:
        ProductError: If something of it is wrong.
    """
    part = fields.table("rules")
    part.only(*_KEYS)
    rules = _rules(part)
    protection = Protection(
        rules=rules,
        indicator_carriers=part.integer(
            "indicator_carriers",
            LEAST_CONTRIBUTORS,
            rules.minimum_contributors,
            LEAST_CONTRIBUTORS,
        ),
        nil=cast("Literal['shown', 'hidden']", part.choice("nil", ("shown", "hidden"), "shown")),
        zeros=zeros,
        on_conflict=cast(
            "Literal['withhold', 'refuse']",
            part.choice("on_conflict", ("withhold", "refuse"), "withhold"),
        ),
        mixed_versions=part.flag("mixed_versions", default=False),
    )
    return protection, _equations(part, measures)


def _rules(part: Fields) -> Rules:
    standard = Rules()
    k = part.integer("minimum_contributors", 3, 10_000, standard.minimum_contributors)
    p_percent = part.integer("p_percent", 1, 100, standard.p_percent)
    dominance: list[Any] = [list(pair) for pair in standard.dominance]
    if part.has("dominance"):
        dominance = part.items("dominance", least=1, most=5)
    try:
        return Rules(
            minimum_contributors=k,
            dominance=tuple((int(n), int(percent)) for n, percent in dominance),
            p_percent=p_percent,
        )
    except (ValueError, TypeError) as error:
        raise wrong("rules.dominance", problems.PAIRS, str(error)) from error


def _equations(part: Fields, measures: Sequence[ProductMeasure]) -> tuple[Equation, ...]:
    known = {"rows", *(m.name for m in measures)}
    known |= {f"present({m.name})" for m in measures if m.empty == "skip"}
    found: list[Equation] = []
    for index, written in enumerate(part.items("equations", most=MAX_EQUATIONS, none=True)):
        at = f"{part.at('equations')}[{index + 1}]"
        terms = _terms(written, at) if isinstance(written, str) else _table(written, at)
        for name, coefficient in terms:
            if name not in known:
                raise wrong(at, problems.MEASURES_HERE, name)
            if not 0 < abs(coefficient) <= MAX_COEFFICIENT:
                raise wrong(at, problems.COEFFICIENTS.of(most=MAX_COEFFICIENT), coefficient)
        names = [name for name, _ in terms]
        if len(set(names)) != len(names):
            raise wrong(at, problems.NO_NAME_TWICE, written)
        if not set(names) - {"rows"}:
            raise wrong(at, problems.A_MEASURE, written)
        found.append(terms)
    return tuple(found)


def _terms(written: str, at: str) -> Equation:
    """Reads `100 * tax - 19 * net`."""
    terms: list[tuple[str, int]] = []
    place = 0
    while place < len(written) or not terms:
        term = _TERM.match(written, place)
        if term is None or (terms and not term["sign"]):
            raise wrong(at, problems.TERMS, written)
        sign = -1 if term["sign"] == "-" else 1
        terms.append((term["name"], sign * int(term["factor"] or 1)))
        place = term.end()
    return tuple(terms)


def _table(written: Any, at: str) -> Equation:
    """Reads `{tax = 100, net = -19}`."""
    if not isinstance(written, dict) or not written:
        raise wrong(at, problems.TERMS_OR_TABLE, written)
    table: Mapping[str, Any] = written
    for name, coefficient in table.items():
        if not isinstance(coefficient, int) or isinstance(coefficient, bool):
            raise wrong(f"{at}.{name}", problems.WHOLE, coefficient)
    return tuple(table.items())
