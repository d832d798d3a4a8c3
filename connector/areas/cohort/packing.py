"""A provider's batch before it is anybody's: encrypted and tagged, with all that opens it later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.areas.cohort import tagging
from contracts.cohort import signing
from contracts.cohort.statements import Cleared, Contribution
from crypto.b64 import b64url
from crypto.canonical import digest_bytes
from crypto.commitments import SALT_BYTES, commit
from crypto.paillier import frame
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.expand import NOISE_BYTES, expand
from crypto.paillier.tags import KEY_BYTES, Tagger

if TYPE_CHECKING:
    from connector.party.node import Node
    from contracts.cohort.session import Question, Session
    from crypto.did import Did
    from crypto.paillier.gate import VerifiedKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One batch, not charged and not sent.

    Attributes:
        batch: the frame.
        columns: the figures in it, as decimal strings.
        seed: of the session's tags.
        secret: of ours; the consumer is told it.
        noise: what all randomness of the batch is expanded from; nobody is told it.
        salt: of the commitment to the figures.
    """

    batch: bytes
    columns: list[list[str]] = field(repr=False)
    seed: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    noise: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    def statement(self, session: Session, provider: Did, cleared_jws: str) -> Contribution:
        """Say what we stand by."""
        return Contribution(
            session=session.session,
            transcript=session.transcript,
            provider=provider,
            cleared=signing.digest_of(cleared_jws),
            batch=digest_bytes(self.batch),
            commitment=commit(self.salt, {"columns": self.columns}),
            tag=digest_bytes(self.secret),
        )

    def detail(self, cleared: Cleared, question: Question, commitment: str) -> dict[str, Any]:
        """Write down all that opens it; `contracts/audit/opened_part.py` reads it."""
        return {
            "columns": self.columns,
            "salt": b64url(self.salt),
            "commitment": commitment,
            "cleared": list(cleared.columns),
            "seed": b64url(self.seed),
            "secret": b64url(self.secret),
            "noise": b64url(self.noise),
            "question": question.without_cells(),
        }


def pack(
    node: Node,
    session: Session,
    cells: int,
    key: VerifiedKey,
    values: tuple[tuple[int, ...], ...],
) -> Packed:
    """Encrypt our figures; it takes long and changes nothing.

    Args:
        node: this node.
        session: the session, which has begun here.
        cells: how many were cleared.
        key: the consumer's.
        values: per column, one figure per cleared cell.
    """
    layouts = session.layouts(cells)
    seed, secret = tagging.seed_of(node, session), node.entropy(KEY_BYTES)
    noise, salt = node.entropy(NOISE_BYTES), node.entropy(SALT_BYTES)
    expected = sum(layout.ciphertexts for layout in layouts)
    encryptor = Encryptor.make(key, expand(noise), expected=expected)
    columns = zip(layouts, values, strict=True)
    return Packed(
        batch=frame.to_bytes(encryptor.encrypt(columns, tagger=Tagger(seed, secret))),
        columns=[[str(value) for value in column] for column in values],
        seed=seed.value,
        secret=secret,
        noise=noise,
        salt=salt,
    )
