"""A total that hides nothing, or is wrong, by ciphertexts that are none.

Who: one supplier of the cohort who patched its own connector.
Knows: the frame of a batch; that 0, n and multiples of p have no inverse.
Source: privacy.md 3.2, 4; issue 9, 5.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import asking
from crypto.paillier import frame
from tests.attack import sessions
from tests.attack.stocks import cells, rows_of, stocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.attack.scene import Scene
    from tests.attack.told import Told

HEAD = 8  # magic and the header's length
NUMBERS: dict[str, Callable[[int], int]] = {
    "0": lambda _n: 0,
    "1": lambda _n: 1,
    "n": lambda n: n,
    "n^2": lambda n: n * n,
    "n^2 - 1": lambda n: n * n - 1,
    "a multiple of n": lambda n: 7 * n,
    "all ones": lambda n: (1 << 8 * frame_size(n)) - 1,
}
UNITS = ("1", "n^2 - 1")  # they decrypt to nought: no harm but to the sum
SHAPES = ("too short", "too long", "another header")


def attack(scene: Scene, told: Told) -> None:
    scene.extra("dune")
    names = ("acme", "bolt", "dune")
    held = stocks(scene, "cipher", held={name: rows_of(n) for n, name in enumerate(names, 1)})
    held.agreements(scene.mallory, *names)
    for what in (*NUMBERS, *SHAPES):
        told.tried.append(f"a batch that is {what}, or whose first ciphertext is it")
        with _patched(what) as made:
            status, body = held.ask(scene.mallory, sessions.SQL, *names)
        assert made, "the patched supplier was never asked"
        given = {b: v["held:sum"] for b, v in cells(body).items()} if status == 200 else {}
        right = all(text == str(held.truth(brand)) for brand, text in given.items())
        told.came.append(f"{what}: {status} {given or sessions.codes(body)[:1]}")
        told.check(f"no wrong total is passed off as right ({what})", holds=right, came=given)
        if what not in UNITS:
            told.check(f"it is refused ({what})", holds=status != 200, came=given)
    told.tried.append("an honest total after all of them")
    status, body = held.ask(scene.mallory, sessions.SQL, *names)
    told.check("nobody is locked out afterwards", holds=status == 200, came=sessions.codes(body))


@contextmanager
def _patched(what: str) -> Iterator[list[str]]:
    """Patch how a supplier of ours writes its batch; nobody else in this process writes one.

    The consumer is ours, too, and does not say five times more that it is waiting.
    """
    honest, made, attempts = frame.to_bytes, [], asking.ATTEMPTS

    def write(batch: Any) -> bytes:
        made.append(what)
        return _changed(honest(batch), what, int(batch.key.n))

    frame.to_bytes, asking.ATTEMPTS = write, 1
    try:
        yield made
    finally:
        frame.to_bytes, asking.ATTEMPTS = honest, attempts


def _changed(data: bytes, what: str, n: int) -> bytes:
    start, size = HEAD + int.from_bytes(data[4:8], "big"), frame_size(n)
    if what in NUMBERS:
        return data[:start] + NUMBERS[what](n).to_bytes(size, "big") + data[start + size :]
    if what == "another header":
        return data[:HEAD] + data[HEAD:].replace(b'"scale":0', b'"scale":1', 1)
    return data[:-1] if what == "too short" else data + b"x"


def frame_size(n: int) -> int:
    """Give the size of one ciphertext under a modulus."""
    return 2 * -(-n.bit_length() // 8)
