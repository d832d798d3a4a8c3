"""How waiting for a negotiation ends: each end that is no agreement says what happened and what helps."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from connector.client import Declined, OtherTerms, StillWaiting
from connector.client.channel import Channel, Place, Secret
from connector.client.negotiating import Step, shown_on_stderr, wait

NOWHERE = Channel(Place(host="127.0.0.1", port=9), Secret("t"), lambda: "en")
BASE = {"pid": "urn:uuid:n", "counterparty": "did:web:s", "agreement": ""}


def end(state: str, language: Any = "en", *, watch: Any = None, **more: Any) -> str:
    """Wait for a negotiation that is seen once; nobody is called."""
    found = {**BASE, "state": state, **more}
    return wait(NOWHERE, found, seconds=0, watch=watch, language=language)


def test_a_finalized_one_gives_its_agreement() -> None:
    """And tells its state once."""
    steps: list[Step] = []
    assert end("FINALIZED", agreement="urn:uuid:a", watch=steps.append) == "urn:uuid:a"
    assert [(step.pid, step.state) for step in steps] == [("urn:uuid:n", "FINALIZED")]


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ({"by": "did:web:s", "code": "x", "reason": [{"@value": "too soon"}]}, "too soon"),
        ({"by": "did:web:s", "code": "x", "reason": ["a", "b"]}, "a; b"),
        ({"by": "did:web:s", "code": "x.y", "reason": []}, "x.y"),
        ({"by": "did:web:s", "code": "", "reason": []}, "no reason"),
        (
            {"by": "", "code": "", "reason": [{"code": "policy.purpose", "given": "credit"}]},
            "credit",
        ),
        ({"by": "", "code": "", "reason": ["{pid} \x1b[31m"]}, "{pid}"),
        (None, "did:web:s"),
    ],
)
def test_a_declined_one_says_by_whom_and_why(ended: Any, words: str) -> None:
    """As it came, one of our own reasons in words; nothing steers the terminal."""
    with pytest.raises(Declined) as caught:
        end("TERMINATED", ended=ended)
    assert words in str(caught.value)
    assert "did:web:s" in str(caught.value)
    assert str(caught.value).isprintable()
    assert caught.value.pid == "urn:uuid:n"
    with pytest.raises(Declined, match="终止"):
        end("TERMINATED", "zh", ended=ended)


def test_one_that_goes_on_says_so() -> None:
    """With its id; the error goes from one process to another whole."""
    with pytest.raises(StillWaiting) as caught:
        end("REQUESTED", "zh")
    assert not isinstance(caught.value, OtherTerms)
    assert "REQUESTED" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.pid, str(again)) == ("urn:uuid:n", str(caught.value))


def test_other_terms_wait_for_us() -> None:
    """They are at hand, and not taken for granted; the same terms are no reason to stop."""
    offer = {"differs": True, "digest": "d", "differences": [{"at": "count"}]}
    with pytest.raises(OtherTerms, match="voile accept urn:uuid:n") as caught:
        end("OFFERED", offer=offer)
    assert caught.value.offer == offer
    with pytest.raises(StillWaiting) as waits:
        end("OFFERED", offer={"differs": False})
    assert not isinstance(waits.value, OtherTerms)


@pytest.mark.parametrize(("language", "word"), [("zh", "协商"), ("en", "negotiation")])
def test_progress_can_be_seen(language: Any, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, where it disturbs no output."""
    end("FINALIZED", watch=shown_on_stderr(language))
    seen = capsys.readouterr()
    assert (seen.out, word in seen.err, "FINALIZED" in seen.err) == ("", True, True)
