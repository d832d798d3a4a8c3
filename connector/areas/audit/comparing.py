"""Several bundles beside each other: every two of them, and the totals over all."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Final

from connector.areas.audit import problems
from connector.areas.audit.cohort_renewals import renewals
from connector.areas.audit.cohort_tables import tables
from connector.process.errors import BadRequest
from contracts.audit.diff import NOTHING, diff
from contracts.audit.memo import Memo
from contracts.audit.report import Report, together
from contracts.audit.totals import totals
from contracts.audit.verify import beside_each_other, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.verify import Bundle

MOST: Final = len(ascii_lowercase)
TWO: Final = 2


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no cycles meanwhile: leaves are trees that stay, and looking costs a quarter."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@no_collection()
def compare(bundles: Sequence[Bundle]) -> tuple[dict[str, Any], int]:
    """Check bundles, lay every two side by side, and make again what was opened over all of them.

    Returns:
        What was found, and the exit code. With two bundles their findings stand beside those of
        the totals; with more each pair has its own, under ``pairs``.

    Raises:
        BadRequest: more bundles than there are letters.
        MalformedError: one of them cannot be read.
    """
    if len(bundles) > MOST:
        raise BadRequest(problems.BUNDLES_TOO_MANY, count=len(bundles), most=MOST)
    names = ascii_lowercase[: len(bundles)]
    memo = Memo()
    bundles = beside_each_other(bundles)
    checks = {name: verify(bundle, memo) for name, bundle in zip(names, bundles, strict=True)}
    pairs = {
        (one, two): diff(bundles[names.index(one)], bundles[names.index(two)], memo)
        for one, two in combinations(names, TWO)
    }
    if len(bundles) > TWO:
        pairs = _among_many(pairs)
    sums = joined(totals(bundles, memo), tables(bundles, memo))
    sums = joined(sums, renewals(bundles, memo))
    everything = (*checks.values(), *pairs.values(), sums)
    code = together([report.exit_code for report in everything])
    value: dict[str, Any] = {}
    if len(bundles) == TWO:
        (only,) = pairs.values()
        value = only.to_json()
        value["counts"] |= sums.counts if sums.findings or any(sums.counts.values()) else {}
        value["findings"] += [finding.to_json() for finding in sums.findings]
    else:
        value = sums.to_json()
        value["pairs"] = [
            {"a": one, "b": two, **report.to_json()} for (one, two), report in pairs.items()
        ]
    value["bundles"] = {name: _counted(report) for name, report in checks.items()}
    value.pop("outcome", None)
    value.pop("exit", None)
    return value, code


def _among_many(pairs: Mapping[tuple[str, str], Report]) -> dict[tuple[str, str], Report]:
    """Among several, two need have nothing to compare if each has dealt with another of them."""
    bare = {pair for pair, report in pairs.items() if _nothing(report)}
    met = {
        name
        for pair, report in pairs.items()
        if pair not in bare or report.facts["dealt"]
        for name in pair
    }
    return {
        pair: replace(report, findings=(), counts=_without(report.counts))
        if pair in bare and met >= set(pair)
        else report
        for pair, report in pairs.items()
    }


def _without(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name != NOTHING}


def _nothing(report: Report) -> bool:
    """Say whether two parties had nothing to compare; of one party's two bundles it is an error."""
    alone = {finding.code for finding in report.findings} == {NOTHING}
    return alone and report.facts["a"] != report.facts["b"]


def joined(one: Report, other: Report) -> Report:
    """Make one report of two."""
    return Report(findings=(*one.findings, *other.findings), counts={**one.counts, **other.counts})


def _counted(report: Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome,
        "findings": sum(one.level != "unchecked" for one in report.findings),
        "unchecked": sum(one.level == "unchecked" for one in report.findings),
        **({"party": report.facts["party"]} if "party" in report.facts else {}),
    }
