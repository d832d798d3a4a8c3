"""A total that its consumer opened: what the product's ciphertexts hold, provable by anybody.

`crypto/paillier/opening.py` has the equation. The session's key itself stays closed: with it the
aggregator could read single suppliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.audit import problems
from crypto import strict_json
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.paillier import frame
from crypto.paillier.errors import PaillierError
from crypto.paillier.opening import Numbers, show, shown

if TYPE_CHECKING:
    from contracts.cohort.session import Session
    from crypto.paillier.ciphertext import Stale
    from crypto.paillier.keys import SecretKey

MAX_BYTES: Final = 32 << 20
VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTotal:
    """One product, opened.

    Attributes:
        session: id of the session.
        product: the frame, as the aggregator signed it.
        plaintexts: what each ciphertext holds.
        roots: the ρ of each.
    """

    session: str
    product: bytes
    plaintexts: Numbers
    roots: Numbers


def path_of(session: str) -> str:
    """Say where the opened total of a session lies in a bundle."""
    return f"opened/total-{session}.json"


def is_total(path: str) -> bool:
    """Say whether a file of a bundle is an opened total."""
    return path.startswith("opened/total-") and path.endswith(".json")


def open_total(session: Session, cells: int, product: bytes, secret: SecretKey) -> bytes:
    """Write an opened total; needs the factors.

    Args:
        session: the session.
        cells: how many were cleared.
        product: the frame.
        secret: the session's key.

    A frame that is no batch of this session is written with nothing shown.
    """
    size = -(-session.key.bits // 8)

    def spelled(numbers: Numbers) -> list[list[str]]:
        return [[b64url(number.to_bytes(size, "big")) for number in column] for column in numbers]

    plaintexts: Numbers = ()
    roots: Numbers = ()
    if (batch := _batch(session, cells, product)) is not None:
        plaintexts, roots = show(secret, batch)
    return canonical(
        {
            "v": VERSION,
            "session": session.session,
            "product": b64url(product),
            "plaintexts": spelled(plaintexts),
            "roots": spelled(roots),
        }
    )


def read_total(data: bytes) -> OpenedTotal:
    """Read an opened total; whether it is true, `check_total` says.

    Raises:
        MalformedError: another form.
    """
    value = strict_json.loads(data, max_bytes=MAX_BYTES)
    names = {"v", "session", "product", "plaintexts", "roots"}
    if not isinstance(value, dict) or set(value) != names or value["v"] != VERSION:
        raise _malformed()
    if not isinstance(value["session"], str) or canonical(value) != data:
        raise _malformed()
    return OpenedTotal(
        session=value["session"],
        product=_bytes(value["product"]),
        plaintexts=_numbers(value["plaintexts"]),
        roots=_numbers(value["roots"]),
    )


def check_total(opened: OpenedTotal, session: Session, cells: int) -> bool:
    """Check that every ciphertext of the product holds what is said.

    Args:
        opened: the opened total.
        session: the session that it names.
        cells: how many were cleared.

    Returns:
        Whether the product is a batch of this session at all.

    Raises:
        VerificationError: what is said of it does not hold.
    """
    batch = _batch(session, cells, opened.product)
    if batch is None and not (opened.plaintexts or opened.roots):
        return False
    if batch is None or not shown(batch, opened.plaintexts, opened.roots):
        raise VerificationError(problems.OTHER_CIPHERTEXTS)
    return True


def _batch(session: Session, cells: int, product: bytes) -> Stale | None:
    try:
        return frame.from_bytes(product, key=session.key, layouts=session.layouts(cells))
    except PaillierError:
        return None


def _numbers(value: Any) -> Numbers:
    if not isinstance(value, list) or not all(isinstance(column, list) for column in value):
        raise _malformed()
    return tuple(tuple(int.from_bytes(_bytes(item), "big") for item in column) for column in value)


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise _malformed()
    return unb64url(value)


def _malformed() -> MalformedError:
    return MalformedError(problems.TOTAL_FORM)
