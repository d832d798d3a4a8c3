"""Where one does what a refusal says is to be done next: a page, by the code of the step.

The words are those of the problem, the same in API and commands; here is only what they lead to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connector.console.page import Page
    from crypto.errors import VoileError

WAYS: Final[Mapping[str, str]] = {
    # steps of reasons
    "next.negotiate": "/catalogue",
    "next.ask-other-terms": "/catalogue",
    "next.ask-purpose": "/catalogue",
    "next.ask-granted-measure": "/catalogue",
    "next.ask-granted-dimension": "/catalogue",
    "next.declared-codes": "/catalogue",
    "next.declared-names": "/catalogue",
    "next.choose-mode": "/questions/new",
    "next.larger-cohort": "/questions/new",
    "next.choose-members": "/questions/new",
    "next.use-named-aggregator": "/questions/new",
    "next.get-certified": "/membership",
    # problems
    "agreement-missing": "/contracts",
    "answer-not-yet": "/questions",
    "application-missing": "/membership",
    "approval-many": "/inbox",
    "approval-many-own": "/inbox",
    "approval-missing": "/inbox",
    "approval-nobody": "/people",
    "approval-not-agreed": "/inbox",
    "approval-not-yours": "/inbox",
    "approval-over": "/inbox",
    "approval-too-few": "/people",
    "approval-under-way": "/inbox",
    "dossier-missing": "/dossiers",
    "job-missing": "/products",
    "key-missing": "/connector",
    "offer-ambiguous": "/catalogue",
    "offer-missing": "/catalogue",
    "outbox-missing": "/connector/messages",
    "participant-missing": "/participants",
    "person-exists": "/people",
    "person-missing": "/people",
    "product-missing": "/products",
    "product-unlisted": "/catalogue",
    "product.raced": "/products",
    "question-unknown": "/questions",
    "recovery-unsupported": "/contracts",
    "session-missing": "/questions",
}


def way(problem: VoileError, page_at: Callable[[str], Page | None]) -> Page | None:
    """Give the page where the next step of a problem is done.

    Args:
        problem: what was refused.
        page_at: finds the page of a path, if whoever reads may open it.
    """
    for code in _codes(problem):
        page = page_at(WAYS[code]) if code in WAYS else None
        if page is not None:
            return page
    return None


def _codes(problem: VoileError) -> Iterator[str]:
    for reason in getattr(problem, "reasons", ()):
        yield reason.next
    yield problem.code
