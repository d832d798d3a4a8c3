"""EDC's management API, version 3, as far as the scenarios and the measurements need it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

PROTOCOL: Final = "dataspace-protocol-http:2025-1"
NAMESPACE: Final = "https://w3id.org/edc/v0.0.1/ns/"
CONTEXT: Final = {"@vocab": NAMESPACE, "odrl": "http://www.w3.org/ns/odrl/2/"}
ODRL: Final = "http://www.w3.org/ns/odrl.jsonld"
USE: Final[Mapping[str, Any]] = {"permission": [{"action": "use"}]}
ENDED: Final = frozenset({"TERMINATED", "DEPROVISIONED", "FINALIZED", "COMPLETED"})


class ManagementError(Exception):
    """An answer outside 2xx."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"the management API answered {status}: {body[:800]!r}")
        self.status = status


class Management:
    """The API of one connector. Threads share it, each with a connection of its own.

    Args:
        port: of the API.
        name: participant id, for messages.
    """

    def __init__(self, port: int, name: str) -> None:
        self.port = port
        self.name = name
        self._local = threading.local()

    def call(self, method: str, path: str, body: object | None = None) -> Any:
        """Call it; give the parsed answer.

        Raises:
            ManagementError: the answer is no 2xx.
        """
        data = None if body is None else json.dumps(body).encode()
        for last in (False, True):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
                self._local.connection = connection
            try:
                connection.request(
                    method, f"/management/v3/{path}", data, {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                raw = answer.read()
                break
            except (ConnectionError, http.client.RemoteDisconnected):
                connection.close()
                self._local.connection = None
                if last:
                    raise
        if not 200 <= answer.status < 300:
            raise ManagementError(answer.status, raw)
        return json.loads(raw) if raw.strip() else None

    def post(self, path: str, **body: Any) -> Any:
        """Post an object of the EDC vocabulary."""
        return self.call("POST", path, {"@context": CONTEXT, **body})

    def get(self, path: str) -> Any:
        """Read an object."""
        return self.call("GET", path)

    # what it offers

    def asset(self, id_: str, url: str, **properties: str) -> None:
        """Offer bytes behind a URL."""
        address = {"type": "HttpData", "baseUrl": url}
        self.post("assets", **{"@id": id_}, properties=properties, dataAddress=address)

    def policy(self, id_: str, rules: Mapping[str, Any] = USE) -> None:
        """Define a policy."""
        whole = {"@context": ODRL, "@type": "Set", **rules}
        self.post("policydefinitions", **{"@id": id_}, policy=whole)

    def definition(self, id_: str, policy: str, *, group: str = "", access: str = "") -> None:
        """Offer assets (all, or those whose property `group` has a value) under a policy."""
        chosen = [
            {
                "@type": "Criterion",
                "operandLeft": f"{NAMESPACE}group",
                "operator": "=",
                "operandRight": group,
            }
        ]
        self.post(
            "contractdefinitions",
            **{"@id": id_},
            accessPolicyId=access or policy,
            contractPolicyId=policy,
            assetsSelector=chosen if group else [],
        )

    # what it asks for

    def catalog(self, peer: str, address: str, *, limit: int = 50, offset: int = 0) -> Any:
        """Fetch one page of a peer's catalogue."""
        return self.post(
            "catalog/request",
            **_to(peer, address),
            querySpec={"offset": offset, "limit": limit},
        )

    def dataset(self, peer: str, address: str, id_: str) -> Any:
        """Fetch one dataset of a peer."""
        request = {"@type": "DatasetRequest", "@id": id_}
        return self.post("catalog/dataset/request", **request, **_to(peer, address))

    def negotiate(self, peer: str, address: str, offer: Mapping[str, Any], asset: str) -> str:
        """Ask a peer for an offer out of its catalogue; give our id of the negotiation."""
        policy = {**offer, "@context": ODRL, "@type": "Offer", "assigner": peer, "target": asset}
        made = self.post(
            "contractnegotiations",
            **{"@type": "ContractRequest"},
            **_to(peer, address),
            policy=policy,
        )
        return str(made["@id"])

    def transfer(
        self,
        peer: str,
        address: str,
        agreement: str,
        kind: str,
        *,
        destination: Mapping[str, str] | None = None,
        hook: str = "",
    ) -> str:
        """Ask for a transfer; give our id of it.

        Args:
            peer: participant id.
            address: its protocol base.
            agreement: our id of the agreement.
            kind: `HttpData-PUSH` or `HttpData-PULL`.
            destination: where a push goes, `{"baseUrl": …}`.
            hook: URL that hears of the start with the data address of a pull.
        """
        body: dict[str, Any] = {"contractId": agreement, "transferType": kind}
        if destination is not None:
            body["dataDestination"] = {"type": "HttpData", **destination}
        if hook:
            event = {"uri": hook, "events": ["transfer.process.started"], "transactional": False}
            body["callbackAddresses"] = [event]
        made = self.post(
            "transferprocesses", **{"@type": "TransferRequest"}, **_to(peer, address), **body
        )
        return str(made["@id"])

    # how it goes on

    def negotiation(self, id_: str) -> Any:
        """Read a negotiation."""
        return self.get(f"contractnegotiations/{id_}")

    def transfer_process(self, id_: str) -> Any:
        """Read a transfer."""
        return self.get(f"transferprocesses/{id_}")

    def terminate_negotiation(self, id_: str, reason: str = "interop") -> None:
        """End a negotiation."""
        body = {"@type": "TerminateNegotiation", "@id": id_, "reason": reason}
        self.post(f"contractnegotiations/{id_}/terminate", **body)

    def steer(self, id_: str, verb: str, reason: str = "interop") -> None:
        """Suspend, resume or terminate a transfer."""
        body = {"suspend": "SuspendTransfer", "terminate": "TerminateTransfer"}
        given = {"@type": body[verb], "reason": reason} if verb in body else {}
        self.post(f"transferprocesses/{id_}/{verb}", **given)

    def by_peer(self, what: str, pid: str) -> str | None:
        """Find our id of a negotiation or transfer by the id that the peer gave it."""
        criterion = {"operandLeft": "correlationId", "operator": "=", "operandRight": pid}
        found = self.post(f"{what}/request", **{"@type": "QuerySpec"}, filterExpression=[criterion])
        return str(found[0]["@id"]) if found else None

    def state(self, what: str, id_: str) -> str:
        """Read the state only."""
        return str(self.get(f"{what}/{id_}/state")["state"])

    def wait(
        self,
        what: str,
        id_: str,
        states: Collection[str],
        *,
        limit: float = 60,
        every: float = 0.01,
    ) -> str:
        """Wait for one of some states.

        Raises:
            TimeoutError: it is in another after `limit` seconds, or ended otherwise.
        """
        deadline = time.monotonic() + limit
        while (state := self.state(what, id_)) not in states:
            if time.monotonic() > deadline or state in ENDED - {"FINALIZED", "COMPLETED"}:
                found = self.get(f"{what}/{id_}")
                raise TimeoutError(
                    f"{self.name}: {what}/{id_} is {state}, expected {' or '.join(states)}: {found}"
                )
            time.sleep(every)
        return state


def _to(peer: str, address: str) -> dict[str, str]:
    return {"counterPartyId": peer, "counterPartyAddress": address, "protocol": PROTOCOL}


def as_list(value: Any) -> Sequence[Any]:
    """Undo EDC's compaction: one member stands for a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def offers(catalog: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the first offer of each dataset in a catalogue that the API answered."""
    datasets = as_list(catalog.get("dataset", catalog.get("dcat:dataset")))
    return {d["@id"]: as_list(d.get("hasPolicy", d.get("odrl:hasPolicy")))[0] for d in datasets}
