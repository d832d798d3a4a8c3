"""How the refreshes of products stand: the last of each is a fact, which a restart finds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlmodel import col, select

from connector.areas.products import problems_refresh as problems
from connector.areas.products import store
from connector.areas.products.rows import PUBLISHED, ProductRow
from connector.process.errors import BadRequest, StoreError
from connector.process.ports import unix_ms
from connector.store.facts import fact, set_fact
from connector.store.rows import FactRow
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client.metrics_core import Metric
    from sqlmodel import Session

    from catalog.product import Product
    from connector.party.node import Node
    from crypto.words import Language, Spoken

_FACT: Final = "refresh/"

State = Literal["running", "done", "unchanged", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last refresh of a product.

    Attributes:
        at: When it began, in milliseconds since 1970.
        state: How it stands, or ended.
        scheduled: Whether a schedule began it.
        error: Why it failed: the API's error in each language.
    """

    at: int
    state: State
    scheduled: bool
    error: Mapping[str, Mapping[str, Any]] | None = None


def last_of(session: Session, product_id: str) -> Last | None:
    """Returns the last refresh of a product, if there was one."""
    kept = fact(session, _FACT + product_id)
    return None if kept is None else Last(**json.loads(kept))


def note(node: Node, product_id: str, last: Last) -> None:
    """Keeps how a refresh stands."""
    with node.db.transaction() as tx:
        set_fact(tx.session, _FACT + product_id, json.dumps(asdict(last), ensure_ascii=False))


def forget(session: Session, product_id: str) -> None:
    """Forgets the refreshes of a product that is taken back: another may come under its id."""
    kept = session.get(FactRow, _FACT + product_id)
    if kept is not None:
        session.delete(kept)


def failing(session: Session) -> Iterator[tuple[ProductRow, Last]]:
    """Walks through the products on offer whose last refresh failed, by id.

    Whoever published one since has seen to it.
    """
    query = select(FactRow.name).where(col(FactRow.name).startswith(_FACT))
    for name in session.exec(query.order_by(col(FactRow.name))).all():
        row = session.get(ProductRow, name.removeprefix(_FACT))
        last = last_of(session, name.removeprefix(_FACT))
        if row is None or last is None or row.state != PUBLISHED:
            continue
        if last.state == "failed" and last.at >= row.changed_ms:
            yield row, last


def notes(session: Session) -> dict[str, Spoken]:
    """Says of each that failed which version stays; why is for who may see the product.

    An error may quote a value, and readiness is shown to everybody on the machine.
    """
    found: dict[str, Spoken] = {}
    for row, last in failing(session):
        code = (last.error or {}).get("en", {}).get("code", "")
        found[f"refresh {row.id}"] = problems.FAILED.of(
            product=row.id,
            at=store.instant(last.at),
            number=row.number,
            why=verbatim(
                f"`{code}`，请查看 `voile products {row.id}`",
                f"`{code}`, see `voile products {row.id}`",
            ),
        )
    return found


def zone_of(node: Node, product: Product) -> ZoneInfo:
    """Returns the zone of a product's schedule: its own, else that of the settings.

    Raises:
        BadRequest: There is neither, or none of that name.
    """
    name = product.zone or node.settings.zone
    if not name:
        raise BadRequest(problems.NO_ZONE, schedule=product.refresh, field="refresh")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadRequest(problems.UNKNOWN_ZONE, zone=name, field="zone") from error


def check_zone(node: Node, product: Product) -> None:
    """Refuses a schedule that is of no zone's clock.

    Raises:
        BadRequest: Says what to name.
    """
    if product.refresh is not None:
        zone_of(node, product)


def told(
    node: Node, session: Session, product: Product, changed_ms: int, language: Language
) -> dict[str, Any]:
    """Tells the owner how the refreshes of a product stand; nothing of one that has none."""
    last = last_of(session, product.id)
    if product.refresh is None and last is None:
        return {}
    found: dict[str, Any] = {}
    if product.refresh is not None:
        found["schedule"] = str(product.refresh)
        try:
            zone = zone_of(node, product)
        except BadRequest as error:
            found["trouble"] = f"{error.said(language)}; {error.following(language)}"
        else:
            at = product.refresh.next(node.clock.now(), zone)
            found |= {"zone": zone.key, "next": store.instant(unix_ms(at))}
    if last is not None:
        found["last"] = {
            "at": store.instant(last.at),
            "state": last.state,
            "scheduled": last.scheduled,
            **({"error": last.error[language]} if last.error is not None else {}),
            **({"settled": True} if last.state == "failed" and last.at < changed_ms else {}),
        }
    return {"refresh": found}


class Figures(Collector):
    """What the metrics tell of refreshes."""

    def __init__(self, node: Node) -> None:
        self._node = node
        node.metrics.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Gives the gauge."""
        family = GaugeMetricFamily(
            "voile_refresh_failed", "Products whose last refresh failed", labels=["product"]
        )
        try:
            with self._node.db.reading() as session:
                for row, _ in failing(session):
                    family.add_metric([row.id], 1)
        except StoreError:  # readiness tells of it
            return
        yield family
