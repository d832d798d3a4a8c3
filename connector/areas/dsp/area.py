"""The protocol as an area of a participant: with this node's products, and all areas' planes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp import api, management
from connector.areas.dsp.context import Dsp
from connector.areas.dsp.doctored import examine
from connector.areas.dsp.objections import Shares
from connector.areas.dsp.outcomes import handlers
from connector.areas.dsp.pages import PAGES
from connector.areas.dsp.reactions import automatic
from connector.areas.dsp.rows import (
    AgreementRow,
    ObjectionRow,
    ProcessRow,
    ReceivedRow,
    SignatureRow,
)
from connector.areas.dsp.rules import RuledGate
from connector.areas.dsp.tidying import EVERY_SECONDS, tidy
from connector.areas.products import ProductShelf
from connector.party.area import Area, Areas
from connector.process.job import Every

if TYPE_CHECKING:
    from connector.party.node import Node

TABLES = (ProcessRow, AgreementRow, SignatureRow, ReceivedRow, ObjectionRow)


def services(node: Node) -> tuple[object, ...]:
    """The protocol, and how much of a peer's refused messages is written down."""
    areas = node.services[Areas]
    dsp = Dsp(
        node=node,
        shelf=node.services[ProductShelf],
        gate=RuledGate(node, areas.rules),
        react=automatic,
        plane=areas.plane,
    )
    return dsp, Shares()


def jobs(node: Node) -> list[Every]:
    """The thread that forgets old messages."""
    return [Every("received", EVERY_SECONDS, lambda: tidy(node), node.log)]


AREA = Area(
    name="dsp",
    tables=TABLES,
    services=services,
    protocol=lambda node: api.routes_of(node.services[Dsp]),
    operations=management.OPERATIONS,
    pages=PAGES,
    handlers=lambda node: handlers(node.services[Dsp]),
    jobs=jobs,
    checks=examine,
)
