"""What the commands print of evidence: in both languages, a foreign text without what steers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.compose import participant
from connector.faces.cli.evidence_lines import say_dossier, say_history, say_record, say_records
from connector.faces.cli.tongue import speaking
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

EVIL = "did:web:\x1b[31mred"
BRIEF: dict[str, Any] = {
    "index": 7, "time": 1_796_000_000_000, "kind": "ANSWER", "role": "provider", "party": EVIL,
    "name": {"zh": EVIL, "en": EVIL}, "agreement": EVIL, "process": EVIL, "decision": "allow",
    "line": {"zh": f"甲 {EVIL}", "en": f"a {EVIL}"},
}  # fmt: skip
DOSSIER: dict[str, Any] = {
    "agreement": EVIL, "product": EVIL, "party": EVIL, "name": BRIEF["name"],
    "policy": [{"zh": "允许提问", "en": "allowed is questions"}],
    "gaps": [{"code": "end-missing", "leaf": None, "text": {"zh": "没有", "en": "none"}}],
    "events": [{"stage": "answers", "record": BRIEF}], "leftOut": 3, "cut": True,
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_searches_and_records(
    party: Callable[..., Party], capsys: pytest.CaptureFixture[str], language: Any
):
    """As the management API gives them; with and without a head that covers."""
    acme = party("acme", areas=participant.AREAS)
    with acme.node.db.transaction() as tx:
        leaf = tx.append(Entry(kind="REFUSAL", counterparty=EVIL, process="p"))
    for sign in (False, True):
        if sign:
            acme.node.checkpoints.sign()
        record = acme.manage("GET", f"/v1/evidence/{leaf.index}")[1]
        page = acme.manage("GET", "/v1/evidence?limit=1")[1]
        with speaking(language):
            say_record(record)
            say_records(page)
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert record["leafHash"] in out
        assert f"--before {page['next']}" in out
        assert (record["head"] is not None) == sign
        covered = [step["sibling"] in out for step in (record["head"] or {"path": ()})["path"]]
        assert all(covered)
        assert ("谁" in out) == (language == "zh")
    with speaking(language):
        say_records({**page, "records": [], "kinds": {}, "next": None, "lookedTo": 1})
    assert "1970-01-01" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_dossiers_and_histories(capsys: pytest.CaptureFixture[str], language: Any):
    """What lacks is said; near questions are named as a pair."""
    history = {
        "questions": [], "next": None, "compared": ["q-1", "q-2", "q-3"],
        "overlap": [[100, 60, 10], [60, 100, 20], [10, 20, 100]],
    }  # fmt: skip
    with speaking(language):
        say_dossier(DOSSIER)
        say_dossier({**DOSSIER, "gaps": [], "leftOut": 0, "cut": False})
        say_history(history)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.count("60%") == 1
    assert "10%" not in out
    lacks, none = (
        ("缺失：没有", "没有缺失") if language == "zh" else ("lacks: none", "nothing lacks")
    )
    assert lacks in out
    assert none in out
