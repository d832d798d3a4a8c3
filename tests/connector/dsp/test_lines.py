"""How contracts are printed."""

from __future__ import annotations

from typing import Any

import pytest

from connector.cli.contract_lines import constraint, say_process, say_rows, title

PROCESS: dict[str, Any] = {
    "pid": "urn:uuid:1",
    "state": "TERMINATED",
    "role": "consumer",
    "counterparty": "did:web:p",
    "agreement": "urn:a",
    "signatures": "own",
    "dataset": "stock",
    "inFlight": "Termination",
    "ended": {
        "by": "did:web:p",
        "code": "negotiation.refused",
        "reason": ["sold out", {"code": "agreement.not_mutual", "given": "own"}],
    },
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_process_says_why_it_ended(capsys: pytest.CaptureFixture[str], lang: str):
    """State, agreement, and each reason in the reader's language."""
    say_process(PROCESS, lang)
    said = capsys.readouterr().out
    for part in ("urn:uuid:1", "TERMINATED", "urn:a", "own", "negotiation.refused", "sold out"):
        assert part in said
    assert "agreement.not_mutual" not in said, "a known code is said in words"
    say_rows([PROCESS], "dataset")
    assert "stock" in capsys.readouterr().out


def test_terms_are_readable():
    """IRIs of ours lose their namespace; lists and logic are spelled out."""
    count = {"leftOperand": "count", "operator": "lteq", "rightOperand": "5"}
    mode = {
        "leftOperand": "https://w3id.org/voile/ns/queryMode",
        "operator": "isAnyOf",
        "rightOperand": ["masked", "homomorphic"],
    }
    assert constraint(count) == "count lteq 5"
    assert constraint(mode) == "queryMode isAnyOf masked, homomorphic"
    assert constraint({"or": [count, mode]}) == f"or: {constraint(count)}; {constraint(mode)}"


def test_a_title_in_the_readers_language():
    """The title in the language asked for, or nothing."""
    dataset = {"dct:title": [{"@language": "zh", "@value": "库存"}]}
    assert title(dataset, "zh") == "库存"
    assert title(dataset, "en") == title({}, "zh") == title({"dct:title": "x"}, "zh") == ""
