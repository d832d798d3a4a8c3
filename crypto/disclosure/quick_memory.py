"""The port answered from memory where contributions are few: sure sets first, the rest exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.fineness import profile
from crypto.disclosure.ledger import STATE, Finding, is_failing
from crypto.disclosure.memory import Basis, MemoryLedger, PackedNets, dot
from crypto.disclosure.presumed import MOST, Form, Need, Presumption, packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.ledger import Ask, Moment, Request
    from crypto.disclosure.rules import Rules

GROUPS: Final = 32  # of contributors
FEW: Final = 12  # so few sets are looked at exactly: presuming looks at all places first

_Known = dict[tuple[tuple["Ask", ...], "Moment"], PackedNets]
_Sure = dict[tuple[tuple["Ask", ...], "Moment"], Presumption | None]


class QuickLedger(MemoryLedger):
    """`MemoryLedger` that keeps what it added up, and looks only at sets that are not surely fine.

    Args:
        now: contents of the places.
        before: the same as shown in each earlier version.
    """

    def __init__(self, now: list[Basis], before: list[list[Basis]]) -> None:
        super().__init__(now, before)
        people: dict[object, None] = {}
        for bases in (now, *before):
            for basis in bases:
                people.update(dict.fromkeys(basis))
        self._group = {who: i % GROUPS for i, who in enumerate(people)}
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
                presumption = self._presumption(request.asks, moment, rules) if many else None
                for place, (cells, rest) in enumerate(request.sets):
                    if presumption and presumption.is_sure(cells, rest):
                        continue
                    rows = 0 if always else self._rows(cells, held)
                    for which, values in enumerate(nets.of(cells, rest)):
                        known = profile(values, rules.depth)
                        finding = Finding(number, place, at, which, known, rows)
                        if is_failing(finding, request, rules):
                            yield finding._replace(rows=self._rows(cells, held))

    def _nets_of(self, asks: tuple[Ask, ...], moment: Moment) -> PackedNets:
        known = self._nets.get((asks, moment))
        if known is None:
            known = self._nets[asks, moment] = PackedNets(self, asks, moment, self._held)
        return known

    def _presumption(
        self, asks: tuple[Ask, ...], moment: Moment, rules: Rules
    ) -> Presumption | None:
        if (asks, moment) not in self._sure:
            self._sure[asks, moment] = self._presumed(asks, moment, rules)
        return self._sure[asks, moment]

    def _presumed(self, asks: Sequence[Ask], moment: Moment, rules: Rules) -> Presumption | None:
        """Returns what tells of some forms; `None` if numbers are too large for its slots."""
        weight = 2 * sum(abs(weight) for weight, _ in moment)
        most = max((abs(c) for ask in asks for c in (*ask.coefficients, *ask.at_rest)), default=0)
        if most * weight * self.size() >= MOST:
            return None
        inside = [self._form(ask.coefficients, moment) for ask in asks]
        at_rest: list[Form] = []
        if any(any(ask.at_rest) for ask in asks):
            at_rest = [self._form(ask.at_rest, moment) for ask in asks]
        needs = [Need(ask.carriers, ask.always or moment != STATE) for ask in asks]
        return Presumption(GROUPS, needs, inside, at_rest, rules)

    def _form(self, coefficients: Coefficients, moment: Moment) -> Form:
        """Returns what is presumed by; of held places as they are held now."""
        known = self._forms.get((coefficients, moment))
        if known is None:
            known = self._forms[coefficients, moment] = self._added_up(coefficients, moment, 0)
        if not self._held or moment == STATE and not self.before:
            return known
        return self._added_up(coefficients, moment, self._held, known)

    def _added_up(
        self, coefficients: Coefficients, moment: Moment, held: Bits, known: Form | None = None
    ) -> Form:
        nets = list(known.nets) if known else [0] * len(self.now)
        most = list(known.most) if known else [0] * len(self.now)
        gross: dict[object, int] = {}
        for place in members(held) if known else range(len(self.now)):
            sums, largest = [0] * GROUPS, 0
            for who, figures in self.weigh(place, moment, is_held=bool(held >> place & 1)).items():
                net = dot(coefficients, figures)
                if net:
                    sums[self._group[who]] += net
                    gross[who] = gross.get(who, 0) + abs(net)
                    largest = max(largest, abs(net))
            nets[place], most[place] = packed(sums), largest
        greatest = max(gross.values(), default=0)
        return Form(nets, most, greatest + (known.gross if known else 0))
