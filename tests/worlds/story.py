"""The script: what consumer, operator, auditor and stranger ask, well-formed and nearly so.

Each step is a function of a world. Steps run in this order; what one learns (agreements, ids) the
next may use.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.attack.insider import wait
from tests.worlds import holdings
from tests.worlds.auditing import auditing
from tests.worlds.caller import call, path_label
from tests.worlds.questions import ANSWERED, REFUSED, asking, each, questions
from tests.worlds.renewing import renewing
from tests.worlds.totals import totals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.worlds.space import World

DSP = "/dsp/2025-1"
V1 = "/voile/v1"
CONTEXT = "https://w3id.org/dspace/2025/1/context.jsonld"


def public(world: World) -> None:
    """What anyone, and any member, may read."""
    book = world.book
    for party in (world.acme, world.hub):
        for name, who in (("nobody", None), ("consumer", world.mallory), ("stranger", world.eve)):
            call(book, name, party, "GET", "/did.json", who=who)
            call(book, name, party, "GET", f"{V1}/log/checkpoint", who=who)
            call(book, name, party, "GET", f"{V1}/standing", who=who)
            call(book, name, party, "GET", "/.well-known/dspace-version", who=who)
        call(book, "a checkpoint", party, "POST", f"{V1}/log/checkpoints", b"x\n1\n", who=world.eve)
    for path in ("/register", "/applications/mine", "/status", "/status?have=1"):
        call(book, "a member", world.hub, "GET", V1 + path, who=world.mallory)


def catalog(world: World) -> None:
    """The catalogue of a supplier, and the shared one."""
    book, acme = world.book, world.acme
    message = {"@context": [CONTEXT], "@type": "CatalogRequestMessage"}
    for name, who in (("consumer", world.mallory), ("stranger", world.eve), ("nobody", None)):
        call(book, name, acme, "POST", f"{DSP}/catalog/request", message, who=who)
        for dataset in (holdings.LEDGER, holdings.STOCK, "nothing", "%2e%2e"):
            call(book, name, acme, "GET", f"{DSP}/catalog/datasets/{dataset}", who=who)
    for query in (
        "",
        "?text=ledger",
        "?mode=masked",
        "?domain=production&level=1",
        "?page=9",
        "?x=1",
    ):
        wait(lambda: _hits(world), lambda hits: hits == 4)
        path = f"{V1}/catalog/search{query}"
        call(book, f"search {query}", world.hub, "GET", path, who=world.mallory)
    for dataset in (holdings.LEDGER, "nothing"):
        path = f"{V1}/catalog/{dataset}"
        call(book, "not its owner", world.hub, "DELETE", path, who=world.eve)
    call(book, "no JWS", world.hub, "POST", f"{V1}/catalog", {"description": "x"}, who=world.eve)


def _hits(world: World) -> Any:
    _, found = call(None, "", world.hub, "GET", f"{V1}/catalog/search", who=world.mallory)
    return found["total"]


def negotiation(world: World) -> None:
    """Agreements with every supplier, and what the protocol answers on the way."""
    mallory, acme, book = world.mallory, world.acme, world.book
    mallory.tap.sent.clear()
    world.notes["ledger"] = mallory.agree(acme, holdings.LEDGER)
    world.notes["stock"] = [mallory.agree(s, holdings.STOCK) for s in world.suppliers.values()]
    # when a message is repeated, and which goes first, is chance: the set of answers must be equal
    for seen in sorted({_seen(world, sent) for sent in _of(world)}):
        book.note(f"on the way {seen[0]}", seen[1], [], seen[2].encode(), length=False)
    pid = _pids(world, "negotiations")[0]
    call(book, "its peer", acme, "GET", f"{DSP}/negotiations/{pid}", who=mallory)
    call(book, "a stranger", acme, "GET", f"{DSP}/negotiations/{pid}", who=world.eve)
    for step in (
        "request",
        "offers",
        "events",
        "agreement",
        "agreement/verification",
        "termination",
    ):
        for body in (
            {},
            {"@context": [CONTEXT], "@type": "x", "providerPid": pid, "consumerPid": pid},
        ):
            path = f"{DSP}/negotiations/{pid}/{step}"
            call(book, f"out of order {len(body)}", acme, "POST", path, body, who=mallory)
            call(book, f"a stranger {len(body)}", acme, "POST", path, body, who=world.eve)


def transfer(world: World) -> None:
    """Transfers: state, suspension and resumption by the consumer, messages out of order."""
    mallory, acme, book = world.mallory, world.acme, world.book
    pid = _pids(world, "transfers")[0]
    for who in (mallory, world.eve):
        call(book, "state", acme, "GET", f"{DSP}/transfers/{pid}", who=who)
        for step in ("start", "suspension", "completion", "termination"):
            call(book, "malformed", acme, "POST", f"{DSP}/transfers/{pid}/{step}", {}, who=who)
    agreement = world.notes["ledger"]
    for who in (mallory, world.eve):
        status, found = call(None, "", acme, "GET", f"{V1}/agreements", who=who)
        for one in sorted(found["agreements"], key=lambda one: one["agreement"]["target"]):
            book.note("one of the agreements", status, [], _bytes(one))  # listed by random ids
        call(book, "signed", acme, "GET", f"{V1}/agreements/{agreement}/signatures", who=who)


def versions(world: World) -> None:
    """A new version of the data; then the questions that are answered, once more."""
    world.publish(2)
    each(world, ANSWERED)


def ending(world: World) -> None:
    """The consumer ends its agreement; a stranger cannot."""
    agreement = world.notes["ledger"]
    path = f"{V1}/agreements/{agreement}/end"
    why = {"code": "done", "reason": []}
    call(world.book, "a stranger", world.acme, "POST", path, why, who=world.eve)
    call(world.book, "its peer", world.acme, "POST", path, why, who=world.mallory)
    each(world, (*ANSWERED[:3], *REFUSED[:3]))


def operator(world: World) -> None:
    """What the operator sees of the catalogue and of the standing of all."""
    for path in ("/v1/hub/catalog", "/v1/hub/status"):
        status, body = world.hub.manage("GET", path)
        world.book.note(path, status, [], _bytes(body), length=False)


def _of(world: World) -> list[Any]:
    sent = (sent for sent in world.mallory.tap.sent if "/log/" not in sent.url)
    return [one for one in sent if one.url.startswith(world.acme.url + "/")]


def _seen(world: World, sent: Any) -> tuple[str, int, str]:
    body = json.dumps(world.book.normal.body(sent.answer.body))
    return path_label(f"{sent.method} {sent.url}"), sent.answer.status, body


def _pids(world: World, kind: str) -> list[str]:
    """Give acme's ids of the consumer's processes about the ledger."""
    status, found = world.mallory.manage("GET", f"/v1/{kind}")
    assert status == 200, found
    rows = next(iter(found.values())) if isinstance(found, dict) else found
    named = [row for row in rows if world.acme.did in str(row)]
    return [row.get("peerPid") or row.get("providerPid") or row["pid"] for row in named]


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


STEPS: Final[Mapping[str, Callable[[World], None]]] = {
    "public": public,
    "catalog": catalog,
    "negotiation": negotiation,
    "transfer": transfer,
    "questions": questions,
    "asking": asking,
    "totals": totals,
    "versions": versions,
    "renewing": renewing,
    "operator": operator,
    "auditing": auditing,
    "ending": ending,
}
