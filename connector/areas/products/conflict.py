"""What an owner is told when a table cannot be published as it is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.finding_words import form_of, rows_of
from connector.areas.products.findings import rows_told
from connector.process.errors import Conflict
from crypto.disclosure.declaration import Conflict as FormsConflict

if TYPE_CHECKING:
    from catalog.product import Product
    from crypto.disclosure.declaration import Refused
    from crypto.disclosure.diagnosis import Lack


def refusal(product: Product, error: Refused) -> Conflict:
    """Returns the refusal of a publication: of a conflict, which form on which rows, what helps.

    Args:
        product: The product.
        error: What the core said.
    """
    message, _, advice = str(error).partition(": ")
    if not isinstance(error, FormsConflict):
        return Conflict(
            f"product `{product.id}`: {message}",
            code="product.refused",
            next_step=advice or "see docs/product-file.md on comparable measures",
        )
    found = error.found
    where = rows_of(rows_told(found.where, product.codes), zh=False)
    cell = rows_of(rows_told(found.codes, product.codes), zh=False)
    part = ", if the other rows of its cell are at a bound" if found.inside else ""
    form = form_of(found.example.form, zh=False)
    return Conflict(
        f"product `{product.id}`: {form} on ({where}){part} {_asked(found.example)}: "
        f"`{error.measure}` of ({cell}) cannot be released, and the product says "
        'on_conflict = "refuse"',
        code="product.conflict",
        next_step=advice,
    )


def _asked(lack: Lack) -> str:
    """Says which rule is broken, and nothing of the figures: errors are no place for them."""
    if lack.rule == "carriers":
        return f"concerns fewer than {lack.needed} contributors"
    if lack.rule == "dominance":
        return f"is more than {lack.needed} % that of {lack.largest} contributors or fewer"
    if lack.rule == "p_percent":
        return f"lets one contributor guess another to less than {lack.needed} %"
    return "is nil for every contributor"
