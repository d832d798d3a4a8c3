"""What the core found out, in words for a data steward: sets of rows, forms, what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_FORMS: Final = {  # prefix of a form's name: what it is
    "up(": ("what `{}` is short of its upper bound", "`{}` 与上限之差"),
    "down(": ("what `{}` is above its lower bound", "`{}` 与下限之差"),
    "present(": ("the number of rows with a value of `{}`", "`{}` 有值的行数"),
}


def rows_of(told: Sequence[Mapping[str, Any]], *, zh: bool) -> str:
    """Say which rows a set has."""
    parts = []
    for one in told:
        kind = "without" if "without" in one else "codes"
        codes = ("、" if zh else ", ").join(one[kind])
        if more := one.get("more"):
            codes += f" 等（另有 {more:,} 个）" if zh else f", … ({more:,} more)"
        sign = "≠" if kind == "without" else "="
        parts.append(f"{one['dimension']} {sign} {codes}")
    return ("；" if zh else "; ").join(parts) or ("全部行" if zh else "all rows")


def measure_of(name: str) -> str:
    """Write a measure as questions do: `present(m)` is what COUNT(m) gives."""
    return f"COUNT({name[8:-1]})" if name.startswith("present(") else name


def form_of(name: str, *, zh: bool) -> str:
    """Say what a form is."""
    for prefix, words in _FORMS.items():
        if name.startswith(prefix):
            return words[zh].format(name[len(prefix) : -1])
    if name == "rows":
        return "行数" if zh else "the number of rows"
    return f"`{name}`"


def lack_of(lack: Mapping[str, Any], *, zh: bool) -> str:
    """Say what a rule asks for, and what there is."""
    needed, had = lack["needed"], lack["had"]
    if lack["rule"] == "carriers":
        return (
            f"只涉及 {had:,} 个贡献者，至少要 {needed:,} 个"
            if zh
            else f"concerns {many(had, 'contributor')}, at least {needed:,} are asked for"
        )
    if lack["rule"] == "dominance":
        largest = lack["largest"]
        if zh:
            return f"最大的 {largest} 个贡献者占 {had} %，最多 {needed} %"
        who = (
            "largest contributor makes" if largest == 1 else f"{largest} largest contributors make"
        )
        return f"the {who} up {had} %, at most {needed} % may be"
    if lack["rule"] == "p_percent":
        return (
            f"第二大贡献者可把最大者估计到误差 {had} % 以内，至少要 {needed} %"
            if zh
            else f"the second largest contributor can guess the largest to {had} %, "
            f"no closer than {needed} % is allowed"
        )
    return "对所有贡献者都为零" if zh else "is nil for every contributor"


def many(count: int, thing: str) -> str:
    """Write how many there are, in English: `1 cell`, `1,200 cells`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
