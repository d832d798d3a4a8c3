"""The shared catalogue, kept: signed descriptions are checked, indexed, replaced and withdrawn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlmodel import col

from catalog.audience import open_to_all
from catalog.description import Description, verify_description
from catalog.search import weigh
from connector.areas.hub import problems
from connector.areas.hub.rows import ListingRow, ParticipantRow, PostingRow
from connector.party import problems as party_problems
from connector.process.errors import Conflict, Forbidden, NotFound
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry

if TYPE_CHECKING:
    from connector.identity.auth import Caller
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.keys import PublicKey


def publish(node: Node, caller: Caller, jws: str) -> tuple[dict[str, Any], bool]:
    """Take in a description of the caller's.

    Returns:
        What is listed, and whether it is new.

    Raises:
        MalformedError: not a description, or some term in it is not known.
        VerificationError: not the caller's own.
        Forbidden: the caller is not certified as a provider.
        Conflict: older than what is listed, or another content under the same version.
    """
    used: list[PublicKey] = []

    def find_key(kid: str) -> PublicKey:
        used.append(caller.document.key(kid, relationship="assertionMethod", former=True))
        return used[-1]

    found = verify_description(
        jws,
        expected_provider=caller.did,
        expected_space=node.settings.space,
        find_key=find_key,
        now=unix(node.clock.now()),
    )
    caller.document.check_time(used[-1], found.issued)
    with node.db.transaction() as tx:
        caller.consume(tx)
        firm = tx.session.get(ParticipantRow, caller.did)
        if firm is None or "provider" not in firm.roles.split(","):
            raise Forbidden(party_problems.NO_PROVIDER)
        row = _row(tx, caller.did, found.dataset_id)
        if row is not None and row.version >= found.version:
            if row.listed and row.digest == found.digest:
                return _shown(row), False
            raise Conflict(
                problems.DESCRIPTION_OLD,
                given=found.version,
                dataset=found.dataset_id,
                version=row.version,
            )
        if row is None:
            row = ListingRow(
                provider=caller.did,
                dataset_id=found.dataset_id,
                version=0,
                digest="",
                changed_ms=0,
            )
        before = "listed" if row.version and row.listed else ""
        _fill(row, found, jws)
        row.changed_ms = unix_ms(tx.now)
        tx.session.add(row)
        tx.session.flush()
        _index(tx, row, found, (firm.name_zh, firm.name_en))
        tx.append(
            Entry(
                kind="PRODUCT",
                role="hub",
                counterparty=caller.did,
                process=found.dataset_id,
                from_state=before,
                to_state="listed",
                sig=[found.digest],
            )
        )
    return _shown(row), True


def withdraw(node: Node, caller: Caller, dataset_id: str) -> None:
    """Take one of the caller's descriptions out; a repeat changes nothing.

    Raises:
        NotFound: none of that name was ever listed by the caller.
    """
    with node.db.transaction() as tx:
        caller.consume(tx)
        row = _row(tx, caller.did, dataset_id)
        if row is None:
            raise NotFound(problems.NOT_LISTED, dataset=dataset_id)
        if not row.listed:
            return
        row.listed, row.changed_ms = False, unix_ms(tx.now)
        row.description = row.offers = ""
        tx.session.add(row)
        tx.session.execute(delete(PostingRow).where(col(PostingRow.listing_id) == row.id))
        tx.append(
            Entry(
                kind="PRODUCT",
                role="hub",
                counterparty=caller.did,
                process=dataset_id,
                from_state="listed",
                to_state="withdrawn",
                sig=[row.digest],
            )
        )


def _row(tx: Transaction, provider: str, dataset_id: str) -> ListingRow | None:
    return tx.session.execute(
        select(ListingRow).where(
            col(ListingRow.provider) == provider,
            col(ListingRow.dataset_id) == dataset_id,
        )
    ).scalar_one_or_none()


def _fill(row: ListingRow, found: Description, jws: str) -> None:
    row.version, row.digest, row.description = found.version, found.digest, jws
    row.domain, row.level, row.modes = found.domain, found.level, ",".join(found.modes)
    row.everybody, row.listed = open_to_all(found.offers), True
    row.offers = json.dumps(found.dataset["hasPolicy"], ensure_ascii=False)


def _index(tx: Transaction, row: ListingRow, found: Description, names: tuple[str, ...]) -> None:
    weights = weigh((*found.texts(), *((name, 2) for name in dict.fromkeys(names))))
    tx.session.execute(delete(PostingRow).where(col(PostingRow.listing_id) == row.id))
    tx.session.execute(
        insert(PostingRow),
        [
            {"term": term, "listing_id": row.id, "weight": weight}
            for term, weight in weights.items()
        ],
    )


def _shown(row: ListingRow) -> dict[str, Any]:
    return {"dataset": row.dataset_id, "version": row.version, "digest": row.digest}
