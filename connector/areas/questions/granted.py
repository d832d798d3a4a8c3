"""A question that a contract grants, and what it was tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.evaluate import compile_policy
from policies.explain import explain

if TYPE_CHECKING:
    from datetime import datetime

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions.reading import Plan
    from connector.areas.questions.usage import Usage
    from crypto.disclosure.published import PublishedTable
    from policies.evaluate import Request, World
    from policies.explain import ClauseState
    from policies.plan import BoundQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A question that the contract grants.

    Attributes:
        agreement: The agreement it was granted under.
        bound: The question, bound to the product's table.
        table: The protected table of the data version it is answered from.
        purpose: IRI.
        mode: How it is answered.
        meaning: Digest of what is asked, for which purpose, on this data version, under these
            conditions.
        minimum_contributors: k of each released cell: the stricter of owner and agreement.
        min_cohort: Providers in a cohort: the stricter of owner and agreement.
        usage: With this question counted in.
        policy_digest: Of the agreement's terms.
        rules: The permissions that granted it.
        trial: What the agreement was tried on, to explain it.
        plan: What the question means, to decide again without reading it again.
    """

    agreement: AgreementRecord
    bound: BoundQuery
    table: PublishedTable
    purpose: str
    mode: str
    meaning: str
    minimum_contributors: int
    min_cohort: int
    usage: Usage
    policy_digest: str
    rules: tuple[str, ...]
    trial: Trial
    plan: Plan

    def same_as(self, other: Granted) -> bool:
        """Say whether it grants what another moment's decision granted."""
        return (self.meaning, self.minimum_contributors, self.min_cohort, self.rules) == (
            other.meaning,
            other.minimum_contributors,
            other.min_cohort,
            other.rules,
        )

    def clauses(self) -> tuple[ClauseState, ...]:
        """Return how each clause of the agreement came out."""
        compiled = compile_policy(self.agreement.policy)
        return explain(compiled, self.trial.request, self.trial.world, self.trial.now).clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a policy was tried on."""

    request: Request
    world: World
    now: datetime
