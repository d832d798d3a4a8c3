"""Before a session: every provider has the cohort table of its offer, and all the same one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort.calls import again
from connector.areas.cohort.gatherer import older_than_tables
from connector.areas.cohort.wire import post
from connector.areas.questions import refusal
from connector.process.errors import NotFound, Refused
from connector.process.job import at_once
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node

ROUNDS: Final = 5  # joining, marks and classes take three; others may be at it at the same time
PAUSE_SECONDS: Final = 0.05


def ready(node: Node, providers: Mapping[str, AgreementRecord]) -> str:
    """Have every provider bring its cohort table as far as it goes, until all have the same.

    Nothing is charged, and nothing of it depends on what is to be asked.

    Returns:
        The digest by which sessions name the table.

    Raises:
        Refused: the cohort of an offer is another, somebody of it has not joined, or a product can
            be in no cohort.
        PeerRefused: a provider's connector is too old; it is named.
        RemoteError: somebody cannot be reached.
    """

    def one(did: str) -> dict[str, Any]:
        url = f"{node.peers.endpoint(did)}/cohorts/tables/ready"
        body = {"agreement": providers[did].id}
        try:
            return again(lambda: post(node, did, url, body, kind="cohort-table"))
        except Refused as error:
            error.params.setdefault("member", did)
            raise
        except NotFound as error:
            raise older_than_tables(did) from error

    for attempt in range(ROUNDS):
        told = dict(zip(providers, at_once(one, providers), strict=True))
        for did, answer in told.items():
            if answer.get("roster") != sorted(providers):
                raise _other(did, answer)
        tables = {str(answer.get("table") or "") for answer in told.values()}
        if len(tables) == 1 and "" not in tables:
            return tables.pop()
        time.sleep(PAUSE_SECONDS * attempt)
    missing = sorted({str(m) for a in told.values() for m in a.get("missing") or ()})
    raise refusal(
        Reason(
            code="cohort.table.waiting",
            rule="cohort",
            given=", ".join(missing) or ", ".join(sorted(providers)),
            cause="unsatisfied",
            next="next.table-later",
        )
    )


def _other(did: str, answer: dict[str, Any]) -> Exception:
    roster = answer.get("roster")
    named = ", ".join(map(str, roster)) if isinstance(roster, list) else ""
    return refusal(
        Reason(
            code="cohort.roster.other",
            rule="cohort",
            given=did,
            expected=named,
            cause="unsatisfied",
            next="next.offered-roster",
        )
    )
