"""docs/console-pages.md: which role may open which page of the console, and do what there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.process.actor import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.console.page import Page
    from connector.party.area import Area
    from connector.party.witnessing import Declared

_HEAD: Final = """# Pages of the console 控制台页面

Written by `connector.compose.describing`; do not edit.

`read`: the role may open the page. Names are operations (docs/api.md) that the role may do there;
`*` marks those that a second person must agree to. An empty field: the page is not in the rail, and
its address explains the refusal. What an auditor reads is a leaf of the log; `no leaf` marks a page
that leaves none. Everybody who has signed in has `/account` and `/help`; before
signing in there are `/sign-in` and links of invitation.
"""
_TITLES: Final = {"participant": "Firm 企业", "hub": "Operator 运营方"}
_OF: Final = {
    "participant": ("steward", "cdo", "security", "auditor"),
    "hub": ("certifier", "security", "auditor"),
}


def written(areas: Mapping[str, Sequence[Area]]) -> str:
    """Write the whole page."""
    parts = [_HEAD]
    for who, listed in areas.items():
        parts += [f"## {_TITLES[who]}", "", *_table(who, listed), ""]
    return "\n".join([*parts, *_unrecorded(areas)])


def _unrecorded(areas: Mapping[str, Sequence[Area]]) -> Iterator[str]:
    """Name what an auditor reads without a leaf, and why."""
    yield from ("## Without a leaf 不留存证", "", "| page or operation | why |", "|---|---|")
    said: dict[str, str] = {}
    for area in (one for listed in areas.values() for one in listed):
        declared: tuple[Declared, ...] = (*area.operations, *area.pages)
        for each in declared:
            if "auditor" in each.may and each.reading.unrecorded:
                said[each.name] = each.reading.unrecorded
    yield from (f"| `{name}` | {why} |" for name, why in sorted(said.items()))
    yield ""


def _table(who: str, areas: Sequence[Area]) -> Iterator[str]:
    roles = [role for role in ROLES if role in _OF[who]]
    yield f"| page | path | {' | '.join(roles)} |"
    yield "|---|---|" + "---|" * len(roles)
    for page in (page for area in areas for page in area.pages):
        fields = " | ".join(_may(page, role) for role in roles)
        yield f"| {page.title.en} {page.title.zh} | `{page.path}` | {fields} |"


def _may(page: Page, role: str) -> str:
    if role not in page.may:
        return ""
    plain = role == "auditor" and page.reading.unrecorded
    done = [
        f"`{form.operation.name}`{'*' if form.operation.approval else ''}"
        for form in page.forms
        if role in form.operation.may
    ]
    return ", ".join(["read (no leaf)" if plain else "read", *dict.fromkeys(done)])
