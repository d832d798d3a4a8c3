"""People as an area of any node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.people import managing
from connector.areas.people.doctored import examine
from connector.areas.people.operations import END, INVITE, LIST, RENEW, ROLES
from connector.areas.people.pages import PAGES
from connector.areas.people.people import People
from connector.areas.people.persons import check_acts, key_holds
from connector.areas.people.rows import (
    InvitationRow,
    PersonRow,
    PersonSessionRow,
    SignInTryRow,
)
from connector.areas.people.weighing import (
    weigh_end,
    weigh_invitation,
    weigh_renewal,
    weigh_roles,
)
from connector.party.area import Area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.operation import Operation
    from connector.party.routes import Run

# what an owner can do with people
OPERATIONS: Final[Mapping[Operation, Run]] = {
    INVITE: lambda node, call: managing.invite(node, call.body, call.actor),
    LIST: lambda node, _call: managing.listed(node),
    ROLES: lambda node, call: managing.change_roles(
        node, call.path["person"], call.body, call.actor
    ),
    RENEW: lambda node, call: managing.renew(node, call.path["person"], call.body, call.actor),
    END: lambda node, call: managing.end(node, call.path["person"]),
}

AREA = Area(
    name="people",
    tables=(PersonRow, InvitationRow, PersonSessionRow, SignInTryRow),
    services=lambda node: (People(node),),
    operations=OPERATIONS,
    weighs={
        INVITE: weigh_invitation,
        ROLES: weigh_roles,
        RENEW: weigh_renewal,
        END: weigh_end,
    },
    holds=key_holds,
    acts={"person": check_acts, "key": check_acts},
    pages=PAGES,
    door=lambda node: node.services[People],
    checks=examine,
)
