"""A released total that is not the sum of what its providers contributed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.cohort import problems
from contracts.cohort.errors import CohortError
from crypto.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts.cohort.session import Session

CODE: Final = "cohort.total.false"
_SAID: Final = 4  # ciphertexts named in the message


class FalseTotalError(CohortError):
    """The tags of a total do not hold: somebody dropped, doubled, swapped or altered something.

    Whatever was wrong with a ciphertext, a field out of its range included, is this one error: the
    aggregator, which chose the bytes, must not learn how it showed.

    Attributes:
        named: each wrong ciphertext, as column and number; none if the bytes are no ciphertexts.
        counted: how many there are.
    """

    def __init__(self, session: Session, wrong: Sequence[tuple[str, int]]) -> None:
        self.named = tuple(f"{column}/{number}" for column, number in wrong)
        self.counted = {"wrongCiphertexts": len(wrong)}
        listed = ", ".join(self.named[:_SAID]) + (", …" if len(wrong) > _SAID else "")
        super().__init__(
            Problem(CODE, problems.FALSE_TOTAL, problems.FALSE_TOTAL_STEP),
            member=session.aggregator,
            ciphertexts=listed or "all of them",
            named=listed or problems.ALL_OF_THEM,
            session=session.session,
        )
