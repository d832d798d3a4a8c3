"""Routes of the console, made from pages: rights, then what is shown or done."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, redirect, request

from connector.console import preferring, problems, words
from connector.console.guard import local
from connector.console.house import INBOX, House, roles_said
from connector.console.notices import Notice
from connector.console.page import Looked, Visit
from connector.party.gate import Held, message, next_step
from connector.party.performing import check_may, perform
from connector.party.web import body_cap
from connector.party.witnessing import witness
from connector.process.actor import roles_at
from connector.process.errors import BadRequest, Forbidden, http_status
from connector.process.room import lacks_room, no_room
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from connector.console.page import Form, Page
    from connector.process.actor import Role

HIDDEN = frozenset({"_csrf", "_form", preferring.LANGUAGE, preferring.THEME})


def add_pages(app: Flask, house: House) -> None:
    """Add a route for each page."""
    for page in house.pages:
        view = _view(house, page)
        if page.most_bytes is not None:
            view = body_cap(page.most_bytes)(view)
        methods = ["GET", "POST"] if page.forms else ["GET"]
        app.add_url_rule(page.rule, endpoint=page.endpoint, view_func=view, methods=methods)


def _view(house: House, page: Page) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        visitor = house.present.visitor
        assert visitor is not None, "nobody comes here without a session"
        if page.path == "/" and request.method == "GET" and not page.may & visitor.roles:
            return redirect(house.first(visitor), 303)  # type: ignore[return-value]
        if not page.may & visitor.roles:
            raise Forbidden(problems.PAGE_NOT_YOURS, roles=roles_said(_here(house, page.may)))
        visit = Visit(visitor=visitor, path=path, query=dict(request.args.lists()))
        if request.method == "POST":
            return _send(house, page, visit)
        return show(house, page, visit)

    return view


def show(
    house: House, page: Page, visit: Visit, status: int = 200, reference: str = ""
) -> Response:
    """Draw a page as a visit finds it; that an auditor reads it is put on record first.

    Where something was not done, it is drawn with its reference.
    """
    looked = Looked(visit.query)
    visit = replace(visit, query=looked)
    made = page.view(house.node, visit)
    asked = dict(visit.path) | looked.at
    witness(house.node, page, visit.visitor.actor, asked)
    if isinstance(made, Response):
        return made
    return house.draw(
        page.template,
        title=page.title,
        said=page.words,
        values=made,
        status=status,
        visit=visit,
        page=page,
        reference=reference,
    )


def _send(house: House, page: Page, visit: Visit) -> Response:
    """Do what a form asks for, then show its next page; on an error the same page again."""
    name, given = request.form.get("_form", ""), sent()
    form = page.form(name)
    if preferring.only_preferred(house):
        visitor = house.present.visitor
        assert visitor is not None, "nobody comes here without a session"
        within = form.name if form is not None else ""
        return show(house, page, replace(visit, visitor=visitor, form=within, given=given))
    if form is None:
        raise BadRequest(problems.FORM_UNKNOWN, form=name[:50])
    # what was sent first goes to a file where it is large: werkzeug keeps up to 500 kB in memory
    visit = replace(visit, form=name, given=given, files=request.files.to_dict())
    try:
        made = _performed(house, form, visit)
    except VoileError as error:
        return _not_done(house, page, visit, error)
    except Exception as error:
        if lacks_room(error):
            return _not_done(house, page, visit, no_room(error))
        reference = house.reference()
        house.node.log.exception("crashed", endpoint=page.endpoint, reference=reference)
        visit = replace(visit, error=crashed(reference))
        return show(house, page, visit, 500, reference)
    if isinstance(made, Response):
        return made
    if isinstance(made, Held):
        waits = words.WAITS.of(message=message(made), next=next_step(made))
        house.notices.put(visit.visitor.session, Notice(waits))
        return redirect(f"{INBOX}/{made.id}", 303)  # type: ignore[return-value]
    facts = facts_of(made)
    once = str(facts.get(form.shown_once, "")) if form.shown_once else ""
    house.notices.put(visit.visitor.session, Notice(form.done.of(**facts), once))
    return redirect(local(form.then(visit, made)), 303)  # type: ignore[return-value]


def _not_done(house: House, page: Page, visit: Visit, error: VoileError) -> Response:
    """Draw the same page again: what was typed stays, the log has why by a reference."""
    status, reference = http_status(error), house.reference()
    note(house, error, status, reference)
    return show(house, page, replace(visit, error=error), status, reference)


def note(
    house: House, told: VoileError, status: int, reference: str, cause: Exception | None = None
) -> None:
    """Write into the log that something was not done, by the reference that the page shows."""
    endpoint = request.endpoint or "unknown"
    if status >= 500:
        house.node.log.error(
            "crashed", endpoint=endpoint, reference=reference, exc_info=cause or told
        )
    else:
        house.node.log.info(
            "not-done", endpoint=endpoint, code=told.code, status=status, reference=reference
        )


def crashed(reference: str) -> VoileError:
    """Say that something of ours failed."""
    return VoileError(problems.CRASHED, reference=reference)


def _here(house: House, roles: frozenset[Role]) -> frozenset[Role]:
    """Give those of some roles that can exist at this kind of node."""
    return roles & frozenset(roles_at(house.node.settings.role)) or roles


def _performed(house: House, form: Form, visit: Visit) -> object:
    check_may(
        form.operation.name, form.operation.may, at=house.node.settings.role
    )  # before what was sent is looked at
    return perform(house.node, form.operation, form.run, form.read(visit))


def sent() -> dict[str, list[str]]:
    """Give the fields of the present form, without our own."""
    return {name: values for name, values in request.form.lists() if name not in HIDDEN}


def facts_of(made: object) -> dict[str, Any]:
    """Give what an operation gave as facts for words."""
    if dataclasses.is_dataclass(made) and not isinstance(made, type):
        return {each.name: getattr(made, each.name) for each in dataclasses.fields(made)}
    return {str(k): v for k, v in made.items()} if isinstance(made, Mapping) else {}
