"""A forged agreement under an honest party's ids: who made it convicts nobody but itself."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from contracts.audit.agreements import agreement_name, write_agreement
from contracts.audit.diff import diff
from contracts.audit.layout import short_name
from contracts.audit.verify import verify
from contracts.signatures import sign_stage
from crypto.canonical import digest_bytes
from tests.contracts.audit.witnessed import BUYER, SELLER, Firm, deal

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.audit.verify import Bundle
    from contracts.signatures import Stage
    from tests.contracts.audit.witnessed import Book, Deal

PIDS = {"consumer_pid": "urn:c", "provider_pid": "urn:p"}


def signed(body: dict[str, Any], firm: Firm, stage: Stage, made: Deal, **more: Any) -> bytes:
    how: dict[str, Any] = {"prev": None} | PIDS | more
    return sign_stage(body, stage=stage, key=firm.agreements, kid=firm.agreements_kid,
                      now=made.now // 1000, **how).encode()  # fmt: skip


def forged(made: Deal, book: Book, body: dict[str, Any], stages: dict[str, bytes],
           pids: dict[str, str] = PIDS) -> Bundle:  # fmt: skip
    """A bundle with this instead of the agreement, each stage with a leaf."""
    return made.bundle(book, change=instead(made, book, body, stages, pids))


def instead(made: Deal, book: Book, body: dict[str, Any], stages: dict[str, bytes],
            pids: dict[str, str] = PIDS) -> Callable[[dict[str, bytes]], None]:  # fmt: skip
    """Write the leaves of a forged agreement; give what puts it in the place of the real one."""
    folder = f"agreements/{short_name(agreement_name(body, 'urn:p'))}"
    for name, data in stages.items():
        book.write(made.now, kind="AGREEMENT", agreement=made.agreement, to_state=name,
                   sig=(digest_bytes(data),), detail={"stage": name})  # fmt: skip

    def change(files: dict[str, bytes]) -> None:
        for path in [path for path in files if path.startswith("agreements/")]:
            del files[path]
        files[f"{folder}/agreement.json"] = write_agreement(body, **pids)
        files.update({f"{folder}/{name}.jws": data for name, data in stages.items()})

    return change


def swapped_roles(made: Deal, book: Book) -> Callable[[dict[str, bytes]], None]:
    """The agreement with its roles swapped, with the other side's stage signed by the forger."""
    body = {"@id": made.agreement, "assigner": BUYER, "assignee": SELLER, "permission": []}
    stage: Stage = "AGREED" if book is made.buyer else "VERIFIED"
    return instead(made, book, body, {stage: signed(body, book.firm, stage, made)})


def judged(made: Deal, forger: Book, bundle: Bundle) -> None:
    """Lay it beside the honest bundle, in both orders: a finding that names both, and no proof."""
    honest = made.bundle(made.seller if forger is made.buyer else made.buyer)
    for report in (diff(honest, bundle), diff(bundle, honest)):
        assert not [one for one in report.findings if one.level == "proof"], report.findings
        (told,) = [one for one in report.findings if "is signed by" in one.text]
        assert (told.level, told.code) == ("finding", "different-content")
        assert BUYER in told.text
        assert SELLER in told.text


@pytest.mark.parametrize("seed", range(4))
def test_an_agreement_with_its_roles_swapped_convicts_nobody(seed: int):
    """The forger signs for the other side under its own name: no honest party is named a liar."""
    made = deal(random.Random(seed).randrange(1, 4))
    book = made.buyer if seed % 2 else made.seller
    bundle = made.bundle(book, change=swapped_roles(made, book))
    assert "agreement-signature" not in {one.code for one in verify(bundle).findings}
    judged(made, book, bundle)


def test_a_second_negotiation_under_one_id_is_no_proof_against_who_verified_both():
    """The seller reuses the agreement's id and its own; the buyer signs each with its own id."""
    made = deal()
    body = {"@id": made.agreement, "assigner": SELLER, "assignee": BUYER, "permission": []}
    more = {"consumer_pid": "urn:c2"}
    agreed = signed(body, made.seller.firm, "AGREED", made, **more)
    verified = signed(body, made.buyer.firm, "VERIFIED", made, prev=digest_bytes(agreed), **more)
    for stages, guilty in (({"VERIFIED": signed(body, made.buyer.firm, "VERIFIED", made, **more)},
                            False), ({"AGREED": agreed, "VERIFIED": verified}, True)):  # fmt: skip
        bundle = forged(made, made.seller, body, stages, PIDS | more)
        proofs = [one for one in diff(made.bundle(made.buyer), bundle).findings
                  if (one.level, one.code) == ("proof", "contradiction")]  # fmt: skip
        assert not [one for one in proofs if f"`{BUYER}` signed" in one.text]
        assert bool([one for one in proofs if f"`{SELLER}` signed" in one.text]) == guilty
