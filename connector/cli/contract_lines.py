"""How contracts are printed: one process, a list of them, terms as people read them."""

import json
from collections.abc import Mapping
from typing import Any

from connector.cli.client import say


def say_process(found: Mapping[str, Any], lang: str) -> None:
    """Print one process, and why it ended."""
    say(f"{found['pid']}  {found['state']}  with {found['counterparty']}")
    if found["agreement"]:
        signed = f"  signatures {found['signatures']}" if "signatures" in found else ""
        say(f"  agreement {found['agreement']}{signed}")
    if found["inFlight"]:
        say(f"  on its way: {found['inFlight']}")
    if ended := found.get("ended"):
        say(f"  ended by {ended['by']} {code_in_words(ended['code'], lang)}".rstrip())
        for item in ended["reason"]:
            say(f"    {_reason(item, lang)}")


def code_in_words(code: str, lang: str) -> str:
    """Say a code that we know in words, beside the code itself."""
    from policies.phrases import PHRASES, render

    return f"{code}: {render(code, 'zh' if lang == 'zh' else 'en')}" if code in PHRASES else code


def _reason(item: Any, lang: str) -> str:
    from policies.phrases import Language, render
    from policies.reasons import Reason as PolicyReason

    if isinstance(item, dict) and isinstance(item.get("code"), str):
        tongue: Language = "zh" if lang == "zh" else "en"
        return render(PolicyReason.from_json(item), tongue)
    if isinstance(item, dict) and isinstance(item.get("@value"), str):  # as JSON-LD writes a text
        return str(item["@value"])
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def say_rows(rows: list[dict[str, Any]], about: str) -> None:
    """Print a list of processes."""
    for row in rows:
        say(f"{row['pid']}  {row['role']:8}  {row['state']:10}  {row['counterparty']}")
        say(f"    {row[about]}")


def title(dataset: Mapping[str, Any], lang: str) -> str:
    """Give a dataset's title in a language, or nothing."""
    titles = dataset.get("dct:title", ())
    for title in titles if isinstance(titles, list) else ():
        if isinstance(title, dict) and title.get("@language") == lang:
            return str(title.get("@value", ""))
    return ""


def constraint(clause: Mapping[str, Any]) -> str:
    """Write a constraint as people read it."""
    if "leftOperand" not in clause:
        (word, inner), *_ = clause.items()
        return f"{short(word)}: " + "; ".join(constraint(item) for item in inner)
    right = clause["rightOperand"]
    values = right if isinstance(right, list) else [right]
    shown = ", ".join(short(str(value)) for value in values)
    return f"{short(clause['leftOperand'])} {short(clause['operator'])} {shown}"


def short(iri: str) -> str:
    """Write an IRI of ours without its namespace, a term of ODRL without its prefix."""
    return iri.removeprefix("https://w3id.org/voile/ns/").removeprefix("odrl:")
