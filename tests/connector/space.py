"""A data space in memory: a hub and its connectors, over the real applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connector.areas.hub.status import Renewal
from connector.areas.membership.standing import Watch
from connector.identity.keyring import load_keys, make_keys
from tests.areas import HUB, MEMBERSHIP, OWN, PRODUCTS
from tests.simulators import SeededEntropy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connector.process.ports import Response
    from tests.simulators import Party

HUB_AREAS = (OWN, HUB)
FIRM_AREAS = (
    OWN,
    MEMBERSHIP,
    PRODUCTS,
)


@dataclass
class Space:
    """A hub, and a way to bring firms into its space."""

    hub: Party
    make: Callable[..., Party]

    def firm(
        self, name: str, *, certify: bool = True, pin: Sequence[str] = (), **described: Any
    ) -> Party:
        """Make a connector; apply, approve and learn of it unless told otherwise."""
        firm = self.make(name, areas=FIRM_AREAS, hub=self.hub.did, pin=pin)
        if certify:
            self.apply(firm, **described)
            self.approve(firm)
            assert membership(firm)["standing"] == "certified"
        return firm

    def apply(self, firm: Party, **described: Any) -> Any:
        name = firm.node.settings.public_url.split("//")[1].split(".")[0]
        form = {
            "nameZh": f"{name}公司",
            "nameEn": f"{name} Ltd",
            "legalId": f"ID-{name}",
            "roles": ["provider", "consumer"],
        } | described
        status, body = firm.manage("POST", "/v1/membership/apply", form)
        assert status == 201, body
        return body

    def approve(self, firm: Party, **terms: Any) -> Any:
        body = self.act("applications/approve", firm, **terms)
        self.settle(firm)
        return body

    def act(self, what: str, firm: Party, **terms: Any) -> Any:
        """An act of the operator, as `voile hub` does it; the push is not delivered yet."""
        if not what.startswith("applications") or what.endswith("reject"):
            terms = {"reason": "because"} | terms
        terms = {"seen": self.seen(what, firm)} | terms
        status, body = self.hub.manage("POST", f"/v1/hub/{what}", {"did": firm.did} | terms)
        assert status == 200, body
        return body

    def seen(self, what: str, firm: Party) -> str:
        """What the operator sees of a firm when it decides: the digest that the list names."""
        kind = what.split("/", maxsplit=1)[0]
        state = "?state=pending" if kind == "applications" else ""
        _, body = self.hub.manage("GET", f"/v1/hub/{kind}{state}")
        named = [
            one["digest"] for one in body[kind] if one.get("participant", one)["did"] == firm.did
        ]
        return named[0] if named else "sha-256:none"

    def settle(self, *firms: Party) -> None:
        """Deliver what the hub pushes, then let the firms look once, as their watches would."""
        self.hub.deliver()
        for firm in firms:
            watch(firm)

    def renew(self) -> int:
        return Renewal(self.hub.node).renew()


def watch(firm: Party) -> None:
    """What a connector's watch does every ten seconds."""
    Watch(firm.node).once()
    firm.deliver()


def membership(firm: Party, *, refresh: bool = False) -> Any:
    status, body = firm.manage("GET", "/v1/membership" + ("?refresh=1" if refresh else ""))
    assert status == 200, body
    return body


def call(
    caller: Party,
    callee: Party,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One call between parties, with the caller's token."""
    return caller.node.peers.call(
        callee.did,
        method,
        f"{callee.url}/voile/v1/{quote(path, safe='/?&=%:+')}",  # the way out takes ASCII only
        body=body,
        headers=headers,
    )


def usurped(firm: Party) -> None:
    """Let somebody else have the firm's web host: other keys of token and agreements in its document."""
    node = firm.node
    before = (node.keys.token, node.keys.agreements)
    with node.db.transaction() as tx:
        make_keys(tx, node.secrets, SeededEntropy("thief"))
    fresh = load_keys(node.secrets, firm.did)
    keys = node.keys
    keys.token, keys.token_kid = fresh.token, fresh.token_kid
    keys.agreements, keys.agreements_kid = fresh.agreements, fresh.agreements_kid
    keys.changes += 1
    assert before[0].public != keys.token.public


def forget(*parties: Party) -> None:
    """Let the ten minutes pass for which documents are kept."""
    for party in parties:
        party.node.peers._kept.clear()
        party.node.peers._strangers.clear()
