"""A contribution that its supplier opened: figures, salt, and all that its batch was made from.

It is compared with what the supplier signed when it contributed, by making everything again: the
commitment from figures and salt, the digests of seed and secret, and the batch itself, ciphertext
by ciphertext, from the noise it was encrypted with. A supplier that opens other figures than it
sent is found by its own signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.audit import problems
from crypto.b64 import unb64url
from crypto.canonical import digest_bytes
from crypto.commitments import check as check_commitment
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.paillier import frame
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.expand import expand
from crypto.paillier.gate import VerifiedKey
from crypto.paillier.proof import Transcript
from crypto.paillier.tags import Seed, Tagger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.cohort.session import Session
    from contracts.cohort.statements import Contribution

MESSAGE = "CohortContribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPart:
    """What a supplier's opened leaf says of its contribution."""

    columns: tuple[tuple[int, ...], ...]
    salt: bytes
    seed: bytes
    secret: bytes
    noise: bytes
    question: Mapping[str, Any]  # without its cells


def read_part(detail: Any) -> OpenedPart:
    """Read the detail of a supplier's leaf.

    Raises:
        MalformedError: it is none of a contribution with tags.
    """
    try:
        return OpenedPart(
            columns=tuple(tuple(int(text) for text in column) for column in detail["columns"]),
            salt=unb64url(detail["salt"]),
            seed=unb64url(detail["seed"]),
            secret=unb64url(detail["secret"]),
            noise=unb64url(detail["noise"]),
            question=dict(detail["question"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedError(problems.NO_CONTRIBUTION) from error


def plaintexts(
    part: OpenedPart, session: Session, contribution: Contribution, cells: int
) -> tuple[tuple[int, ...], ...]:
    """Make a contribution again; give what each of its ciphertexts holds.

    (1) figures and salt open the commitment;
    (2) seed and secret are those that session and contribution name;
    (3) encrypted with the same noise they give the batch, byte by byte.

    Args:
        part: what was opened.
        session: the session.
        contribution: what the supplier signed.
        cells: how many were cleared.

    Raises:
        VerificationError: one of them fails, which `message` says.
    """
    # (1)
    opened = [[str(value) for value in column] for column in part.columns]
    check_commitment(contribution.commitment, salt=part.salt, value={"columns": opened})
    # (2)
    if (digest_bytes(part.seed), digest_bytes(part.secret)) != (session.seed, contribution.tag):
        raise VerificationError(problems.SEED_OR_SECRET)
    # (3)
    layouts = session.layouts(cells)
    tagger = Tagger(Seed(part.seed, session.transcript.encode()), part.secret)
    try:
        key = VerifiedKey(session.key, Transcript("", "", "", b""))  # nothing new is hidden by it
        expected = sum(layout.ciphertexts for layout in layouts)
        encryptor = Encryptor.make(key, expand(part.noise), expected=expected)
        columns = list(zip(layouts, part.columns, strict=True))
        batch = frame.to_bytes(encryptor.encrypt(columns, tagger=tagger))
    except (VoileError, ValueError) as error:
        raise VerificationError(problems.NO_BATCH) from error
    if digest_bytes(batch) != contribution.batch:
        raise VerificationError(problems.OTHER_BATCH)
    return tuple(
        tuple(int(m) for m in tagger.tagged(layout, layout.encode(values)))
        for layout, values in columns
    )


def of_session(leaf: Mapping[str, Any], session: str | None = None) -> bool:
    """Say whether a leaf is a supplier's own of a contribution, of this session if one is named."""
    msg = leaf.get("msg") or {}
    own = (msg.get("type"), msg.get("direction")) == (MESSAGE, "out")
    return own and session in {None, leaf.get("process")}
