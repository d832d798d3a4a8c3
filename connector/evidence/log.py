"""The evidence log in the database: leaf, nodes and head in the caller's transaction.

Appending computes with the pure tree of `crypto.merkle`; this file only reads and writes rows. The
head is updated once, just before the commit, and only if it is still the head that was read. The
right edge of the tree stays in memory from one append to the next: it is used only under the size
and root that the database has, so that what was rolled back leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from connector.evidence import problems
from connector.process.errors import StoreError
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.mapped import Mapped
from connector.store.prepared import Prepared
from connector.store.rows import LogDetailRow, LogEntryRow, LogHeadRow, LogNodeRow, LogTermRow
from contracts.evidence import envelope
from contracts.leaf_terms import terms_of
from crypto import merkle
from crypto.canonical import canonical, digest_bytes
from crypto.commitments import commit_canonical
from crypto.sealing import seal, unseal
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlmodel import Session

    from connector.process.ports import Entropy
    from contracts.evidence import Entry

SALT_BYTES: Final = 32
NONCE_BYTES: Final = 12

# made once: building a statement costs more than running it
_NODE: Final = Prepared(
    select(col(LogNodeRow.hash)).where(
        col(LogNodeRow.level) == bindparam("at_level"),
        col(LogNodeRow.index) == bindparam("at_index"),
    )
)
_HEAD_HELD: Final = Prepared(select(col(LogHeadRow.size), col(LogHeadRow.root)).with_for_update())
_MOVE_HEAD: Final = Prepared(
    update(LogHeadRow)
    .where(col(LogHeadRow.id) == 1, col(LogHeadRow.size) == bindparam("was"))
    .values(size=bindparam("size"), root=bindparam("root"))
)
_ENTRY: Final = (
    "index",
    "entry_id",
    "time_ms",
    "kind",
    "role",
    "counterparty",
    "agreement",
    "process",
    "entry",
    "leaf_hash",
)
_INSERT_ENTRY: Final = Prepared(insert(table_of(LogEntryRow)), _ENTRY)
_INSERT_DETAIL: Final = Prepared(insert(table_of(LogDetailRow)), ("entry_id", "blob", "sealed"))
_INSERT_TERM: Final = Prepared(insert(table_of(LogTermRow)), ("term", "time_ms", "index"))
_INSERT_NODE: Final = Prepared(insert(table_of(LogNodeRow)), ("level", "index", "hash"))


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where an entry stands in the log."""

    index: int
    entry_id: str
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A size of the log and its root."""

    size: int
    root: bytes


_HEADS: Final = Mapped(Head, LogHeadRow)
_HEAD: Final = Prepared(_HEADS.chosen())


def head(session: Session) -> Head:
    """Read the committed head."""
    return _HEADS.first(session, _HEAD) or Head(0, merkle.EMPTY_ROOT)


def node_reader(session: Session) -> Callable[[int, int], bytes]:
    """Give the function with which `crypto.merkle` reads stored nodes."""

    def read(level: int, index: int) -> bytes:
        found = _NODE.scalar(session, at_level=level, at_index=index)
        if found is None:
            raise StoreError(problems.LOG_DAMAGED, node=f"{level}/{index}")
        value: bytes = found
        return value

    return read


@dataclass(frozen=True, slots=True)
class _Edge:
    """The complete subtrees that make up a tree of one size: what the next append needs."""

    head: Head
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, head: Head, read: Callable[[int, int], bytes]) -> _Edge:
        levels = [n for n in range(head.size.bit_length()) if head.size >> n & 1]
        places = [(level, (head.size >> level) - 1) for level in levels]
        return cls(head, {place: read(*place) for place in places})


class PendingLog:
    """Leaves of one transaction that is not committed yet."""

    def __init__(self, log: Log, session: Session) -> None:
        self._log = log
        self._session = session
        row = _HEAD_HELD.first(session)
        if row is None:
            session.execute(insert(LogHeadRow).values(id=1, size=0, root=merkle.EMPTY_ROOT))
        start = Head(row[0], row[1]) if row else Head(0, merkle.EMPTY_ROOT)
        self._start = self._size = start.size
        self._stored = node_reader(session)
        edge = log.edge
        self._kept = edge.nodes if edge is not None and edge.head == start else {}
        self._fresh: dict[tuple[int, int], bytes] = {}
        self._entries: list[dict[str, Any]] = []
        self._details: list[dict[str, Any]] = []
        self._terms: list[dict[str, Any]] = []

    def _read(self, level: int, index: int) -> bytes:
        at = (level, index)
        found = self._fresh.get(at) or self._kept.get(at)
        return found if found is not None else self._stored(level, index)

    def append(self, entry: Entry, now: datetime) -> Leaf:
        """Compute the entry's leaf and nodes; `finish` writes them, all rows of a table at once."""
        log = self._log
        entry_id = log.entropy(16).hex()
        time_ms = unix_ms(now)
        commitment = blob = None
        if entry.detail is not None:
            salt = log.entropy(SALT_BYTES)
            detail = canonical(entry.detail)
            commitment = commit_canonical(salt, detail)
            sealed = log.seal_detail(entry_id, salt + detail)
            blob = digest_bytes(sealed)
            self._details.append({"entry_id": entry_id, "blob": blob, "sealed": sealed})
        data = envelope(
            entry,
            entry_id=entry_id,
            time_ms=time_ms,
            software=log.software,
            space=log.space,
            commit=commitment,
            blob=blob,
        )
        leaf = merkle.leaf_hash(data)
        index = self._size
        for node in merkle.append(index, self._read, leaf):
            self._fresh[node.level, node.index] = node.hash
        self._entries.append(
            {
                "index": index,
                "entry_id": entry_id,
                "time_ms": time_ms,
                "kind": entry.kind,
                "role": entry.role,
                "counterparty": entry.counterparty,
                "agreement": entry.agreement,
                "process": entry.process,
                "entry": data,
                "leaf_hash": leaf,
            }
        )
        said = {
            "kind": entry.kind,
            "consumerPid": entry.consumer_pid,
            "providerPid": entry.provider_pid,
            "process": entry.process,
            "agreement": entry.agreement,
            "to": entry.to_state,
            "msg": entry.msg or {},
            "sig": entry.sig,
            "policy": entry.policy or {},
            "query": entry.query or {},
        }
        self._terms += [
            {"term": term, "time_ms": time_ms, "index": index} for term in terms_of(said, leaf)
        ]
        self._size += 1
        return Leaf(index, entry_id, leaf)

    def finish(self) -> None:
        """Write entries, terms, details and nodes; move the head, if it is still where it was."""
        if self._size == self._start:
            return
        nodes = [{"level": at[0], "index": at[1], "hash": h} for at, h in self._fresh.items()]
        for statement, rows in (
            (_INSERT_ENTRY, self._entries),
            (_INSERT_DETAIL, self._details),
            (_INSERT_TERM, self._terms),
            (_INSERT_NODE, nodes),
        ):
            if rows:
                statement.many(self._session, rows)
        end = Head(self._size, merkle.root(self._size, self._read))
        if _MOVE_HEAD.run(self._session, was=self._start, size=end.size, root=end.root) != 1:
            raise StoreError(problems.LOG_MOVED)
        self._log.edge = _Edge.of(end, self._read)


class Log:
    """Appends entries for one node; made when its data key is known."""

    def __init__(
        self,
        *,
        data_key: bytes,
        entropy: Entropy,
        software: str,
        space: str,
        appended: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the log of one node.

        Args:
            data_key: seals salts and details.
            entropy: the source of randomness.
            software: name and version, for each leaf.
            space: IRI of the data space, for each leaf.
            appended: told after each commit with leaves.
        """
        self._data_key = data_key
        self.entropy = entropy
        self.software = software
        self.space = space
        self.edge: _Edge | None = None  # of the newest append, committed or not
        self.appended = appended

    def begin(self, session: Session) -> PendingLog:
        """Begin appending in a transaction."""
        return PendingLog(self, session)

    def seal_detail(self, entry_id: str, plain: bytes) -> bytes:
        """Seal salt and canonical detail of one entry under the data key."""
        return seal(
            self._data_key,
            plain,
            context=b"log-detail\x00" + entry_id.encode(),
            nonce=self.entropy(NONCE_BYTES),
        )

    def open_detail(self, session: Session, entry_id: str) -> tuple[bytes, Any] | None:
        """Give salt and detail of an entry, or None if it has none (or it was erased)."""
        row = session.get(LogDetailRow, entry_id)
        if row is None:
            return None
        plain = unseal(self._data_key, row.sealed, context=b"log-detail\x00" + entry_id.encode())
        return plain[:SALT_BYTES], loads(plain[SALT_BYTES:])
