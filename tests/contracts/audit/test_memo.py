"""What a drill remembers: results and errors, and of these nothing that was being read."""

from __future__ import annotations

import pytest

from contracts.audit.memo import Memo
from crypto.errors import VerificationError
from crypto.problem import Problem
from crypto.words import Words

PROBLEM = Problem("no", Words("不成立：{what}", "it does not hold: {what}"))


def test_an_error_is_raised_again_and_grows_by_nothing():
    """Of the same kind with the same facts, as often as one asks; each time a fresh one."""
    asked = []

    def look(what: str) -> None:
        asked.append(what)
        raise VerificationError(PROBLEM, what=what)

    memo, seen = Memo(), []
    for _ in range(3):
        with pytest.raises(VerificationError, match="it does not hold: x") as caught:
            memo(look, "x")
        seen.append(caught.value)
    assert asked == ["x"]
    assert len({id(error) for error in seen}) == 3
    assert {error.code for error in seen} == {"no"}
    depths = []
    for error in seen[1:]:  # the first is raised from where it was made
        depth, frame = 0, error.__traceback__
        while frame is not None:
            depth, frame = depth + 1, frame.tb_next
        depths.append(depth)
    assert depths[0] == depths[1]
