"""How contracts are printed: one process, a list of them, terms as people read them."""

import json
from collections.abc import Mapping
from typing import Any

from connector.faces.cli.client import printable, say, unreadable
from policies.phrase_words import clause as in_words


def say_process(found: Mapping[str, Any], lang: str) -> None:
    """Print one process, and why it ended."""
    zh = lang == "zh"
    say(f"{found['pid']}  {found['state']}  {'对方' if zh else 'with'} {found['counterparty']}")
    if found["agreement"]:
        name = printable(found["agreement"])
        signed = ""
        if "signatures" in found:
            signed = f"  {'签名' if zh else 'signatures'} {found['signatures']}"
        say(f"  {'合约' if zh else 'agreement'} {name}{signed}")
    if found["inFlight"]:
        say(f"  {'正在发送' if zh else 'on its way'}: {found['inFlight']}")
    if ended := found.get("ended"):
        say(f"  {'结束方' if zh else 'ended by'} {ended_line(ended, lang)}")
        for item in ended["reason"]:
            say(f"    {reason_line(item, lang)}")


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
    """Print a list of processes."""
    for row in rows:
        say(f"{row['pid']}  {row['role']:8}  {row['state']:10}  {row['counterparty']}")
        say(f"    {printable(row[about])}")
        if "unreadable" in row:
            say(f"    {unreadable(row, 'en')}")
        if "offerDiffers" in row:
            terms = "other terms than were asked for" if row["offerDiffers"] else "as asked for"
            say(f"    the provider offers: {terms}; see voile negotiation {row['pid']}")


def say_offer(offer: Mapping[str, Any], lang: str) -> None:
    """Print an offer, and in what it differs from what was asked for."""
    zh = lang == "zh"
    policy = offer["policy"]
    name, target = printable(str(policy.get("@id", ""))), printable(str(policy.get("target", "")))
    say(f"{'  要约' if zh else '  offer'} {name}  {target}")
    if offer["unreadable"]:
        say(f"    {unreadable(offer, lang)}")
    say_terms(policy, lang, "    ")
    if not offer["differs"]:
        say("  与所请求的条款相同" if zh else "  the terms are those that were asked for")
        return
    if offer["asked"] is None:
        say("  本方未请求过此要约" if zh else "  nothing of it was asked for, as far as we know")
        return
    say("  与所请求的不同之处：" if zh else "  what differs from what was asked for:")
    for item in offer["differences"]:
        sign = "+" if item["change"] == "added" else "-"
        text = (
            in_words(constraint(item["clause"]), 0 if zh else 1)
            if item["clause"]
            else short(item["action"])
        )
        where = (
            f"{item['kind']} {short(item['action'])}: " if item["clause"] else item["kind"] + " "
        )
        say(f"    {sign} {printable(where + text)}")


def title(dataset: Mapping[str, Any], lang: str) -> str:
    """Give a dataset's title in a language, or nothing."""
    titles = dataset.get("dct:title", ())
    for title in titles if isinstance(titles, list) else ():
        if isinstance(title, dict) and title.get("@language") == lang:
            return str(title.get("@value", ""))
    return ""


def say_terms(policy: Mapping[str, Any], lang: str, indent: str = "") -> None:
    """Print the rules of an offer or agreement; what has no known form as it is written."""
    place = 0 if lang == "zh" else 1
    for kind in ("permission", "prohibition", "obligation"):
        rules = policy.get(kind, ())
        for rule in rules if isinstance(rules, list) else ():
            readable = isinstance(rule, dict) and isinstance(rule.get("action"), str)
            action = short(rule["action"]) if readable else _written(rule)
            say(f"{indent}{kind:12}{printable(action)}")
            clauses = rule.get("constraint", ()) if readable else ()
            for clause in clauses if isinstance(clauses, list) else ():
                say(f"{indent}    {in_words(constraint(clause), place)}")


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
