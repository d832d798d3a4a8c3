"""Drafts of products: begun with a file, decided column by column, previewed, then published.

A draft is the firm's: any steward goes on with it, and who saw an older state of it changes
nothing. Nothing of it is on offer before it is published, by the way that all products go.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from catalog.outline import changed, outline_of
from catalog.survey_json import survey_to_json
from connector.areas.products import problems_drafts as problems
from connector.areas.products import spool
from connector.areas.products.check import check
from connector.areas.products.draft_cells import cells_of
from connector.areas.products.draft_faults import check_confirmed, check_typed, check_whole
from connector.areas.products.draft_fresh import basis_digest
from connector.areas.products.draft_jobs import DraftJob, DraftJobs
from connector.areas.products.draft_names import with_free_id
from connector.areas.products.draft_recipients import with_firms
from connector.areas.products.draft_rows import (
    DONE,
    MOST_OPEN,
    OPEN,
    READING,
    DraftRows,
    check_complete,
    check_seen,
    decided,
    kept,
    not_open,
    put,
)
from connector.areas.products.draft_standing import standing_text
from connector.areas.products.files import workplace
from connector.areas.products.rows import ProductDraftRow
from connector.process.actor import actor
from connector.process.errors import BadRequest, Conflict, NotFound, TooMany
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from catalog.outline import About, ColumnOutline, OfferOutline
    from catalog.outline_days import DaysOutline
    from connector.areas.products.preparing import Draft
    from connector.party.node import Node

DAYS: Final = 30  # that a draft is kept after its last change
_DAY_MS: Final = 86_400_000
_ID_BYTES: Final = 12
NAMED: Final = "draft:"  # how a publication names the file of a draft


class Drafts(DraftRows):
    """The drafts of one node."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
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
            TooMany: There are so many drafts already.
        """
        node = self._node
        if self.count() >= MOST_OPEN:
            raise TooMany(problems.TOO_MANY, most=MOST_OPEN)
        text = standing_text(node, product) if product else ""
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

    def read(
        self, draft_id: str, *, sheet: str = "", head: int = 1, seen: int | None = None
    ) -> DraftJob:
        """Reads the file of a draft, for the first time or another sheet of it, in its turn.

        Raises:
            Conflict: It is being read or previewed, was published, or is not as it was seen.
        """
        row = self.row(draft_id)
        check_seen(row, seen)
        if row.state == DONE or row.product:
            raise not_open(row)
        sheet = sheet or row.sheet

        def work(job: DraftJob) -> dict[str, Any]:
            with workplace(self._node) as scratch, self.failing(draft_id):
                from connector.areas.products.drafting import survey_of

                survey, chosen, names = survey_of(
                    self.path(row),
                    sheet=sheet,
                    head=head,
                    scratch=scratch,
                    progress=job.report_progress,
                )
                job.check()
                outline = with_free_id(self._node, outline_of(survey, row.name), draft_id)

                def take(one: ProductDraftRow) -> None:
                    check_seen(one, row.seen)  # what was decided while it waited stays
                    put(
                        one,
                        state=OPEN,
                        sheet=chosen,
                        sheets=json.dumps(names),
                        head=head,
                        error="",
                        survey=json.dumps(survey_to_json(survey), ensure_ascii=False),
                        outline=kept(outline),
                        text="",
                    )

                self.change(draft_id, take, write_text=True)
            return {}

        job = DraftJob(product=draft_id, draft=draft_id, checks=True, reads=True)
        self.jobs.submit(job, work)
        return job

    def drop(self, draft_id: str, *, seen: int | None = None) -> None:
        """Removes a draft and its file.

        Raises:
            NotFound: There is none.
            Conflict: It is being read or previewed, or is not as it was seen.
        """
        if self.jobs.is_under_way(draft_id):
            raise Conflict(problems.BUSY)
        with self._node.db.transaction() as tx:
            row = tx.session.get(ProductDraftRow, draft_id)
            if row is None:
                raise NotFound(problems.MISSING, draft=draft_id[:40])
            check_seen(row, seen)
            file = row.file
            tx.session.delete(row)
            tx.after_commit(lambda: spool.forget(self._node, file))

    # deciding

    def decide(
        self,
        draft_id: str,
        seen: int,
        columns: Sequence[ColumnOutline],
        days: tuple[DaysOutline, ...] | None = None,
    ) -> ProductDraftRow:
        """Puts down what some columns are for, and which measures are days between two.

        Raises:
            BadRequest: A field of a column holds what cannot be taken.
            Conflict: It was changed meanwhile, or is not open.
        """

        def decide(row: ProductDraftRow) -> None:
            outline, survey = decided(row)
            made = changed(outline, survey, columns)
            made = made if days is None else replace(made, days=days)
            check_typed(made, survey, outline)
            row.outline = kept(made)

        return self.change(draft_id, decide, seen=seen, write_text=True, check=check_confirmed)

    def describe(
        self, draft_id: str, seen: int, about: About, offer: OfferOutline | None
    ) -> ProductDraftRow:
        """Puts down what the product is called, and what is offered.

        Raises:
            BadRequest: The product file that comes of it is not taken.
            Conflict: It was changed meanwhile, or is not open.
        """
        given = with_firms(self._node, offer) if offer else None

        def decide(row: ProductDraftRow) -> None:
            outline, _ = decided(row)
            if offer is not None and not offer.names_somebody:
                raise BadRequest(problems.NOBODY_NAMED, field="recipients")
            if offer is not None and offer.names_more:
                raise BadRequest(problems.NAMED_BESIDE, field="recipients")
            row.outline = kept(replace(outline, about=about, offer=given))

        return self.change(draft_id, decide, seen=seen, write_text=True, check=check_whole)

    # previewing and publishing

    def preview(self, draft_id: str, *, accept_clamped: bool = False) -> DraftJob:
        """Makes the table as publishing would, and keeps what its owner is shown of it.

        Raises:
            BadRequest: Something is not decided yet.
            Conflict: It is being read or previewed, or was published.
        """
        row = self.row(draft_id)
        check_complete(row)
        if row.product and (text := standing_text(self._node, row.product)) != row.text:
            row = self.change(draft_id, lambda one: put(one, text=text))
        check_whole(row)  # refused at once, before it waits for its turn

        def work(job: DraftJob) -> dict[str, Any]:
            cells: list[dict[str, Any]] = []
            basis = basis_digest(self._node, row)  # what changes meanwhile is not in it

            def look(draft: Draft) -> None:
                cells[:] = [cells_of(draft)]

            with self.failing(draft_id, state=OPEN):
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
            self.change(
                draft_id,
                lambda one: put(one, preview=kept, previewed=basis, error=""),
            )
            return {}

        job = DraftJob(product=draft_id, draft=draft_id, checks=True)
        self.jobs.submit(job, work)
        return job

    def published(self, draft_id: str, product: str) -> None:
        """Notes that a draft was published, and lets its file go."""
        try:
            row = self.row(draft_id)
            self.change(
                draft_id,
                lambda one: put(one, state=DONE, product=product, file="", survey="", preview=""),
            )
        except (NotFound, Conflict):  # dropped meanwhile, or published twice: its file is gone
            return
        spool.forget(self._node, row.file)

    # keeping

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
        """Removes files that no draft has: of a process that was killed."""
        with self._node.db.reading() as session:
            kept = set(session.exec(select(ProductDraftRow.file)))
        spool.forget_others(self._node, kept)
