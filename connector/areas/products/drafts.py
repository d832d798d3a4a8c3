"""Drafts of products: begun with a file, decided column by column, previewed, then published.

A draft is the firm's: any steward goes on with it, and who saw an older state of it changes
nothing. Nothing of it is on offer before it is published, by the way that all products go.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from catalog.outline import Outline, changed, outline_of
from catalog.outline_text import product_text
from catalog.survey_json import survey_from_json, survey_to_json
from connector.areas.products import problems_drafts as problems
from connector.areas.products import spool
from connector.areas.products.check import check
from connector.areas.products.draft_cells import cells_of
from connector.areas.products.draft_jobs import DraftJob, DraftJobs
from connector.areas.products.files import workplace
from connector.areas.products.publish import read_declared
from connector.areas.products.rows import PUBLISHED, TABLE, ProductDraftRow, ProductRow
from connector.process.actor import actor
from connector.process.errors import BadRequest, Conflict, NotFound, VoileError, error_json
from connector.process.job import Every
from connector.process.ports import unix_ms
from crypto.records import read, write
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from catalog.draft_reading import Keys
    from catalog.outline import About, ColumnOutline, OfferOutline
    from catalog.surveyed import Survey
    from connector.areas.products.preparing import Draft
    from connector.party.node import Node

READING, FAILED, OPEN, DONE = "reading", "failed", "open", "published"
DAYS: Final = 30  # that a draft is kept after its last change
MOST_DRAFTS: Final = 200  # that are listed
_HOUR: Final = 3600.0
_DAY_MS: Final = 86_400_000
_ID_BYTES: Final = 12
NAMED: Final = "draft:"  # how a publication names the file of a draft


class Drafts:
    """The drafts of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.jobs = DraftJobs(node)

    # beginning and ending

    def begin(self, given: str, stream: IO[bytes] | None, *, product: str = "") -> ProductDraftRow:
        """Takes a file, and begins to read it.

        Args:
            given: Its name, as a browser says it; without a stream one of the import folder.
            stream: What it holds.
            product: Of a new data version: the product that stands already.

        Raises:
            BadRequest: It is no file of a kind that is read.
            TooLarge: It is larger than is taken.
            NotFound: There is no such file or product.
        """
        node = self._node
        text = self._text_of(product) if product else ""
        taken = spool.bring_in(node, given) if stream is None else spool.take(node, given, stream)
        made = ProductDraftRow(
            id=node.entropy(_ID_BYTES).hex(),
            product=product,
            began_by=str(actor()),
            name=taken.name,
            file=taken.file,
            size=taken.size,
            state=OPEN if product else READING,
            text=text,
            created_ms=unix_ms(node.clock.now()),
            changed_ms=unix_ms(node.clock.now()),
        )
        try:
            with node.db.transaction() as tx:
                tx.session.add(made)
                tx.session.flush()
                tx.session.expunge(made)
        except BaseException:
            spool.forget(node, taken.file)
            raise
        if not product:
            self.read(made.id)
        return made

    def read(self, draft_id: str, *, sheet: str = "", head: int = 1) -> DraftJob:
        """Reads the file of a draft, for the first time or another sheet of it, in its turn.

        Raises:
            Conflict: It is being read or previewed, or was published.
        """
        row = self.row(draft_id)
        if row.state == DONE or row.product:
            raise Conflict(problems.NOT_OPEN, state=row.state)
        sheet = sheet or row.sheet

        def work(job: DraftJob) -> dict[str, Any]:
            with workplace(self._node) as scratch, self._failing(draft_id):
                from connector.areas.products.drafting import survey_of

                survey, chosen, names = survey_of(
                    self.path(row),
                    sheet=sheet,
                    head=head,
                    scratch=scratch,
                    progress=job.report_progress,
                )
                job.check()
                outline = outline_of(survey, row.name)
                self._change(
                    draft_id,
                    lambda one: _set(
                        one,
                        state=OPEN,
                        sheet=chosen,
                        sheets=json.dumps(names),
                        head=head,
                        error="",
                        survey=json.dumps(survey_to_json(survey), ensure_ascii=False),
                        outline=_kept(outline),
                        text="",
                    ),
                    write_text=True,
                )
            return {}

        job = DraftJob(product=draft_id, draft=draft_id, checks=True, reads=True)
        self.jobs.submit(job, work)
        return job

    def drop(self, draft_id: str) -> None:
        """Removes a draft and its file.

        Raises:
            NotFound: There is none.
            Conflict: It is being read or previewed.
        """
        if self.jobs.is_under_way(draft_id):
            raise Conflict(problems.BUSY)
        with self._node.db.transaction() as tx:
            row = tx.session.get(ProductDraftRow, draft_id)
            if row is None:
                raise NotFound(problems.MISSING, draft=draft_id[:40])
            file = row.file
            tx.session.delete(row)
            tx.after_commit(lambda: spool.forget(self._node, file))

    # what is there

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
        with self._node.db.reading() as session:
            found = list(session.exec(query.limit(MOST_DRAFTS)))
            for one in found:
                session.expunge(one)
        return found

    def path(self, row: ProductDraftRow) -> Path:
        """Returns where the file of a draft lies.

        Raises:
            Conflict: It is gone.
        """
        path = spool.spool_folder(self._node) / row.file
        if not row.file or not path.is_file():
            raise Conflict(problems.NOT_OPEN, state=row.state)
        return path

    # deciding

    def decide(self, draft_id: str, seen: int, columns: Sequence[ColumnOutline]) -> ProductDraftRow:
        """Puts down what some columns are for.

        Raises:
            Conflict: It was changed meanwhile, or is not open.
        """

        def put(row: ProductDraftRow) -> None:
            outline, survey = decided(row)
            row.outline = _kept(changed(outline, survey, columns))

        return self._change(draft_id, put, seen=seen, write_text=True)

    def describe(
        self, draft_id: str, seen: int, about: About, offer: OfferOutline | None
    ) -> ProductDraftRow:
        """Puts down what the product is called, and what is offered.

        Raises:
            BadRequest: The product file that comes of it is not taken.
            Conflict: It was changed meanwhile, or is not open.
        """

        def put(row: ProductDraftRow) -> None:
            outline, _ = decided(row)
            row.outline = _kept(Outline(about=about, columns=outline.columns, offer=offer))

        return self._change(draft_id, put, seen=seen, write_text=True, strict=True)

    # previewing and publishing

    def preview(self, draft_id: str, *, accept_clamped: bool = False) -> DraftJob:
        """Makes the table as publishing would, and keeps what its owner is shown of it.

        Raises:
            BadRequest: Something is not decided yet.
            Conflict: It is being read or previewed, or was published.
        """
        row = self.row(draft_id)
        check_complete(row)
        read_declared(row.text)  # refused at once, before it waits for its turn

        def work(job: DraftJob) -> dict[str, Any]:
            cells: list[dict[str, Any]] = []

            def look(draft: Draft) -> None:
                cells[:] = [cells_of(draft)]

            with self._failing(draft_id, state=OPEN):
                found = check(
                    self._node,
                    row.text,
                    self.path(row),
                    accept_clamped=accept_clamped,
                    progress=job.report_progress,
                    look=look,
                )
                job.check()
            told = {**found, "cells": cells[0] if cells else None}
            kept = json.dumps(told, ensure_ascii=False)
            self._change(
                draft_id,
                lambda one: _set(one, preview=kept, previewed=text_digest(row.text), error=""),
            )
            return {}

        job = DraftJob(product=draft_id, draft=draft_id, checks=True)
        self.jobs.submit(job, work)
        return job

    def published(self, draft_id: str, product: str) -> None:
        """Notes that a draft was published, and lets its file go."""
        row = self.row(draft_id)
        self._change(
            draft_id,
            lambda one: _set(one, state=DONE, product=product, file="", survey="", preview=""),
        )
        spool.forget(self._node, row.file)

    # keeping

    def keeper(self) -> Every:
        """Returns what removes old drafts."""
        node = self._node
        return Every("old-drafts", _HOUR, self.tidy, node.log, at_once=True)

    def tidy(self) -> None:
        """Removes drafts that nobody has changed for long, with their files."""
        before = unix_ms(self._node.clock.now()) - DAYS * _DAY_MS
        old = select(ProductDraftRow.id).where(col(ProductDraftRow.changed_ms) < before)
        with self._node.db.reading() as session:
            found = session.exec(old).all()
        for draft_id in found:
            if not self.jobs.is_under_way(draft_id):
                self.drop(draft_id)

    def clean_up(self) -> None:
        """Removes files that no draft has: what a process that was killed was being handed."""
        with self._node.db.reading() as session:
            kept = set(session.exec(select(ProductDraftRow.file)))
        spool.forget_others(self._node, kept)

    def _text_of(self, product: str) -> str:
        with self._node.db.reading() as session:
            row = session.get(ProductRow, product)
            if row is None or row.state != PUBLISHED or row.kind != TABLE:
                from connector.areas.products import problems as product_problems

                raise NotFound(product_problems.NOT_PUBLISHED, product=product[:80])
            return row.text

    def _change(
        self,
        draft_id: str,
        put: Callable[[ProductDraftRow], object],
        *,
        seen: int | None = None,
        write_text: bool = False,
        strict: bool = False,
    ) -> ProductDraftRow:
        with self._node.db.transaction() as tx:
            row = tx.session.get(ProductDraftRow, draft_id)
            if row is None:
                raise NotFound(problems.MISSING, draft=draft_id[:40])
            if seen is not None:
                if row.product:
                    raise Conflict(problems.RENEWAL, product=row.product)
                if row.state != OPEN:
                    raise Conflict(problems.NOT_OPEN, state=row.state)
                if row.seen != seen:
                    raise Conflict(problems.ELSEWHERE)
            put(row)
            if write_text and row.outline:
                row.text = self._written(row)
                if strict and not lacking(decided(row)[0]):
                    read_declared(row.text)
            row.seen += 1
            row.changed_ms = unix_ms(tx.now)
            tx.session.add(row)
            tx.session.flush()
            tx.session.expunge(row)
        return row

    def _written(self, row: ProductDraftRow) -> str:
        outline, survey = decided(row)
        book: Keys | None = {"sheet": row.sheet, "header_row": row.head} if row.sheet else None
        return product_text(
            outline,
            survey,
            language=self._node.settings.language,
            file=row.name,
            space=self._node.settings.space,
            book=book,
        )

    @contextmanager
    def _failing(self, draft_id: str, *, state: str = FAILED) -> Iterator[None]:
        """Keeps why something failed with its draft: a restart, and other browsers, find it."""
        try:
            yield
        except NotFound:
            raise
        except VoileError as error:
            told = json.dumps({tongue: error_json(error, tongue) for tongue in LANGUAGES})
            self._change(draft_id, lambda one: _set(one, state=state, error=told))
            raise


def decided(row: ProductDraftRow) -> tuple[Outline, Survey]:
    """Returns what was decided in a draft, and what its file holds.

    Raises:
        Conflict: It was not read yet.
    """
    if not row.outline or not row.survey:
        raise Conflict(problems.NOT_OPEN, state=row.state)
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
        raise Conflict(problems.NOT_OPEN, state=row.state)
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


def text_digest(text: str) -> str:
    """Returns the digest of a product file."""
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(outline: Outline) -> str:
    return json.dumps(write(outline), ensure_ascii=False)


def _set(row: ProductDraftRow, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
