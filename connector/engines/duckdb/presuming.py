"""What `crypto.disclosure.presumed` needs to know of the pieces, in three small results."""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from crypto.disclosure.ledger import NOW, STATE
from crypto.disclosure.presumed import MOST, Form, Need, Presumption, packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.engines.duckdb.judged_batch import JudgedBatch
    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Moment
    from crypto.disclosure.rules import Rules

GROUPS: Final = 64  # of contributors at most
SUMS: Final = 500_000  # of groups in all places, for each figure, about: eight bytes each


class GroupSums:
    """The sums of all figures per version, place and group of contributors: read once.

    Args:
        session: has the table `piece`.
        places: how many places there are.
        figures: the columns.
        versions: how many earlier versions there are.
    """

    def __init__(
        self, session: DuckSession, *, places: int, figures: Sequence[str], versions: int
    ) -> None:
        self._session = session
        self._places = places
        self._versions = versions
        self.groups = max(1, min(GROUPS, SUMS // max(1, places * (versions + 1))))
        sums = ", ".join(f"sum({name})" for name in figures)
        nothing = bytes(8 * self.groups)
        slots = [
            [[array("q", nothing) for _ in range(places)] for _ in figures]
            for _ in range(versions + 1)
        ]
        self._gross = [0] * len(figures)
        self._fits = True
        for version, place, group, *values in session.stream(
            f"SELECT version, place, hash(contributor) % {self.groups}, {sums} FROM piece "
            "GROUP BY ALL"
        ):
            for i, value in enumerate(map(int, values)):
                self._gross[i] += abs(value)
                if abs(value) < MOST:
                    slots[version][i][place][group] = value
                else:
                    self._fits = False
        self._fits = self._fits and max(self._gross, default=0) < MOST
        if self._fits:
            self._sums = [[list(map(packed, of)) for of in version] for version in slots]

    def presumption(self, batch: JudgedBatch, rules: Rules, held: Bits) -> Presumption | None:
        """Returns what tells of a batch, `weighed` being made; `None` if numbers are too large."""
        count = len(batch.asks)
        has_rest = any(any(ask.at_rest) for ask in batch.asks)
        columns = [f"{side}{i}" for side in ("x", "y")[: 1 + has_rest] for i in range(count)]
        bounds = [
            sum(abs(weight) for weight, _ in moment)
            * sum(abs(c) * g for c, g in zip(coefficients, self._gross, strict=False))
            for ask, moment in zip(batch.asks, batch.moments, strict=True)
            for coefficients in (ask.coefficients, ask.at_rest)
        ]
        if not self._fits or 2 * max(bounds) >= MOST:
            return None
        most, gross = self._largest(columns)
        forms = []
        for column, (ask, moment) in enumerate(
            list(zip(batch.asks, batch.moments, strict=True)) * (1 + has_rest)
        ):
            coefficients = ask.coefficients if column < count else ask.at_rest
            nets = self._weighed(coefficients, moment, held)
            forms.append(Form(nets, most[column], gross[column]))
        if any(sum(form.most) >= MOST // 2 for form in forms):
            return None
        needs = [
            Need(ask.carriers, ask.always or moment != STATE)
            for ask, moment in zip(batch.asks, batch.moments, strict=True)
        ]
        return Presumption(self.groups, needs, forms[:count], forms[count:], rules)

    def _largest(self, columns: Sequence[str]) -> tuple[list[list[int]], list[int]]:
        """Returns the largest of one contributor, per form and place, and over all places."""
        greatest = ", ".join(f"max(abs({name}))" for name in columns)
        most = [[0] * self._places for _ in columns]
        for place, *values in self._session.rows(
            f"SELECT place, {greatest} FROM weighed GROUP BY place"
        ):
            for column, value in zip(most, values, strict=True):
                column[place] = int(value)
        own = ", ".join(f"sum(abs({name})) AS {name}" for name in columns)
        most_of_all = ", ".join(f"coalesce(max({name}), 0)" for name in columns)
        gross = self._session.one(
            f"SELECT {most_of_all} FROM (SELECT {own} FROM weighed GROUP BY contributor)"
        )
        return most, list(map(int, gross))

    def _weighed(self, coefficients: Coefficients, moment: Moment, held: Bits) -> list[int]:
        """Returns per place the sums of a form, a held place being now as it was shown last."""
        found = [0] * self._places
        for weight, version in moment:
            for i, c in enumerate(coefficients):
                if not c:
                    continue
                here, last = self._sums[version][i], self._sums[self._versions][i]
                factor = weight * c
                for place in range(self._places):
                    is_last = version == NOW and held >> place & 1
                    found[place] += factor * (last if is_last else here)[place]
        return found
