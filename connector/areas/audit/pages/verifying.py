"""The page that verifies a bundle in the browser: the server gives it nothing but words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from connector.areas.audit import verify_words
from connector.console.page import Page
from connector.party.operation import Reading

if TYPE_CHECKING:
    from connector.console.page import Visit
    from connector.party.node import Node

COMMAND: Final = "python3 -I verify.py BUNDLE --trust trust.json"


def view(_node: Node, visit: Visit) -> dict[str, Any]:
    """Give the words for the script, as JSON in an attribute."""
    words = verify_words.for_script(visit.language)
    return {"told": json.dumps(words, ensure_ascii=False), "command": COMMAND}


PAGE: Final = Page(
    name="audit.verify",
    path="/verify",
    title=verify_words.TITLE,
    may=frozenset({"auditor", "security", "cdo", "certifier"}),
    view=view,
    template="audit/verify.html",
    words=verify_words,
    rail=("audit", 5),
    railed_for=frozenset({"auditor"}),
    reading=Reading(unrecorded="a program for the browser: nothing of this node is shown"),
)
