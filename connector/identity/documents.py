"""DID documents of others as they are kept: ten minutes, and a bounded number of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.identity import problems
from connector.process.errors import MalformedError, Unreachable
from crypto import problems_addresses
from crypto.did import DidDocument
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.process.ports import Clock, Transport
    from crypto.vouched import Vouched

KEEP_SECONDS: Final = 600
MAX_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class _Kept:
    document: DidDocument
    at: float


class Documents:
    """Documents by DID; the oldest goes when there are too many. Threads share it."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._kept: dict[str, _Kept] = {}

    def get(self, did: str) -> DidDocument | None:
        """Give a document that is not stale."""
        kept = self._kept.get(did)
        return kept.document if kept is not None and self.age(did) < KEEP_SECONDS else None

    def age(self, did: str) -> float:
        """Give the seconds since a document was fetched; infinite if it never was."""
        kept = self._kept.get(did)
        return self._clock.now().timestamp() - kept.at if kept else float("inf")

    def keep(self, did: str, document: DidDocument) -> DidDocument:
        """Keep a document that was fetched just now; give it."""
        self._kept[did] = _Kept(document, self._clock.now().timestamp())
        if len(self._kept) > self._most:
            oldest = min(self._kept.copy().items(), key=lambda item: item[1].at)[0]
            self._kept.pop(oldest, None)
        return document

    def adopt(self, did: str, others: Documents) -> None:
        """Take a document over that lies among others, with its age: its party is known by now."""
        kept = others._kept.pop(did, None)
        mine = self._kept.get(did)
        if kept is not None and (mine is None or mine.at < kept.at):
            self._kept[did] = kept

    def forget(self, did: str) -> None:
        """Forget one, to ask for it anew."""
        self._kept.pop(did, None)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()


def fetched(
    transport: Transport,
    did: str,
    url: str,
    seconds: float,
    vouched: Callable[[], Vouched | None],
) -> tuple[DidDocument, bytes]:
    """Fetch and read a document, of which the keys count that are vouched for; and its bytes.

    Raises:
        MalformedError: it is none.
        VerificationError: it is somebody else's.
        RemoteError: it cannot be fetched.
    """
    response = transport.request("GET", url, timeout=seconds, max_bytes=MAX_BYTES)
    if response.status != 200:
        raise Unreachable(problems.DID_UNRESOLVED, did=did, status=response.status)
    raw = loads(response.body, max_bytes=MAX_BYTES)
    if not isinstance(raw, dict):
        raise MalformedError(problems_addresses.DOCUMENT_NO_OBJECT, did=did)
    return DidDocument.parse(raw, expected=did, vouched=vouched), response.body
