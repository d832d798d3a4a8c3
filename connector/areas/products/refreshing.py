"""Refreshes as jobs: one that an owner asks for, and those that the schedules of products say.

All go through the publisher's queue, so no two are of one product at once. Each is tried once at
its time; one that failed is tried at the next. A node that was down at the time does it once when
it is up again, however many times it has missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.products import problems_refresh as problems
from connector.areas.products import store
from connector.areas.products.jobs import Job, Publisher
from connector.areas.products.refresh import refresh, stored
from connector.areas.products.refresh_state import Last, last_of, note, zone_of
from connector.areas.products.rows import PUBLISHED, TABLE, ProductRow, ProductVersionRow
from connector.party import problems_jobs
from connector.process.actor import Actor, acting
from connector.process.errors import TooMany, VoileError, error_json
from connector.process.job import Every
from connector.process.lists import UNREADABLE, why
from connector.process.ports import unix_ms
from connector.process.room import lacks_room, no_room
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from sqlmodel import Session

    from catalog.product import Product
    from connector.party.node import Node

LOOK_SECONDS: Final = 20.0
_BY: Final = Actor("job", "refresh")


class Refresher:
    """Makes products anew, when they are due and when they are told to."""

    def __init__(self, node: Node, publisher: Publisher) -> None:
        self._node = node
        self._publisher = publisher
        self._jobs: dict[str, Job] = {}
        self._told: set[str] = set()
        self._job = Every("refresh", LOOK_SECONDS, self.look, node.log, at_once=True)

    def start(self) -> None:
        """Starts to look whether something is due."""
        self._close_cut_off()
        self._job.start()

    def stop(self) -> None:
        """Begins nothing any more."""
        self._job.stop()

    def submit(self, product_id: str, *, accept_clamped: bool = False) -> Job:
        """Takes a refresh that an owner asks for; returns at once.

        Raises:
            NotFound: None of that id is on offer.
            BadRequest: Its product file does not say where its data come from.
            TooMany: If this connector is stopping.
        """
        stored(self._node, product_id)
        return self._submitted(product_id, scheduled=False, accept_clamped=accept_clamped)

    def look(self) -> None:
        """Hands in what is due."""
        for product_id in self._due():
            under_way = self._jobs.get(product_id)
            if under_way is not None and not under_way.ended.is_set():
                continue
            with acting(_BY):
                self._jobs[product_id] = self._submitted(product_id, scheduled=True)

    def _submitted(self, product_id: str, *, scheduled: bool, accept_clamped: bool = False) -> Job:
        def work(job: Job) -> dict[str, Any]:
            return self._refresh(job, scheduled=scheduled, accept_clamped=accept_clamped)

        job = Job(product=product_id)
        if not self._publisher.take(job, work):
            raise TooMany(problems_jobs.STOPPING)
        return job

    def _refresh(self, job: Job, *, scheduled: bool, accept_clamped: bool) -> dict[str, Any]:
        at = unix_ms(self._node.clock.now())
        note(self._node, job.product, Last(at=at, state="running", scheduled=scheduled))
        try:
            report = refresh(
                self._node,
                job.product,
                scheduled=scheduled,
                accept_clamped=accept_clamped,
                progress=job.report_progress,
            )
        except Exception as error:  # whatever ends it: else its fact says for good that it runs
            self._failed(job.product, at, _plain(error), scheduled=scheduled)
            raise
        state: Any = "unchanged" if report.get("dataUnchanged") else "done"
        note(self._node, job.product, Last(at=at, state=state, scheduled=scheduled))
        event = "refresh-unchanged" if state == "unchanged" else "refresh-done"
        self._node.log.info(event, product=job.product)
        return report

    def _failed(self, product_id: str, at: int, error: VoileError, *, scheduled: bool) -> None:
        said: dict[str, Any] = {tongue: error_json(error, tongue)["error"] for tongue in LANGUAGES}
        last = Last(at=at, state="failed", scheduled=scheduled, error=said)
        # by its code alone: what an error says may quote a value
        self._node.log.warning("refresh-failed", product=product_id, code=error.code)
        note(self._node, product_id, last)

    def _due(self) -> list[str]:
        """Returns the products whose time has come since they were last read."""
        with self._node.db.reading() as session:
            found = []
            for row, product in self._scheduled(session):
                try:
                    zone = zone_of(self._node, product)
                except VoileError as error:  # the settings named one when it was published
                    if row.id not in self._told:
                        self._told.add(row.id)
                        self._node.log.warning("refresh-never", product=row.id, code=error.code)
                    continue
                last = last_of(session, row.id)
                since = max(row.changed_ms, 0 if last is None else last.at)
                assert product.refresh is not None, "else it was left out"
                if unix_ms(product.refresh.last(self._node.clock.now(), zone)) > since:
                    found.append(row.id)
        return found

    def _scheduled(self, session: Session) -> list[tuple[ProductRow, Product]]:
        query = select(ProductRow, ProductVersionRow).where(
            ProductVersionRow.product == ProductRow.id,
            ProductVersionRow.number == ProductRow.number,
            ProductRow.state == PUBLISHED,
            ProductRow.kind == TABLE,
            col(ProductRow.text).contains("refresh"),
        )
        found = []
        for row, version in session.exec(query.order_by(col(ProductRow.id))).all():
            try:
                product = store.as_published(row, version)
            except UNREADABLE as error:  # it hides no other
                self._node.log.warning("product-unreadable", product=row.id, error=why(error))
                continue
            if product.refresh is not None:
                found.append((row, product))
        return found

    def _close_cut_off(self) -> None:
        """Has those fail that a process left under way: they are not begun again by themselves."""
        with self._node.db.reading() as session:
            rows = session.exec(select(ProductRow.id)).all()
            left = [(name, last) for name in rows if (last := last_of(session, name))]
        for name, last in left:
            if last.state == "running":
                error = VoileError(problems.CUT_OFF)
                self._failed(name, last.at, error, scheduled=last.scheduled)


def _plain(error: Exception) -> VoileError:
    if isinstance(error, VoileError):
        return error
    return no_room(error) if lacks_room(error) else VoileError(problems_jobs.PUBLISH_CRASHED)
