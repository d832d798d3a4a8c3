"""The product file: TOML text in, a checked `Product` or one error out.

Strict: an unknown key, a wrong type, a name used twice, a column used against its label are refused
with the field's name and what to do. Nothing is guessed that would change what is disclosed.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, cast

from catalog import problems_products as problems
from catalog.database_source import read_source
from catalog.errors import ProductError
from catalog.file_product import ID, KIND, FileProduct, read_file_product
from catalog.grading import DOMAINS, LEVELS
from catalog.offer_terms import read_offer
from catalog.product import Product
from catalog.product_columns import read_columns
from catalog.product_names import read_name, read_text
from catalog.product_parts import read_dimension, read_measure
from catalog.product_rules import read_rules
from catalog.reading_file import read_reading
from catalog.schedule import check_scheduled, read_schedule
from catalog.toml_fields import Fields, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.product import SourceColumn

MAX_BYTES: Final = 256 * 1024  # of a product file
MAX_CELLS: Final = 10_000_000  # finest cells, with rows or without
MAX_HIDDEN_CELLS: Final = 200_000  # each of them is stored if zeros are hidden
TABLE_KIND: Final = "table"
_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_BOM: Final = "\ufeff"  # editors put it first; TOML has no word for it
_KEYS: Final = (
    *("id", "kind", "table", "title", "description", "keywords", "domain", "level"),
    *("contributor", "contributor_case", "empty_contributor", "separate_rows", "zeros", "zone"),
    *("rules", "reading", "source", "refresh", "column", "dimension", "measure", "offer"),
)
_ZONE: Final = re.compile(r"UTC|[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}")


def read_product(text: str, scales: Mapping[str, int] = _NONE, *, stored: bool = False) -> Product:
    """Reads the product file of a table.

    Args:
        text: The file's text.
        scales: Of a file that is published: the scales its measures stand at, by name.
        stored: As in `read_declaration`.

    Raises:
        ProductError: The first thing that is wrong with it.
    """
    found = read_declaration(text, scales, stored=stored)
    if isinstance(found, FileProduct):
        raise wrong("kind", f"`{TABLE_KIND}`", KIND)
    return found


def read_declaration(
    text: str, scales: Mapping[str, int] = _NONE, *, stored: bool = False
) -> Product | FileProduct:
    """Reads a product file of either kind.

    Args:
        text: The file's text.
        scales: Of a table that is published: the scales its measures stand at, by name.
        stored: Whether it was published: an empty list in it means what it meant then, which is
            the same as none.

    Raises:
        ProductError: The first thing that is wrong with it.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        came = problems.CHARACTERS.of(count=len(text))
        raise wrong("", problems.FILE_OF.of(most=MAX_BYTES), came)
    try:
        raw = tomllib.loads(text.removeprefix(_BOM), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProductError(problems.TOML, why=str(error)[:200]) from error
    fields = Fields(raw, stored=stored)
    if fields.choice("kind", (TABLE_KIND, KIND), TABLE_KIND) == KIND:
        return read_file_product(fields)
    return _product(fields, scales)


def empty_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Finds the empty lists in the offers of a file that was published when they were taken.

    Returns:
        Name of the offer and key of each; such a list means what it means to leave the key out.
    """
    try:
        offers = tomllib.loads(text.removeprefix(_BOM)).get("offer", ())
    except tomllib.TOMLDecodeError:
        return ()
    return tuple(
        (str(offer.get("name", "standard")), key)
        for offer in offers
        if isinstance(offer, dict)
        for key, value in offer.items()
        if value == []
    )


def _product(fields: Fields, scales: Mapping[str, int]) -> Product:
    fields.only(*_KEYS)
    identifier = fields.matching("id", ID, problems.LOWER_CASE)
    title = read_text(fields, "title", fallback=identifier)
    columns = read_columns(fields)
    contributor = fields.text("contributor")
    if contributor not in columns:
        raise wrong("contributor", problems.DECLARED_COLUMN, contributor)
    dimensions = tuple(
        read_dimension(part, columns) for part in fields.tables("dimension", least=1, most=12)
    )
    measures = tuple(
        read_measure(part, columns, scales) for part in fields.tables("measure", most=32)
    )
    _distinct([*(d.name for d in dimensions), *(m.name for m in measures)], contributor)
    zeros = cast("Literal['shown', 'hidden']", fields.choice("zeros", ("shown", "hidden"), "shown"))
    cells = prod(len(d.codes) for d in dimensions)
    most = MAX_HIDDEN_CELLS if zeros == "hidden" else MAX_CELLS
    if cells > most:
        raise wrong(
            "dimension",
            problems.CELLS.of(most=most),
            f"{cells}",
            problem=problems.TOO_MANY_CELLS,
        )
    protection, equations = read_rules(fields, zeros, measures)
    level = fields.integer("level", min(LEVELS), max(LEVELS))
    zone = fields.matching("zone", _ZONE, problems.A_ZONE) if fields.has("zone") else ""
    product = Product(
        id=identifier,
        title=title,
        description=read_text(fields, "description", fallback=""),
        keywords=fields.texts("keywords", most=40, none=True),
        domain=fields.choice("domain", tuple(DOMAINS)),
        level=level,
        table=read_name(fields, "table"),
        columns=tuple(columns.values()),
        contributor=contributor,
        contributor_case=_case(fields, columns[contributor]),
        dimensions=dimensions,
        measures=measures,
        protection=protection,
        equations=equations,
        separate_rows=fields.flag("separate_rows", default=False),
        zone=zone,
        source=read_source(fields),
        refresh=read_schedule(fields),
        reading=read_reading(fields, columns, zone),
        empty_contributor=cast(
            "Literal['error', 'drop']",
            fields.choice("empty_contributor", ("error", "drop"), "error"),
        ),
        offers=tuple(
            read_offer(
                part,
                level=level,
                measures=[m.name for m in measures],
                dimensions=[d.name for d in dimensions],
            )
            for part in fields.tables("offer", most=20)
        ),
    )
    names = [offer.name for offer in product.offers]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong(f"offer[{index + 1}].name", problems.NO_OTHER_OFFER, name)
    check_scheduled(product)
    return product


def _case(fields: Fields, column: SourceColumn) -> Literal["exact", "fold"]:
    found = fields.choice("contributor_case", ("exact", "fold"), "exact")
    if found == "fold" and column.type != "text":
        raise wrong("contributor_case", problems.CASE_OF_TEXT, found)
    return cast("Literal['exact', 'fold']", found)


def _distinct(names: list[str], contributor: str) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise wrong("measure.name", problems.NO_OTHER_PART, name)
        if name == contributor:
            raise wrong("contributor", problems.NO_PART, name)
