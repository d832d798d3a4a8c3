"""How the figures of a table are counted, in the same words wherever a firm or its buyers read it.

Of the finest cells: of how many a figure is shown, merged with others, or withheld. Of a grouping:
of how many groups it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Spoken

MOST_FIGURES: Final = 8  # measures that are named of one grouping

FIGURE: Final = Words("数字", "Figure")
SHOWN: Final = Words("公布", "shown")
MERGED: Final = Words("合并", "merged")
WITHHELD: Final = Words("扣下", "withheld")
GROUPED_BY: Final = Words("分组方式", "Grouped by")
OVERALL: Final = Words("总计", "grand total")
GROUPS: Final = Words("组数", "Groups")
SHOWN_FIGURES: Final = Words("各数字公布的组数", "Of how many groups each figure is shown")
_OF: Final = Words("{term}：{groups} 组中的 {shown} 组", "{term}: {shown} of {groups}")
_MORE: Final = Words("另有 {count} 个指标", "{count} more {count|measure|measures}")


def term_of(figure: str) -> str:
    """Name a figure as a question asks for it: of a table's figures, or `*` of a margin."""
    if figure in ("rows", "*"):
        return "COUNT(*)"
    if figure.startswith("present("):
        return f"COUNT{figure.removeprefix('present')}"
    return f"SUM({figure})"


def counts_of_groups(margin: Mapping[str, Any]) -> dict[str, int]:
    """Return of how many groups each figure is shown, by its term."""
    of_measures = {term_of(name): count for name, count in margin["measures"].items()}
    return {term_of("*"): margin["released"], **of_measures}


def is_whole(margin: Mapping[str, Any]) -> bool:
    """Say whether every figure is shown of every group."""
    return all(count == margin["groups"] for count in counts_of_groups(margin).values())


def margin_row(margin: Mapping[str, Any]) -> dict[str, Any]:
    """Give a grouping as pages show it: `by`, `groups`, and of how many each figure is shown."""
    counts = list(counts_of_groups(margin).items())
    figures: list[Spoken] = [
        _OF.of(term=term, groups=margin["groups"], shown=count)
        for term, count in counts[: MOST_FIGURES + 1]
    ]
    if len(counts) > MOST_FIGURES + 1:
        figures.append(_MORE.of(count=len(counts) - MOST_FIGURES - 1))
    return {"by": list(margin["dimensions"]), "groups": margin["groups"], "figures": figures}
