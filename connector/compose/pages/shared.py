"""What several of these pages need: links that lead somewhere, names, files to save."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from connector.console import terms
from connector.party.area import Areas
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from connector.console.page import Page, Visitor
    from connector.party.node import Node
    from crypto.words import Language

PER_PAGE: Final = 50
OPERATOR: Final = Words("运营方", "Operator")
_PART: Final = re.compile(r"\\\{\w+\\\}")


def way_to(node: Node, visitor: Visitor, path: str) -> str:
    """Give the path if there is such a page and the person may open it; else nothing."""
    return path if page_at(node, visitor, path) is not None else ""


def own_standing(node: Node, session: Session) -> str:
    """Say how we stand with the operator, by a status document; "unknown" before there is one."""
    if node.settings.hub_did is None or node.status.newest(session) is None:
        return "unknown"
    return node.status.standing(session, node.settings.did).status


def page_at(node: Node, visitor: Visitor, path: str) -> Page | None:
    """Find the page of a path, if the person may open it."""
    return next(
        (
            page
            for page in node.services[Areas].pages
            if page.may & visitor.roles and _fits(page, path)
        ),
        None,
    )


def _fits(page: Page, path: str) -> bool:
    one = ".+" if page.slashes else "[^/]+"
    return re.fullmatch(_PART.sub(one, re.escape(page.path)), path) is not None


def name_of(node: Node, session: Session, did: str, language: Language) -> str:
    """Give the certified name of a firm; its DID where it has none."""
    return names_of(node, session, [did], language)[did]


def names_of(
    node: Node, session: Session, dids: Iterable[str], language: Language
) -> dict[str, str]:
    """Give the names of several firms, looked up at once."""
    found = terms.names_of(node, session, dids, language)
    named = {did: name or did for did, name in found.items()}
    hub = node.settings.hub_did
    return named | ({hub: OPERATOR.said(language)} if hub in named else {})


def question_page(question: str) -> str:
    """Give the path of the page of a question of ours; whoever asks by the API picks its id."""
    return f"/questions/{quote(question, safe=':')}"


def number_in(text: str, default: int) -> int:
    """Read a number of a URL; what is none is the default."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else default
