"""What the kit says in a process, by kind and word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.tck import bodies, schemas
from tests.tck.voice import CaseFailedError

if TYPE_CHECKING:
    from tests.tck.play import Play

ERRORS: Final = {"negotiation": "ContractNegotiationError", "transfer": "TransferError"}
STATES: Final = {"negotiation": "ContractNegotiation", "transfer": "TransferProcess"}


class _Saying:
    """Sends one message of a process to its path below `<base>/<kind>s/<pid>`."""

    def __init__(self, path: str, type_: str, **keys: Any) -> None:
        self._path = path
        self._type = type_
        self._keys = keys

    def __call__(self, play: Play, *, refused: bool) -> None:
        url = f"{play.peer_base}/{play.case.kind}s/{play.peer_pid}/{self._path}"
        message = bodies.message(self._type, **play.pids, **self.more(play))
        answer = play.voice.post(url, message, refused=refused)
        if refused:
            found = schemas.check(answer, ERRORS[play.case.kind])
            for pid, value in play.pids.items():
                if found[pid] != value:
                    raise CaseFailedError(f"the error's `{pid}` is {found[pid]!r}")
        elif answer is not None:
            schemas.check(answer, STATES[play.case.kind])

    def more(self, play: Play) -> dict[str, Any]:
        """Give the keys that this message has beside its pids."""
        del play
        return self._keys


class _Counter(_Saying):
    def more(self, play: Play) -> dict[str, Any]:
        offer = bodies.offer(play.offer_id, play.target, assignee=bodies.KIT)
        return {"offer": offer}


class _Offer(_Saying):
    def more(self, play: Play) -> dict[str, Any]:
        parties = {"assignee": bodies.CONNECTOR, "assigner": bodies.KIT}
        return {"offer": bodies.offer(play.offer_id, play.target, **parties)}


class _Agreement(_Saying):
    def more(self, play: Play) -> dict[str, Any]:
        return {"agreement": bodies.agreement(play.target), "callbackAddress": play.callback}


class _Start(_Saying):
    def more(self, play: Play) -> dict[str, Any]:
        first = play.case.role == "provider" and not play.starts
        play.starts += 1
        return {"dataAddress": bodies.data_address() if first else None}


def _open(play: Play, *, refused: bool) -> None:
    """Ask for a contract or a transfer."""
    if play.case.kind == "negotiation":
        keys: dict[str, Any] = {"offer": bodies.offer(play.offer_id, play.target)}
        type_ = "ContractRequestMessage"
    else:
        keys = {"agreementId": play.case.seed, "format": bodies.FORMAT}
        type_ = "TransferRequestMessage"
    message = bodies.message(type_, consumerPid=play.own_pid, callbackAddress=play.callback, **keys)
    url = f"{play.stage.base}/{play.case.kind}s/request"
    answer = play.voice.post(url, message, refused=refused)
    found = schemas.check(answer, STATES[play.case.kind])
    if found["consumerPid"] != play.own_pid or found["state"] != "REQUESTED":
        raise CaseFailedError(f"the answer names {found['consumerPid']!r} in {found['state']!r}")
    play.peer_pid = found["providerPid"]


def _webhook(play: Play, *, refused: bool) -> None:
    """Tell the connector to begin."""
    told = {"providerId": bodies.KIT, "connectorAddress": play.callback}
    if play.case.kind == "negotiation":
        told |= {"offerId": play.offer_id, "datasetId": play.target}
    else:
        told |= {"agreementId": play.case.seed, "format": bodies.FORMAT}
    play.voice.post(f"{play.stage.webhooks}/{play.case.kind}s", told, refused=refused)


SAYS: Final = {
    "negotiation": {
        "webhook": _webhook,
        "request": _open,
        "counter": _Counter("request", "ContractRequestMessage"),
        "offer": _Offer("offers", "ContractOfferMessage"),
        "accept": _Saying("events", "ContractNegotiationEventMessage", eventType="ACCEPTED"),
        "agreement": _Agreement("agreement", "ContractAgreementMessage"),
        "verify": _Saying("agreement/verification", "ContractAgreementVerificationMessage"),
        "finalize": _Saying("events", "ContractNegotiationEventMessage", eventType="FINALIZED"),
        "terminate": _Saying("termination", "ContractNegotiationTerminationMessage", code="1"),
    },
    "transfer": {
        "webhook": _webhook,
        "request": _open,
        "start": _Start("start", "TransferStartMessage"),
        "suspend": _Saying("suspension", "TransferSuspensionMessage", code="1"),
        "complete": _Saying("completion", "TransferCompletionMessage"),
        "terminate": _Saying("termination", "TransferTerminationMessage", code="1"),
    },
}
