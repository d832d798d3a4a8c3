"""Language and theme: chosen beside a page, or within a form that is half filled.

A form has buttons of its own for it, shown where no script keeps what was typed: they send the
form, and the same page is drawn again with what was in it. Nothing is done by that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flask import after_this_request, request

from connector.console.themes import THEMES
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from flask import Response

    from connector.console.house import House

LANGUAGE: Final = "_language"
THEME: Final = "_theme"


def only_preferred(house: House) -> bool:
    """Say whether the present form is to change nothing but language or theme; change them then."""
    if request.method != "POST" or not {LANGUAGE, THEME} & request.form.keys():
        return False
    prefer(house, request.form.get(LANGUAGE, ""), request.form.get(THEME, ""))
    return True


def prefer(house: House, language: str, theme: str) -> None:
    """Choose for the present page and those after it; what is none is left as it is."""
    present = house.present
    for one in LANGUAGES:
        if one == language:
            present.language = one
            if present.visitor is not None:
                house.door.set_language(present.visitor.actor.name, one)
                present.visitor = replace(present.visitor, language=one)
            _keep(house, "language", one)
    for look in THEMES:
        if look == theme:
            present.theme = look
            _keep(house, "theme", look)


def _keep(house: House, what: str, value: str) -> None:
    def keep(response: Response) -> Response:
        house.set_cookie(response, what, value, lasting=True)
        return response

    after_this_request(keep)
