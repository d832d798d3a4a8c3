"""How much a request to the console may bring, said before a byte of it is taken.

A listener keeps a whole body on disk before any page is asked. What is larger than a form is
therefore taken of those alone who have signed in and may open a page that takes files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.http import parse_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.console.house import House


def most_sent(house: House, usual: int) -> Callable[[str, str], int]:
    """Make what says how many bytes a request may bring.

    Args:
        house: the console.
        usual: for all others.

    Returns:
        Of a path and a header `Cookie` the most bytes of the body.
    """
    large = {page.rule: page for page in house.pages if (page.most_bytes or 0) > usual}

    def most(path: str, cookies: str) -> int:
        page = large.get(path)
        token = parse_cookie(cookies).get(house.origins.cookie(), "") if page else ""
        if page is None or page.most_bytes is None or not token:
            return usual
        visitor = house.door.visitor(token)
        known = visitor is not None and bool(page.may & visitor.roles)
        return page.most_bytes if known else usual

    return most
