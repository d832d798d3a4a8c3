"""Totals over suppliers stand on classes that enough of them carry, whatever is combined."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import product
from operator import mul
from random import Random
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.bits import bits_of, blocks, members
from crypto.disclosure.cohort_common import Declared, common_table
from crypto.disclosure.cohort_groups import groups_cleared
from crypto.disclosure.cohort_marks import Marks
from crypto.disclosure.cohort_table import make_cohort_table
from crypto.disclosure.declaration import DeclaredMeasure, Refused
from crypto.disclosure.rules import Rules
from tests.crypto.disclosure.cohorts import Cohort, Member, made, random_cohort

if TYPE_CHECKING:
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.forms import Form

BATCHES = 6
PER_BATCH = 30


@cache
def cohort_numbered(seed: int) -> Cohort:
    """Make a cohort once for all tests: publishing its members' tables is most of their time."""
    return random_cohort(Random(seed))


def common_cell(cohort: Cohort, member: Member, own: tuple[int, ...]) -> tuple[int, ...]:
    """Return the common cell of a member's finest cell, by the names of its codes."""
    named = {name: codes[i] for (name, codes), i in zip(member.dimensions, own, strict=True)}
    return tuple(codes.index(named[name]) for name, codes in cohort.common.dimensions)


def by_common_cell(cohort: Cohort, member: Member) -> dict[tuple[int, ...], list[int]]:
    """Return a member's figures in each common cell, in the common order, from its rows."""
    at = places(cohort, member)
    found: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0] * len(at))
    cells = {own: common_cell(cohort, member, own) for own in {own for _, own, _ in member.rows}}
    for _, own, row in member.rows:
        into = found[cells[own]]
        for figure, place in enumerate(at):
            into[figure] += 0 if place is None else row[place]
    return dict(found)


def places(cohort: Cohort, member: Member) -> list[int | None]:
    """Return where a member's rows have each common figure, None where they have not."""
    names = [figure.name for figure in member.table.figures]
    return [names.index(f.name) if f.name in names else None for f in cohort.common.figures]


def signs(cohort: Cohort, member: Member, form: Form) -> set[int]:
    """Return the signs that a form has in a member's rows."""
    judged = [
        (factor, place)
        for factor, place in zip(form.coefficients, places(cohort, member), strict=True)
        if factor and place is not None
    ]
    different = {tuple(row[place] for _, place in judged) for _, _, row in member.rows}
    factors = [factor for factor, _ in judged]
    nets = (sum(map(mul, factors, values)) for values in different)
    return {(net > 0) - (net < 0) for net in nets} - {0}


def one_signed_forms(cohort: Cohort) -> list[Form]:
    """Return the forms that have one sign in each member's rows, whichever that is."""
    return [
        form
        for form in cohort.common.forms()
        if all(len(signs(cohort, member, form)) < 2 for member in cohort.members.values())
    ]


def cells_of(table: CohortTable, bits: int) -> set[tuple[int, ...]]:
    return {key for i in members(bits) for key in table.classes[i]}


def carriers_found(dice: Random, cohort: Cohort, table: CohortTable, but: str = "") -> list[int]:
    """Count the members that carry forms of one sign on unions of classes; nil ones left out.

    One member may be left out, who says what it likes.
    """
    found = []
    figures = [by_common_cell(cohort, m) for did, m in cohort.members.items() if did != but]
    for form in one_signed_forms(cohort):
        nets = [
            {key: sum(map(mul, form.coefficients, of)) for key, of in cells.items()}
            for cells in figures
        ]
        judged = (form.own,) if form.own else (form.uses or (0,))
        parts = blocks([table.cells_of(i) for i in judged])
        for _ in range(min(12, 1 << len(parts))):
            chosen = bits_of(i for part in parts if dice.random() < 0.5 for i in members(part))
            inside = cells_of(table, chosen)
            carriers = sum(sum(net for key, net in of.items() if key in inside) != 0 for of in nets)
            found += [carriers] if carriers else []
    return found


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(BATCHES))
def test_enough_suppliers_carry_whatever_is_computed(batch: int) -> None:
    """Each form of one sign, on each union of classes: carried by `min_cohort` members, or nil."""
    seen = merged = 0
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        dice = Random(2000 + seed)
        cohort = cohort_numbered(seed)
        wanted = dice.choice([3, 3, min(4, len(cohort.members))])
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=wanted)
        merged += sum(len(cells) > 1 for cells in table.classes)
        found = carriers_found(dice, cohort, table)
        assert min(found, default=wanted) >= wanted, seed
        seen += len(found)
    assert seen > 100
    assert merged > 5


def any_marks(dice: Random, cohort: Cohort, honest: Marks) -> Marks:
    """Make marks of one who lies: more, less or other carriers, cells joined and withheld."""
    sizes = [len(codes) for _, codes in cohort.common.dimensions]
    every = list(product(*map(range, sizes)))
    forms, figures = len(cohort.common.forms()), len(cohort.common.figures)
    style = dice.choice(["honest", "all", "none", "any", "absent"])
    carries = {
        "honest": dict(honest.carries),
        "all": dict.fromkeys(every, (1 << forms) - 1),
        "none": dict.fromkeys(every, 0),
        "any": {key: dice.getrandbits(forms) for key in every if dice.random() < 0.7},
        "absent": {},
    }[style]

    def some(least: int) -> tuple[tuple[int, ...], ...]:
        chosen = sorted(dice.sample(every, dice.randint(0, min(3, len(every)))))
        return tuple(chosen) if len(chosen) >= least else ()

    reaching = [(cells,) if (cells := some(2)) else () for _ in range(figures)]
    blocked = [some(0) if dice.random() < 0.3 else () for _ in range(figures)]
    return Marks(carries=carries, reaching=tuple(reaching), blocked=tuple(blocked))


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_one_member_marks_the_others_are_enough(batch: int) -> None:
    """All others but one of `min_cohort` carry each form of one sign on each union, or none."""
    seen = 0
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        dice = Random(2000 + seed)
        cohort = cohort_numbered(seed)
        marks = cohort.marks()
        liar = dice.choice(sorted(marks))
        marks[liar] = any_marks(dice, cohort, marks[liar])
        table = make_cohort_table(cohort.common, marks, min_cohort=3)
        found = carriers_found(dice, cohort, table, but=liar)
        assert min(found, default=2) >= 2, seed
        seen += len(found)
    assert seen > 100


def test_marks_tell_who_carries_what_and_no_sign() -> None:
    """Nothing that one row decides, and nothing that switches a form off, can be marked."""
    assert set(Marks.__dataclass_fields__) == {"carries", "reaching", "blocked"}
    late = supplier(("x", "y"))
    cohort = cohort_of(late, supplier(("y",)), supplier(("y",)), supplier(("y",)))
    table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
    assert table.classes == (((0,), (1,)),)


def test_without_merging_few_carry_much() -> None:
    """The check above bites: on classes that one carrier is enough for it finds a lot."""
    few = 0
    for seed in range(30):
        dice = Random(2000 + seed)
        cohort = cohort_numbered(seed)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=1)
        few += sum(carriers < 3 for carriers in carriers_found(dice, cohort, table))
    assert few > 100


@pytest.mark.sweep
@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_class_is_made_of_what_every_member_may_release(batch: int) -> None:
    """No member's cell reaches out of a class, and nothing that a member blocks lies in one."""
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        cohort = cohort_numbered(seed)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        for figure, named in enumerate(cohort.common.figures):
            for bits in table.cells_of(figure):
                inside = cells_of(table, bits)
                for member in cohort.members.values():
                    own = [
                        {common_cell(cohort, member, key) for key in keys}
                        for keys in member.table.base
                    ]
                    held = [c for c, cells in enumerate(own) if cells & inside]
                    assert all(own[c] <= inside for c in held)
                    lost = {common_cell(cohort, member, k) for k in member.table.newest.blocked}
                    assert not lost & inside
                    if figure:
                        names = [f.name for f in member.table.figures]
                        released = member.table.cells[names.index(named.name)]
                        touching = [q for q in released if q & bits_of(held)]
                        assert bits_of(held) == sum(touching), (seed, named.name)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_group_is_cleared_where_it_is_a_union_of_classes(batch: int) -> None:
    """By the plain definition, over all cells of the common table, for any question."""
    cleared = refused = 0
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        dice = Random(2000 + seed)
        cohort = cohort_numbered(seed)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        sizes = [len(codes) for _, codes in cohort.common.dimensions]
        every = list(product(*map(range, sizes)))
        kept = {key for key in every if dice.random() < 0.8} if dice.random() < 0.5 else set(every)
        by = [i for i in range(len(sizes)) if dice.random() < 0.6]

        def group_of(key: tuple[int, ...]) -> tuple[int, ...] | None:
            return tuple(key[i] for i in by) if key in kept else None  # noqa: B023

        for figure in range(len(cohort.common.figures)):
            made_of, withheld = groups_cleared(table, figure, group_of)
            parts = [cells_of(table, bits) for bits in table.cells_of(figure)]
            named = set(table.blocked).union(*table.classes)
            parts += [{key} for key in every if key not in named]
            for group in {g for key in every if (g := group_of(key)) is not None}:
                cells = {key for key in every if group_of(key) == group}
                union = set().union(*(part for part in parts if part <= cells)) == cells
                assert union == (group not in withheld), (seed, figure, group)
                if union:
                    assert cells_of(table, made_of.get(group, 0)) == cells & named
                cleared, refused = cleared + union, refused + (not union)
    assert cleared > 20
    assert refused > 100


def test_it_depends_on_the_roster_and_the_data_alone() -> None:
    """In whatever order marks come, and however often it is made, it is the same table."""
    for seed in range(20):
        cohort = cohort_numbered(seed)
        marks = cohort.marks()
        table = make_cohort_table(cohort.common, marks, min_cohort=3)
        turned = dict(reversed(marks.items()))
        assert make_cohort_table(cohort.common, turned, min_cohort=3) == table
        shown = {did: cohort.members[did].declared for did in reversed(cohort.members)}
        assert common_table(shown) == cohort.common


def supplier(brands: tuple[str, ...], *, late: int = 1) -> Member:
    """Six plants of one supplier with a row of each brand; `late` of the rows late, if any."""
    rows = tuple(
        (f"P{plant}", (brand,), (1, late)) for plant in range(6) for brand in range(len(brands))
    )
    measures = (DeclaredMeasure(name="late", lower=0, upper=1),)
    return made((("brand", brands),), measures, rows, Rules(minimum_contributors=3))


def cohort_of(*members: Member) -> Cohort:
    named = {f"did:web:{chr(97 + i)}": member for i, member in enumerate(members)}
    return Cohort(named, common_table({did: m.declared for did, m in named.items()}))


def test_a_brand_of_one_supplier_is_merged_with_one_of_all() -> None:
    """A brand that lies with one supplier only is no class of its own: its total would be his."""
    cohort = cohort_of(supplier(("x", "y")), supplier(("x",)), supplier(("x",)))
    table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
    assert table.classes == (((0,), (1,)),)
    assert table.blocked == ()


def test_a_measure_that_one_supplier_carries_is_not_released() -> None:
    """All have rows, but late ones only one: COUNT is given, the sum of `late` would be his."""
    cohort = cohort_of(supplier(("x",)), supplier(("x",), late=0), supplier(("x",), late=0))
    table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
    assert table.classes == (((0,),),)
    assert table.measures == ((), ())
    made_of, withheld = groups_cleared(table, 1, lambda _key: "all")
    assert (made_of, withheld) == ({}, {"all"})
    assert groups_cleared(table, 0, lambda _key: "all") == ({"all": 1}, set())


def test_what_nobody_holds_is_a_class_of_its_own() -> None:
    """A code that all declare and nobody has rows of: its total is nil, and that is told."""
    brands = ("x", "y")
    empty = tuple(
        made(
            (("brand", brands),),
            (DeclaredMeasure(name="late", lower=0, upper=1),),
            tuple((f"P{plant}", (0,), (1, 1)) for plant in range(6)),
            Rules(minimum_contributors=3),
        )
        for _ in range(3)
    )
    table = make_cohort_table((cohort := cohort_of(*empty)).common, cohort.marks(), min_cohort=3)
    assert groups_cleared(table, 0, lambda key: key[0]) == ({0: 1}, set())


def test_two_caps_on_one_column_are_compared_whatever_their_units() -> None:
    """Their difference is nil below the lower cap: where one supplier is above it, it is his."""
    caps = tuple(
        DeclaredMeasure(name=f"cap{cap}", lower=0, upper=cap, unit=unit, columns=("v",))
        for cap, unit in ((100, "CNY"), (1000, "yuan"))
    )

    def plants(*cells: list[int]) -> Member:
        rows = tuple(
            (f"P{plant}", (cell,), (1, min(value, 100), min(value, 1000)))
            for cell, values in enumerate(cells)
            for plant, value in enumerate(values)
        )
        return made((("brand", ("x", "y")),), caps, rows, Rules(minimum_contributors=3))

    low, high = [50 + i for i in range(8)], [60] * 4 + [400 + i for i in range(4)]
    cohort = cohort_of(plants(high, high), plants(low, high), plants(low, high))
    table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
    assert (1, 2) in {form.uses for form in cohort.common.forms()}
    assert table.measures[2] == (0b11,)


def test_who_reads_a_column_in_common_is_closed_over_all_members() -> None:
    """One reads a and b from one column, another b and c: a and c are compared, too."""

    def declared(**columns: str) -> Declared:
        return Declared(
            dimensions=(("brand", ("x",)),),
            measures=tuple(
                DeclaredMeasure(name=name, lower=0, upper=9, unit=name, columns=(column,))
                for name, column in columns.items()
            ),
        )

    found = common_table(
        {
            "did:web:a": declared(a="1", b="1", c="2", d="3"),
            "did:web:b": declared(a="1", b="2", c="2", d="4"),
            "did:web:c": declared(a="3", c="1", d="5"),  # equal names at others mean nothing
        }
    )
    assert [m.name for m in found.measures] == ["a", "c", "d"]
    assert [m.columns for m in found.measures] == [("0",), ("0",), ("1",)]
    assert (1, 2) in {form.uses for form in found.forms()}
    assert not any(3 in form.uses and len(form.uses) > 1 for form in found.forms())


def test_too_few_members_make_no_table() -> None:
    """A cohort of three cannot have four carriers: refused before anything is merged."""
    cohort = cohort_of(*[supplier(("x",))] * 3)
    with pytest.raises(ValueError, match="at least 4 members, got 3"):
        make_cohort_table(cohort.common, cohort.marks(), min_cohort=4)


def test_marks_of_another_table_are_refused() -> None:
    """Marks name cells of the common table, all figures and all forms of it."""
    cohort, other = cohort_of(*[supplier(("x",))] * 3), cohort_of(*[supplier(("x", "y"))] * 3)
    with pytest.raises(ValueError, match="marks on the common table"):
        make_cohort_table(cohort.common, other.marks(), min_cohort=3)


def test_what_members_have_in_common_is_declared() -> None:
    """Order and names by the least DID, codes united, measures declared alike; else refused."""

    def declared(dimensions: list[tuple[str, tuple[str, ...]]], **measure: object) -> Declared:
        shape: dict[str, object] = {"name": "cost", "lower": 0, "upper": 9, "unit": "CNY"}
        return Declared(
            dimensions=tuple(dimensions),
            measures=(DeclaredMeasure(**shape | measure),),  # type: ignore[arg-type]
        )

    found = common_table(
        {
            "did:web:b": declared([("brand", ("q", "x")), ("year", ("9", "10"))]),
            "did:web:a": declared([("year", ("11", "9")), ("brand", ("x", "y"))]),
            "did:web:c": declared([("site", ("n",)), ("year", ()), ("brand", ("z",))]),
        },
        whole=("year",),
    )
    assert found.dimensions == (("year", ("9", "10", "11")), ("brand", ("x", "y", "q", "z")))
    (cost,) = found.measures
    assert (cost.lower, cost.upper) == (0, 9)
    differs: tuple[tuple[str, dict[str, object]], ...] = (
        ("another unit or other decimal places", {"unit": "EUR"}),
        ("another unit or other decimal places", {"scale": 2}),
        ("other empty values", {"empty": "skip"}),
        ("other bounds", {"upper": 20}),
        ("other bounds", {"lower": -1}),
    )
    for what, wrong in differs:
        with pytest.raises(Refused, match=f"cost has {what} at `did:web:b`"):
            common_table({"did:web:a": declared([]), "did:web:b": declared([], **wrong)})
