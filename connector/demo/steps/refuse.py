"""Step 7, first part: what has to be refused is refused, and the refusal says what to do next."""

import hashlib
import http.client
import json
import os
import time
from typing import Any, Final

from connector.demo.processes import Running
from connector.demo.products import DELIVERIES
from connector.demo.questions import FINEST, TASTES
from connector.demo.results import Refusal, Text
from connector.demo.stage import Stage, refusal_of
from connector.demo.steps.ask import body_of, put
from crypto.b64 import b64url
from crypto.keys import SigningKey
from crypto.tokens import Binding, mint

_UNAUTHORIZED: Final = 401


def run(stage: Stage) -> None:
    """Try what the contracts do not grant, and what nobody may do."""
    purpose(stage)
    never(stage)
    forged_token(stage)
    used_up(stage)


def purpose(stage: Stage) -> None:
    """A purpose that the contract does not name."""
    body = _ask(stage, "SELECT ship_mode, COUNT(*) FROM delivery_records GROUP BY ship_mode")
    _expect(
        stage,
        "purpose",
        Text("A purpose that the contract does not grant", "合约未授予的用途"),
        body | {"purpose": "credit"},
    )


def never(stage: Stage) -> None:
    """A column that its owner labelled `never`."""
    sql = "SELECT ship_mode, SUM(discount) FROM delivery_records GROUP BY ship_mode"
    _expect(
        stage,
        "never",
        Text("A column labelled `never`", "标为 `never` 的列"),
        _ask(stage, sql),
    )


def used_up(stage: Stage) -> None:
    """The third answer under a contract that grants two."""
    for question in TASTES[:2]:
        put(stage, question, offer="taster")
    _expect(
        stage,
        "count",
        Text("A third answer, where the contract grants two", "合约只授予两次，第三次提问"),
        body_of(stage, TASTES[2], offer="taster"),
    )
    again = put(stage, TASTES[0], offer="taster")
    stage.check(
        "a question that was answered before is still answered, uncharged",
        "已回答过的问题仍可得到原答案，不再计次",
        ok=bool(again["answer"]["cells"]),
    )


def forged_token(stage: Stage) -> None:
    """A real HTTP request in the buyer's name, signed with a key that is not the buyer's."""
    supplier, buyer = stage.suppliers[0], stage.buyer
    path = f"/{supplier.party.slug}/voile/v1/questions"
    body = json.dumps({"questionId": "forged-question", "sql": FINEST.sql}).encode()
    token = mint(
        SigningKey.p256(os.urandom(48)),
        issuer=buyer.did,
        audience=supplier.did,
        kid=_token_kid(buyer),
        now=int(time.time()),
        jti=b64url(os.urandom(16)),
        binding=Binding(
            method="POST", path=path, body_digest=b64url(hashlib.sha256(body).digest())
        ),
    )
    status, answer = _post(supplier, path, body, token)
    error = answer.get("error", {}) if isinstance(answer, dict) else {}
    refused = status == _UNAUTHORIZED and "answer" not in answer
    note(
        stage,
        Refusal(
            name="token",
            title=Text("A forged token in the buyer's name", "冒用采购方名义的伪造令牌"),
            tried=f"POST {path}  Authorization: Bearer {token[:24]}…",
            refused=refused,
            code=f"{status} {error.get('code', '')}",
            why=Text(str(error.get("message", answer)), "请求未通过身份验证"),
            next_step=Text(str(error.get("next", "")), "请以已认证参与方的新令牌重新发送"),
        ),
    )


def _expect(stage: Stage, name: str, title: Text, body: dict[str, Any]) -> None:
    error, why, following, code = refusal_of(stage.buyer.manage, "/v1/questions", body)
    note(
        stage,
        Refusal(
            name=name,
            title=title,
            tried=f"{body['sql']}  ({body['purpose']})",
            refused=error is not None and bool(error.reasons),
            code=code,
            why=why,
            next_step=following,
        ),
    )


def note(stage: Stage, refusal: Refusal) -> None:
    """Keep a refusal for the report, and check that it was one, with words and a next step."""
    stage.findings.refusals.append(refusal)
    stage.check(
        f"refused, with a reason and a next step: {refusal.title.en}",
        f"已拒绝，并给出原因与下一步：{refusal.title.zh}",
        ok=refusal.refused and bool(refusal.why.en) and bool(refusal.next_step.en),
        detail=f"{refusal.code}: {refusal.why.en} → {refusal.next_step.en}",
    )


def _ask(stage: Stage, sql: str) -> dict[str, Any]:
    return {
        "agreements": [stage.agreement(stage.suppliers[0].party.slug, DELIVERIES, "reliability")],
        "sql": sql,
        "purpose": "deliveryReliability",
        "mode": "masked",
    }


def _token_kid(party: Running) -> str:
    """The id of the party's real token key, as its DID document shows it to everybody."""
    connection = http.client.HTTPConnection("127.0.0.1", party.port, timeout=10)
    try:
        connection.request("GET", f"/{party.party.slug}/did.json")
        document = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return str(document["capabilityInvocation"][0])


def _post(party: Running, path: str, body: bytes, token: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", party.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
