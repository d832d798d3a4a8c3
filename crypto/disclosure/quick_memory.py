"""The port answered from memory where contributions are few: sure sets first, the rest exactly."""

from __future__ import annotations

from operator import add, neg, sub
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.fineness import profile
from crypto.disclosure.ledger import STATE, Finding, is_failing
from crypto.disclosure.memory import Basis, MemoryLedger
from crypto.disclosure.presumed import MOST, Form, Need, Presumption, packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Ask, Contributor, Moment, Request
    from crypto.disclosure.rules import Rules

GROUPS: Final = 32  # of contributors
KEPT_SUMS: Final = 200_000  # forms times places
KEPT_MOMENTS: Final = 8
FEW: Final = 12  # so few sets are looked at exactly: presuming looks at all places first
LARGE: Final = 300  # contributions; up to so many are looked at as quickly as presumed by

Columns = tuple[list[int], list[list[int]]]  # contributors by number; per figure what they have
_Known = dict[tuple[tuple["Ask", ...], "Moment"], "_Nets"]
_Sure = dict[tuple[tuple["Ask", ...], "Moment"], Presumption | None]


class QuickLedger(MemoryLedger):
    """`MemoryLedger` that keeps what it added up, and looks only at sets that are not surely fine.

    Args:
        now: contents of the places.
        before: the same as shown in each earlier version.
    """

    def __init__(self, now: list[Basis], before: list[list[Basis]]) -> None:
        super().__init__(now, before)
        everybody: dict[Contributor, None] = {}
        for bases in (now, *before):
            for basis in bases:
                everybody.update(dict.fromkeys(basis))
        filled = [len(basis) for bases in (now, *before) for basis in bases if basis]
        self.groups = GROUPS
        self.average = sum(filled) / max(1, len(filled))
        self._people = {who: i for i, who in enumerate(everybody)}
        self._columns: dict[tuple[int, Moment, bool], Columns] = {}
        self._forms: dict[tuple[Coefficients, Moment], Form] = {}
        self._held: Bits = 0
        self._nets: _Known = {}
        self._sure: _Sure = {}

    def suspects(
        self, requests: Sequence[Request], rules: Rules, held: Bits = 0
    ) -> Iterator[Finding]:
        """Returns the findings that are not fine."""
        if held != self._held:
            self._held, self._nets, self._sure = held, {}, {}
        for number, request in enumerate(requests):
            always = all(ask.always for ask in request.asks)
            for at, moment in enumerate(request.moments):
                nets = self._nets_of(request.asks, moment)
                many = len(request.sets) > FEW
                every: Sequence[int] = range(len(request.asks))
                has_presumed, presumption = False, None
                for place, (cells, rest) in enumerate(request.sets):
                    asks = every
                    if many and (cells | rest).bit_count() * self.average > LARGE:
                        if not has_presumed:
                            presumption = self._presumption(request.asks, moment, rules)
                            has_presumed = True
                        if presumption:
                            asks = presumption.doubtful(cells, rest)
                        if not asks:
                            continue
                    rows = 0 if always else self._rows(cells, held)
                    for which, values in nets.of(asks, cells, rest):
                        known = profile(values, rules.depth)
                        finding = Finding(number, place, at, which, known, rows)
                        if is_failing(finding, request, rules):
                            yield finding._replace(rows=self._rows(cells, held))

    def largest(self, forms: Sequence[Coefficients]) -> list[Sequence[int]] | None:
        """Returns per form and place the largest absolute net of one contributor.

        `None` if numbers are too large for the slots in which sums are kept beside it.
        """
        if self._bound(forms, STATE) >= MOST:
            return None
        return [self._unheld(form, STATE).most for form in forms]

    def near(self, sets: Iterable[Bits]) -> tuple[QuickLedger, Bits]:  # noqa: ARG002
        """Returns itself: it knows all places."""
        return self, (1 << len(self.now)) - 1

    def nets(self, form: Coefficients, place: int) -> tuple[Sequence[int], Sequence[int]]:
        """Returns the contributors of a place, by number, and their nets of a form."""
        people, columns = self.columns(place, STATE, is_held=False)
        return people, combined(form, columns)

    def grouped(self, form: Coefficients) -> Form | None:
        """Returns what is presumed by; `None` if numbers are too large for its slots."""
        return None if self._bound([form], STATE) >= MOST else self._unheld(form, STATE)

    def _nets_of(self, asks: tuple[Ask, ...], moment: Moment) -> _Nets:
        known = self._nets.get((asks, moment))
        if known is None:
            known = _Nets(self, asks, moment, self._held)
            if moment == STATE:  # that is asked about again and again
                self._nets[asks, moment] = known
        return known

    def _presumption(
        self, asks: tuple[Ask, ...], moment: Moment, rules: Rules
    ) -> Presumption | None:
        if (asks, moment) in self._sure:
            return self._sure[asks, moment]
        found = self._presumed(asks, moment, rules)
        if moment == STATE:
            self._sure[asks, moment] = found
        return found

    def _presumed(self, asks: Sequence[Ask], moment: Moment, rules: Rules) -> Presumption | None:
        """Returns what tells of some forms; `None` if numbers are too large for its slots."""
        if self.bound(asks, moment) >= MOST:
            return None
        inside = [self._form(ask.coefficients, moment) for ask in asks]
        at_rest: list[Form] = []
        if any(any(ask.at_rest) for ask in asks):
            at_rest = [self._form(ask.at_rest, moment) for ask in asks]
        needs = [Need(ask.carriers, ask.always or moment != STATE) for ask in asks]
        return Presumption(GROUPS, needs, inside, at_rest, rules)

    def bound(self, asks: Sequence[Ask], moment: Moment) -> int:
        """Returns what no sum of nets exceeds."""
        return self._bound([(*ask.coefficients, *ask.at_rest) for ask in asks], moment)

    def _bound(self, factors: Iterable[Sequence[int]], moment: Moment) -> int:
        weight = 2 * sum(abs(weight) for weight, _ in moment)
        most = max((abs(c) for of in factors for c in of), default=0)
        return most * weight * self.size()

    def _form(self, coefficients: Coefficients, moment: Moment) -> Form:
        """Returns what is presumed by; of held places as they are held now."""
        known = self._unheld(coefficients, moment)
        if not self._held or (moment == STATE and not self.before):
            return known
        return self._added_up(coefficients, moment, self._held, known)

    def _unheld(self, coefficients: Coefficients, moment: Moment) -> Form:
        known = self._forms.get((coefficients, moment))
        if known is None:
            if len(self._forms) * len(self.now) > KEPT_SUMS:
                self._forms.clear()
            known = self._forms[coefficients, moment] = self._added_up(coefficients, moment, 0)
        return known

    def _added_up(
        self, coefficients: Coefficients, moment: Moment, held: Bits, known: Form | None = None
    ) -> Form:
        nets = list(known.nets) if known else [0] * len(self.now)
        most = list(known.most) if known else [0] * len(self.now)
        gross = [0] * len(self._people)
        for place in members(held) if known else range(len(self.now)):
            people, columns = self.columns(place, moment, is_held=bool(held >> place & 1))
            if not people:
                nets[place] = most[place] = 0
                continue
            sums, found = [0] * GROUPS, combined(coefficients, columns)
            for who, net in zip(people, found, strict=True):
                if net:
                    sums[who % GROUPS] += net
                    gross[who] += abs(net)
            nets[place], most[place] = packed(sums), max(map(abs, found), default=0)
        greatest = max(gross, default=0)
        return Form(nets, most, greatest + (known.gross if known else 0))

    def columns(self, place: int, moment: Moment, *, is_held: bool) -> Columns:
        """Returns what a place holds at a moment: contributors, by number, and their figures."""
        known = self._columns.get((place, moment, is_held))
        if known is None:
            if len(self._weighed) > KEPT_MOMENTS * len(self.now):
                self._weighed.clear()
                self._columns.clear()
            basis = self.weigh(place, moment, is_held=is_held)
            people = [self._people[who] for who in basis]
            known = self._columns[place, moment, is_held] = (
                people,
                list(map(list, zip(*basis.values(), strict=True))),
            )
        return known


def combined(coefficients: Coefficients, columns: Sequence[Sequence[int]]) -> Sequence[int]:
    """Returns a form of columns of figures."""
    found: Sequence[int] | None = None
    for c, column in zip(coefficients, columns, strict=False):
        if not c:
            continue
        part = column if abs(c) == 1 else [abs(c) * x for x in column]
        if found is None:
            found = part if c > 0 else list(map(neg, part))
        else:
            found = list(map(add if c > 0 else sub, found, part))
    return found or [0] * (len(columns[0]) if columns else 0)


class _Nets:
    """Nets of all forms at a moment: one integer per contributor and place, a slot per form."""

    def __init__(
        self, ledger: QuickLedger, asks: Sequence[Ask], moment: Moment, held: Bits
    ) -> None:
        self._ledger, self._asks, self._moment, self._held = ledger, asks, moment, held
        self._width = ledger.bound(asks, moment).bit_length() + 2
        self._count = len(asks)
        self._tops = sum(1 << self._width * (i + 1) - 1 for i in range(len(asks)))
        self._known: dict[tuple[int, bool], list[tuple[int, int]]] = {}

    def of(
        self, asks: Sequence[int], cells: Bits, rest: Bits
    ) -> Iterator[tuple[int, Sequence[int]]]:
        """Walks through some forms: the nets of all contributors on a set, with its rest."""
        sums: dict[int, int] = {}
        get = sums.get
        for bits, is_rest in ((cells, False), (rest, True)):
            for place in members(bits):
                packed_nets = self._known.get((place, is_rest))
                if packed_nets is None:
                    packed_nets = self._known[place, is_rest] = self._pack(place, is_rest=is_rest)
                if sums:
                    for who, net in packed_nets:
                        sums[who] = get(who, 0) + net
                else:
                    sums.update(packed_nets)
        if self._count == 1:
            yield 0, list(sums.values())
            return
        half, mask = 1 << self._width - 1, (1 << self._width) - 1
        raised = [net + self._tops for net in sums.values()]
        for i in asks:
            shift = i * self._width
            yield i, [(net >> shift & mask) - half for net in raised]

    def _pack(self, place: int, *, is_rest: bool) -> list[tuple[int, int]]:
        people, columns = self._ledger.columns(
            place, self._moment, is_held=bool(self._held >> place & 1)
        )
        found: Sequence[int] = [0] * len(people)
        for ask in reversed(self._asks):
            nets = combined(ask.at_rest if is_rest else ask.coefficients, columns)
            found = [(f << self._width) + n for f, n in zip(found, nets, strict=True)]
        return [(who, net) for who, net in zip(people, found, strict=True) if net]
