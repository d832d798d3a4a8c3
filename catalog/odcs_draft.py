"""A product file drafted from a data contract: cautious, and with all that it could not take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import TYPE_CHECKING, Final

from catalog import draft_words
from catalog import odcs_words as words
from catalog.draft import Draft
from catalog.draft_names import identifier_of, nameable, names_of, within
from catalog.draft_offer import write_offer, write_terms
from catalog.draft_roles import MOST_DIMENSIONS, MOST_MEASURES, is_id, is_private, is_somebody
from catalog.draft_sheet import Sheet, shown
from catalog.forms import Form
from catalog.surveyed import MOST_CODES, ColumnSurvey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from catalog.odcs import Contract, Property
    from crypto.words import Language

_MOST_LISTED: Final = 150  # parts without a counterpart that comments name
_USUAL_DIGITS: Final = (18, 4)  # of a number of which nothing is said
_LARGEST: Final = 10**15
_WHOLE: Final = re.compile("-?[0-9]{1,18}")  # a whole number of 64 bits


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a contract.

    Attributes:
        draft: The product file.
        unmapped: What of the contract has no counterpart in it: where it stands, and what it is.
    """

    draft: Draft
    unmapped: tuple[tuple[str, str], ...]


def draft_contract(contract: Contract, language: Language, today: date) -> Imported:
    """Drafts the product file of an object of a contract.

    Args:
        contract: What the contract says of it.
        language: Of the comments.
        today: From which the time of an offer counts.
    """
    sheet = Sheet(language)
    sources = [each.source for each in contract.properties]
    usable = nameable(sources)
    names = names_of([each.name for each in contract.properties])
    columns = [
        (name, each)
        for name, each, ok in zip(names, contract.properties, usable, strict=True)
        if ok
    ]
    contributor = next((name for name, each in columns if is_somebody(each.source)), "")
    free = [(name, each) for name, each in columns if name != contributor and _is_free(each)]
    dimensions = [(name, each) for name, each in free if _is_dimension(each)][:MOST_DIMENSIONS]
    measures = [(name, each) for name, each in free if _is_measure(each)][:MOST_MEASURES]
    sheet.say(words.HEAD, id=shown(contract.id), object=shown(contract.object))
    sheet.say(draft_words.HOW)
    sheet.say(words.DATA_FIRST)
    sheet.line()
    sheet.put("id", identifier_of(contract.object, between="-", fallback="my-data"))
    sheet.put("table", identifier_of(contract.object, between="_", fallback="my_data"))
    sheet.put("title", contract.title[:200] or "my data")
    if contract.description:
        sheet.put("description", contract.description)
    if contract.keywords:
        sheet.put("keywords", [keyword[:100] for keyword in contract.keywords])
    write_terms(sheet)
    sheet.line()
    if contributor:
        (column,) = [each.source for name, each in columns if name == contributor]
        sheet.decide(words.BY_NAME, column=shown(column))
        sheet.put("contributor", contributor)
    else:
        sheet.decide(words.NOBODY)
        sheet.line('# contributor = "column"')
    zoned = [each.zoned for _, each in columns if each.type == "timestamp"]
    if zoned and all(zoned):
        sheet.decide(words.ZONE)
        sheet.put("zone", "UTC")
    used = {name: "group_key" for name, _ in dimensions} | {
        name: "aggregate" for name, _ in measures
    }
    in_use = {place for place, name in enumerate(names) if name in used or name == contributor}
    declared = within(sources, usable, in_use)
    _columns(sheet, contract, names, declared, used)
    _dimensions(sheet, dimensions)
    _measures(sheet, measures)
    write_offer(sheet, today)
    unmapped = (*contract.unmapped, *_unused(contract, names, used))
    unmapped += tuple(
        (each.at, each.name)
        for each, ok in zip(contract.properties, declared, strict=True)
        if not ok
    )
    _unmapped(sheet, unmapped)
    lacking = (() if contributor else ("contributor",)) + (() if dimensions else ("dimension",))
    return Imported(Draft(sheet.text, tuple(sheet.decisions), lacking), unmapped)


def _columns(
    sheet: Sheet,
    contract: Contract,
    names: tuple[str, ...],
    declared: tuple[bool, ...],
    used: dict[str, str],
) -> None:
    sheet.line()
    sheet.say(words.COLUMNS)
    if any(name.startswith("column_") for name in names):
        sheet.decide(draft_words.NAMES)
    left = len(declared) - sum(declared)
    if left:
        sheet.say(words.NOT_DECLARED, count=left)
    sheet.line("column = [")
    for name, each, ok in zip(names, contract.properties, declared, strict=True):
        if not ok:
            continue
        if not each.is_open:
            facts = {"classification": shown(each.classification)}
            sheet.say(words.CLASSIFIED, column=shown(each.source), **facts)
        if each.type == "decimal" and each.digits is None:
            sheet.decide(words.DIGITS, column=shown(each.source))
        sheet.row(
            name=name,
            source=each.source if each.source != name else None,
            type=_type(each),
            disclosure=used.get(name, "never"),
        )
    sheet.line("]")


def _dimensions(sheet: Sheet, dimensions: list[tuple[str, Property]]) -> None:
    sheet.line()
    sheet.decide(draft_words.DIMENSIONS)
    if not dimensions:
        sheet.decide(words.NO_DIMENSION)
        sheet.line('# dimension = [{ name = "mode", codes = ["AIR", "ROAD"] }]')
        return
    sheet.line("dimension = [")
    for name, each in dimensions:
        whole = each.type == "integer"
        codes = [int(code) for code in each.codes] if whole else each.codes
        sheet.row(name=name, title=each.title or None, codes=codes)
    sheet.line("]")


def _measures(sheet: Sheet, measures: list[tuple[str, Property]]) -> None:
    sheet.line()
    if not measures:
        sheet.decide(words.NO_MEASURE)
        return
    sheet.decide(words.MEASURES)
    sheet.line("measure = [")
    for name, each in measures:
        sheet.row(name=name, title=each.title or None, bounds=_bounds(each))
    sheet.line("]")


def _unused(
    contract: Contract, names: tuple[str, ...], used: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Gives what the contract says of columns that are put to no use: titles, values, ranges."""
    for name, each in zip(names, contract.properties, strict=True):
        if each.title and name not in used:
            yield f"{each.at}.businessName", each.title
        if each.codes and used.get(name) != "group_key":
            yield f"{each.at}.enum", ", ".join(each.codes)[:160]
        if each.bounds != (None, None) and used.get(name) != "aggregate":
            low, high = ("…" if bound is None else str(bound) for bound in each.bounds)
            yield f"{each.at}.logicalTypeOptions", f"{low} .. {high}"
        if each.zoned and each.type != "timestamp":
            yield f"{each.at}.logicalTypeOptions", "timezone"


def _unmapped(sheet: Sheet, found: tuple[tuple[str, str], ...]) -> None:
    if not found:
        return
    sheet.line()
    sheet.decide(words.UNMAPPED, count=len(found))
    for at, value in found[:_MOST_LISTED]:
        sheet.say(words.ONE, at=at, value=value)
    if len(found) > _MOST_LISTED:
        sheet.say(words.MORE, count=len(found) - _MOST_LISTED)


def _type(each: Property) -> str:
    if each.type != "decimal":
        return each.type
    precision, scale = each.digits or _USUAL_DIGITS
    return f"decimal({precision},{scale})"


def _is_free(each: Property) -> bool:
    """Says whether a column may be of any use: public, no key, no person by its name."""
    if each.key or not each.is_open or each.encrypted:
        return False
    column = ColumnSurvey(source=each.source, form=Form(type=each.type))
    named = ColumnSurvey(source=each.name, form=Form(type=each.type))
    return not any(is_private(one) or is_id(one, 0) for one in (column, named))


def _is_dimension(each: Property) -> bool:
    codes = each.codes
    if not 2 <= len(codes) <= MOST_CODES or len(set(codes)) != len(codes):
        return False
    if each.type == "integer":
        if not all(_WHOLE.fullmatch(code) for code in codes):
            return False
        return len({int(code) for code in codes}) == len(codes)
    if each.type == "boolean":
        return set(codes) <= {"true", "false"}
    sound = all(code.strip() and code.isprintable() and len(code) <= MOST_CODES for code in codes)
    return each.type == "text" and sound


def _is_measure(each: Property) -> bool:
    if each.type not in ("integer", "decimal") or None in each.bounds or _is_dimension(each):
        return False
    lower, upper = _bounds(each)
    return lower <= upper and max(-lower, upper) <= _LARGEST


def _bounds(each: Property) -> tuple[Decimal, Decimal]:
    """Returns the bounds, of no more places than the column has."""
    low, high = each.bounds
    assert low is not None
    assert high is not None
    scale = 0 if each.type == "integer" else (each.digits or _USUAL_DIGITS)[1]
    return (
        round_to(low, scale, ROUND_FLOOR),
        round_to(high, scale, ROUND_CEILING),
    )


def round_to(value: Decimal, scale: int, rounding: str) -> Decimal:
    """Returns a number of so many places; one too large for them as it is."""
    if value.adjusted() > 20:
        return value
    return value.scaleb(scale).to_integral_value(rounding).scaleb(-scale)
