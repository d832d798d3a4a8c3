"""Applications: only the holder of all three keys can apply, for itself, to this hub, now."""

import copy

import pytest

from catalog.applications import FRESH_SECONDS, Signers, compose, verify_application
from crypto.did import DidDocument
from crypto.errors import MalformedError, VerificationError
from tests.catalog.parties import ALDER, BIRCH, HUB, NOW, SPACE


def made(who=ALDER, signers=None, **over):
    values = {"hub": HUB.did, "space": SPACE, "nonce": "AAAAAAAAAAAAAAAAAAAAAA", "now": NOW} | over
    return compose(who.participant, signers=signers or who.signers, **values)


def checked(value, who=ALDER, **over):
    values = {
        "expected_applicant": who.did,
        "expected_hub": HUB.did,
        "expected_space": SPACE,
        "document": who.document,
        "now": NOW,
    }
    return verify_application(value, **(values | over))


def test_an_honest_application_holds():
    """The hub learns the firm's own description and the three keys it proved."""
    found = checked(made())
    assert found.participant == ALDER.participant
    assert set(found.thumbprints) == {"token", "agreements", "log"}
    assert found.digest.startswith("sha-256:")


@pytest.mark.parametrize("use", ["token", "agreements", "log"])
def test_each_of_the_three_keys_must_have_signed(use):
    """A proof by another party's key of the same kind is refused, whichever key it replaces."""
    value = made()
    value["proofs"][use] = made(BIRCH)["proofs"][use]
    with pytest.raises(VerificationError):
        checked(value)


@pytest.mark.parametrize("use", ["agreements", "log"])
def test_one_proof_does_not_serve_two_keys(use):
    """The proof of one key cannot stand in for another's."""
    value = made()
    value["proofs"][use] = value["proofs"]["token"]
    with pytest.raises(VerificationError):
        checked(value)


def test_keys_of_somebody_else_cannot_be_claimed():
    """A firm that lists another's log key in its application is refused by its own document."""
    mixed = Signers(
        token=ALDER.signers.token, agreements=ALDER.signers.agreements, log=BIRCH.signers.log
    )
    with pytest.raises(VerificationError, match="log key"):
        checked(made(signers=mixed))


def test_one_key_for_two_uses_is_refused():
    """Agreements and the log are signed by different keys."""
    doubled = Signers(
        token=ALDER.signers.token,
        agreements=ALDER.signers.agreements,
        log=ALDER.signers.agreements,
    )
    with pytest.raises(VerificationError, match="two uses"):
        checked(made(signers=doubled))


def test_any_changed_word_breaks_the_proof():
    """Every field of the description is under all three signatures."""
    for name, other in {
        "nameZh": "冒名公司",
        "nameEn": "Impostor",
        "legalId": "ID-x",
        "legalGroup": "ID-x",
        "roles": ["consumer"],
    }.items():
        value = copy.deepcopy(made())
        value["transcript"]["participant"][name] = other
        with pytest.raises(VerificationError):
            checked(value)


def test_it_cannot_be_shown_to_another_hub_or_space():
    """Hub and space are compared whole."""
    with pytest.raises(VerificationError, match="another hub"):
        checked(made(hub=HUB.did + ":branch"))
    with pytest.raises(VerificationError, match="another hub"):
        checked(made(space=SPACE + "/other"))


def test_it_cannot_be_sent_by_somebody_else():
    """An application that Birch copied from Alder is not Birch's, with either document."""
    with pytest.raises(VerificationError, match="another party"):
        checked(made(), who=BIRCH)
    with pytest.raises(VerificationError, match="another party"):
        checked(made(), expected_applicant=BIRCH.did)


@pytest.mark.parametrize("off", [-FRESH_SECONDS - 1, FRESH_SECONDS + 1])
def test_it_cannot_be_kept_for_later(off):
    """An old application, or one from the future, is refused."""
    with pytest.raises(VerificationError, match="from our clock"):
        checked(made(now=NOW + off))


def test_the_connector_stands_where_the_document_says():
    """A firm cannot register another's address as its own."""
    raw = copy.deepcopy(dict(ALDER.document.raw))
    raw["service"][0]["serviceEndpoint"] = "https://elsewhere.example/voile/v1"
    document = DidDocument.parse(raw, expected=ALDER.did)
    with pytest.raises(VerificationError, match="another connector"):
        checked(made(), document=document)


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        (("transcript", "participant", "nameZh"), "", "/transcript/participant/nameZh"),
        (("transcript", "participant", "nameEn"), "a\nb", "/transcript/participant/nameEn"),
        (("transcript", "participant", "roles"), [], "/transcript/participant/roles"),
        (("transcript", "participant", "roles"), ["king"], "/transcript/participant/roles"),
        (
            ("transcript", "participant", "roles"),
            ["provider", "provider"],
            "/transcript/participant/roles",
        ),
        (("transcript", "participant", "did"), "did:key:z", "/transcript/participant/did"),
        (("transcript", "participant", "extra"), 1, "/transcript/participant/extra"),
        (("transcript", "participant", "endpoint"), "ftp://x", "/transcript/participant/endpoint"),
        (
            ("transcript", "participant", "endpoint"),
            "https://u@x",
            "/transcript/participant/endpoint",
        ),
        (
            ("transcript", "participant", "endpoint"),
            "https://x:y",
            "/transcript/participant/endpoint",
        ),
        (("transcript", "time"), True, "/transcript/time"),
        (("transcript", "keys", "log"), "key", "/transcript/keys/log"),
        (("proofs",), None, "/proofs"),
    ],
)
def test_a_wrong_field_is_named(path, value, pointer):
    """Malformed applications give one error that names the field."""
    made_one = copy.deepcopy(made())
    at = made_one
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    with pytest.raises(MalformedError) as caught:
        checked(made_one)
    assert caught.value.params["pointer"] == pointer


def test_a_private_key_in_the_application_is_refused():
    """A JWK with a private part is not accepted, and not repeated in the error."""
    value = copy.deepcopy(made())
    value["transcript"]["keys"]["log"]["d"] = "c2VjcmV0"
    with pytest.raises(MalformedError) as caught:
        checked(value)
    assert "no such field" in caught.value.message
