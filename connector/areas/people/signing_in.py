"""Proving to be a person: all that fails looks alike, and costs alike.

An unknown name is held against a hash that nothing matches, and its failure is counted and locks
it as that of a known one. What decides is looked at again in the transaction that counts, so that
many tries at once are no more than so many in turn.

A browser in which a person signed in before has a mark of it, and its failures are counted apart:
whoever locks a name from outside does not keep its person out.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from connector.areas.people import problems, sessions, tries
from connector.areas.people.factors import required
from connector.areas.people.persons import fold, is_active, of_name, record, roles_of
from connector.areas.people.rows import PersonRow
from connector.process.errors import Forbidden, TooMany
from connector.process.ports import unix_ms
from connector.process.rate import Buckets
from contracts.evidence import Entry
from crypto.b64 import b64url

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.areas.people.factors import Codes
    from connector.areas.people.passwords import Hashing
    from connector.party.node import Node
    from connector.store.transaction import Transaction

TRIES_PER_SECOND: Final = 0.2  # of one source, in the long run
TRIES_BURST: Final = 20.0
MARK_BYTES: Final = 16
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody gives to be known by; the name, or the id of who has signed in already.

    `mark` is what its browser holds of an earlier time; empty if there was none.
    """

    name: str = ""
    person: str = ""
    password: str
    code: str
    source: str
    mark: str = ""


class Proofs:
    """What people of one node prove."""

    def __init__(self, node: Node, hashing: Hashing, codes: Codes) -> None:
        self._node = node
        self._hashing = hashing
        self._codes = codes
        self.rate = Buckets(rate=TRIES_PER_SECOND, burst=TRIES_BURST)

    def sign_in(self, given: Given) -> str:
        """Let a person in; as `People.sign_in`."""

        def enter(tx: Transaction, row: PersonRow) -> str:
            said = {"person": row.id, "secondFactor": bool(row.factor_ms)}
            tx.append(
                Entry(
                    kind="ACCESS",
                    role=self._node.settings.role,
                    to_state="SIGNED_IN",
                    query=said,
                    actor=f"person:{row.id}",
                )
            )
            return sessions.begin(tx, row, self._node.entropy, factor=bool(row.factor_ms))

        return self.prove(given, enter)

    def mark(self, row: PersonRow) -> str:
        """Make the mark of a browser in which a person has signed in.

        It opens nothing; another password, or another link, makes it worthless.
        """
        return self._mark(row, b64url(self._node.entropy(MARK_BYTES)))

    def _mark(self, row: PersonRow | None, number: str) -> str:
        of = f"{row.id}\0{row.password}" if row is not None else "\0"  # costs alike
        said = f"browser\0{of}\0{number}".encode("utf-8", "surrogatepass")
        made = hmac.new(self._node.secrets.kek, said, hashlib.sha256)
        return f"{number}.{b64url(made.digest())}"

    def _counted(self, known: PersonRow | None, folded: str, mark: str) -> str:
        """Give that under which a try is counted: the name, or the browser that the person uses."""
        number = mark.partition(".")[0]
        made = self._mark(known, number).encode("utf-8", "surrogatepass")
        own = hmac.compare_digest(made, mark.encode("utf-8", "surrogatepass"))
        if known is not None and number and own:
            folded = f"{folded}\n{number}"  # no name has a new line
        return tries.digest_of(self._node.secrets.kek, folded)

    def prove(self, given: Given, then: Callable[[Transaction, PersonRow], T]) -> T:
        """See that somebody is who it says, and do something in the same transaction.

        Raises:
            Forbidden: it does not prove so; nothing is done, and the failure counts.
            TooMany: too many tries of this source, or all at once.
        """
        if not self.rate.take(given.source):
            raise TooMany(problems.TRIES)
        node, now = self._node, self._node.clock.now()
        with node.db.reading() as session:
            if given.person:
                known = session.get(PersonRow, given.person)
            else:
                known = of_name(session, given.name, unix_ms(now))
            person, password = (known.id, known.password) if known else ("", "")
            folded = known.folded if known and given.person else fold(given.name)
            counted = self._counted(known, folded, given.mark)
        right = self._hashing.verify(password, given.password)
        step = self._codes.step_of(self._codes.secret(person), given.code, now)
        done: list[T] = []
        with node.db.transaction() as tx:
            row = tx.session.get(PersonRow, person)
            locked = tries.locked_until(tx.session, counted, unix_ms(tx.now))
            if locked is None:
                if right and row is not None and self._holds(tx, row, password, step):
                    tries.forget(tx, counted)
                    done.append(then(tx, row))
                elif lock := tries.failed(tx, counted):
                    # of an unknown name, too: it costs the same, and is worth knowing
                    whose = {"person": row.id} if row is not None else {}
                    record(tx, node, "PERSON_LOCKED", {**whose, "minutes": lock // 60_000})
                    locked = unix_ms(tx.now) + lock
        if not done:
            node.refusals.count(given.source, "sign-in")
            if locked is not None:  # whoever has the name, and whatever the password was
                raise Forbidden(problems.LOCKED, moment=_minute_after(locked, unix_ms(now)))
            raise Forbidden(problems.NOT_LET_IN)
        return done[0]

    @staticmethod
    def _holds(tx: Transaction, row: PersonRow, password: str, step: int) -> bool:
        """Look again at what may have changed since the password was held against its hash."""
        if not is_active(row, unix_ms(tx.now)) or row.password != password:
            return False
        if not row.factor_ms:
            return not required(roles_of(row))
        if step <= row.factor_step:
            return False  # no code, a wrong one, or one that was used
        row.factor_step = step
        tx.session.add(row)
        tx.session.flush()
        return True


def _minute_after(ms: int, now_ms: int) -> str:
    """Give the first minute at which a moment is over, in UTC; with its day, if it is another."""
    at = datetime.fromtimestamp(-(-ms // 60_000) * 60, UTC)
    same = at.date() == datetime.fromtimestamp(now_ms / 1000, UTC).date()
    return f"{at:%H:%M} UTC" if same else f"{at:%Y-%m-%d %H:%M} UTC"
