"""A total that its consumer opened: what the product's ciphertexts hold, provable by anybody.

`crypto/paillier/opening.py` has the equation. The session's key itself stays closed: with it the
aggregator could read single suppliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from contracts.audit import problems
from crypto import strict_json
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.paillier import frame
from crypto.paillier.errors import PaillierError
from crypto.paillier.opening import Numbers, show, shown
from crypto.records import As, Size, Text, read, value_of

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


def _bytes(value: Any, at: str) -> bytes:
    return unb64url(value_of(Word, value, at))


def _numbers(value: Any, at: str) -> Numbers:
    listed = value_of(_COLUMNS, value, at)
    return tuple(tuple(int.from_bytes(_bytes(item, at), "big") for item in one) for one in listed)


Word = Annotated[str, Text(MAX_BYTES, empty=True, raw=True)]
_COLUMNS: Final = Annotated[
    tuple[Annotated[tuple[Any, ...], Size(0, MAX_BYTES)], ...], Size(0, MAX_BYTES)
]


@dataclass(frozen=True, slots=True)
class _Written:
    v: Literal[1]
    session: Word
    product: Annotated[bytes, As(_bytes)]
    plaintexts: Annotated[Numbers, As(_numbers)]
    roots: Annotated[Numbers, As(_numbers)]


def read_total(data: bytes) -> OpenedTotal:
    """Read an opened total; whether it is true, `check_total` says.

    Raises:
        MalformedError: another form.
    """
    value = strict_json.loads(data, max_bytes=MAX_BYTES)
    try:
        said = read(_Written, value)
    except MalformedError as error:
        raise MalformedError(problems.TOTAL_FIELD, why=error) from error
    if canonical(value) != data:
        raise MalformedError(problems.TOTAL_FORM)
    return OpenedTotal(
        session=said.session,
        product=said.product,
        plaintexts=said.plaintexts,
        roots=said.roots,
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
