"""Rows of drafts: reading and changing them, and what must be decided before a preview."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import col, select

from catalog.outline import Outline
from catalog.outline_text import product_text
from catalog.survey_json import survey_from_json
from connector.areas.products import problems_drafts as problems
from connector.areas.products import spool
from connector.areas.products.rows import ProductDraftRow
from connector.party.problems_jobs import PUBLISH_CRASHED as CRASHED
from connector.process.errors import BadRequest, Conflict, NotFound, VoileError, error_json
from connector.process.ports import unix_ms
from crypto.records import read, write
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from catalog.surveyed import Survey
    from connector.party.node import Node

READING, FAILED, OPEN, DONE = "reading", "failed", "open", "published"
MOST_DRAFTS: Final = 200  # that are listed
MOST_OPEN: Final = 100  # that there may be with a file
_LARGE: Final[tuple[Any, ...]] = (
    ProductDraftRow.survey,
    ProductDraftRow.outline,
    ProductDraftRow.text,
    ProductDraftRow.preview,
    ProductDraftRow.error,
)  # what no list tells: of one draft it may be megabytes


class DraftRows:
    """The rows of one node's drafts."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def row(self, draft_id: str) -> ProductDraftRow:
        """Returns a draft.

        Raises:
            NotFound: There is none.
        """
        with self._node.db.reading() as session:
            found = session.get(ProductDraftRow, draft_id)
            if found is None:
                raise NotFound(problems.MISSING, draft=draft_id[:40])
            session.expunge(found)
        return found

    def listed(self) -> list[ProductDraftRow]:
        """Returns the drafts, those changed last first."""
        query = select(ProductDraftRow).order_by(col(ProductDraftRow.changed_ms).desc())
        query = query.options(*(defer(one) for one in _LARGE))
        with self._node.db.reading() as session:
            found = list(session.exec(query.limit(MOST_DRAFTS)))
            for one in found:
                session.expunge(one)
        return found

    def count(self) -> int:
        """Returns how many drafts have a file."""
        query = select(func.count()).where(ProductDraftRow.file != "")
        with self._node.db.reading() as session:
            return session.exec(query).one()

    def path(self, row: ProductDraftRow) -> Path:
        """Returns where the file of a draft lies.

        Raises:
            Conflict: It is gone.
        """
        path = spool.spool_folder(self._node) / row.file
        if not row.file or not path.is_file():
            raise not_open(row)
        return path

    def change(
        self,
        draft_id: str,
        change: Callable[[ProductDraftRow], object],
        *,
        seen: int | None = None,
        write_text: bool = False,
        check: Callable[[ProductDraftRow], object] | None = None,
    ) -> ProductDraftRow:
        """Changes a draft in one transaction.

        Args:
            draft_id: Which.
            change: Changes its row.
            seen: How many changes its author saw; None for a change of our own.
            write_text: Whether the product file is written anew.
            check: Refuses what came of it; not asked while columns are lacking.

        Raises:
            NotFound: There is none.
            Conflict: It was changed meanwhile, or is not open.
            BadRequest: What is wrong with the product file.
        """
        with self._node.db.transaction() as tx:
            row = tx.session.get(ProductDraftRow, draft_id)
            if row is None:
                raise NotFound(problems.MISSING, draft=draft_id[:40])
            if row.state == DONE:  # what it was published with stays as it was
                raise not_open(row)
            if seen is not None:
                if row.product:
                    raise Conflict(problems.RENEWAL, product=row.product)
                if row.state != OPEN:
                    raise not_open(row)
                if row.seen != seen:
                    raise Conflict(problems.ELSEWHERE)
            change(row)
            if write_text and row.outline:
                row.text = self._written(row)
                if check is not None and not lacking(decided(row)[0]):
                    check(row)
            row.seen += 1
            row.changed_ms = unix_ms(tx.now)
            tx.session.add(row)
            tx.session.flush()
            tx.session.expunge(row)
        return row

    def _written(self, row: ProductDraftRow) -> str:
        outline, survey = decided(row)
        return product_text(
            outline,
            survey,
            language=self._node.settings.language,
            file=row.name,
            space=self._node.settings.space,
        )

    @contextmanager
    def failing(self, draft_id: str, *, state: str = FAILED) -> Iterator[None]:
        """Keeps why something failed with its draft: a restart, and other browsers, find it."""
        try:
            yield
        except NotFound:
            raise
        except Exception as error:  # whatever it is: else the draft says for good that it is read
            plain = error if isinstance(error, VoileError) else VoileError(CRASHED)
            if plain.code == problems.ELSEWHERE.code:  # somebody went on with it meanwhile
                state = OPEN
            told = json.dumps({tongue: error_json(plain, tongue) for tongue in LANGUAGES})
            with suppress(NotFound, Conflict):  # dropped or published meanwhile
                self.change(draft_id, lambda one: put(one, state=state, error=told))
            raise


def not_open(row: ProductDraftRow) -> Conflict:
    """Makes the error for a draft that is in another state than what is asked needs."""
    how = problems.STATES.get(row.state, row.state)
    return Conflict(problems.NOT_OPEN, state=row.state, how=how)


def decided(row: ProductDraftRow) -> tuple[Outline, Survey]:
    """Returns what was decided in a draft, and what its file holds.

    Raises:
        Conflict: It was not read yet.
    """
    if not row.outline or not row.survey:
        raise not_open(row)
    return read(Outline, json.loads(row.outline)), survey_from_json(json.loads(row.survey))


def lacking(outline: Outline) -> list[object]:
    """Returns what an outline lacks before a table can be made."""
    found: list[object] = []
    if not outline.of("contributor"):
        found.append(problems.CONTRIBUTOR)
    if not outline.of("dimension"):
        found.append(problems.DIMENSION)
    return found


def check_complete(row: ProductDraftRow) -> None:
    """Refuses a draft in which something is not decided.

    Raises:
        BadRequest: What.
        Conflict: It is not open.
    """
    if row.state != OPEN:
        raise not_open(row)
    if not row.outline:  # a new data version of what stands
        return
    outline, survey = decided(row)
    if missing := lacking(outline):
        raise BadRequest(problems.LACKS, what=missing)
    if (count := len(outline.of("contributor"))) > 1:
        raise BadRequest(problems.ONE_CONTRIBUTOR, count=count)
    if outline.unconfirmed:
        names = [f"`{survey.columns[one.place].source[:40]}`" for one in outline.unconfirmed]
        raise BadRequest(problems.UNCONFIRMED, columns=names[:20])


def kept(outline: Outline) -> str:
    """Returns an outline as its row has it."""
    return json.dumps(write(outline), ensure_ascii=False)


def put(row: ProductDraftRow, **values: Any) -> None:
    """Sets fields of a row."""
    for name, value in values.items():
        setattr(row, name, value)


def check_seen(row: ProductDraftRow, seen: int | None) -> None:
    """Refuses what was meant for an older state of a draft.

    Raises:
        Conflict: It is not as it was seen.
    """
    if seen is not None and row.seen != seen:
        raise Conflict(problems.ELSEWHERE)
