"""Words of lists and sheets in both languages, and columns that are even in either."""

from collections.abc import Iterable, Mapping
from typing import Any

PRODUCT_STATES = {"published": ("published", "已发布"), "withdrawn": ("withdrawn", "已撤回")}
ROLES = {
    "provider": ("provider", "提供方"),
    "consumer": ("consumer", "使用方"),
    "service": ("service", "服务方"),
}
# what the commands of the audit count: as printed; --json keeps the names
COUNTED = {
    "party": "party",
    "origin": "log",
    "size": "leaves signed",
    "a": "A",
    "b": "B",
    "files": "files",
    "seconds": "seconds",
    "changes": "changes",
    "found": "found",
    "leaves": "leaves",
    "commitments": "commitments",
    "agreements": "agreements",
    "stages": "signatures of agreements",
    "statements": "signed statements",
    "peerCheckpoints": "heads of others",
    "acks": "acknowledgements",
    "opened": "details opened",
    "matched": "matched",
    "leavesOfA": "leaves of A",
    "leavesOfB": "leaves of B",
    "contributionsOpened": "contributions opened",
    "totalsAddedUp": "totals added up again",
    "tablesMadeAgain": "cohort tables made again",
    "renewalsWorkedOut": "renewals worked out again",
}


def pick(code: str, words: Mapping[str, tuple[str, str]], tongue: str) -> str:
    """Say a code in a language; an unknown one as it is."""
    en, zh = words.get(code, (code, code))
    return zh if tongue == "zh" else en


def roles(codes: Iterable[str], tongue: str) -> str:
    """Say the roles of a firm."""
    return ("、" if tongue == "zh" else ", ").join(pick(code, ROLES, tongue) for code in codes)


def padded(text: str, width: int) -> str:
    """Fill a text up to a width of the terminal, where a Chinese character takes two places."""
    from rich.cells import cell_len

    return text + " " * max(0, width - cell_len(text))


def figure(value: object) -> str:
    """Write a number with its thousands apart, anything else as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def opened_of(value: Mapping[str, Any]) -> str:
    """Write how many of all details a bundle opens, and of what its party says that they are."""
    found = value.get("openings") or {}
    text = f"{found.get('opened', 0):,} of {found.get('of', 0):,}"
    said = {"sessions": "of sessions that its party chose", "all": "of all, by its party's word"}
    erased = f", {found['erased']:,} erased" if found.get("erased") else ""
    return f"{text}{erased}" + (f" ({said[found['said']]})" if found.get("said") in said else "")
