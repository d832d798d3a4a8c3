"""Whether this provider would take part in a total that is only thought of; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.areas.cohort import problems
from connector.areas.cohort.draft import DECIDES, Draft, read_columns
from connector.areas.cohort.speaking import reason_of
from connector.areas.questions import Usage, used
from connector.identity.work import budgeted
from connector.process.errors import Refused
from contracts.cohort.errors import CohortError, broken
from contracts.cohort.session import Question
from contracts.cohort.verify import check_columns

if TYPE_CHECKING:
    from connector.areas.cohort.sessions import Sessions
    from connector.identity.auth import Caller


def explain(
    sessions: Sessions,
    caller: Caller,
    agreement: Any,
    asked: Any,
    columns: Any,
    roster: Any,
    aggregator: Any,
) -> dict[str, Any]:
    """Say whether we would accept a question in a cohort; nothing is charged or written.

    It is decided as `open` decides it. Which cells are released is for the cohort to decide:
    no provider knows what the others may release.

    Raises:
        MalformedError: the question, its columns or the parties have another shape.
    """
    node, now = sessions.node, sessions.node.clock.now()
    with budgeted(node, caller) as work:
        question = Question.from_json(asked)
        parties, plans = Draft.read(caller.did, aggregator, roster), read_columns(columns)
        if not isinstance(agreement, str):
            raise broken("cohort.body", problems.NO_AGREEMENT)
        check_columns(plans, question)
        with node.db.reading() as db:
            try:
                parties.check(sessions.did)
                part = sessions.admitted(db, now, parties, plans, question, agreement, work=work)
            except Refused as error:
                return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
            except CohortError as error:
                return {"allowed": False, "reasons": [reason_of(error).to_json()]}
            spent = used(db, counterparty=caller.did, agreement=agreement, now=now)
    granted, cohort = part.granted, part.cohort
    return {
        "allowed": True,
        "decides": DECIDES,
        "reasons": [],
        "rules": list(granted.rules),
        "minCohort": granted.min_cohort,
        "minimumContributors": granted.minimum_contributors,
        "dataVersion": {"number": cohort.number, "digest": cohort.version},
        "usage": Usage(spent, granted.usage.limit).to_json(),
    }
