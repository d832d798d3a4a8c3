"""What changing a person comes to, for who must agree: whom it is about, and what it may do now.

A request names a person by id or name. Whether that is the same person with the same roles when it
is done stands in `seen`: names are free again, roles grow, and a link that was agreed to for a
small account must not open a large one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people import approval_words as words
from connector.areas.people.persons import check_before, of_either, roles_of
from connector.console.role_words import roles_said
from connector.party.gate import Weighed
from connector.process.ports import unix_ms
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from connector.areas.people.rows import PersonRow
    from connector.party.gate import Weigh
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken, Words


def _weigh(said: Callable[[PersonRow, Call], Spoken]) -> Weigh:
    def weigh(node: Node, call: Call) -> Weighed:
        with node.db.reading() as session:
            row = of_either(session, call.path["person"], unix_ms(node.clock.now()))
            seen = digest([row.id, row.name, row.roles, row.enrolled_ms, row.grant_ends_ms])
            return Weighed(needed=True, seen=seen, changes=(said(row, call),))

    return weigh


def weigh_invitation(_node: Node, call: Call) -> Weighed:
    """Say who gets the link; nothing stands yet on which it rests."""
    said = words.LINK_OF.of(name=call.body.name, roles=_roles(call.body.roles))
    return Weighed(needed=True, changes=(said,))


def _roles(roles: Collection[str]) -> Words:
    return roles_said(frozenset(roles))


def _of_roles(row: PersonRow, call: Call) -> Spoken:
    check_before(row, call.body.before)
    return words.ROLES_OF.of(
        name=row.name, before=_roles(roles_of(row)), after=_roles(call.body.roles)
    )


weigh_roles = _weigh(_of_roles)
weigh_renewal = _weigh(lambda row, _: words.LINK_OF.of(name=row.name, roles=_roles(roles_of(row))))
weigh_end = _weigh(lambda row, _: words.END_OF.of(name=row.name, roles=_roles(roles_of(row))))
