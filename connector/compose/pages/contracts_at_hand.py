"""Contracts under which we may ask now, and what their products can be asked."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from catalog.page import page
from connector.areas.dsp import agreements_page, peer_dataset
from connector.compose.pages.shared import names_of
from connector.process.job import Pool
from contracts.messages.codec import to_object
from crypto.errors import VoileError
from policies.errors import PolicyError
from policies.offers import granted
from policies.profile import QUERY_MODE
from policies.purposes import purposes_granted
from policies.samples import Asker
from policies.term import term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node
    from crypto.words import Language

MOST: Final = 200  # contracts to choose from
_KEPT: Final = 64
_SECONDS: Final = 60.0
_LEARNT: Final = 8  # titles asked for at once
_MOMENT: Final = 0.6  # seconds
_NOT_OF_AN_OFFER: Final = frozenset({"@type", "assigner", "assignee", "timestamp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract of ours as consumer that lets us ask.

    Attributes:
        id: of the agreement.
        pid: ours of its negotiation, by which it is asked under.
        provider: DID.
        name: of the provider.
        product: its id.
        title: of the product in both languages; its id until its provider was asked.
        modes: that it grants.
        purposes: for which it lets us ask, as IRIs.
    """

    id: str
    pid: str
    provider: str
    name: str
    product: str
    title: Mapping[str, str]
    modes: tuple[str, ...]
    purposes: tuple[str, ...]


class Descriptions:
    """What providers say of the products of our contracts, for a minute; titles for good."""

    def __init__(self, node: Node) -> None:
        self.pool = Pool("page-titles", _LEARNT, node.log)
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, str], tuple[float, Mapping[str, Any]]] = OrderedDict()
        self._tried: set[str] = set()  # negotiations: as many as there are contracts
        self._titles: OrderedDict[tuple[str, str], Mapping[str, str]] = OrderedDict()

    def of(self, node: Node, record: AgreementRecord) -> Mapping[str, Any]:
        """Give the page of a contract's product, its terms those of the contract.

        Raises:
            RemoteError: the provider cannot be reached, or refuses.
            PolicyError: the contract's terms are not understood.
        """
        at, now = (record.counterparty, record.id), time.monotonic()
        if (fresh := self._fresh(record)) is not None:
            return fresh
        dataset = to_object(peer_dataset(node, record.counterparty, record.dataset_id).dataset)
        offer = {k: v for k, v in record.body.items() if k not in _NOT_OF_AN_OFFER}
        asker = Asker(node.settings.did, node.settings.space, node.clock.now())
        found = page({**dataset, "hasPolicy": [{"@type": "Offer", **offer}]}, asker)
        with self._lock:
            self._pages[at] = (now, found)
            self._titles[record.counterparty, record.dataset_id] = found["title"]
            for kept, most in ((self._pages, _KEPT), (self._titles, 64 * _KEPT)):
                while len(kept) > most:
                    kept.popitem(last=False)
        return found

    def at_hand(self, node: Node, record: AgreementRecord) -> Mapping[str, Any] | None:
        """Give the page of a contract's product if it is had soon; None if not, or never."""
        if (found := self._fresh(record)) is not None:
            return found
        if self.pool.is_ready:
            self._begin(node, record).wait(_MOMENT)
        else:  # nobody works for us here: a process that opens and ends
            with suppress(VoileError):
                self.of(node, record)
        return self._fresh(record)

    def _fresh(self, record: AgreementRecord) -> Mapping[str, Any] | None:
        with self._lock:
            made, found = self._pages.get((record.counterparty, record.id), (0.0, None))
        return found if found is not None and time.monotonic() - made < _SECONDS else None

    def learn(self, node: Node, records: Sequence[AgreementRecord]) -> None:
        """Ask for titles that are not known, a few at once; whoever waits does so for a moment."""
        if not self.pool.is_ready:
            return
        with self._lock:
            wanted = [
                record
                for record in records
                if (record.counterparty, record.dataset_id) not in self._titles
                and record.negotiation not in self._tried
            ][:_LEARNT]
            self._tried.update(record.negotiation for record in wanted)
        until = time.monotonic() + _MOMENT
        for done in [self._begin(node, record) for record in wanted]:
            done.wait(max(0.0, until - time.monotonic()))

    def _begin(self, node: Node, record: AgreementRecord) -> threading.Event:
        done = threading.Event()

        def work() -> None:
            try:
                self.of(node, record)
            except VoileError as error:  # its id is shown, and it is tried again when it is used
                node.log.info("title-unknown", peer=record.counterparty, code=error.code)
            finally:
                done.set()

        self.pool.submit(work)
        return done

    def title(self, provider: str, product: str) -> Mapping[str, str]:
        """Give a product's title, or its id."""
        with self._lock:
            found = self._titles.get((provider, product), {})
        return {tongue: found.get(tongue) or product for tongue in ("zh", "en")}


def contracts(node: Node, language: Language) -> list[Contract]:
    """List the contracts under which we may ask now, newest first."""
    with node.db.reading() as session:
        found = agreements_page(session, role="consumer", ended=False, concluded=True, limit=MOST)
    records = [(one, modes) for _, one in found if (modes := modes_now(node, one))]
    titles = node.services[Descriptions]
    titles.learn(node, [record for record, _ in records])
    with node.db.reading() as session:
        names = names_of(node, session, (one.counterparty for one, _ in records), language)
    return [
        Contract(
            id=record.id,
            pid=record.negotiation,
            provider=record.counterparty,
            name=names[record.counterparty],
            product=record.dataset_id,
            title=titles.title(record.counterparty, record.dataset_id),
            modes=modes,
            purposes=purposes_of(record),
        )
        for record, modes in records
    ]


def purposes_of(record: AgreementRecord) -> tuple[str, ...]:
    """Give the purposes for which a contract lets one ask."""
    return () if isinstance(record.terms, PolicyError) else purposes_granted(record.terms)


def modes_now(node: Node, record: AgreementRecord) -> tuple[str, ...]:
    """Give the modes of questions that a contract grants now; none if it lets us ask nothing."""
    if not record.in_force or isinstance(record.terms, PolicyError):
        return ()
    modes = granted(record.policy, QUERY_MODE)
    return tuple(modes) if modes and term(record.policy, node.clock.now()) == "open" else ()
