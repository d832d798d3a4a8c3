"""What was done to a product is told by what it holds, and to whose contribution."""

import pytest

from contracts.audit.tampering import tampering
from crypto.paillier.layout import Layout

LAYOUTS = [
    Layout.plan(
        name,
        modulus_bits=2048,
        count=3,
        lower=0,
        upper=upper,
        rows=10,
        addends=3,
        tagged=True,
    )
    for name, upper in (("c0", 9), ("c1", 99))
]
VALUES = {
    "acme": ((1, 2, 3), (10, 20, 30)),
    "bolt": ((4, 5, 6), (40, 50, 60)),
    "cogs": ((7, 8, 9), (70, 80, 0)),
}
MADE = {
    did: tuple(layout.encode(v) for layout, v in zip(LAYOUTS, values, strict=True))
    for did, values in VALUES.items()
}


def total(*changes):
    """The sum of all, with more of somebody in the columns named."""
    found = [[sum(one[i][0] for one in MADE.values())] for i in range(2)]
    for did, times, columns in changes:
        for i in columns:
            found[i][0] += times * MADE[did][i][0]
    return tuple(map(tuple, found))


@pytest.mark.parametrize("did", VALUES)
@pytest.mark.parametrize("columns", [(0,), (1,), (0, 1)])
def test_dropped_and_doubled_are_told_with_whose_and_where(did, columns):
    """Also where it was done to one column only, and whatever was done to the count."""
    where = ", ".join(f"c{i}/0" for i in columns)
    dropped = [f"the contribution of `{did}` was dropped (ciphertexts {where})"]
    assert list(tampering(LAYOUTS, MADE, total((did, -1, columns)))) == [("dropped", *dropped)]
    counted = [list(column) for column in total((did, -1, columns))]
    for i in columns:
        counted[i][0] += 1 << (LAYOUTS[i].slots * LAYOUTS[i].slot_bits + LAYOUTS[i].tag_bits)
    assert list(tampering(LAYOUTS, MADE, counted)) == [("dropped", *dropped)]
    ((code, text),) = tampering(LAYOUTS, MADE, total((did, 1, columns)))
    assert (code, did in text, where in text) == ("doubled", True, True)


def test_swapped_suppliers_and_swapped_ciphertexts_are_told():
    """One supplier in the place of another; one column in the place of another."""
    ((code, text),) = tampering(LAYOUTS, MADE, total(("acme", -1, (0,)), ("cogs", 1, (0,))))
    assert code == "swapped"
    assert text.startswith("the contribution of `acme` was swapped for that of `cogs`")
    honest = total()
    ((code, text),) = tampering(LAYOUTS, MADE, (honest[1], honest[0]))
    assert (code, text.startswith("ciphertexts were swapped")) == ("swapped", True)


def test_all_else_is_altered_and_the_truth_is_nothing():
    """A constant in a slot, in the tag alone, in the count alone."""
    honest = total()
    assert list(tampering(LAYOUTS, MADE, honest)) == []
    layout = LAYOUTS[0]
    tag = layout.slots * layout.slot_bits
    for change in (1, 1 << tag, 1 << (tag + layout.tag_bits), 1 << 1000):
        changed = ((honest[0][0] + change,), honest[1])
        ((code, text),) = tampering(LAYOUTS, MADE, changed)
        assert (code, "c0/0" in text) == ("altered", True)
