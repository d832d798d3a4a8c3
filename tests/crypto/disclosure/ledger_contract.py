"""What every answer of the port `Ledger` must be: that of the port in memory, on questions at random.

`check` takes two sources of the same data. An engine may return more findings than are not fine, so
findings are compared after the core's own judgement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.ledger import NOW, STATE, Ask, Question, Request, failing
from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from crypto.disclosure.ledger import Ledger, Moment, Source


def check(
    mine: Source,
    other: Source,
    dice: Random,
    *,
    places: Sequence[Sequence[tuple[int, ...]]],
    shown: Sequence[Sequence[int]],
    width: int,
) -> None:
    """Asks both the same."""
    assert sorted(mine.cells()) == sorted(other.cells())
    wanted = [tuple(dice.randint(-3, 3) for _ in range(width)) for _ in range(3)]
    assert dict(mine.extremes(wanted)) == dict(other.extremes(wanted))
    ours, theirs = mine.ledger(places, shown), other.ledger(places, shown)
    count = len(places)
    assert [_padded(t, width) for t in ours.totals()] == [
        _padded(t, width) for t in theirs.totals()
    ]
    assert _alike(ours.fingerprints()) == _alike(theirs.fingerprints())
    sets = [dice.getrandbits(count) or 1 for _ in range(8)]
    assert [dict(c) for c in ours.contents(sets)] == [dict(c) for c in theirs.contents(sets)]
    held = dice.getrandbits(count) & dice.getrandbits(count) if shown else 0
    if shown:
        assert list(ours.moved()) == list(theirs.moved())
    for rules in (
        Rules(),
        Rules(minimum_contributors=3, dominance=((1, 60), (3, 80)), p_percent=50),
    ):
        requests = [_request(dice, count, width, len(shown)) for _ in range(3)]
        found = failing(ours, requests, rules, held)
        assert found == failing(theirs, requests, rules, held)
        if shown and found:
            asked = [_question(dice, requests[f.request], f.set, f.ask, count) for f in found[:20]]
            assert list(ours.movers(asked, held)) == list(theirs.movers(asked, held))


def stays_apart(ledger: Ledger, count: int, width: int) -> None:
    """A set in which nobody has anything is found where nil is not fine."""
    ask = Ask((1, *[0] * (width - 1)), 3, nil=False, empty=False)
    found = failing(ledger, [Request([(1 << c, 0) for c in range(count)], (ask,))], Rules())
    assert {f.set for f in found} >= {
        c for c, total in enumerate(ledger.totals()) if not any(total)
    }


def _request(dice: Random, count: int, width: int, versions: int) -> Request:
    has_rest = dice.random() < 0.5
    sets = []
    for _ in range(dice.randint(1, 12)):
        cells = dice.getrandbits(count) or 1
        rest = dice.getrandbits(count) & ~cells if has_rest else 0
        sets.append((cells, rest))
    asks = tuple(
        Ask(
            tuple(dice.randint(-2, 2) for _ in range(width)),
            dice.randint(3, 5),
            tuple(dice.randint(-2, 2) for _ in range(width)) if has_rest else (),
            nil=dice.random() < 0.7,
            empty=dice.random() < 0.7,
        )
        for _ in range(dice.randint(1, 4))
    )
    moments: list[Moment] = [STATE]
    for later in range(1, versions + 1):
        moments.append(((1, NOW), (-1, later)))
        moments += [((1, NOW), (-2, later), (1, earlier)) for earlier in range(1, later)]
    return Request(sets, asks, tuple(moments))


def _question(dice: Random, request: Request, place: int, ask: int, count: int) -> Question:
    cells, rest = request.sets[place]
    return Question(((cells, rest, request.asks[ask]),), cells & dice.getrandbits(count) or cells)


def _padded(total: Sequence[int], width: int) -> tuple[int, ...]:
    return (*total, *[0] * (width - len(total)))


def _alike(texts: Sequence[str]) -> list[int]:
    """Which places have equal contents: the texts themselves may differ from engine to engine."""
    return [-1 if not text else texts.index(text) for text in texts]
