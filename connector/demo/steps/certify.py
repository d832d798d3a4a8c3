"""Step 1: four firms apply; the operator approves; the signed status reaches every connector."""

import time
from typing import Any, Final

from connector.demo.parties import Party
from connector.demo.processes import Running
from connector.demo.stage import Stage
from connector.faces.cli import deciding
from connector.faces.cli.client import Management

_WAIT_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.03


def run(stage: Stage) -> None:
    """Certify the three suppliers and the buyer."""
    waiting = [_apply(firm) for firm in stage.firms]
    stage.check(
        "an application alone certifies nobody",
        "仅提交申请不会获得认证",
        ok=all(found["state"] == "pending" for found in waiting),
    )
    serial = 0
    for firm in stage.firms:
        serial = _approve(stage, firm)
    pushed = await_push(stage.hub.manage, serial)
    stage.check(
        f"the signed status document #{serial} was acknowledged by all four connectors",
        f"已签名的状态文件 #{serial} 得到四个连接器的确认",
        ok=pushed["complete"] and len(pushed["connectors"]) == len(stage.firms),
        detail=str(pushed["connectors"]),
    )
    for firm in stage.firms:
        _check_credential(stage, firm)


def certify(stage: Stage, firm: Running) -> None:
    """Certify one firm (again), and wait until everybody knows."""
    _apply(firm)
    pushed = await_push(stage.hub.manage, _approve(stage, firm))
    _check_credential(stage, firm)
    stage.check(
        f"every connector knows that {firm.party.en} is certified again",
        f"每个连接器都已获知{firm.party.zh}重新获得认证",
        ok=pushed["complete"],
        detail=str(pushed["connectors"]),
    )


def _approve(stage: Stage, firm: Running) -> int:
    """Approve the application that the operator sees; give the serial of the status document."""
    seen = deciding.line_of(stage.hub.manage, "applications", firm.did)["digest"]
    terms = {"did": firm.did, "days": 90, "seen": seen}
    decided = stage.hub.manage.post("/v1/hub/applications/approve", terms)
    return int(decided["serial"])


def _check_credential(stage: Stage, firm: Running) -> None:
    found = _await_certified(firm)
    stage.check(
        f"{firm.party.en} holds its membership credential",
        f"{firm.party.zh}持有成员凭证",
        ok=found.get("standing") == "certified" and bool(found.get("credential")),
        detail=f"{found.get('state')} {found.get('standing')} {found.get('reason')}",
    )


def await_push(hub: Management, serial: int) -> dict[str, Any]:
    """Wait until every connector has acknowledged a status document, or the time is up."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        found: dict[str, Any] = hub.get(f"/v1/hub/pushes/{serial}")
        if found["complete"] or time.monotonic() > until:
            return found
        time.sleep(_POLL_SECONDS)


def _apply(firm: Running) -> dict[str, Any]:
    found: dict[str, Any] = firm.manage.post(
        "/v1/membership/apply",
        {
            "nameEn": firm.party.en,
            "nameZh": firm.party.zh,
            "legalId": _legal_id(firm.party),
            "roles": ["provider" if firm.party.role == "supplier" else "consumer"],
        },
    )
    return found


def _legal_id(party: Party) -> str:
    return f"DEMO-{party.slug.upper()}-0001"


def _await_certified(firm: Running) -> dict[str, Any]:
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        found: dict[str, Any] = firm.manage.get("/v1/membership", refresh=1)
        if found.get("standing") == "certified" or time.monotonic() > until:
            return found
        time.sleep(_POLL_SECONDS)
