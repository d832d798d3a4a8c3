"""did:web identifiers as their owners write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.did import DidDocument
from crypto.did_web import document_url, read_did
from crypto.errors import MalformedError, VoileError
from crypto.strict_json import loads
from crypto.url import read_url
from tests.crypto.keys_for_tests import ALICE, Party

alice = Party(ALICE)


@pytest.mark.parametrize(
    ("did", "said"),
    [
        ("did:web:A.example", "lower case"),
        ("did:web:a_b.example", "underscore"),
        ("did:web:müller.example", "`xn--…`"),
        ("did:web:a.example:müller", "`xn--…`"),
        ("did:web:a.example%3A65536", "65536"),
        ("did:web:a.example%3A0", "did:web:host"),
        ("did:web:a.example%3Aabc", "did:web:host"),
        ("did:web:a.example%2Fb", "did:web:host"),
        ("did:web:1.2.3.4", "address"),
        ("did:web:" + ".".join(["a" * 60] * 5), "253"),
    ],
)
def test_what_is_no_did_says_what_would_be(did: str, said: str):
    """The mistakes that people make are named, so that they can be mended."""
    with pytest.raises(MalformedError) as caught:
        read_did(did)
    assert said in caught.value.message
    assert caught.value.code == "did-malformed"


DIDS = st.from_regex(
    r"did:web:[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?(?:\.[a-z]{1,5}){1,3}(?:%3A[1-9][0-9]{0,3})?"
    r"(?::[A-Za-z0-9_~-]{1,8}){0,3}",
    fullmatch=True,
)


@given(DIDS)
def test_a_did_is_read_into_its_parts_and_its_place_is_a_url(did: str):
    """Host, port and path come back, and the document's address is one that is read."""
    found = read_did(did)
    port = "" if found.port is None else f"%3A{found.port}"
    assert ":".join([f"did:web:{found.host}{port}", *found.segments]) == did
    assert read_url(document_url(did, loopback_http=True)) == found.url


@given(st.text(max_size=60), st.sampled_from(["", "did:web:", "did:web:a.example", "did:web:%"]))
def test_any_text_is_a_did_or_one_error(text: str, before: str):
    """Nothing else comes out, and what is a DID has an address."""
    try:
        found = read_did(before + text)
    except MalformedError as error:
        assert error.code == "did-malformed"  # noqa: PT017 -- both ends are right
        return
    assert found.did == before + text
    assert read_url(str(found.url)) == found.url


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = (
    "service", "verificationMethod", "authentication", "assertionMethod", "capabilityInvocation",
)  # fmt: skip


@given(st.sampled_from(FIELDS), JSON | st.lists(st.fixed_dictionaries({"id": JSON, "type": JSON})))
def test_any_value_in_a_document_is_read_or_one_error(field: str, value: object):
    """A document with something of another type where a list should be ends in our own error."""
    try:
        document = DidDocument.parse(alice.raw_document() | {field: value}, expected=ALICE)
        document.service("DataService")
        assert isinstance(document.origins, frozenset)
        document.key(alice.token_kid, relationship="capabilityInvocation")
    except VoileError:
        return


@pytest.mark.parametrize(
    "endpoint", ["http://[::1/", "https://a.example:99999", ":abc", None, 5, {}]
)
def test_an_endpoint_that_is_no_url_names_no_place(endpoint: object):
    """The other services of the party still do."""
    raw = alice.raw_document() | {
        "service": [
            {"type": "DataService", "serviceEndpoint": endpoint},
            {"type": "Other", "serviceEndpoint": "https://b.example:8443/x"},
        ]
    }
    document = DidDocument.parse(raw, expected=ALICE)
    assert document.origins == {("https", "b.example", 8443)}


@pytest.mark.parametrize("text", ["null", '"x"', "5", "{}", "[null]", '["x"]', "[[]]"])
def test_services_that_are_none_are_passed_over(text: str):
    """`service: null` is a document without services, not an end of ours."""
    raw = alice.raw_document() | {"service": loads(text.encode())}
    document = DidDocument.parse(raw, expected=ALICE)
    assert document.service("DataService") is None
    assert document.origins == frozenset()
    assert not document.is_voile
