"""An agreement under an id that is in use here: it is not taken, and its negotiation ends.

The provider chooses the id, and our owner names contracts by it: a second one would make both hard
to name. So an id is taken once, whoever brings it, in whatever state the first one is; and never
one that is ours of a process. Who sends it hears what anybody hears who gives two agreements one
id, whether the first one is with it or with somebody else, and can try once in each negotiation
that our owner has opened: as soon as one was refused, every further agreement of it is, unseen.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import agreements, problems_messages, processes, reactions
from connector.areas.dsp.outbound import Why
from contracts.errors import IllegalMessageError
from contracts.machine import TERMINATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction

CODE: Final = "agreement.id-reused"
CLAUSE: Final = "@id"


class AgreementIdInUseError(IllegalMessageError):
    """A provider gives an agreement an id that stands for another one here."""


def check(tx: Transaction, row: ProcessRecord, body: Mapping[str, Any]) -> None:
    """See that an agreement that came has an id of its own.

    Raises:
        AgreementIdInUseError: It has not, or one before it in this negotiation had not.
    """
    name = body["@id"]
    if (
        (row.ended_code == CODE and is_ending(row))
        or agreements.before(tx.session, name)
        or processes.get(tx.session, name) is not None
    ):
        raise AgreementIdInUseError(replace(problems_messages.AGREEMENT_REUSED, code=CODE))


def end_reused(dsp: Dsp, tx: Transaction, row: ProcessRecord, name: str) -> None:
    """End the negotiation of an agreement with this id."""
    why = Why(code=CODE, reason=({"code": CODE, "clause": CLAUSE, "given": name},))
    reactions.refuse(dsp, tx, row, why)


def is_ending(row: ProcessRecord) -> bool:
    """Whether our termination of a process is on its way, or waits for its turn."""
    wanted = json.loads(row.wanted)["event"] if row.wanted else ""
    return TERMINATION in {row.flying_event, wanted}
