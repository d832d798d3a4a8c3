"""The `[[offer]]` of a product file: what it says, read strictly, and the policy it makes."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from catalog import problems_products as problems
from catalog.grading import missing_terms
from catalog.product import ProductOffer
from catalog.toml_fields import Fields, one_of, wrong
from crypto.disclosure.rules import LEAST_CONTRIBUTORS
from policies import profile
from policies.literals import check_literal
from policies.modes import HOMOMORPHIC_MODE, LEAST_COHORT
from policies.odrl import to_wire
from policies.offers import QuestionTerms, question_offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.model import Policy

FUNCTIONS: Final = ("sum", "count", "avg")
_KEYS: Final = (
    *("name", "purposes", "modes", "count", "valid_from", "valid_until"),
    *("recipients", "members_of", "measures", "dimensions", "min_group_size"),
    *HOMOMORPHIC_MODE.terms,
)
COUNT_ROWS: Final = "*:count"
NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read_offer(
    part: Fields, *, level: int, measures: Sequence[str], dimensions: Sequence[str]
) -> ProductOffer:
    """Reads one `[[offer]]`.

    Args:
        part: Its keys.
        level: Data level of the product.
        measures: Names of the product's measures.
        dimensions: Names of the product's dimensions.

    Raises:
        ProductError: If a term is wrong, or one that the level asks for is missing.
    """
    part.only(*_KEYS)
    modes = _modes(part)
    min_cohort = part.integer("min_cohort", LEAST_COHORT, 1000, LEAST_COHORT)
    if profile.HOMOMORPHIC in modes:
        if not part.has("aggregator"):
            raise wrong(part.at("aggregator"), problems.AN_AGGREGATOR, None)
    else:
        for key in HOMOMORPHIC_MODE.terms:
            if part.has(key):
                raise wrong(part.at(key), problems.BESIDE_HOMOMORPHIC, part.raw(key))
    pairs = [f"{measure}:{function}" for measure in measures for function in FUNCTIONS]
    name = part.matching("name", NAME, problems.LOWER_CASE, "standard")
    terms = QuestionTerms(
        purposes=tuple(purpose(part, text) for text in part.texts("purposes", least=1, most=20)),
        modes=modes,
        not_before=literal(part, "valid_from", profile.DATE_TIME),
        not_after=literal(part, "valid_until", profile.DATE_TIME),
        count=part.integer("count", 1, 10**9) if part.has("count") else None,
        recipients=literals(part, "recipients", profile.RECIPIENT),
        membership=literal(part, "members_of", profile.MEMBERSHIP),
        measures=_among(part, "measures", (*pairs, COUNT_ROWS)),
        dimensions=_among(part, "dimensions", dimensions),
        min_group_size=part.integer("min_group_size", LEAST_CONTRIBUTORS, 10_000)
        if part.has("min_group_size")
        else None,
        min_cohort=min_cohort,
        aggregator=literal(part, "aggregator", profile.AGGREGATOR),
        cohort_members=literals(part, "cohort", profile.COHORT_MEMBER),
    )
    missing = missing_terms(level, purposes=True, recipients=bool(terms.recipients))
    if missing is not None:
        came = problems.AN_OFFER_WITHOUT.of(level=level)
        raise wrong(part.at("recipients"), missing, came)
    return ProductOffer(name=name, terms=terms)


def offer_policy(product_id: str, offer: ProductOffer, *, life: int = 0) -> Policy:
    """Returns an offer as the policy that the provider will be bound by.

    Its `@id` names product and offer and ends in a digest of the terms, so that an offer whose
    terms have changed is another offer; and so is one of another product under the same id.

    Args:
        product_id: Of the product.
        offer: What its owner declared.
        life: How many products were taken back under this id before.
    """
    draft = question_offer("", offer.terms)
    told = repr((to_wire(draft), life) if life else to_wire(draft))
    terms = hashlib.sha256(told.encode()).hexdigest()[:12]
    return question_offer(f"{product_id}:{offer.name}:{terms}", offer.terms)


def _among(part: Fields, name: str, known: Sequence[str], *, least: int = 0) -> tuple[Any, ...]:
    found = part.texts(name, least=least, most=500)
    for index, item in enumerate(found):
        if item not in known:
            raise wrong(f"{part.at(name)}[{index + 1}]", one_of(known), item)
    return found


def _modes(part: Fields) -> tuple[str, ...]:
    """Read the modes: those of the profile in its order, then others, by their IRIs."""
    found = part.texts("modes", least=1, most=500)
    for index, item in enumerate(found):
        expected = check_literal(profile.OPERANDS[profile.QUERY_MODE], item)
        if expected is not None:
            raise wrong(f"{part.at('modes')}[{index + 1}]", expected, item)
    return tuple(dict.fromkeys(mode for mode in (*profile.MODES, *found) if mode in found))


def purpose(part: Fields, text: str) -> str:
    """Read a purpose, by its short name in our profile or as an IRI."""
    iri = profile.purpose_iri(text)
    expected = check_literal(profile.OPERANDS[profile.PURPOSE], iri)
    if expected is not None:
        known = [f"`{name}`" for name in profile.PURPOSES]
        raise wrong(part.at("purposes"), problems.PURPOSES.of(known=known, other=expected), text)
    return iri


def literal(part: Fields, name: str, operand: str) -> str:
    """Read one literal of an operand; a missing one is empty."""
    if not part.has(name):
        return ""
    text = part.text(name, longest=500)
    expected = check_literal(profile.OPERANDS[operand], text)
    if expected is not None:
        raise wrong(part.at(name), expected, text)
    return text


def literals(part: Fields, name: str, operand: str) -> tuple[str, ...]:
    """Read a list of literals of an operand."""
    found = part.texts(name, most=200)
    for index, item in enumerate(found):
        expected = check_literal(profile.OPERANDS[operand], item)
        if expected is not None:
            raise wrong(f"{part.at(name)}[{index + 1}]", expected, item)
    return found
