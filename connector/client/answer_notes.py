"""What stands beside a cell of an answer: which outputs are not released, why, and what helps."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from connector.client.answer_words import Tongue, standing
from policies.phrases import render
from policies.reasons import Reason

_SHOWN = 8  # codes named in one advice
HAVING = "having"
NOT_MISSING: Final = frozenset({"released", "empty"})  # statuses of what nobody withholds


class Notes:
    """The words about the cells of one answer."""

    def __init__(self, answer: Mapping[str, Any], heads: Mapping[str, str], tongue: Tongue) -> None:
        """Prepare for one answer.

        Args:
            answer: The verified payload.
            heads: What each output is called, by its name.
            tongue: Language.
        """
        self._answer = answer
        self._heads = heads
        self._tongue = tongue

    def of(self, cell: Mapping[str, Any]) -> str:
        """Say of which data version a cell is, what is not released of it, and what helps."""
        found = [standing(cell, self._answer, self._tongue)]
        reason, statuses = cell.get("reason"), cell.get("statuses", {})
        if reason == HAVING or (reason and not statuses):
            found.append(self._why(cell, str(reason), cell))
        said: dict[str, list[str]] = {}  # words -> the outputs that they are about
        for name, status in statuses.items():
            said.setdefault(self._why(cell, status, _advice(cell, name)), []).append(name)
        found += [self._about(names, words) for words, names in said.items()]
        mark = "；" if self._tongue == "zh" else "; "
        return mark.join(filter(None, (text.rstrip("。") for text in found)))

    def why(self, cell: Mapping[str, Any], name: str) -> str:
        """Say why one output of a cell is not released, and what helps."""
        status = status_of(cell, name)
        return self._why(cell, status, _advice(cell, name)).rstrip("。")

    def _about(self, names: Sequence[str], words: str) -> str:
        shown = ", ".join(self._heads.get(name, name) for name in names)
        return f"{shown}：{words}" if self._tongue == "zh" else f"{shown}: {words}"

    def _why(self, cell: Mapping[str, Any], status: str, advice: Mapping[str, Any]) -> str:
        """Say one status; where the table would release something with it, with what."""
        least = str(self._answer.get("minimumContributors", ""))
        others = [_differing(cell["key"], key) for key in advice.get("togetherWith", ())]
        others += [
            f"{name} {code}" for name, codes in advice.get("widen", {}).items() for code in codes
        ]
        if not others or status == HAVING:
            return render(Reason(code=f"answer.{status}", expected=least), self._tongue)
        shown = ", ".join(others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
        return render(Reason(code="answer.together-with", given=shown), self._tongue)


def status_of(cell: Mapping[str, Any], name: str) -> str:
    """Return the status of one output of a cell, `released` where it has a figure."""
    statuses = cell.get("statuses", {})
    if name in statuses:
        return str(statuses[name])
    if "reason" in cell:
        return str(cell["reason"])
    if cell.get("values", {}).get(name) is None:
        return "empty"  # answers of version 1 have no figure for an average of nothing only
    return "released"


def became(cell: Mapping[str, Any], name: str) -> str:
    """Return what becomes of one figure: `shown`, `merged`, `withheld`; empty where none is there.

    As the provider's owner counts it (`crypto.disclosure.finest`): merged is what is shown in a sum
    with others, which the answer then names.
    """
    status = status_of(cell, name)
    if status in NOT_MISSING:
        return "shown" if status == "released" else ""
    advice = _advice(cell, name)
    together = advice.get("togetherWith") or advice.get("widen")
    return "merged" if status == "merged" and together else "withheld"


def _advice(cell: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = cell.get("advice", {}).get(name, cell)
    return found


def status_of_cell(cell: Mapping[str, Any]) -> str:
    """Return `released`, `partly`, `withheld` or `empty`."""
    if "reason" in cell:
        return "empty" if cell["reason"] == "empty" and not cell.get("statuses") else "withheld"
    if cell.get("statuses"):
        return "partly"
    return str(cell.get("status", "released"))


def _differing(key: Mapping[str, str], other: Mapping[str, str]) -> str:
    return "/".join(code for name, code in other.items() if key.get(name) != code)
