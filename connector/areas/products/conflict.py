"""What an owner is told when a table cannot be published as it is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.finding_words import form_of, rows_of
from connector.areas.products import problems
from connector.areas.products.findings import rows_told
from connector.process.errors import Conflict
from crypto.disclosure.declaration import Conflict as FormsConflict
from crypto.words import Words, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.product import Product
    from crypto.disclosure.declaration import Refused
    from crypto.disclosure.diagnosis import Lack
    from crypto.words import Spoken


def refusal(product: Product, error: Refused) -> Conflict:
    """Returns the refusal of a publication: of a conflict, which form on which rows, what helps.

    Args:
        product: The product.
        error: What the core said.
    """
    if not isinstance(error, FormsConflict):
        refused = Conflict(problems.REFUSED, product=product.id, why=error.says)
        if error.advice.said("en"):
            refused.advise(problems.ADVICE, advice=error.advice)
        return refused
    found = error.found
    form = found.example.form
    return Conflict(
        problems.CONFLICT,
        product=product.id,
        form=verbatim(form_of(form, zh=True), form_of(form, zh=False)),
        where=_rows(rows_told(found.where, product.codes)),
        part=problems.AT_A_BOUND if found.inside else "",
        lacks=_asked(found.example),
        measure=error.measure,
        cell=_rows(rows_told(found.codes, product.codes)),
    ).advise(problems.ADVICE, advice=error.advice)


def _rows(told: Sequence[Mapping[str, Any]]) -> Words:
    return verbatim(rows_of(told, zh=True), rows_of(told, zh=False))


def _asked(lack: Lack) -> Spoken:
    """Says which rule is broken, and nothing of the figures: errors are no place for them."""
    if lack.rule == "carriers":
        return problems.FEW_CONTRIBUTORS.of(needed=lack.needed)
    if lack.rule == "dominance":
        return problems.DOMINATED.of(needed=lack.needed, largest=lack.largest)
    if lack.rule == "p_percent":
        return problems.GUESSED.of(needed=lack.needed)
    return problems.ALL_NIL
