"""The consumer takes a total: the outcome and the product, held against what everybody signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.areas.cohort import problems, tagging
from connector.areas.cohort.calls import again
from connector.areas.cohort.falsehood import FalseTotalError
from connector.areas.cohort.speaking import hear, reason_of
from connector.areas.questions import refusal
from connector.identity.work import ours
from connector.process.errors import Unreachable
from contracts.cohort import signing, states
from contracts.cohort.ending import Ended
from contracts.cohort.errors import broken
from contracts.cohort.statements import Contribution, Released
from contracts.cohort.verify import check_outcome, check_released
from crypto.canonical import digest_bytes
from crypto.paillier import frame
from crypto.paillier.decrypt import decrypt_total
from crypto.paillier.errors import PaillierError
from policies.phrases import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.cohort.wire import Aggregator, Progress
    from connector.party.node import Node
    from connector.process.errors import VoileError
    from contracts.cohort.session import Session
    from crypto.paillier.keys import SecretKey


def fetch(
    node: Node,
    session: Session,
    aggregator: Aggregator,
    progress: Progress,
    signed: Mapping[str, str],
) -> bytes:
    """Fetch the product and hold it against what every provider signed.

    Args:
        node: this node.
        session: the session.
        aggregator: its aggregator.
        progress: what the aggregator says of it.
        signed: the contribution of each provider.

    Raises:
        Refused, Unreachable: there is no product.
        CohortError: it does not follow from the contributions.
    """
    if progress.state != states.RELEASED:
        raise no_outcome(node, session, progress)
    if set(signed) != set(session.roster):
        raise broken("cohort.released", problems.NOT_AT_HAND)
    released = hear(node, Released, progress.outcome, by=session.aggregator, work=ours())
    product = again(aggregator.product)
    check_released(
        session,
        released,
        cleared=signing.digest_of(progress.cleared),
        product=digest_bytes(product),
        contributions={
            d: hear(node, Contribution, signed[d], by=d, work=ours()) for d in session.roster
        },
    )
    return product


def sums(
    node: Node, session: Session, secret: SecretKey, product: bytes, cells: int
) -> tuple[tuple[int, ...], ...]:
    """Decrypt a product that its aggregator signed, and hold it against everybody's tags.

    Args:
        node: this node.
        session: the session.
        secret: its key.
        product: the frame.
        cells: how many were cleared.

    Returns:
        Per column, one sum per cleared cell.

    Raises:
        FalseTotalError: it is not the sum of what the providers contributed.
    """
    seed, secrets = tagging.seed_of(node, session), tagging.secrets_of(node, session)
    layouts, addends = session.layouts(cells), len(session.roster)
    try:
        batch = frame.from_bytes(product, key=session.key, layouts=layouts, addends=addends)
    except PaillierError:
        raise FalseTotalError(session, ()) from None
    total = decrypt_total(secret, batch, seed=seed, secrets=secrets)
    if total.wrong:
        raise FalseTotalError(session, total.wrong)
    return total.columns


def no_outcome(node: Node, session: Session, progress: Progress) -> VoileError:
    """Make the error for a session that has no product: its aggregator ended it, or is not done."""
    if progress.state != states.ENDED:
        return Unreachable(replace(problems.UNFINISHED, code="cohort.unfinished"))
    ended = hear(node, Ended, progress.outcome, by=session.aggregator, work=ours())
    check_outcome(session, ended)
    code, about = "cohort.ended", ended.reason
    if named := known(ended.reason):
        code, about = named, ended.about
    return refusal(reason_of(broken(code, problems.ENDED_THERE, member=about)))
