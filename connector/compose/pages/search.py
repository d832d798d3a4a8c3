"""The search box: from an id to the page about it, through what each area knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import redirect

from connector.compose.pages import search_words as words
from connector.console.page import Page
from connector.party.area import Areas
from connector.party.operation import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Response

    from connector.console.page import Visit
    from connector.party.node import Node

LONGEST: Final = 2048
_PART: Final = re.compile(r"\\\{\w+\\\}")
EVIDENCE: Final = "/evidence"


def view(node: Node, visit: Visit) -> Mapping[str, Any] | Response:
    """Go to the page about an id; show the pages where there are several, or none."""
    wanted = visit.asked("id").strip()[:LONGEST]
    areas = node.services[Areas]
    found: list[tuple[str, Page]] = []
    if wanted:
        with node.db.reading() as session:
            paths = dict.fromkeys(
                path for area in areas.areas for path in area.finds(session, wanted)
            )
        found = list(_open(areas.pages, paths, visit))
    if len(found) == 1:
        return redirect(found[0][0], 303)  # type: ignore[return-value]
    log = any(one.path == EVIDENCE and one.may & visit.visitor.roles for one in areas.pages)
    return {
        "wanted": wanted,
        "found": [(path, page.title) for path, page in found],
        "evidence": f"{EVIDENCE}?{urlencode({'id': wanted})}" if log and wanted else "",
    }


def _open(pages: Iterable[Page], paths: Iterable[str], visit: Visit) -> Iterable[tuple[str, Page]]:
    """Keep the paths of pages that the visitor may open."""
    for path in paths:
        for page in pages:
            shape = _PART.sub("[^/]+", re.escape(page.path))
            if re.fullmatch(shape, path):
                if page.may & visit.visitor.roles:
                    yield path, page
                break


SEARCH: Final = Page(
    name="own.search",
    path="/search",
    title=words.TITLE,
    may=EVERYBODY,
    view=view,
    template="compose/search.html",
    words=words,
)
