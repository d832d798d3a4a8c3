"""How contracts are printed: one process, a list of them, terms as people read them."""

import json
from collections.abc import Mapping
from typing import Any

from connector.faces.cli.client import printable, put, said, say, unreadable
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded
from crypto.words import Words
from policies.phrase_words import clause as in_words

_WITH = Words("对方", "with")
_AGREEMENT = Words("  合约 {name}", "  agreement {name}")
_SIGNATURES = Words("  签名 {sort}", "  signatures {sort}")
_ON_ITS_WAY = Words("  正在发送: {message}", "  on its way: {message}")
_ENDED_BY = Words("  结束方 {line}", "  ended by {line}")
_SIGNED = {"mutual": "双方", "own": "仅本方", "none": "无", "unchecked": "未核验"}
_ROLES = {"provider": Words("提供方", "provider"), "consumer": Words("使用方", "consumer")}
_OTHER_TERMS = Words(
    "    提供方的要约：条款与所请求的不同；见 voile negotiation {pid}",
    "    the provider offers: other terms than were asked for; see voile negotiation {pid}",
)
_SAME_TERMS = Words(
    "    提供方的要约：与所请求的相同；见 voile negotiation {pid}",
    "    the provider offers: as asked for; see voile negotiation {pid}",
)
_NO_NEGOTIATIONS = Words("没有协商", "no negotiations")
_NO_TRANSFERS = Words("没有传输", "no transfers")
_OFFER = Words("  要约 {name}  {target}", "  offer {name}  {target}")
_AS_ASKED = Words("  与所请求的条款相同", "  the terms are those that were asked for")
_NOT_ASKED = Words("  本方未请求过此要约", "  nothing of it was asked for, as far as we know")
_DIFFERS = Words("  与所请求的不同之处：", "  what differs from what was asked for:")
_STATES = {
    "OPENING": "发起中",
    "REQUESTED": "已请求",
    "OFFERED": "已要约",
    "ACCEPTED": "已接受",
    "AGREED": "已同意",
    "VERIFIED": "已核验",
    "FINALIZED": "已达成",
    "TERMINATED": "已终止",
    "STARTED": "进行中",
    "SUSPENDED": "已暂停",
    "COMPLETED": "已完成",
}
_KINDS = {
    "permission": Words("许可", "permission"),
    "prohibition": Words("禁止", "prohibition"),
    "obligation": Words("义务", "obligation"),
    "target": Words("标的", "target"),
}


def state_of(code: str) -> str:
    """Say a state of the protocol: its name, which both sides know, and in Chinese what it is."""
    return f"{code}（{_STATES[code]}）" if spoken() == "zh" and code in _STATES else code


def state_column(code: str) -> str:
    """Say a state in a column of them."""
    return padded(state_of(code), 20 if spoken() == "zh" else 10)


def role_of(code: str) -> str:
    """Say which side of a process or an agreement we are."""
    return said(_ROLES[code]) if code in _ROLES else code


def signed(sort: str) -> str:
    """Say who signed an agreement: its name, and in Chinese what that is."""
    return _SIGNED.get(sort, sort) if spoken() == "zh" else sort


def say_process(found: Mapping[str, Any]) -> None:
    """Print one process, and why it ended."""
    put(f"{found['pid']}  {state_of(found['state'])}  {said(_WITH)} {found['counterparty']}")
    if found["agreement"]:
        sort = said(_SIGNATURES, sort=signed(found["signatures"])) if "signatures" in found else ""
        put(said(_AGREEMENT, name=found["agreement"]) + sort)
    if found["inFlight"]:
        say(_ON_ITS_WAY, message=found["inFlight"])
    if ended := found.get("ended"):
        say(_ENDED_BY, line=ended_line(ended, spoken()))
        for item in ended["reason"]:
            put(f"    {reason_line(item, spoken())}")


def ended_line(ended: Mapping[str, Any], lang: str) -> str:
    """Say who ended a process and why: in words where the code is known, and the code."""
    code = printable(ended["code"])
    words = reason_line({"code": ended["code"]}, lang)
    if not code:
        return str(ended["by"])
    return f"{ended['by']}: {words} ({code})" if words != code else f"{ended['by']} {code}"


def reason_line(item: Any, lang: str) -> str:
    """Say one reason of an end: in words where its code is known, else as it was written."""
    from policies.phrases import Language, render
    from policies.reasons import Reason as PolicyReason

    if isinstance(item, dict) and isinstance(item.get("code"), str):
        tongue: Language = "zh" if lang == "zh" else "en"
        return printable(render(PolicyReason.from_json(item), tongue))
    if isinstance(item, dict) and isinstance(item.get("@value"), str):  # as JSON-LD writes a text
        return printable(item["@value"])
    return printable(item) if isinstance(item, str) else _written(item)


def say_rows(rows: list[dict[str, Any]], about: str) -> None:
    """Print a list of processes, negotiations about a dataset or transfers of an agreement."""
    if not rows:
        say(_NO_NEGOTIATIONS if about == "dataset" else _NO_TRANSFERS)
    for row in rows:
        role, state = padded(role_of(row["role"]), 8), state_column(row["state"])
        put(f"{row['pid']}  {role}  {state}  {row['counterparty']}")
        put(f"    {printable(row[about])}")
        if "unreadable" in row:
            put(f"    {unreadable(row)}")
        if "offerDiffers" in row:
            say(_OTHER_TERMS if row["offerDiffers"] else _SAME_TERMS, pid=row["pid"])


def say_offer(offer: Mapping[str, Any]) -> None:
    """Print an offer, and in what it differs from what was asked for."""
    policy = offer["policy"]
    say(_OFFER, name=str(policy.get("@id", "")), target=str(policy.get("target", "")))
    if offer["unreadable"]:
        put(f"    {unreadable(offer)}")
    say_terms(policy, "    ")
    if not offer["differs"]:
        say(_AS_ASKED)
        return
    if offer["asked"] is None:
        say(_NOT_ASKED)
        return
    say(_DIFFERS)
    for item in offer["differences"]:
        sign = "+" if item["change"] == "added" else "-"
        put(f"    {sign} {printable(_difference(item))}")


def _difference(item: Mapping[str, Any]) -> str:
    kind = said(_KINDS[item["kind"]]) if item["kind"] in _KINDS else str(item["kind"])
    if not item["clause"]:
        return f"{kind} {short(item['action'])}"
    clause = in_words(constraint(item["clause"]), 0 if spoken() == "zh" else 1)
    return f"{kind} {short(item['action'])}: {clause}"


def title(dataset: Mapping[str, Any], lang: str) -> str:
    """Give a dataset's title in a language, or nothing."""
    titles = dataset.get("dct:title", ())
    for title in titles if isinstance(titles, list) else ():
        if isinstance(title, dict) and title.get("@language") == lang:
            return str(title.get("@value", ""))
    return ""


def say_terms(policy: Mapping[str, Any], indent: str = "") -> None:
    """Print the rules of an offer or agreement; what has no known form as it is written."""
    place = 0 if spoken() == "zh" else 1
    for kind in ("permission", "prohibition", "obligation"):
        rules = policy.get(kind, ())
        for rule in rules if isinstance(rules, list) else ():
            readable = isinstance(rule, dict) and isinstance(rule.get("action"), str)
            action = short(rule["action"]) if readable else _written(rule)
            put(f"{indent}{padded(said(_KINDS[kind]), 12)}{printable(action)}")
            clauses = rule.get("constraint", ()) if readable else ()
            for clause in clauses if isinstance(clauses, list) else ():
                put(f"{indent}    {in_words(constraint(clause), place)}")


def constraint(clause: Any) -> str:
    """Write a constraint as people read it; one of no known form as it is written."""
    if not isinstance(clause, dict):
        return _written(clause)
    if {"leftOperand", "operator", "rightOperand"} <= clause.keys():
        right = clause["rightOperand"]
        values = right if isinstance(right, list) else [right]
        shown = ", ".join(short(v) if isinstance(v, str) else _written(v) for v in values)
        left, operator = (short(str(clause[key])) for key in ("leftOperand", "operator"))
        return printable(f"{left} {operator} {shown}")
    if len(clause) == 1 and isinstance(inner := next(iter(clause.values())), list):
        parts = "; ".join(constraint(item) for item in inner)
        return printable(f"{short(next(iter(clause)))}: {parts}")
    return _written(clause)


def _written(value: Any) -> str:
    """Write what has no words of ours as JSON, in one line."""
    return printable(json.dumps(value, ensure_ascii=False))


def short(iri: str) -> str:
    """Write an IRI of ours without its namespace, a term of ODRL without its prefix."""
    return iri.removeprefix("https://w3id.org/voile/ns/").removeprefix("odrl:")
