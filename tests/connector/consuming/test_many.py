"""Lists of many rows: each on one page, fifty at a time, also where many changed at once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from connector.areas.dsp.rows import AgreementRow, ProcessRow
from connector.process.ports import unix_ms
from contracts.agreements import agreement_of, message_offer
from tests.areas import AUDIT
from tests.connector.consuming.conftest import WHOLE
from tests.connector.consuming.desk import ENV, Desk
from tests.connector.dsp.area import OPEN, offer_of
from tests.connector.dsp.conftest import Pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock

COUNT = 121


def fill(pair: Pair, count: int) -> None:
    """Write negotiations and their agreements as the protocol would; three at each moment."""
    now = unix_ms(pair.clock.now())
    offer = message_offer(offer_of(OPEN), dataset_id=OPEN)
    body = agreement_of(
        offer,
        agreement_id="urn:a",
        assigner=pair.provider.did,
        assignee=pair.consumer.did,
        now=pair.clock.now(),
    )
    talks = [
        {
            "pid": f"urn:n:{n:05}",
            "kind": "negotiation",
            "role": "consumer",
            "counterparty": pair.provider.did,
            "callback": "https://acme.example",
            "state": "FINALIZED" if n % 2 else "TERMINATED",
            "dataset": OPEN,
            "offer": json.dumps(offer),
            "agreement": f"urn:a:{n:05}",
            "created_ms": now + n // 3,
            "changed_ms": now + n // 3,
        }
        for n in range(count)
    ]
    made = [
        {
            "negotiation": f"urn:n:{n:05}",
            "agreement": f"urn:a:{n:05}",
            "role": "consumer",
            "counterparty": pair.provider.did,
            "dataset": OPEN,
            "body": json.dumps(body | {"@id": f"urn:a:{n:05}"}),
            "consumer_pid": f"urn:n:{n:05}",
            "provider_pid": f"urn:p:{n:05}",
            "signatures": "mutual",
            "agreed_ms": now + n // 3,
            "finalized_ms": now + n // 3,
            "ended_ms": now if n % 2 else None,
            "ended_by": "",
            "ended_why": "",
        }
        for n in range(count)
    ]
    passed = [
        one
        | {
            "pid": f"urn:t:{n:05}",
            "kind": "transfer",
            "state": "STARTED" if n % 2 else "COMPLETED",
            "format": "HttpData-PULL",
        }
        for n, one in enumerate(talks)
    ]
    with pair.consumer.node.db.transaction() as tx:
        tx.session.connection().execute(insert(ProcessRow), [*talks, *passed])
        tx.session.connection().execute(insert(AgreementRow), made)


def walked(desk: Desk, path: str, lines: str) -> list[str]:
    """What all pages show, from the first on, by the link to the next one."""
    seen: list[str] = []
    while path:
        html = desk.get(path)
        assert len(html.encode()) < 150_000
        seen += re.findall(lines, html)
        onward = re.search(r'href="([^"]+)" rel="next"', html)
        path = onward[1].replace("&amp;", "&") if onward else ""
    return seen


@pytest.mark.parametrize(
    ("path", "lines", "halves"),
    [
        ("/negotiations", r'<a href="/negotiations/(urn%3An[^"]+)"', ("?show=over", "?show=open")),
        ("/contracts", r'<a href="/contracts/(urn%3An[^"]+)"', ("?show=open", "?show=ended")),
        (
            "/deliveries",
            r'<a href="/deliveries/(urn%3At[^"]+)"',
            ("?state=running", "?state=completed"),
        ),
    ],
)
def test_each_row_is_on_one_page(pair: Pair, buyer: Desk, path: str, lines: str, halves: tuple):
    fill(pair, COUNT)
    whole = walked(buyer, path, lines)
    assert len(whole) == COUNT
    assert whole == sorted(set(whole), key=lambda name: (int(name[-5:]) // 3, name), reverse=True)
    parts = [name for half in halves for name in walked(buyer, path + half, lines)]
    assert sorted(parts) == sorted(whole)
    assert walked(buyer, path + "?role=provider&direction=out", lines) == []
    assert walked(buyer, f"{path}?party={pair.provider.did}", lines) == whole
    assert walked(buyer, f"{path}?party=did:web:nobody.example", lines) == []


def test_each_dossier_is_on_one_page(party: Callable[..., Party], net: Net, clock: StandingClock):
    provider = party("acme", areas=WHOLE, pin=["bolt"], env=ENV)
    consumer = party("bolt", areas=(*WHOLE, AUDIT), pin=["acme"], env=ENV)
    fill(Pair(provider, consumer, net, clock), COUNT)
    whole = walked(Desk(consumer), "/dossiers", r'<a[^>]* href="/dossiers/(urn%3An[^"?]+)')
    assert len(whole) == COUNT
    assert whole == sorted(set(whole), key=lambda name: (int(name[-5:]) // 3, name), reverse=True)
