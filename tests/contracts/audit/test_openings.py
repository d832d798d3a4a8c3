"""Opened details: none is left out unseen, and a chosen part is named as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.faces.cli.words import opened_of
from contracts.audit import layout
from contracts.audit.verify import verify
from tests.contracts.audit.witnessed import Deal, deal, salt_of

if TYPE_CHECKING:
    from contracts.audit.report import Report


def left_out(made: Deal, *places: int, said: layout.Opened = "all") -> Report:
    """The buyer signs a bundle in which these of its openings are not."""

    def change(files: dict[str, bytes]) -> None:
        lines = files[layout.OPENED].splitlines(keepends=True)
        kept = (line for place, line in enumerate(lines) if place not in places)
        files[layout.OPENED] = b"".join(kept)

    return verify(made.bundle(made.buyer, change=change, opened=said))


def told(report: Report) -> set[str]:
    return {one.code for one in report.findings}


@pytest.mark.parametrize("place", [0, 3, -1])
def test_an_opening_that_was_left_out_is_found(place: int):
    """The manifest says that all is opened; the leaf without its detail is named."""
    made = deal()
    count = len(made.buyer.openings)
    report = left_out(made, place % count)
    assert told(report) == {"opening"}
    (finding,) = report.findings
    assert json.loads(made.buyer.lines[finding.leaf])["commit"]
    assert told(left_out(made, *range(count))) == {"opening"}
    assert len(left_out(made, *range(count)).findings) == count


def test_a_leaf_that_says_erased_accounts_for_what_is_gone():
    """Only a later leaf, and only for the ids that it names."""
    made = deal()
    first, second, *_ = made.buyer.openings
    made.buyer.write(made.now, kind="ERASED", query={"entries": [first]})
    assert left_out(made, 0).findings == ()
    assert left_out(made, 0).facts["openings"]["erased"] == 1
    assert told(left_out(made, 0, 1)) == {"opening"}
    early = deal()
    early.buyer.lines.insert(0, made.buyer.lines[-1])
    assert "opening" in told(left_out(early, 0))
    for odd in ("x", [5], {"a": 1}, [second + "0"]):
        again = deal()
        again.buyer.write(again.now, kind="ERASED", query={"entries": odd})
        assert told(left_out(again, 0)) == {"opening"}


def test_a_chosen_part_is_whole_for_what_it_is_of_and_named():
    """Of a session of which one detail is opened all are; the report says how many of how many."""
    made = deal()
    processes = [json.loads(line).get("process") for line in made.buyer.lines
                 if b'"commit"' in line]  # fmt: skip
    others = [at for at, process in enumerate(processes) if process != "question-0"]
    report = left_out(made, *others, said="sessions")
    assert report.findings == ()
    assert report.facts["openings"] == {"said": "sessions", "opened": 2, "of": len(processes),
                                        "erased": 0}  # fmt: skip
    assert opened_of(report.facts).startswith(f"2 of {len(processes)} (of sessions")
    one = processes.index("question-0")
    assert told(left_out(made, *others, one, said="sessions")) == {"opening"}


def test_what_is_opened_is_announced():
    """Details in a bundle that says it has none."""
    made = deal()
    opened = made.bundle(made.buyer).files[layout.OPENED]
    bundle = made.bundle(
        made.buyer, opened="none", change=lambda files: files.update({layout.OPENED: opened})
    )
    assert told(verify(bundle)) == {"opening"}


def test_a_detail_holds_the_signature_that_its_leaf_names():
    """The commitment opens, and to another signed answer than the leaf's."""
    for digest, expected in (("sha-256:" + "0" * 64, {"opening"}), ("", set())):
        made = deal(1)
        jws: dict[str, Any] = {"jws": "a.b.c"}
        more = {"sig": (digest,)} if digest else {}
        made.buyer.write(made.now, kind="QUESTION", detail=jws, **more)
        assert told(verify(made.bundle(made.buyer))) == expected
    assert len(salt_of("x")) == 32
