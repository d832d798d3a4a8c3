"""What is known of a question before it is asked: decision, mode, cost, what is withheld.

Of the provider's data only what its product page publishes: the margins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.client.margin_words import foreseen_margins
from connector.client.question_words import reason_said
from connector.compose.pages import workbench_words as w
from crypto.words import verbatim
from policies.margins import askable
from policies.phrase_words import clause as in_words
from policies.phrases import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connector.compose.pages.asking_now import Checked
    from crypto.words import Language, Spoken

_VERDICTS: Final = {
    "true": ("good", w.HOLDS),
    "false": ("bad", w.FAILS),
    "unknown": ("wait", w.OPEN),
    "later": ("off", w.LATER),
}


def foreseen(
    checked: Checked, page: Mapping[str, Any], names: Mapping[str, str], language: Language
) -> dict[str, Any]:
    """Say it.

    Args:
        checked: what `explain` found.
        page: of the product, as its provider publishes it.
        names: of the providers, by DID.
        language: of what others' codes are said in.
    """
    found: Mapping[str, Any] = checked.found or {}
    why, decides = found.get("why"), found.get("decides")
    return {
        "allowed": found.get("allowed") is True,
        "decides": {t: render(str(decides), t) for t in ("zh", "en")} if decides else None,
        "mode": found.get("mode", ""),
        "why": why or {"zh": "", "en": ""},
        "costs": list(_costs(found, names)),
        "least": found.get("minimumContributors", 0),
        "margins": _margins(checked, page),
        "reasons": [
            (reason_said(reason, language), str(reason.get("code", "")))
            for reason in found.get("reasons", ())
        ],
        "clauses": [_clause(one) for one in found.get("clauses", ())],
    }


def _costs(found: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Spoken]:
    if found.get("repeated"):
        yield w.COST_NOTHING
        return
    usage = found.get("usage") or {}
    if "limit" in usage:
        yield _cost(usage)
        return
    for provider, told in usage.items():
        if isinstance(told, dict):
            yield w.CHARGE.of(firm=names.get(provider, provider), said=_cost(told))


def _cost(usage: Mapping[str, Any]) -> Spoken:
    if usage.get("limit") is None:
        return w.COST_FREE
    return w.COST_LIMITED.of(left=usage.get("left"), limit=usage["limit"])


def _margins(checked: Checked, page: Mapping[str, Any]) -> list[Spoken]:
    """Say what the product page tells of the groupings; filters make them other ones."""
    found: Mapping[str, Any] = checked.found or {}
    if "cells" in found:
        return [w.MARGIN_TOTAL.of(cells=found["cells"])]
    return foreseen_margins(checked.body.sql, found, askable(page)) or [w.MARGIN_UNKNOWN]


def _clause(one: Mapping[str, Any]) -> tuple[Spoken, str, Spoken]:
    """Give a clause in words, how it came out, and that in words."""
    text, given = str(one.get("text", "")), one.get("given")
    more = f" ({given})" if given else ""
    said: Spoken = verbatim(in_words(text, 0) + more, in_words(text, 1) + more)
    if one.get("effect") == "prohibition":
        said = w.PROHIBITED.of(clause=said)
    kind, verdict = _VERDICTS.get(str(one.get("verdict")), ("wait", w.OPEN))
    return said, kind, verdict
