"""A released total that is not the sum of what its providers contributed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.cohort.errors import CohortError

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
        listed = listed or "all of them"
        super().__init__(
            f"the total that `{session.aggregator}` released is not the sum of the contributions "
            f"(ciphertexts that do not hold: {listed}); it is not shown",
            code=CODE,
            next_step="have all parties export this session opened, `voile audit export --open "
            f"{session.session}`; `voile audit diff` over the bundles says who it was",
            member=session.aggregator,
            ciphertexts=listed,
            session=session.session,
        )
