"""Errors that are remembered: they say the same, and hold nothing of where they were raised."""

from __future__ import annotations

import gc
import weakref

import pytest

from crypto.errors import MalformedError, VoileError
from crypto.problem import Problem
from crypto.words import LANGUAGES, Either, Words

WHY = Words("因为 {why}", "because of {why}")
PROBLEM = Problem("outer", Words("错：{why}，{more}", "wrong: {why}, {more}"), WHY)


class Row:
    """Stands for data."""


def raised(seen: list[weakref.ref[Row]]) -> MalformedError:
    """Give an error that another led to, with that and others as facts; each frame has a row."""

    def inner() -> None:
        row = Row()
        seen.append(weakref.ref(row))
        raise VoileError(Problem("inner", Words("内", "inside"), Words("等", "wait")))

    def outer() -> None:
        row = Row()
        seen.append(weakref.ref(row))
        try:
            inner()
        except VoileError as error:
            more = (WHY.of(why=error), Either((error, "x")), ValueError("plain"), 7)
            raise MalformedError(PROBLEM, why=error, more=more).advise(WHY, why=error) from error

    with pytest.raises(MalformedError) as caught:
        outer()
    return caught.value


@pytest.mark.parametrize("kept", [True, False])
def test_what_is_kept_of_an_error_lets_go_of_its_frames(kept: bool):
    """Without `kept` the rows live on: so the test can fail."""
    seen: list[weakref.ref[Row]] = []
    error = raised(seen).kept() if kept else raised(seen)
    gc.collect()
    assert [one() is None for one in seen] == [kept, kept]
    assert error.code == "outer"


def test_what_is_kept_says_the_same():
    """Kind, code, words and next step in both languages; errors among its facts have theirs."""
    first = raised([])
    kept = first.kept()
    assert type(kept) is MalformedError
    assert (kept.code, str(kept)) == (first.code, str(first))
    for language in LANGUAGES:
        assert kept.said(language) == first.said(language)
        assert kept.following(language) == first.following(language)
    inner = kept.params["why"]
    assert isinstance(inner, VoileError)
    assert inner.following("en") == "wait"
    assert kept.said("en") == "wrong: inside, because of inside, inside or x, plain, 7"
