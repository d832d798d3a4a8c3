"""What was done to a product that is not the sum of its contributions, ciphertext by ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crypto.paillier.layout import Layout
    from crypto.paillier.opening import Numbers

Place = tuple[int, int]  # column, number of the ciphertext in it


def tampering(
    layouts: Sequence[Layout], made: Mapping[str, Numbers], product: Numbers
) -> Iterator[tuple[str, str]]:
    """Name what differs between a product and the sum of all contributions.

    Args:
        layouts: of the columns.
        made: per supplier, what each of its ciphertexts holds.
        product: what each ciphertext of the product holds.

    Yields:
        A code (`dropped`, `doubled`, `swapped`, `altered`), and what was done to which ciphertexts.
    """
    places = [(i, j) for i, column in enumerate(product) for j in range(len(column))]
    expected = {(i, j): sum(one[i][j] for one in made.values()) for i, j in places}
    found: dict[tuple[str, str], list[str]] = {}
    for i, j in places:
        if product[i][j] == expected[i, j]:
            continue
        words = _named(layouts[i], (i, j), made, product, expected)
        found.setdefault(words, []).append(f"{layouts[i].column}/{j}")
    for (code, text), where in found.items():
        yield code, f"{text} (ciphertexts {', '.join(where)})"


def _named(
    layout: Layout,
    place: Place,
    made: Mapping[str, Numbers],
    product: Numbers,
    expected: Mapping[Place, int],
) -> tuple[str, str]:
    i, j = place
    for tagged in (True, False):  # by values and tags, which tell equal values apart; or by values

        def of(plaintext: int, *, tagged: bool = tagged) -> tuple[int, ...]:
            found = layout.fields(plaintext)
            return (*found.slots, found.tag) if tagged else found.slots

        values = {did: of(one[i][j]) for did, one in made.items()}
        change = _less(of(product[i][j]), of(expected[place]))
        named = _by_suppliers(change, values)
        if named is not None:
            return named
    for other, total in expected.items():
        if other != place and product[i][j] == total:
            return "swapped", "ciphertexts were swapped with each other"
    for did, one in made.items():
        for other in expected:
            rest = expected[place] - one[i][j]
            if other != place and product[i][j] == rest + one[other[0]][other[1]]:
                return "swapped", f"ciphertexts of `{did}` were swapped with each other"
    return "altered", "they hold something that nobody contributed"


def _by_suppliers(
    change: tuple[int, ...], values: Mapping[str, tuple[int, ...]]
) -> tuple[str, str] | None:
    for did, own in values.items():
        if any(own) and change == tuple(-value for value in own):
            return "dropped", f"the contribution of `{did}` was dropped"
        if any(own) and change == own:
            return "doubled", f"the contribution of `{did}` was taken twice"
    for gone, old in values.items():
        for instead, new in values.items():
            if old != new and change == _less(new, old):
                text = f"the contribution of `{gone}` was swapped for that of `{instead}`"
                return "swapped", text
    return None


def _less(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(left, right, strict=True))
