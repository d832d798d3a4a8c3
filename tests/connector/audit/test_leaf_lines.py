"""Each kind and state that the source writes into a leaf has words in both languages."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import connector
from connector.areas.audit import leaf_words as w
from connector.areas.audit.leaf_lines import Names, line_of, step_of
from contracts import messages, negotiation, transfer
from contracts.cohort import states
from contracts.evidence import KINDS, parse_leaf
from crypto.words import LANGUAGES, verbatim
from tests.fixtures.homes.pack import unpack, versions
from tests.sources import nodes, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(connector.__file__).parent
# functions that hand a state on from tables: what may come of them
TABLED = {
    "areas/dsp/evidence.py": ("NEGOTIATION", "TRANSFER"),  # states of the two machines
    "areas/dsp/signing.py": ("AGREEMENT",),  # stages of a signature
    "areas/cohort/evidence.py": ("COHORT", "ANSWER"),  # states of the three machines
    "areas/delivery/evidence.py": ("TRANSFER",),
    "areas/hub/certifying.py": ("CERTIFICATION",),  # where an act leads to
    "areas/membership/certification.py": ("CERTIFICATION",),  # what the hub says of us
    "areas/dsp/owner_decisions.py": ("AGREEMENT",),
    "evidence/checkpoints.py": ("CONFIGURATION",),
    "areas/people/approval_doing.py": ("CONFIGURATION",),  # done or failed
    "areas/audit/reads.py": ("ACCESS",),  # as pages and operations declare it: test_every_reading
}


SOMEBODY = Names(party=lambda _did: verbatim("某甲", "Somebody"))

FILES = sorted(HERE.rglob("*.py"))


def uses(name: str, folder: Path, files: list[Path]) -> Iterator[tuple[Path, ast.Call]]:
    """Calls of a function in its own folder."""
    for path in files:
        if path.parent == folder:
            for node in nodes(path, ast.Call):
                if name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                    yield path, node


def calls() -> Iterator[tuple[Path, ast.Module, ast.Call]]:
    """Every place that makes an entry."""
    for path in FILES:
        for node in nodes(path, ast.Call):
            if getattr(node.func, "id", "") == "Entry":
                yield path, parsed(path), node


def values(path: Path, tree: ast.Module, node: ast.expr | None, call: ast.AST) -> set[str] | None:
    """What an expression may be; None where that is not to be read."""
    if node is None:
        return {""}
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        both = [values(path, tree, side, call) for side in (node.body, node.orelse)]
        return None if None in both else set().union(*both)  # type: ignore[arg-type]
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        first, last = node.values
        ends = values(path, tree, getattr(last, "value", None), call)
        return None if ends is None else {f"{ast.unparse(first)[1:-1]}{end}" for end in ends}
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    name = "connector." + ".".join(path.relative_to(HERE).with_suffix("").parts)
    found = importlib.import_module(name)
    try:
        value = eval(ast.unparse(node), vars(found))
    except (NameError, AttributeError):
        return passed(path, tree, node, call)
    return {value} if isinstance(value, str) else None


def passed(path: Path, tree: ast.Module, node: ast.expr, call: ast.AST) -> set[str] | None:
    """What callers in the same file give for a parameter."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or call not in set(ast.walk(function)):
            continue
        names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
        if getattr(node, "id", None) not in names:
            return None
        place = names.index(node.id)  # type: ignore[attr-defined]
        found: set[str] = set()
        private = function.name.startswith("_")
        for at, use in uses(function.name, path.parent, [path] if private else FILES):
            named = {each.arg: each.value for each in use.keywords}
            given = named.get(names[place]) or (use.args[place] if place < len(use.args) else None)
            some = values(at, parsed(at), given, use)
            if some is None and at.relative_to(HERE).as_posix() not in TABLED:
                return None
            found |= some or set()
        return found
    return None


def written() -> Iterator[tuple[str, str, str]]:
    """File, kind and state of each entry that is made."""
    for path, tree, call in calls():
        named = {each.arg: each.value for each in call.keywords}
        where = path.relative_to(HERE).as_posix()
        kinds = values(path, tree, named.get("kind"), call)
        told = values(path, tree, named.get("to_state"), call)
        if kinds is None or told is None:
            assert where in TABLED, f"{where}:{call.lineno}: states that this test cannot read"
            continue
        yield from ((where, kind, state) for kind in kinds for state in told)


@pytest.mark.long
def test_every_state_that_the_source_writes_has_words():
    """None is left to be shown raw."""
    found = {(where, kind, state) for where, kind, state in written() if kind or state}
    assert len(found) > 15, "the source was read"
    lacking = [entry for entry in found if step_of({"kind": entry[1], "to": entry[2]}) is None]
    assert lacking == []
    assert {"PERSON_INVITED", "APPROVAL_REQUESTED", "EXPORTED"} <= {state for _, _, state in found}


def test_every_state_of_the_machines_has_words():
    """Negotiations, transfers and sessions of totals, and the stages of signatures."""
    for kind, table in (("NEGOTIATION", negotiation.TABLE), ("TRANSFER", transfer.TABLE)):
        for state in table.rows.values():
            assert state in w.STATES
            assert step_of({"kind": kind, "to": state}) is not None
    for table in (states.PROVIDER, states.AGGREGATOR):
        for state in table.values():
            assert step_of({"kind": "COHORT", "to": state}) is not None, state
    for state in ("DONE", "FAILED"):
        assert step_of({"kind": "CONFIGURATION", "to": f"APPROVAL_{state}"}) is not None
    for state in ("ENDED", "ANSWERED"):
        kind = "ANSWER" if state == "ANSWERED" else "COHORT"
        assert step_of({"kind": kind, "to": state}) is not None
    assert set(w.KINDS) == KINDS


def test_every_message_of_the_protocol_has_words():
    """Whatever a peer may send within a process is said."""
    made = {
        name
        for name, value in vars(messages).items()
        if inspect.isclass(value) and name.startswith(("Contract", "Transfer"))
        if name.endswith("Message")
    }
    assert len(made) >= 11
    assert made <= set(w.MESSAGES)


@pytest.mark.parametrize("version", versions())
def test_every_leaf_of_old_homes_is_one_line(version: str, tmp_path: Path):
    """In both languages; nothing in it is left unsaid, and no English stands in the Chinese."""
    unpack(version, tmp_path)
    seen = 0
    for path in sorted(tmp_path.glob("*/data/voile.db")):
        with closing(sqlite3.connect(path)) as db:
            for (entry,) in db.execute("select entry from log_entry"):
                leaf = parse_leaf(bytes(entry))
                line = line_of(leaf, SOMEBODY)
                assert step_of(leaf) is not None or "msg" in leaf
                for language in LANGUAGES:
                    said = line.said(language)
                    assert not {"—", "{"} & {*said}, (leaf, said)
                    seen += 1
                bare = line_of(bared(leaf), SOMEBODY)
                letters = [c for c in bare.said("zh") if c.isascii() and c.isalpha()]
                assert letters == [], bare.said("zh")
    assert seen > 100


def bared(leaf: Mapping[str, Any]) -> dict[str, Any]:
    """A leaf without the ids and codes that stand in a line as they are."""
    short = {key: value for key, value in leaf.items() if key not in ("agreement", "actor")}
    policy = {key: value for key, value in leaf.get("policy", {}).items() if key == "decision"}
    query = {
        key: value
        for key, value in leaf.get("query", {}).items()
        if key in ("cells", "released", "withheld", "outcome", "bytes", "table")
    }
    return {**short, "policy": policy, "query": query}


def test_a_line_says_who_what_why_and_the_result():
    """In the words of the reader; what is not known is not guessed."""
    leaf = {
        "kind": "REFUSAL", "role": "provider", "counterparty": "did:web:b", "agreement": "urn:a",
        "actor": "peer", "msg": {"direction": "out", "type": "Refusal", "id": "q"}, "corr": "x",
        "policy": {"decision": "deny", "reasons": ["policy.date-time", "made.up"]},
    }  # fmt: skip
    line = line_of(leaf, Names(party=lambda _did: verbatim("博特", "Bolt")))
    assert line.what.said("en") == "a refusal reached Bolt"
    assert line.what.said("zh") == "向博特送达一次拒绝"
    assert line.who.said("en") == "on a message of Bolt"
    assert "made.up" in line.why.said("en")
    assert "policy.date" not in line.why.said("en")
    unknown = line_of({"kind": "NEWER", "to": "NEW"})
    assert json.dumps(unknown.said("en")) == '"NEWER: NEW"'


def test_a_line_leaves_out_what_is_not_recorded():
    """Who acted at whose message, and nothing that says nothing."""
    name = Names(party={"did:web:b": verbatim("博特", "Bolt")}.__getitem__)
    searched = {"kind": "ACCESS", "role": "participant", "to": "SEARCHED", "actor": "person:p1"}
    assert line_of(searched, name).said("en") == "person p1: an auditor searched the evidence"
    assert line_of(searched, name).said("zh") == "人员 p1：审计员检索了证据"
    signed = {
        "kind": "AGREEMENT", "role": "provider", "to": "AGREED", "counterparty": "did:web:b",
        "agreement": "urn:a", "actor": "peer",
    }  # fmt: skip
    said = line_of(signed, name)
    assert said.said("en") == (
        "on a message of Bolt: the provider signed the agreement (with Bolt); under agreement urn:a"
    )
    assert said.said("zh") == "收到博特的消息后：提供方签署了合约（与博特）；依据合约 urn:a"
    unsigned = {key: value for key, value in signed.items() if key != "actor"}
    assert line_of(unsigned, name).said("en").startswith("the provider signed the agreement")
