"""Reports of the audit, printed for people: nothing that a bundle says steers the terminal."""

from typing import Any

from connector.faces.cli.client import printable, say
from connector.faces.cli.words import COUNTED, figure, opened_of

_SORTS = {
    "flip": "flipped bits",
    "deep": "under a new manifest",
    "move": "whole files",
}
SIGNED = tuple(f"signatures.{word}" for word in ("mutual", "own", "none", "unchecked"))
SHOWN = 50  # findings printed; --json has all


def print_report(value: dict[str, Any], *, trusted: bool) -> None:
    """Print what a check found.

    Args:
        value: as `--json` has it.
        trusted: whether a trust file was named.
    """
    tell(f"{value['outcome']}")
    counted = dict(value.get("counts") or {})
    amounts = {name[11:]: counted.pop(name) for name in sorted(counted) if name in SIGNED}
    facts = {name: value[name] for name in COUNTED if name in value} | counted
    for name, fact in facts.items():
        told = opened_of(value) if name == "opened" else figure(fact)
        if name == "agreements" and any(amounts.values()):
            each = ", ".join(f"{number:,} {word}" for word, number in amounts.items() if number)
            told = f"{told}: signatures {each}"
        tell(f"  {COUNTED.get(name, name):<24} {told}")
    for sort, tally in (value.get("bySort") or {}).items():
        each = ", ".join(f"{tally[name]:,} {name}" for name in ("made", "found", "located"))
        tell(f"  {_SORTS[sort]:<24} {each}")
    for name, found in (value.get("bundles") or {}).items():
        said = f"{found['findings']} findings, {found['unchecked']} unchecked"
        tell(f"  bundle {name.upper()}: {found['outcome']}, {said}")
    for pair in value.get("pairs") or []:
        both = f"{pair['a'].upper()} and {pair['b'].upper()}"
        tell(f"  {both:<24} {pair['counts'].get('matched', 0):,} matched")
        for finding in pair["findings"][:SHOWN]:
            tell(f"{finding['level']:<10} {both}, {finding['where']}: {finding['text']}")
    findings = value.get("findings") or []
    for finding in findings[:SHOWN]:
        tell(f"{finding['level']:<10} {finding['where']}: {finding['text']}")
    if len(findings) > SHOWN:
        tell(f"… and {len(findings) - SHOWN} more: see --json")
    for missed in value.get("missed") or []:
        tell(
            f"missed     {missed['sort']} in {missed['where']}: {missed['found']}/{missed['made']}"
        )
    if value.get("verifier") == "other":
        tell(
            "  verify.py in this folder is not the one of this version: do not run it, take it from"
        )
        tell("  the release, whose README has its SHA-256")
    error = value.get("error")
    if isinstance(error, dict):
        tell(f"  {error['message']}")
        if error["next"]:
            tell(f"  next: {error['next']}")
    elif error:
        tell(f"  {error}")
    if value["outcome"] == "UNCHECKED" and not trusted:
        tell("  next: name the keys that you trust: --trust FILE, from `voile audit trust`")


def tell(text: str) -> None:
    """Print one line; what bundles, parties and paths say steers no terminal."""
    say(printable(text))
