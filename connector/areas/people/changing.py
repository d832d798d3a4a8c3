"""What a person changes of its own: language, password, second factor, all its sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people import passwords, problems, sessions
from connector.areas.people.persons import record
from connector.areas.people.rows import PersonRow
from connector.process.errors import BadRequest, NotFound
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from connector.areas.people.factors import Codes
    from connector.areas.people.passwords import Hashing
    from connector.areas.people.signing_in import Given, Proofs
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.words import Language


def sign_out_everywhere(node: Node, person: str) -> None:
    """End all sessions of a person; as `People.sign_out_everywhere`."""
    with node.db.transaction() as tx:
        ended = sessions.end_all(tx, person)
        said = {"person": person, "sessions": ended}
        record(tx, node, "SIGNED_OUT_EVERYWHERE", said, by=person)


def end_session(node: Node, person: str, session: str) -> None:
    """End one session of a person; as `People.end_session`."""
    with node.db.transaction() as tx:
        if not sessions.end_one(tx, person, session):
            raise NotFound(problems.SESSION_MISSING)
        record(tx, node, "SESSION_ENDED", {"person": person, "session": session}, by=person)


def set_language(node: Node, person: str, language: Language) -> None:
    """Have pages speak another language; as `People.set_language`."""
    with node.db.transaction() as tx:
        row = tx.session.get(PersonRow, person)
        if row is not None:
            row.language = language
            tx.session.add(row)


def password(node: Node, proofs: Proofs, hashing: Hashing, proof: Given, new: str) -> str:
    """Set another password; as `People.change_password`."""
    with node.db.reading() as session:
        row = session.get(PersonRow, proof.person)
    passwords.check(new, row.name if row is not None else "")
    encoded = hashing.hash(new)

    def change(tx: Transaction, row: PersonRow) -> str:
        row.password = encoded
        tx.session.add(row)
        return _anew(node, tx, row, "PERSON_PASSWORD")

    return proofs.prove(proof, change)


def factor(node: Node, proofs: Proofs, codes: Codes, proof: Given, secret: str, code: str) -> str:
    """Put another second factor in its place; as `People.renew_factor`."""
    step = codes.step_of(secret, code, node.clock.now())
    if not step:
        raise BadRequest(problems.CODE_WRONG)

    def change(tx: Transaction, row: PersonRow) -> str:
        codes.take(tx, row.id, secret)
        row.factor_ms, row.factor_step = unix_ms(tx.now), step
        tx.session.add(row)
        return _anew(node, tx, row, "PERSON_FACTOR")

    return proofs.prove(proof, change)


def _anew(node: Node, tx: Transaction, row: PersonRow, state: str) -> str:
    """End all sessions, put it on record, and begin one in the place of the present one."""
    tx.session.flush()
    sessions.end_all(tx, row.id)
    record(tx, node, state, {"person": row.id}, by=row.id)
    return sessions.begin(tx, row, node.entropy, factor=bool(row.factor_ms))
