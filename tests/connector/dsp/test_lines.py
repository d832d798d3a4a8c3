"""How contracts are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.faces.cli.contract_lines import (
    constraint,
    ended_line,
    reason_line,
    say_offer,
    say_process,
    say_rows,
    title,
)
from connector.faces.cli.tongue import speaking

if TYPE_CHECKING:
    from crypto.words import Language

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
        "reason": ["sold out", {"code": "agreement.not-mutual", "given": "own"}],
    },
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_process_says_why_it_ended(capsys: pytest.CaptureFixture[str], lang: Language):
    """State, agreement, and each reason in the reader's language."""
    with speaking(lang):
        say_process(PROCESS)
    said = capsys.readouterr().out
    own = {"zh": "签名 仅本方", "en": "signatures own"}[lang]
    for part in ("urn:uuid:1", "TERMINATED", "urn:a", own, "negotiation.refused", "sold out"):
        assert part in said
    assert "agreement.not-mutual" not in said, "a known code is said in words"
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


def test_the_code_of_an_end_is_said_in_words():
    """In the reader's language, with the code beside it; a code of a stranger's as it is."""
    ended = {"by": "did:web:p", "code": "agreement.terms-differs"}
    words = "the terms of the agreement are not those of the last offer"
    assert ended_line(ended, "en") == f"did:web:p: {words} (agreement.terms-differs)"
    assert "合约条款" in ended_line(ended, "zh")
    assert ended_line({"by": "did:web:p", "code": "x\x1b[0m"}, "en") == "did:web:p x\ufffd[0m"
    assert ended_line({"by": "did:web:p", "code": ""}, "en") == "did:web:p"


def test_what_a_peer_gives_for_a_reason_is_no_object_of_pythons():
    """Text as text, without what steers a terminal; anything else as JSON."""
    assert reason_line("sold\x1b[2Jout", "en") == "sold\ufffd[2Jout"
    assert reason_line({"why": ["a", None]}, "en") == '{"why": ["a", null]}'


@pytest.mark.parametrize("shown", [[], 5, {"leftOperand": "x"}, {"and": {}}, {"or": [7]}])
def test_a_clause_of_no_known_form_is_written_as_it_is(shown: Any):
    """A term that we cannot read is shown, and does not end the listing."""
    assert constraint(shown)


def test_an_offer_says_in_what_it_differs(capsys: pytest.CaptureFixture[str]):
    """A line for each clause that came or went; nothing asked for is said as such."""
    clause = {"leftOperand": "odrl:count", "operator": "lteq", "rightOperand": "5"}
    offer = {
        "policy": {"@id": "urn:o", "target": "stock", "permission": [{"action": "use"}]},
        "unreadable": "",
        "asked": {},
        "differs": True,
        "differences": [
            {"change": "added", "kind": "permission", "action": "use", "clause": clause},
            {"change": "removed", "kind": "target", "action": "urn:d", "clause": None},
        ],
    }
    with speaking("en"):
        say_offer(offer)
    said = capsys.readouterr().out
    assert "+ permission use: the number of answers at most 5" in said
    assert "- target urn:d" in said
    with speaking("zh"):
        say_offer({**offer, "asked": None})
    assert "未请求" in capsys.readouterr().out
