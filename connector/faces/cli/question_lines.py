"""How questions are printed: the list of them, whether one would be allowed, what is left."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from connector.client.margin_words import foreseen_margins
from connector.client.question_words import STATES, reason_said
from connector.faces.cli.client import printable, put, said, say, unreadable
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words
from policies.phrase_words import clause as in_words
from policies.phrases import render

_NONE: Final = Words("尚未提过问题", "no questions were asked yet")
_UNLIMITED: Final = Words(
    "合约不限次数  {provider}", "the contract does not limit the count  {provider}"
)
_LEFT: Final = Words(
    "合约剩余 {left}/{limit} 次  {provider}",
    "{left} of {limit} {limit|answer|answers} left  {provider}",
)
_WOULD_NOT: Final = Words("不会获准：", "it would be refused:")
_EACH_SAYS: Final = Words("各供方: {words}", "each provider says: {words}")
_WOULD: Final = Words("会获准。", "it would be allowed.")
_BEFORE: Final = Words("  此问题已回答过，不再计次。", "  answered before: the stored answer comes")
_MODE: Final = Words("  模式 {mode}: {why}", "  mode {mode}: {why}")
_LEAST: Final = Words("  每格至少 {k} 个贡献者", "  at least {k} contributors per released cell")
_UNCHARGED: Final = Words("未计次。", "nothing was charged.")
_PROHIBITED: Final = Words("禁止 ", "prohibited: ")
_SIGNS: Final = {"true": "✓", "false": "✗", "unknown": "?", "later": "…"}


def sentence_of(reason: Mapping[str, Any]) -> str:
    """Say a reason with what to do."""
    return printable(reason_said(reason, spoken()))


def say_questions(rows: list[dict[str, Any]]) -> None:
    """Print a list of questions, newest first; those that cannot be read before them."""
    if not rows:
        say(_NONE)
    for row in (row for row in rows if "unreadable" in row):
        put(f"{_state(row)} {row['questionId']}")
        put(f"          {unreadable(row)}")
    readable = (row for row in rows if "unreadable" not in row)
    for row in sorted(readable, key=lambda row: -row["asked"]):
        providers = [row["provider"]] if "provider" in row else list(row["agreements"])
        put(f"{_state(row)} {row['questionId']}  {row['mode']}  {', '.join(providers)}")
        if "sql" in row:
            put(f"          {printable(row['sql'])}")
        for reason in row["reasons"]:
            put(f"          {sentence_of(reason)}")


def _state(row: Mapping[str, Any]) -> str:
    code = row["state"]
    return padded(said(STATES[code]) if code in STATES else str(code), 9)


def say_usage(usage: Mapping[str, Any]) -> None:
    """Say what is left of the contract's count; of a total, of each provider's."""
    each = {"": usage} if "limit" in usage else usage
    for provider, told in each.items():
        if not isinstance(told, Mapping):
            continue
        words = _UNLIMITED if told.get("limit") is None else _LEFT
        facts = {"left": told.get("left"), "limit": told.get("limit"), "provider": provider}
        put(said(words, **facts).rstrip())


def say_explained(
    found: Mapping[str, Any], sql: str = "", margins: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Say whether a question would be allowed, by which clauses, and what is left.

    Args:
        found: the explanation.
        sql: the question.
        margins: what its provider publishes of groupings.
    """
    if found.get("allowed") is not True:
        say(_WOULD_NOT)
        for reason in found.get("reasons", []):
            put(f"  - {sentence_of(reason)}")
        _say_clauses(found)
        return
    if decides := found.get("decides"):
        say(_EACH_SAYS, words=render(str(decides), spoken()))
    else:
        say(_WOULD)
    if found.get("repeated"):
        say(_BEFORE)
    say(_MODE, mode=found["mode"], why=render(found["why"]["code"], spoken()))
    if "minimumContributors" in found:
        say(_LEAST, k=found["minimumContributors"])
    for one in foreseen_margins(sql, found, margins):
        put(printable(f"  {one.said(spoken())}"))
    _say_clauses(found)
    if found.get("usage"):
        say_usage(found["usage"])
    say(_UNCHARGED)


def _say_clauses(found: Mapping[str, Any]) -> None:
    """List the contract's clauses, each with what it was tried on and how it came out."""
    place = 0 if spoken() == "zh" else 1
    for clause in found.get("clauses", []):
        sign = _SIGNS.get(str(clause.get("verdict")), "?")
        effect = said(_PROHIBITED) if clause.get("effect") == "prohibition" else ""
        given = f"  ({clause['given']})" if clause.get("given") else ""
        text = in_words(str(clause.get("text", "")), place)
        put(printable(f"  {sign} {effect}{text}{given}"))
