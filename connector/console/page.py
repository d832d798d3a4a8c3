"""What a person sees and sends, declared once: routes, rights, the rail and the matrix follow.

A page is drawn by its `view`, which gives what its template shows; a form on it does one
`Operation`, by the same gates as the API and the commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from connector.party.operation import RECORDED, rule_of
from connector.process.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Response
    from werkzeug.datastructures import FileStorage

    from connector.party.node import Node
    from connector.party.operation import Call, Operation, Reading
    from connector.party.routes import Run
    from connector.process.actor import Actor, Role
    from crypto.errors import VoileError
    from crypto.problem import Problem
    from crypto.words import Language, Words

Group = Literal["", "provide", "consume", "agree", "operate", "audit", "connector"]
NOBODY_ASKED: Final[Mapping[str, Sequence[str]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A person who has signed in.

    Attributes:
        actor: as whom the person acts; its name is the person's random id.
        name: as the person wrote it.
        language: in which pages speak.
        session: id of the session, never its secret.
        grant_ends: of an auditor by grant: when it ends, milliseconds since 1970.
    """

    actor: Actor
    name: str
    language: Language
    session: str
    grant_ends: int | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """What the person may do."""
        return self.actor.roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One time that a person opens a page.

    Attributes:
        visitor: who.
        path: what stood in the path.
        query: what stood in the query, each name with its values.
        given: what the person sent with a form that could not be done: the fields show it again.
        form: which form that was.
        error: why it could not be done.
        files: files sent with the form, by field.
    """

    visitor: Visitor
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: str = ""
    error: VoileError | None = None
    files: Mapping[str, FileStorage] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """In which the page speaks."""
        return self.visitor.language

    def asked(self, name: str, default: str = "") -> str:
        """Give one value of the query."""
        return next(iter(self.query.get(name, ())), default)

    def sent(self, name: str, default: str = "") -> str:
        """Give one value of the form."""
        return next(iter(self.given.get(name, ())), default)

    def shown(self, name: str, stands: str, changed: Problem) -> str:
        """Give the mark of what a page showed when its form was filled in.

        What changed meanwhile was not seen by its sender: only a refusal that says so, or opening
        the page anew, shows what stands. Another refusal, or another language, keeps the mark.

        Args:
            name: of the field.
            stands: the mark of what stands now.
            changed: what says that something else stands than the mark is of.
        """
        if self.error is not None and self.error.code == changed.code:
            return stands
        return self.sent(name, stands)

    @property
    def outdated(self) -> bool:
        """Whether something stood otherwise than its sender knew, and is to be sure of anew."""
        return isinstance(self.error, Conflict)


class Looked(Mapping[str, "Sequence[str]"]):
    """A query that remembers which of its names a view looked at: only those were asked for."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self._query = query
        self._names: dict[str, None] = {}

    def __getitem__(self, name: str) -> Sequence[str]:
        """Give the values of a name."""
        values = self._query[name]
        self._names[name] = None
        return values

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._query)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._query)

    @property
    def at(self) -> dict[str, str]:
        """What was looked at: the values of each name as one text."""
        return {name: " ".join(self._query[name]) for name in sorted(self._names)}


class View(Protocol):
    """Makes what a template shows, or an answer of its own: a file, a redirection."""

    def __call__(self, node: Node, visit: Visit, /) -> Mapping[str, Any] | Response:
        """Give it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """Something that a page lets one do.

    Attributes:
        name: of the form on its page, in lower case.
        operation: what it does: its roles, second person and leaf hold here as everywhere.
        run: what does it.
        read: makes the call of the fields that were sent.
        then: gives the path below the console that is shown afterwards.
        done: what is said there; its places are filled by the fields of what `run` gave.
        shown_once: field of what `run` gave that is shown there for copying, this one time.
    """

    name: str
    operation: Operation
    run: Run
    read: Callable[[Visit], Call]
    then: Callable[[Visit, Any], str]
    done: Words
    shown_once: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """One page.

    Attributes:
        name: AREA.WORD; stable, the endpoint of its route.
        path: below the console, with `{name}` for what stands in it.
        title: as the rail, the heading and the window name it.
        may: roles that may open it.
        view: makes what the template shows.
        template: of the area's folder `pages`: `AREA/FILE.html`.
        words: module or class of `Words` that the template says as `w.NAME`.
        forms: what it lets one do.
        rail: group and place in the rail; None for a page that others lead to.
        railed_for: whose rail it is in; None for everybody who may open it.
        slashes: names of what stands in the path and may have slashes.
        most_bytes: what may be sent to it at once, with files; None for the console's usual cap.
        waiting: counts what waits for a person there, for rail and top bar.
        reading: how it is put on record that an auditor read it.
        beside: paths of the lists that belong together, itself among them: shown above it.
    """

    name: str
    path: str
    title: Words
    may: frozenset[Role]
    view: View
    template: str
    words: object
    forms: tuple[Form, ...] = ()
    rail: tuple[Group, int] | None = None
    railed_for: frozenset[Role] | None = None
    slashes: frozenset[str] = frozenset()
    most_bytes: int | None = None
    waiting: Callable[[Node, Visitor], int] | None = None
    reading: Reading = RECORDED
    beside: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return rule_of(self.path, self.slashes)

    @property
    def endpoint(self) -> str:
        """The name of its route."""
        return self.name.replace(".", "_")

    def in_rail(self, roles: frozenset[Role]) -> bool:
        """Say whether it is in the rail of whoever has these roles."""
        shown = self.may if self.railed_for is None else self.railed_for & self.may
        return self.rail is not None and bool(shown & roles)

    def form(self, name: str) -> Form | None:
        """Give one of its forms."""
        return next((one for one in self.forms if one.name == name), None)
