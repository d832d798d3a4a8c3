"""What a product is, for who wants to ask: read from the dataset as its provider describes it.

At its owner's and at a buyer's it is the same page. Nothing on it is a function of rows: names,
units, bounds and codes are declared, and of margins it says what the catalogue says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.dcat import TABLE, table_schema
from catalog.errors import ProductError
from catalog.page_offers import differences
from policies import samples
from policies.errors import PolicyError
from policies.model import atomics
from policies.odrl import parse_policy
from policies.offers import count_limit, granted, release_floor
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    DATE_TIME,
    DIMENSION,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY_MODE,
    RECIPIENT,
)
from policies.purpose_words import PURPOSE_WORDS, short_purpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policies.model import Policy
    from policies.reasons import Reason
    from policies.samples import Asker, Bound, Margins
    from policies.schema import TableSchema

MOST_OFFERS: Final = 50
_MOST_MARGINS: Final = 4096
_COUNT: Final = "*"


def page(dataset: Mapping[str, Any], asker: Asker) -> dict[str, Any]:
    """Describe a dataset.

    Args:
        dataset: As its provider's catalogue shows it.
        asker: Who would ask.

    Returns:
        The page as JSON; of a dataset that is no table of ours without table and questions.
    """
    literal = dataset.get(TABLE)
    described = literal.get("@value") if isinstance(literal, dict) else None
    schema, table = None, described if isinstance(described, dict) else {}
    if table:
        try:
            schema = table_schema(dataset)
        except ProductError:
            table = {}
    margins = list(_margins(table))
    offers, unreadable = _offers(dataset, schema, asker, _by_name(margins))
    return {
        "id": str(dataset.get("@id", "")),
        "title": _texts(dataset.get("dct:title")),
        "description": _texts(dataset.get("dct:description")),
        "formats": _formats(dataset),
        "table": None if schema is None else _table(schema, table),
        "margins": margins,
        "offers": offers,
        "unreadable": unreadable,
        "differences": differences(offers, schema),
    }


def _table(schema: TableSchema, table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": schema.table,
        "minimumContributors": schema.minimum_contributors,
        "dimensions": [
            {
                "name": dimension.name,
                "title": _title(table, "dimensions", dimension.name),
                "kind": dimension.kind,
                "unit": dimension.unit,
                "groups": dimension.disclosure != "filter",
                "codes": list(dimension.codes),
                "edges": [None if edge is None else f"{edge:f}" for edge in dimension.edges],
            }
            for dimension in schema.dimensions
        ],
        "measures": [
            {
                "name": measure.name,
                "title": _title(table, "measures", measure.name),
                "unit": measure.unit,
                "scale": measure.scale,
                "lower": f"{measure.lower:f}",
                "upper": f"{measure.upper:f}",
            }
            for measure in schema.measures
        ],
    }


def _title(table: Mapping[str, Any], part: str, name: str) -> dict[str, str]:
    """Return the title of a column in both languages, its name where it has none."""
    titles = next((one.get("title") for one in table[part] if one["name"] == name), None)
    titles = titles if isinstance(titles, dict) else {}
    return {tongue: _line(titles.get(tongue)) or name for tongue in ("zh", "en")}


def _texts(value: Any) -> dict[str, str]:
    """Read a text as JSON-LD has it, per language."""
    found = {"zh": "", "en": ""}
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict) and one.get("@language") in found:
            found[one["@language"]] = _line(one.get("@value"))
    return found


def _line(value: Any) -> str:
    return value[:4096] if isinstance(value, str) else ""


def _formats(dataset: Mapping[str, Any]) -> list[str]:
    distributions = dataset.get("distribution")
    named = (
        one.get("format")
        for one in (distributions if isinstance(distributions, list) else ())
        if isinstance(one, dict)
    )
    return [_line(one) for one in named if _line(one)]


def _margins(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Read which groupings are shown; what is not as we write it is left out.

    Of no grouping more groups are shown than there are.
    """
    found = table.get("margins")
    for one in found[:_MOST_MARGINS] if isinstance(found, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("dimensions"), list):
            continue
        numbers = {key: one.get(key) for key in ("groups", "released")}
        measures = one.get("measures", {})
        counts = [*numbers.values(), *(measures.values() if isinstance(measures, dict) else [None])]
        if all(type(count) is int and 0 <= count <= counts[0] for count in counts):
            dimensions = [str(name) for name in one["dimensions"]]
            yield {"dimensions": dimensions, **numbers, "measures": dict(measures)}


def _by_name(margins: Sequence[Mapping[str, Any]]) -> Margins:
    found: Margins = {}
    for one in margins:
        names = frozenset(one["dimensions"])
        for measure, released in {_COUNT: one["released"], **one["measures"]}.items():
            found[names, measure] = (one["groups"], released)
    return found


def _offers(
    dataset: Mapping[str, Any], schema: TableSchema | None, asker: Asker, margins: Margins
) -> tuple[list[dict[str, Any]], list[str]]:
    offers, unreadable = [], []
    known: Bound = {}
    listed = dataset.get("hasPolicy")
    for wire in listed[:MOST_OFFERS] if isinstance(listed, list) else ():
        if not isinstance(wire, dict):
            unreadable.append("")
            continue
        try:
            policy = parse_policy(wire, kind="Offer")
        except PolicyError:
            unreadable.append(_line(wire.get("@id")))
            continue
        offers.append(_offer(policy, wire, schema, asker, margins, known))
    return offers, unreadable


def _offer(
    policy: Policy,
    wire: Mapping[str, Any],
    schema: TableSchema | None,
    asker: Asker,
    margins: Margins,
    known: Bound,
) -> dict[str, Any]:
    questions: Sequence[samples.Sample] = ()
    reasons: Sequence[Reason] = ()
    if schema is not None:
        questions, reasons = samples.samples(schema, policy, asker, margins, known)
    least = 0 if schema is None else schema.minimum_contributors
    return {
        "id": policy.uid,
        "policy": dict(wire),
        "purposes": [_purpose(iri) for iri in granted(policy, PURPOSE)],
        "modes": list(granted(policy, QUERY_MODE)),
        "measures": list(granted(policy, MEASURE)),
        "dimensions": list(granted(policy, DIMENSION)),
        "recipients": list(granted(policy, RECIPIENT)),
        "membership": list(granted(policy, MEMBERSHIP)),
        "count": count_limit(policy),
        "minimumContributors": release_floor(policy, MIN_GROUP_SIZE, least),
        "minCohort": release_floor(policy, MIN_COHORT, 0),
        "aggregator": list(granted(policy, AGGREGATOR)),
        "cohort": list(granted(policy, COHORT_MEMBER)),
        "from": _times(policy, ("gteq", "gt")),
        "until": _times(policy, ("lteq", "lt")),
        "questions": [
            {"sql": one.sql, "purpose": short_purpose(one.purpose), "mode": one.mode}
            for one in questions
        ],
        "reasons": [reason.to_json() for reason in reasons],
    }


def _purpose(iri: str) -> dict[str, str]:
    name = short_purpose(iri)
    words = PURPOSE_WORDS.get(name)
    said = {t: words.said(t) if words else name for t in ("zh", "en")}
    return {"name": name, "zh": said["zh"], "en": said["en"]}


def _times(policy: Policy, operators: Sequence[str]) -> list[str]:
    found = {
        atomic.right[0]: None
        for rule in policy.permissions
        for constraint in rule.constraints
        for atomic in atomics(constraint)
        if atomic.left == DATE_TIME and atomic.operator in operators
    }
    return list(found)
