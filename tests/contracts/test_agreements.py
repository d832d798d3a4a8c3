"""Building an agreement out of an offer, and holding one against what was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import versions
from contracts.agreements import agreement_of, check_agreement, check_request, message_offer
from contracts.errors import MalformedMessageError, UnacceptableTermsError
from contracts.messages.terms import AGREEMENT, MESSAGE_OFFER

NOW = datetime(2026, 11, 21, 9, 55, 3, tzinfo=UTC)
DATASET = "urn:dataset:1"
PUBLISHED: dict[str, Any] = {
    "@id": "urn:offer:1",
    "@type": "Offer",
    "permission": [
        {
            "action": "use",
            "constraint": [{"leftOperand": "count", "operator": "lteq", "rightOperand": "5"}],
        }
    ],
}
OFFER = message_offer(PUBLISHED, dataset_id=DATASET)


def _agreement(**change: Any) -> dict[str, Any]:
    made = agreement_of(
        OFFER, agreement_id="urn:agreement:1", assigner="did:web:p", assignee="did:web:c", now=NOW
    )
    return made | change


def _check(agreement: dict[str, Any]) -> None:
    check_agreement(agreement, offer=OFFER, assigner="did:web:p", assignee="did:web:c")


def test_an_agreement_is_the_offer_with_its_parties():
    """What we build has the offer's rules verbatim, both parties, a zoned time, and checks out."""
    made = _agreement()
    assert made["permission"] == OFFER["permission"]
    assert made["timestamp"] == "2026-11-21T09:55:03Z"
    assert made["target"] == DATASET
    AGREEMENT(made, "")
    MESSAGE_OFFER(OFFER, "")
    _check(made)


def test_an_empty_constraint_list_is_no_constraint():
    """A peer may write `constraint: []` where the offer had none: the same terms."""
    plain = {**OFFER, "permission": [{"action": "use"}]}
    agreed = _agreement(permission=[{"action": "use", "constraint": []}])
    check_agreement(agreed, offer=plain, assigner="did:web:p", assignee="did:web:c")


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"assigner": "did:web:c"}, "assigner"),
        ({"assignee": "did:web:cc"}, "assignee"),
        ({"target": "urn:dataset:2"}, "target"),
        ({"timestamp": None}, "timestamp"),
        ({"permission": [{"action": "use"}]}, "terms"),
        (
            {
                "permission": [
                    {
                        "action": "use",
                        "constraint": [
                            {"leftOperand": "count", "operator": "lteq", "rightOperand": "50"}
                        ],
                    }
                ]
            },
            "terms",
        ),
        ({"prohibition": [{"action": "use"}]}, "terms"),
    ],
)
def test_a_differing_agreement_names_its_clause(change: dict[str, Any], clause: str):
    """Other parties, another target, no date, or any term lost or changed: refused by name."""
    agreement = {k: v for k, v in _agreement(**change).items() if v is not None}
    with pytest.raises(UnacceptableTermsError) as caught:
        _check(agreement)
    assert caught.value.params["clause"] == clause


def test_a_request_must_be_the_published_offer():
    """The published offer passes; other terms or another dataset do not."""
    check_request(OFFER, PUBLISHED, dataset_id=DATASET)
    cheaper = {**OFFER, "permission": [{"action": "use"}]}
    for wrong in (cheaper, {**OFFER, "target": "urn:dataset:2"}):
        with pytest.raises(UnacceptableTermsError):
            check_request(wrong, PUBLISHED, dataset_id=DATASET)


@pytest.mark.parametrize(
    "document",
    [
        b"{}",
        b'{"protocolVersions":[]}',
        b'{"protocolVersions":[{"version":"2024-1","path":"/x"}]}',
        b'{"protocolVersions":[{"version":"2025-1","path":"/x","binding":"GRPC"}]}',
    ],
)
def test_a_peer_without_our_version_is_refused(document: bytes):
    """There is one version; a peer that does not speak it is told apart clearly."""
    with pytest.raises(MalformedMessageError):
        versions.base_url(document, root="https://p.example")


@pytest.mark.parametrize(("path", "base"), [("/dsp/2025-1", "/dsp/2025-1"), ("/", "")])
def test_base_url_of_a_peer(path: str, base: str):
    """The base is the root and the version's path, whatever slashes stand between."""
    text = f'{{"protocolVersions":[{{"version":"2025-1","path":"{path}","binding":"HTTPS"}}]}}'
    assert versions.base_url(text.encode(), root="https://p.example/x/") == (
        f"https://p.example/x{base}"
    )
