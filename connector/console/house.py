"""The console of one node: its pages, who is visiting, and what is around a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import Response, g, request
from jinja2.utils import Namespace

from connector.console import guard, tables, ways, words
from connector.console.notices import Notice, Notices
from connector.console.present import Item, Present
from connector.console.role_words import ROLE_WORDS, roles_said
from connector.console.terms import name_of
from connector.console.themes import THEMES
from connector.process.ports import unix_ms
from crypto.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.console.doorkeeper import Doorkeeper
    from connector.console.guard import Origins
    from connector.console.page import Group, Page, Visit, Visitor
    from connector.console.render import Renderer
    from connector.console.themes import Theme
    from connector.party.node import Node
    from crypto.errors import VoileError
    from crypto.words import Language, Spoken

GROUPS: Final[tuple[Group, ...]] = (
    "", "provide", "consume", "agree", "operate", "audit", "connector",
)  # fmt: skip
MOST_ITEMS: Final = 6  # of a rail
INBOX: Final = "/inbox"
MARK: Final = "known"  # what the cookie is called that tells a person's own browser
SEARCH: Final = "/search"
EVIDENCE: Final = "/evidence"
_NOTHING_GIVEN: Final[Mapping[str, Sequence[str]]] = {}


@dataclass(frozen=True, slots=True)
class House:
    """What all views of the console need."""

    node: Node
    door: Doorkeeper
    pages: tuple[Page, ...]
    origins: Origins
    renderer: Renderer
    notices: Notices = field(default_factory=Notices)

    @property
    def present(self) -> Present:
        """Who is here now."""
        found: Present = g.setdefault("voile_present", Present())
        return found

    @property
    def language(self) -> Language:
        """In which the present page speaks."""
        visitor = self.present.visitor
        if visitor is not None:
            return visitor.language
        if self.present.language is not None:
            return self.present.language
        chosen = request.cookies.get(self.origins.cookie("language"), "")
        if chosen in LANGUAGES:
            return "zh" if chosen == "zh" else "en"
        own = self.node.settings.language
        best = request.accept_languages.best_match(LANGUAGES, default=own)
        return "zh" if best == "zh" else "en"

    def prefers(self, language: Language) -> None:
        """Speak as somebody is known to prefer, unless this browser was told otherwise."""
        chosen = request.cookies.get(self.origins.cookie("language"), "")
        if self.present.language is None and chosen not in LANGUAGES:
            self.present.language = language

    @property
    def theme(self) -> Theme:
        """What the person chose in this browser."""
        if self.present.theme is not None:
            return self.present.theme
        given = request.cookies.get(self.origins.cookie("theme"), "")
        return next((one for one in THEMES if one == given), "system")

    @property
    def mark(self) -> str:
        """What this browser holds of a session that was in it before."""
        return request.cookies.get(self.origins.cookie(MARK), "")[:200]

    def first(self, visitor: Visitor) -> str:
        """Give the path of the page that a person sees first."""
        return next((one.path for one in self.railed(visitor)), "/account")

    def railed(self, visitor: Visitor) -> list[Page]:
        """Give the pages in the rail of a person, in their order."""
        open_ = [one for one in self.pages if one.in_rail(visitor.roles)]
        return sorted(open_, key=lambda one: _place(one.rail))

    def rail(
        self, visitor: Visitor, present: Page | None = None
    ) -> list[tuple[Words | None, list[Item]]]:
        """Give the rail of a person: groups with their lines.

        Args:
            visitor: the person.
            present: the page that is shown; a list beside it in the rail counts as the place.
        """
        made: dict[Group, list[Item]] = {}
        lists = present.beside if present else ()
        for page in self.railed(visitor):
            assert page.rail is not None
            here = _is_here(page.path) or page.path in lists
            item = Item(page.path, page.title, here, self.count(page, visitor))
            made.setdefault(page.rail[0], []).append(item)
        return [(_heading(group), items) for group, items in made.items()]

    def count(self, page: Page, visitor: Visitor) -> int:
        """Count what waits for a person on a page."""
        return page.waiting(self.node, visitor) if page.waiting else 0

    def at(self, path: str, visitor: Visitor) -> Page | None:
        """Give the page with this path, if the person may open it."""
        return next(
            (one for one in self.pages if one.path == path and one.may & visitor.roles), None
        )

    def draw(
        self,
        template: str,
        *,
        title: Spoken,
        said: object,
        values: Mapping[str, Any] | None = None,
        status: int = 200,
        visit: Visit | None = None,
        error: VoileError | None = None,
        given: Mapping[str, Sequence[str]] = _NOTHING_GIVEN,
        page: Page | None = None,
        reference: str = "",
    ) -> Response:
        """Draw a page with all that is around it.

        Args:
            template: `AREA/FILE.html`.
            title: of the page.
            said: what it says as `w`.
            values: what it shows.
            status: of the answer.
            visit: the visit, of a page that an area declares.
            error: why something was not done.
            given: what was sent with a form, for the fields.
            page: the page, if an area declares it.
            reference: of a failure in our log.
        """
        present, language = self.present, self.language
        visitor = present.visitor
        if visit is not None:
            error, given = visit.error, visit.given
        sent_form = visit.form if visit is not None else ""
        inbox = self.at(INBOX, visitor) if visitor else None
        around = {
            "title": title,
            "visit": visit,
            "error": error,
            "given": given,
            "sent_form": sent_form,
            "drawing": Namespace(form=""),
            "reference": reference,
            "visitor": visitor,
            "csrf": present.csrf,
            "rail": self.rail(visitor, page) if visitor else [],
            "inbox": (INBOX, self.count(inbox, visitor)) if inbox and visitor else None,
            "search": SEARCH if visitor and self.at(SEARCH, visitor) else None,
            "notice": self._notice(),
            "theme": self.theme,
            "space": self.node.settings.space,
            "firm": (self._firm(language) if visitor else "", self.node.settings.did),
            "beside": self._beside(page, visitor),
            "table_file": self._table_file(page, visitor),
            "here": request.full_path if request.query_string else request.path,
            "allowed": {
                form.name
                for form in (page.forms if page else ())
                if visitor and form.operation.may & visitor.roles
            },
            "role_words": ROLE_WORDS,
            "as_roles": roles_said(visitor.roles) if visitor else "",
            "now_ms": unix_ms(self.node.clock.now()),
            "reads": visitor is not None and visitor.roles == {"auditor"},
            "record_of": self._record_of,
            "way": self._way,
        }
        if taken := around.keys() & (values or {}).keys():
            raise TypeError(f"names of what is around a page: {sorted(taken)}")
        html = self.renderer.draw(template, language, said, {**(values or {}), **around})
        response = Response(html, status=status, mimetype="text/html")
        response.headers["Content-Language"] = "zh-CN" if language == "zh" else "en"
        if visitor is None and present.token:
            self.set_cookie(response, "before", present.token)
        return response

    def _beside(self, page: Page | None, visitor: Visitor | None) -> list[tuple[str, Words, bool]]:
        """Give the lists that belong with a page: path, title, whether it is the page itself."""
        if page is None or visitor is None:
            return []
        found = [self.at(path, visitor) for path in page.beside]
        return [(one.path, one.title, one is page) for one in found if one is not None]

    def _table_file(self, page: Page | None, visitor: Visitor | None) -> tuple[str, int] | None:
        """Give where the list of a page is a file, with its filters, and of how many rows."""
        path = f"{page.path}{tables.ENDING}" if page else ""
        if visitor is None or self.at(path, visitor) is None:
            return None
        query = request.query_string.decode("utf-8", "replace")
        return f"{path}?{query}" if query else path, tables.MOST

    def _firm(self, language: Language) -> str:
        """Name our firm as the operator registered it; a hub, and a firm without a name, by DID."""
        did = self.node.settings.did
        with self.node.db.reading() as session:
            return name_of(self.node, session, did, language) or did

    def _way(self, problem: VoileError) -> Page | None:
        """Give the page where the next step of a problem is done, if the visitor may open it."""
        visitor = self.present.visitor
        return ways.way(problem, lambda path: self.at(path, visitor)) if visitor else None

    def _record_of(self, process: str) -> str:
        """Give where the records of a process are, if the visitor may look there."""
        visitor = self.present.visitor
        found = self.at(EVIDENCE, visitor) if process and visitor else None
        return f"{EVIDENCE}?{urlencode({'process': process})}" if found else ""

    def reference(self) -> str:
        """Draw what a page and the log call something by that was not done."""
        return self.node.entropy(4).hex()

    def _notice(self) -> Notice | None:
        visitor = self.present.visitor
        if visitor is None or request.method == "HEAD":
            return None
        return self.notices.take(visitor.session)

    def set_cookie(
        self, response: Response, what: str, value: str, *, lasting: bool = False
    ) -> None:
        """Set a cookie of ours; it lasts a year, or as long as the browser runs."""
        response.set_cookie(
            self.origins.cookie(what),
            value,
            max_age=31_536_000 if lasting else None,
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",
        )

    def drop_cookie(self, response: Response, what: str) -> None:
        """Have a browser forget a cookie of ours."""
        response.delete_cookie(
            self.origins.cookie(what), path="/", secure=True, httponly=True, samesite="Lax"
        )


def _place(rail: tuple[Group, int] | None) -> tuple[int, int]:
    assert rail is not None
    return GROUPS.index(rail[0]), rail[1]


def _heading(group: Group) -> Words | None:
    found: Words | None = getattr(words, f"GROUP_{group.upper()}") if group else None
    return found


def _is_here(path: str) -> bool:
    return request.path == path or (path != "/" and request.path.startswith(f"{path}/"))


__all__ = ["House", "Present", "guard", "roles_said"]
