"""The port behind which the contributors' figures stay: a table is judged without holding them.

An engine answers with a few grouped queries over all cells at once, never one per set. It works on
two tables of its own. `piece(place, version, contributor, f0, f1, …)` holds what each contributor
has in each place: version 0 is the new data (`contribution` joined with the places and grouped),
the others are read from the basis files of earlier versions. A *place* is a numbered set of finest
cells that is never cut: a finest cell while base cells are made, a base cell afterwards.

Every question is linear in the pieces, so an engine may add, subtract and weigh before it groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from crypto.disclosure.fineness import Profile, is_fine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients, Extremes
    from crypto.disclosure.presumed import Form
    from crypto.disclosure.rules import Rules
    from crypto.disclosure.table import CellKey

Contributor = Any  # ids of one kind that can be hashed and ordered
Contents = Mapping[Contributor, tuple[int, ...]]  # figures per contributor, summed over a set

NOW: Final = 0  # the new data; versions are counted from 1
Moment = tuple[tuple[int, int], ...]  # (weight, version), e.g. new − 2·later + earlier
STATE: Final[Moment] = ((1, NOW),)


@dataclass(frozen=True, slots=True)
class Ask:
    """One form as it is to be judged.

    Attributes:
        coefficients: of the figures on the set.
        at_rest: of the figures on the rest that goes with the set; `()` if there is none.
        carriers: how many contributors must carry it.
        nil: whether a state that is nil for everybody is fine where there are rows.
        empty: whether it is fine where there are none.
        form: its name, for the owner; decides nothing.
        uses: numbers of the figures other than `rows` that it needs, for the owner.
    """

    coefficients: Coefficients
    carriers: int
    at_rest: Coefficients = ()
    nil: bool = True
    empty: bool = True
    form: str = field(default="", compare=False)
    uses: tuple[int, ...] = field(default=(), compare=False)

    @property
    def always(self) -> bool:
        """Whether nil for everybody is fine everywhere; else such sets are to be returned too."""
        return self.nil and self.empty

    def may_be_nil(self, rows: int) -> bool:
        """Says whether a state that is nil for everybody is fine on a set with so many rows."""
        return self.nil if rows > 0 else self.empty


class Sets(Protocol):
    """Pairs of places, a set and a rest apart from it (0 for none): a list, or found on demand."""

    def __len__(self) -> int:
        """Returns how many there are."""
        ...

    def __getitem__(self, place: int, /) -> tuple[Bits, Bits]:
        """Returns one pair."""
        ...

    def __iter__(self) -> Iterator[tuple[Bits, Bits]]:
        """Walks through the pairs."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """Every form on every set at every moment.

    Attributes:
        sets: the sets, up to a million.
        asks: the forms.
        moments: the combinations of versions.
    """

    sets: Sets
    asks: tuple[Ask, ...]
    moments: tuple[Moment, ...] = (STATE,)


class Finding(NamedTuple):
    """What one form is on one set at one moment.

    Attributes:
        request: place of the request in the batch.
        set: place of the set in it.
        moment: place of the moment in it.
        ask: place of the form in it.
        profile: carriers, total, largest.
        rows: how many rows the set has in the state.
    """

    request: int
    set: int
    moment: int
    ask: int
    profile: Profile
    rows: int


@dataclass(frozen=True, slots=True)
class Question:
    """Through which places the offenders of a failing set move.

    Attributes:
        checks: what failed: set, rest, form.
        among: the places that may be held.
    """

    checks: tuple[tuple[Bits, Bits, Ask], ...]
    among: Bits


class Mergeable(Protocol):
    """The part of a ledger that merging needs.

    `held` in a question names places that count as shown last wherever it says `NOW`.
    """

    def totals(self) -> Sequence[tuple[int, ...]]:
        """Returns the net sums of the new data per place: `sum(f…) … GROUP BY place`."""
        ...

    def contents(self, sets: Sequence[Bits]) -> Sequence[Contents]:
        """Returns what every contributor has in some sets, in the new data; for unsafe ones only.

        `SELECT set, contributor, sum(f…) FROM piece JOIN member USING (place) GROUP BY ALL`.
        """
        ...

    def suspects(
        self, requests: Sequence[Request], rules: Rules, held: Bits = 0
    ) -> Iterable[Finding]:
        """Returns findings, at least those that are not fine; what is surely fine may be left out.

        A set in which nobody has anything is left out only if all its forms are `always`.

        Grouped by set and contributor (`sum(f…) FILTER (version = …)` for moments and `FILTER
        (rest)` for rests), then, by set, per form `count(*) FILTER (net <> 0)`, `sum(abs(net))`,
        `max(abs(net), n)`, and `HAVING` one of them is not fine. Sets may be prefiltered on a
        sample of contributors (disclosure.md §5). All requests of a batch are of one round.
        """
        ...


class Near(Protocol):
    """The new data of some places, near enough to be added up by who asks.

    Attributes:
        average: contributions per place that holds any.
        groups: of contributors, of which `grouped` tells.
    """

    average: float
    groups: int

    def nets(self, form: Coefficients, place: int) -> tuple[Sequence[int], Sequence[int]]:
        """Returns the contributors of a place, by number, and their nets of a form."""
        ...

    def grouped(self, form: Coefficients) -> Form | None:
        """Returns the sums of groups of contributors, and what is the most that one has.

        `None` if numbers are too large for it.
        """
        ...


class Ledger(Mergeable, Protocol):
    """The figures behind numbered places, in the new data and as shown in each earlier version."""

    def most_rows(self) -> Sequence[int]:
        """Returns per place the most rows of one contributor in the new data, 0 if there is none.

        `max(f0) … GROUP BY place`.
        """
        ...

    def largest(self, forms: Sequence[Coefficients]) -> Sequence[Sequence[int]] | None:
        """Returns per form and place the largest absolute net of one contributor, or no less.

        Of the new data; `None` if it would cost more to find out than it saves.
        """
        ...

    def near(self, sets: Iterable[Bits]) -> tuple[Near | None, Bits]:
        """Brings the new data of some places near: the first sets that there is room for.

        Returns:
            What can be asked, the same as long as contributors keep their numbers, and the places
            that it knows. `None` if everything is to be judged by `suspects`.
        """
        ...

    def carriers(self, sets: Sequence[Bits], held: Bits = 0) -> Sequence[tuple[int, ...]]:
        """Returns per set and figure how many contributors have a net that is not nil, as shown.

        `count(*) FILTER (f <> 0) … GROUP BY set` over contributors.
        """
        ...

    def fingerprints(self, version: int = NOW) -> Sequence[str]:
        """Returns per place a text that is equal for equal contents, `""` if all are nil.

        Of the new data, or of what an earlier version showed.

        `sha256(string_agg(contributor and figures, ORDER BY contributor)) … GROUP BY place`, over
        contributors of whom any figure is not nil.
        """
        ...

    def movers(self, questions: Sequence[Question], held: Bits = 0) -> Sequence[Bits]:
        """Returns per question the places through which offenders move.

        Offenders of a check are, in the set's change since it was shown last (held places do not
        change), all carriers of the form if they are too few, else the two with the largest
        absolute net, ties by least contributor. A place counts if in it any figure of any of them
        differs between the new data and what was shown last, held or not.
        """
        ...

    def moved(self) -> Sequence[int]:
        """Returns per place how many rows changed since shown last: the sum of |Δrows|."""
        ...


class Source(Protocol):
    """A new data version, before it is known how it is cut."""

    def cells(self) -> Iterable[CellKey]:
        """Returns the finest cells that hold rows; every finest cell if zeros are hidden."""
        ...

    def extremes(self, wanted: Sequence[Coefficients]) -> Mapping[Coefficients, Extremes]:
        """Returns the least and greatest value of combinations over single rows (0, 0 if none).

        `SELECT min(c1*f1 + …), max(c1*f1 + …), … FROM rows`, after clamping.
        """
        ...

    def ledger(
        self, places: Sequence[Sequence[CellKey]], shown: Sequence[Sequence[int]] = ()
    ) -> Ledger:
        """Numbers the places, and opens their figures.

        Args:
            places: the finest cells of each.
            shown: per earlier version and place the version whose basis holds what was shown there
                (0: nothing). Places after the end of a row showed nothing then.
        """
        ...


def is_failing(finding: Finding, request: Request, rules: Rules) -> bool:
    """Says whether a finding is not fine: the judgement for the core and for engines alike."""
    ask = request.asks[finding.ask]
    shows_nil = request.moments[finding.moment] != STATE or ask.may_be_nil(finding.rows)
    return not is_fine(finding.profile, carriers=ask.carriers, rules=rules, nil=shows_nil)


def failing(
    ledger: Mergeable, requests: Sequence[Request], rules: Rules, held: Bits = 0
) -> list[Finding]:
    """Returns the findings that are not fine, each once, in order."""
    asked = [r for r in requests if len(r.sets) and r.asks and r.moments]
    if not asked:
        return []
    places = [i for i, r in enumerate(requests) if len(r.sets) and r.asks and r.moments]
    return sorted(
        finding._replace(request=places[finding.request])
        for finding in ledger.suspects(asked, rules, held)
        if is_failing(finding, asked[finding.request], rules)
    )
