"""Step 4: the buyer agrees with three suppliers; both sides' signatures are checked."""

import time
from typing import Any, Final

from connector.demo.processes import Running
from connector.demo.products import DELIVERIES, STOCK
from connector.demo.stage import Stage
from connector.faces.cli.client import Management

_WAIT_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_ENDED: Final = frozenset({"FINALIZED", "TERMINATED"})
_STAGES: Final = ("AGREED", "VERIFIED", "FINALIZED")


def run(stage: Stage) -> None:
    """Negotiate five contracts, all at once, to FINALIZED."""
    first = stage.suppliers[0]
    wanted = [(first, DELIVERIES, "reliability"), (first, DELIVERIES, "taster")]
    wanted += [(supplier, STOCK, "planning") for supplier in stage.suppliers]
    opened = []
    for supplier, dataset, offer in wanted:
        body = {
            "provider": supplier.did,
            "dataset": dataset,
            "offer": _offer_id(stage, supplier, dataset, offer),
        }
        opened.append(stage.buyer.manage.post("/v1/negotiations", body)["pid"])
    for (supplier, dataset, offer), pid in zip(wanted, opened, strict=True):
        found = _await_end(stage.buyer.manage, pid)
        what = f"{dataset} ({offer}) · {supplier.party.slug}"
        if not stage.check(
            f"{what}: FINALIZED",
            f"{what}：已签订",
            ok=found["state"] == "FINALIZED",
            detail=str(found),
        ):
            continue
        stage.agreements[supplier.party.slug, dataset, offer] = found["agreement"]
        _check_signatures(stage, supplier, found["agreement"], what)


def _check_signatures(stage: Stage, supplier: Running, agreement: str, what: str) -> None:
    """Both sides hold the same three signatures: provider's, consumer's, provider's again."""
    ours = stage.buyer.manage.get(f"/v1/agreements/{agreement}")
    theirs = _await_mutual(supplier.manage, agreement)
    signers = [(found["stage"], found["signer"]) for found in ours["stages"]]
    expected = list(zip(_STAGES, (supplier.did, stage.buyer.did, supplier.did), strict=True))
    same = [s["jws"] for s in ours["stages"]] == [s["jws"] for s in theirs["stages"]]
    stage.check(
        f"{what}: signed by both sides, and both hold the same signatures",
        f"{what}：双方均已签名，且持有相同的签名",
        ok=ours["signatures"] == theirs["signatures"] == "mutual"
        and [(str(s).upper(), d) for s, d in signers] == expected
        and same
        and ours["body"] == theirs["body"],
        detail=f"{ours['signatures']} / {theirs['signatures']}; {signers}; same: {same}",
    )


def _offer_id(stage: Stage, supplier: Running, dataset: str, offer: str) -> str:
    """The id of a named offer, as the provider's own catalogue shows it to the buyer."""
    catalog = stage.buyer.manage.post("/v1/catalog", {"provider": supplier.did})
    for found in catalog["dataset"]:
        if found["@id"] == dataset:
            for policy in found["hasPolicy"]:
                if f":{offer}:" in policy["@id"]:
                    return str(policy["@id"])
    return f"{dataset}:{offer}"


def _await_end(client: Management, pid: str) -> dict[str, Any]:
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        found: dict[str, Any] = client.get(f"/v1/negotiations/{pid}")
        if found["state"] in _ENDED or time.monotonic() > until:
            return found
        time.sleep(_POLL_SECONDS)


def _await_mutual(client: Management, agreement: str) -> dict[str, Any]:
    """The provider concludes when the consumer has acknowledged its last message."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        found: dict[str, Any] = client.get(f"/v1/agreements/{agreement}")
        if found["signatures"] == "mutual" or time.monotonic() > until:
            return found
        time.sleep(_POLL_SECONDS)
