"""Negotiations, each side asking the other: concluded, ended, refused, tampered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.interop.management import ManagementError, as_list
from tests.interop.registry import scenario
from tests.interop.scene import NEGOTIATIONS, NotHeldError, expect, until
from tests.interop.stage import ASSET, QUESTIONS, TIMED

if TYPE_CHECKING:
    from tests.interop.scene import Scene

OURS, THEIRS = "EDC asks Voile", "Voile asks EDC"
PRODUCT = "parts-0"


@scenario(OURS, "a negotiation is FINALIZED on both sides, under one agreement")
def edc_concludes(scene: Scene) -> str:
    """EDC's agreement says what ours says."""
    id_ = scene.edc_asks(PRODUCT)
    scene.api.wait(NEGOTIATIONS, id_, {"FINALIZED"})
    ours = scene.voile.wait("negotiations", scene.voile.of_peer("negotiations", id_), {"FINALIZED"})
    theirs = scene.api.get(f"{NEGOTIATIONS}/{id_}/agreement")
    full = scene.voile.call("GET", f"/v1/agreements/{ours['agreement']}")["body"]
    seen = (theirs["providerId"], theirs["consumerId"], theirs["assetId"])
    expect(seen == (scene.voile.did, scene.edc.name, PRODUCT), seen, theirs)
    expect((full["assigner"], full["assignee"]) == seen[:2], full)
    expect(ours["signatures"] == "own", ours)
    return "one plain agreement, signed by Voile only"


@scenario(THEIRS, "a negotiation is FINALIZED on both sides, under one agreement")
def voile_concludes(scene: Scene) -> str:
    """The agreement's `@id` is EDC's, verified by us."""
    mine, theirs = scene.voile_agrees(ASSET)
    found = scene.api.get(f"contractagreements/{theirs}")
    body = scene.voile.call("GET", f"/v1/agreements/{mine}")["body"]
    expect(body["assigner"] == scene.edc.name, body)
    expect((found["consumerId"], found["assetId"]) == (scene.voile.did, ASSET), found)
    return "agreed unasked, verified, finalized"


@scenario(OURS, "EDC ends a negotiation before it is concluded")
def edc_ends(scene: Scene) -> str:
    """EDC's termination ends ours too, with its reason, while our agreement is on its way."""
    assert scene.to_edc is not None
    with scene.to_edc.holding("ContractAgreementMessage"):  # else EDC goes on by itself
        id_ = scene.edc_asks(PRODUCT)
        pid = scene.voile.of_peer("negotiations", id_)
        scene.api.wait(NEGOTIATIONS, id_, {"REQUESTED"})
        scene.end_negotiation(id_, "changed our mind")
    found = scene.voile.wait("negotiations", pid, {"TERMINATED"})
    expect(found["ended"]["by"] == scene.edc.name, found)
    until(lambda: "changed our mind" in str(scene.voile.state("negotiations", pid)["ended"]))
    return "TERMINATED on both sides, with the reason"


@scenario(OURS, "Voile ends a negotiation before it is concluded")
def voile_ends_as_provider(scene: Scene) -> str:
    """Our termination reaches EDC while it still thinks; EDC keeps neither code nor reason."""
    id_ = scene.edc_asks(PRODUCT)
    pid = scene.voile.of_peer("negotiations", id_)
    why = {"code": "sold-out", "reason": ["sold out"]}
    scene.voile.call("POST", f"/v1/negotiations/{pid}/terminate", why)
    scene.voile.wait("negotiations", pid, {"TERMINATED"})
    scene.api.wait(NEGOTIATIONS, id_, {"TERMINATED"})
    return "TERMINATED on both sides; EDC keeps no reason that it is told"


@scenario(THEIRS, "EDC ends a negotiation before it is concluded")
def edc_ends_as_provider(scene: Scene) -> str:
    """EDC's owner ends it while our verification is on its way."""
    assert scene.to_edc is not None
    with scene.to_edc.holding("ContractAgreementVerificationMessage"):
        pid = scene.voile.negotiate(scene.edc.name, ASSET)
        found = scene.voile.wait("negotiations", pid, {"AGREED"})
        scene.api.wait(NEGOTIATIONS, found["providerPid"], {"AGREED"})
        scene.end_negotiation(found["providerPid"], "sold out")
    found = scene.voile.wait("negotiations", pid, {"TERMINATED"})
    expect(found["ended"]["by"] == scene.edc.name, found)
    until(lambda: "sold out" in str(scene.voile.state("negotiations", pid)["ended"]))
    return "TERMINATED on both sides, with the reason"


@scenario(THEIRS, "Voile ends a negotiation before it is concluded")
def voile_ends(scene: Scene) -> str:
    """Our termination comes while EDC has not agreed yet."""
    pid = scene.voile.negotiate(scene.edc.name, ASSET)
    found = scene.voile.wait("negotiations", pid, {"REQUESTED"})
    why = {"code": "changed-our-mind", "reason": ["changed our mind"]}
    scene.voile.call("POST", f"/v1/negotiations/{pid}/terminate", why)
    scene.voile.wait("negotiations", pid, {"TERMINATED"})
    scene.api.wait(NEGOTIATIONS, found["providerPid"], {"TERMINATED"})
    return "TERMINATED on both sides"


@scenario(OURS, "an offer that Voile never made is refused")
def edc_asks_for_nothing(scene: Scene) -> str:
    """An unknown offer id is a 400: no negotiation is opened, EDC's ends."""
    before = len(scene.tape.exchanges)
    id_ = scene.edc_asks(PRODUCT, **{"@id": "parts-0:standard:000000000000"})
    scene.api.wait(NEGOTIATIONS, id_, {"TERMINATED"})
    (sent,) = scene.tape.of("edc", "ContractRequestMessage", before)
    expect((sent.status, sent.answer["code"]) == (400, "offer.unknown"), sent)
    listed = scene.voile.call("GET", "/v1/negotiations")["negotiations"]
    expect(not any(id_ == p["consumerPid"] for p in listed), listed)
    return "400 offer.unknown, EDC TERMINATED, nothing here"


@scenario(OURS, "an offer whose terms Voile does not grant is refused")
def edc_asks_for_more(scene: Scene) -> str:
    """EDC asks for a known offer with terms of its own: ended with the clause."""
    rules = [
        {"action": "http://www.w3.org/ns/odrl/2/use"},
        {"action": "http://www.w3.org/ns/odrl/2/distribute"},
    ]
    id_ = scene.edc_asks(PRODUCT, permission=rules)
    scene.api.wait(NEGOTIATIONS, id_, {"TERMINATED"})
    pid = scene.voile.of_peer("negotiations", id_)
    found = scene.voile.wait("negotiations", pid, {"TERMINATED"})
    expect(found["ended"]["by"] == scene.voile.did, found)
    expect(found["ended"]["code"] == "agreement.terms-differs", found)
    return f"ended by Voile with {found['ended']['code']}, on both sides"


@scenario(THEIRS, "an offer that EDC never made is refused")
def voile_asks_for_nothing(scene: Scene) -> str:
    """EDC answers 404 to a request for an unknown offer: ours has ended, and says why."""
    assert scene.to_edc is not None

    def other_offer(_path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if body.get("@type") != "ContractRequestMessage":
            return None
        return {**body, "offer": {**body["offer"], "@id": "bm9uZQ==:bm9uZQ==:bm9uZQ=="}}

    scene.to_edc.change = other_offer
    try:
        pid = scene.voile.negotiate(scene.edc.name, ASSET)
        found = scene.voile.wait("negotiations", pid, {"TERMINATED"})
    finally:
        scene.to_edc.change = None
    expect(found["ended"]["by"] == scene.edc.name, found)
    return f"EDC answered {found['ended']['code']}: TERMINATED here"


@scenario(OURS, "an offer of private questions, whose terms EDC does not know, is agreed in full")
def unknown_terms(scene: Scene) -> str:
    """EDC keeps our terms as they are and agrees; it has no word for a transfer of questions."""
    id_ = scene.edc_asks(QUESTIONS)
    scene.api.wait(NEGOTIATIONS, id_, {"FINALIZED"})
    pid = scene.voile.of_peer("negotiations", id_)
    ours = scene.voile.wait("negotiations", pid, {"FINALIZED"})
    body = scene.voile.call("GET", f"/v1/agreements/{ours['agreement']}")["body"]
    expect({"profile", "odrl:conflict"} <= set(body), "it says less than the offer", body)
    expect(ours["signatures"] == "own", ours)
    agreement = scene.api.negotiation(id_)["contractAgreementId"]
    policy = str(scene.api.get(f"contractagreements/{agreement}")["policy"])
    expect("voile/ns/queryMode" in policy, policy)
    expect("purpose/capacityPlanning" in policy, policy)
    try:
        scene.api.transfer(scene.voile.did, scene.voile.dsp, agreement, "Voile-Question")
    except ManagementError as error:
        expect(error.status == 400, error)
        return "FINALIZED, all terms kept by EDC; its API has no transfer type for questions"
    raise NotHeldError("EDC opened a transfer of questions")


@scenario(THEIRS, "an offer with terms that Voile does not know is not even asked for")
def voile_does_not_understand(scene: Scene) -> str:
    """What we do not understand we do not sign: refused at home, nothing on the wire."""
    before = len(scene.tape.exchanges)
    asked = {"provider": scene.edc.name, "dataset": TIMED}
    status, body = scene.voile.running.manage("POST", "/v1/negotiations", asked)
    expect(status == 403, status, body)
    expect(not scene.tape.of("voile", "ContractRequestMessage", before), "a request was sent")
    clause = as_list(body["error"].get("reasons"))
    expect(bool(clause), body)
    return "refused at home, with the clause"


@scenario(THEIRS, "an agreement that was changed on its way to Voile is refused")
def changed_for_us(scene: Scene) -> str:
    """A term is added to EDC's agreement by somebody on the wire: we end it, EDC learns so."""
    assert scene.to_voile is not None

    def more(_path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if body.get("@type") != "ContractAgreementMessage":
            return None
        rules = [*body["agreement"]["permission"], {"action": "distribute"}]
        return {**body, "agreement": {**body["agreement"], "permission": rules}}

    scene.to_voile.change = more
    try:
        pid = scene.voile.negotiate(scene.edc.name, ASSET)
        found = scene.voile.wait("negotiations", pid, {"TERMINATED"})
    finally:
        scene.to_voile.change = None
    scene.api.wait(NEGOTIATIONS, found["providerPid"], {"TERMINATED"})
    expect(found["ended"]["by"] == scene.voile.did, found)
    listed = scene.voile.call("GET", "/v1/agreements")["agreements"]
    expect(not any(a["inForce"] for a in listed if a["id"] == found["agreement"]), listed)
    return f"ended by Voile with {found['ended']['code']}, on both sides"


@scenario(OURS, "an agreement that was changed on its way to EDC is refused, and Voile notices")
def changed_for_edc(scene: Scene) -> str:
    """EDC answers 400 and stays REQUESTED; our owner sees why, and ends it."""
    assert scene.to_edc is not None

    def more(_path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if body.get("@type") != "ContractAgreementMessage":
            return None
        rules = [*body["agreement"]["permission"], {"action": "distribute"}]
        return {**body, "agreement": {**body["agreement"], "permission": rules}}

    scene.to_edc.change = more
    try:
        id_ = scene.edc_asks(PRODUCT)
        pid = scene.voile.of_peer("negotiations", id_)
        found = until(lambda: _troubled(scene, pid))
        expect(scene.api.state(NEGOTIATIONS, id_) == "REQUESTED", "EDC took the changed agreement")
        return _end_both(scene, id_, pid, found["trouble"])
    finally:
        scene.to_edc.change = None


def _troubled(scene: Scene, pid: str) -> Any:
    found = scene.voile.state("negotiations", pid)
    expect(found["state"] != "FINALIZED", found)
    return found if "the peer says" in found.get("trouble", "") else None


def _end_both(scene: Scene, id_: str, pid: str, trouble: str) -> str:
    scene.voile.call("POST", f"/v1/negotiations/{pid}/terminate", {"code": "agreement-refused"})
    scene.voile.wait("negotiations", pid, {"TERMINATED"})
    scene.api.wait(NEGOTIATIONS, id_, {"TERMINATED"})
    return f"trouble here: `{trouble}`; then ended by Voile"
