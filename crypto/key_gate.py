"""Which Ed25519 points may be a key: canonical, on the curve, in the group of prime order.

RFC 8032 tolerates points of small order, under which one signature fits every message; libraries
follow it. Every import of a key passes here. Variable time: it sees public values only.
Spec: RFC 8032 §5.1.3; voile design evidence.md §7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto import problems_signatures as problems
from crypto.errors import VerificationError

if TYPE_CHECKING:
    from crypto.words import Words

P: Final = 2**255 - 19
L: Final = 2**252 + 27742317777372353535851937790883648493  # order of the prime-order group
D: Final = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1: Final = pow(2, (P - 1) // 4, P)
KEY_BYTES: Final = 32

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, XY = ZT


def check_ed25519(raw: bytes) -> None:
    """Refuse a public key that is not one honest key generation can have made.

    Raises:
        VerificationError: wrong length, y ≥ p, not on the curve, x = 0 with a sign, small order,
            or a component of small order.
    """
    # (1) 32 bytes; (2) y below p; (3) on the curve, no negative zero
    point = _decompress(raw)
    # (4) not of small order
    times_8 = _double(_double(_double(point)))
    if _is_identity(times_8):
        raise _refused(problems.SMALL_ORDER)
    # (5) in the group of prime order
    if not _is_identity(_multiply(L, point)):
        raise _refused(problems.SMALL_COMPONENT)


def _decompress(raw: bytes) -> Point:
    if len(raw) != KEY_BYTES:
        raise _refused(problems.KEY_BYTES, expected=KEY_BYTES, got=len(raw))
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        raise _refused(problems.ENCODING)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P != 0:
        x = x * SQRT_MINUS_1 % P
        if (v * x * x - u) % P != 0:
            raise _refused(problems.OFF_CURVE)
    if x == 0 and sign:
        raise _refused(problems.ENCODING)
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _add(a: Point, b: Point) -> Point:
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    g = 2 * D * t1 * t2 % P
    h = 2 * z1 * z2 % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def _double(a: Point) -> Point:
    x, y, z, _ = a
    xx, yy, zz = x * x, y * y, 2 * z * z
    h = xx + yy
    e = h - (x + y) ** 2
    g = xx - yy
    f = zz + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _multiply(scalar: int, point: Point) -> Point:
    total = point
    for bit in bin(scalar)[3:]:
        total = _double(total)
        if bit == "1":
            total = _add(total, point)
    return total


def _is_identity(point: Point) -> bool:
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0


def _refused(why: Words, **facts: object) -> VerificationError:
    return VerificationError(problems.ED25519_REFUSED, why=why.of(**facts))
