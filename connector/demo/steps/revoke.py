"""Step 7, second part: a supplier is revoked exactly between the two phases of a total.

The buyer's connector is held between the phases by the test setting `cohort_gate`. The operator
revokes the supplier; when the push is acknowledged the session goes on, and has to end without an
answer and without a charge. Then the supplier applies anew, and the same question is answered.
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from connector.demo.processes import GATE
from connector.demo.questions import COSTS
from connector.demo.results import Refusal, Text
from connector.demo.stage import Stage, words_of
from connector.demo.steps import certify
from connector.demo.steps.ask import body_of, put
from connector.demo.steps.refuse import note
from connector.faces.cli import deciding
from connector.faces.cli.client import Failed

_WAIT_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02


def run(stage: Stage) -> None:
    """Revoke the last supplier in the middle of a session, and certify it again afterwards."""
    supplier = stage.suppliers[-1]
    left = _left(stage)
    with ThreadPoolExecutor(1) as pool:
        asked, held = _ask_and_hold(stage, pool)
        stage.check(
            "the session has come through its first phase, and waits",
            "会话已完成第一阶段，正在等待",
            ok=held,
            detail=_said(asked),
        )
        try:
            seen = deciding.line_of(stage.hub.manage, "participants", supplier.did)["digest"]
            serial = stage.hub.manage.post(
                "/v1/hub/participants/revoke",
                {"did": supplier.did, "reason": "revoked by the demonstration", "seen": seen},
            )["serial"]
            pushed = certify.await_push(stage.hub.manage, serial)
        finally:
            (stage.buyer.home / GATE).unlink(missing_ok=True)
        slowest = max((line["seconds"] or 0 for line in pushed["connectors"]), default=0)
        stage.check(
            f"the revocation was acknowledged by every connector within {slowest:.2f} s",
            f"撤销在 {slowest:.2f} 秒内得到每个连接器的确认",
            ok=pushed["complete"],
            detail=str(pushed["connectors"]),
        )
        _expect_refused(stage, asked)
    certify.certify(stage, supplier)
    after = _left(stage)
    stage.check(
        "the session that ended was not charged",
        "被中止的会话未计次",
        ok=bool(left) and after == left,
        detail=f"{left} before, {after} after",
    )
    found = put(stage, COSTS)
    stage.check(
        "certified again, the same three suppliers answer the same question",
        "重新认证后，同样三家供应方回答了同一问题",
        ok=bool(found["answer"]["cells"]),
    )


def _ask_and_hold(stage: Stage, pool: ThreadPoolExecutor) -> tuple[Future[dict[str, Any]], bool]:
    """Ask, and wait until the session stands between its phases."""
    gate = stage.buyer.home / GATE
    reached = gate.with_name(f"{GATE}.reached")
    reached.unlink(missing_ok=True)
    gate.touch()
    asked = pool.submit(stage.buyer.manage.post, "/v1/questions", body_of(stage, COSTS))
    until = time.monotonic() + _WAIT_SECONDS
    while not reached.exists() and not asked.done() and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
    return asked, reached.exists() and not asked.done()


def _expect_refused(stage: Stage, asked: Future[dict[str, Any]]) -> None:
    error = asked.exception()
    if isinstance(error, Failed):
        why, following, code = words_of(error)
        refused = bool(error.reasons)
    else:
        said = _said(asked)
        why, following, code, refused = Text(said, said), Text("", ""), "", False
    note(
        stage,
        Refusal(
            name="revoked",
            title=Text("A supplier revoked between the two phases", "供应方在两个阶段之间被撤销"),
            tried=COSTS.sql,
            refused=refused,
            code=code,
            why=why,
            next_step=following,
        ),
    )


def _said(asked: Future[dict[str, Any]]) -> str:
    if not asked.done():
        return "no answer yet"
    error = asked.exception()
    return f"it was answered: {asked.result()}" if error is None else str(error)


def _left(stage: Stage) -> Mapping[str, Any]:
    """What is left of each supplier's count, as each says itself."""
    found = stage.buyer.manage.post("/v1/questions", body_of(stage, COSTS) | {"explain": True})
    usage = found["explain"].get("usage") or {}
    return {did: told.get("left") for did, told in usage.items() if isinstance(told, Mapping)}
