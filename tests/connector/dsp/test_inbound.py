"""What a peer may send us, and what comes of it: order, scoping, idempotency, signatures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.identity.keyring import own_document
from contracts import messages as m
from contracts.agreements import message_offer
from contracts.messages import Pid
from contracts.signatures import sign_stage
from tests.connector.dsp.area import CLOSED, LATE, OPEN, offer_of

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair, Puppet

C = Pid("urn:uuid:crow-1")


def _request(puppet: Puppet, **change: Any) -> m.ContractRequestMessage:
    made = m.ContractRequestMessage(
        id="urn:m:1",
        consumer_pid=C,
        offer=message_offer(offer_of(OPEN), dataset_id=OPEN),
        callback_address=puppet.base,
    )
    return replace(made, **change)


def _open(pair: Pair, puppet: Puppet) -> str:
    """Open a negotiation by hand; give the provider's pid."""
    status, body = puppet.send(pair.provider, "/negotiations/request", _request(puppet))
    assert status == 201, body
    return body["providerPid"]


def test_an_agreement_is_made_of_the_text_in_the_catalogue(pair: Pair, puppet: Puppet):
    """A peer that has no place for `profile` and conflict drops them; the agreement has them."""
    offer = message_offer(offer_of(OPEN), dataset_id=OPEN)
    kept = {"profile", "odrl:conflict"}
    assert kept <= set(offer)
    less = {key: value for key, value in offer.items() if key not in kept}
    sent = _request(puppet, offer={**less, "assigner": pair.provider.did})
    assert puppet.send(pair.provider, "/negotiations/request", sent)[0] == 201
    pair.provider.deliver()
    (message,) = puppet.messages("ContractAgreementMessage")
    agreement = message["agreement"]
    terms = {key: agreement[key] for key in offer if key not in {"@id", "@type"}}
    assert terms == {key: value for key, value in offer.items() if key not in {"@id", "@type"}}


def test_opening_answers_201_with_the_state(pair: Pair, puppet: Puppet):
    """The creating POST answers 201 with both pids; the agreement comes as a call to the callback."""
    status, body = puppet.send(pair.provider, "/negotiations/request", _request(puppet))
    assert (status, body["state"], body["consumerPid"]) == (201, "REQUESTED", C)
    assert "/" not in body["providerPid"]
    pair.provider.deliver()
    (agreement,) = puppet.messages("ContractAgreementMessage")
    assert agreement["agreement"]["assigner"] == pair.provider.did
    assert agreement["agreement"]["assignee"] == puppet.did
    assert puppet.got[0][1] == f"/negotiations/{C}/agreement"


def test_a_repeated_message_gets_the_stored_answer(pair: Pair, puppet: Puppet):
    """The same @id again: same answer, no second negotiation, no second agreement."""
    first = puppet.send(pair.provider, "/negotiations/request", _request(puppet))
    pair.provider.deliver()
    assert puppet.send(pair.provider, "/negotiations/request", _request(puppet)) == first
    pair.provider.deliver()
    assert len(pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1
    assert len(puppet.messages("ContractAgreementMessage")) == 1


def test_creation_is_idempotent_on_the_peers_pid(pair: Pair, puppet: Puppet):
    """Another @id but the same pid and content: the same negotiation. Other content: an error."""
    first = puppet.send(pair.provider, "/negotiations/request", _request(puppet))[1]
    again = puppet.send(pair.provider, "/negotiations/request", _request(puppet, id="urn:m:2"))
    assert again[0] == 201
    assert again[1]["providerPid"] == first["providerPid"]
    other = _request(
        puppet,
        id="urn:m:3",
        offer=message_offer(offer_of("urn:dataset:1"), dataset_id="urn:dataset:1"),
    )
    status, body = puppet.send(pair.provider, "/negotiations/request", other)
    assert (status, body["code"]) == (400, "negotiation.pid-reused")
    assert len(pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1


def test_an_id_of_another_message_is_refused(pair: Pair, puppet: Puppet):
    """A message id stands for one message, not for another type under the same name."""
    pid = _open(pair, puppet)
    end = m.ContractNegotiationTerminationMessage(
        id="urn:m:1", consumer_pid=C, provider_pid=Pid(pid)
    )
    status, body = puppet.send(pair.provider, f"/negotiations/{pid}/termination", end)
    assert (status, body["code"]) == (400, "message.id-reused")


def test_two_peers_may_use_the_same_pid(pair: Pair, puppet: Puppet):
    """Pids are scoped to who sends them: a consumer's own pid does not collide with another's."""
    _open(pair, puppet)
    _, body = pair.consumer.manage(
        "POST", "/v1/negotiations", {"provider": pair.provider.did, "dataset": OPEN}
    )
    pair.settle()
    assert pair.both(body["pid"])[0]["state"] == "FINALIZED"


@pytest.mark.parametrize(
    "path",
    [
        "/negotiations/{pid}/termination",
        "/transfers/{pid}/termination",
        "/negotiations/{pid}/request",
    ],
)
def test_unknown_and_foreign_look_alike(pair: Pair, puppet: Puppet, path: str):
    """Another's process, an unknown one and an unauthenticated call: one same 404."""
    theirs = pair.both(pair.negotiate_and_settle())[1]["providerPid"]
    kind, cls = (
        ("transfer", m.TransferTerminationMessage)
        if "transfers" in path
        else ("negotiation", m.ContractNegotiationTerminationMessage)
    )
    message: m.Message = cls(id="urn:m:9", consumer_pid=C, provider_pid=Pid("urn:p"))
    if path.endswith("/request"):
        message = _request(puppet, callback_address=None, provider_pid=Pid("urn:p"))
    foreign = puppet.send(pair.provider, path.format(pid=theirs), message)
    unknown = puppet.send(pair.provider, path.format(pid="urn:uuid:nothing"), message)
    assert foreign == unknown
    assert foreign[0] == 404
    assert foreign[1]["code"] == f"{kind}.not-found"
    url = f"{pair.provider.url}/dsp/2025-1{path.format(pid=theirs)}"
    bare = pair.net.request("POST", url, body=m.encode(message))
    assert (bare.status, json.loads(bare.body)) == foreign


def test_the_catalogue_says_401_without_identity(pair: Pair):
    """The catalogue alone tells an unauthenticated caller so."""
    url = f"{pair.provider.url}/dsp/2025-1/catalog/request"
    answer = pair.net.request("POST", url, body=m.encode(m.CatalogRequestMessage()))
    assert answer.status == 401
    assert json.loads(answer.body)["@type"] == "CatalogError"


def test_path_and_body_must_name_the_same_process(pair: Pair, puppet: Puppet):
    """A pid in the body that is not the path's, or not the process', is 400 and changes nothing."""
    pid = _open(pair, puppet)
    for consumer, provider in ((C, "urn:other"), ("urn:other", pid)):
        end = m.ContractNegotiationTerminationMessage(
            id="urn:m:5", consumer_pid=Pid(consumer), provider_pid=Pid(provider)
        )
        status, body = puppet.send(pair.provider, f"/negotiations/{pid}/termination", end)
        assert (status, body["code"]) == (400, "message.pid-mismatch")
        assert body["consumerPid"] == consumer
    assert puppet.get(pair.provider, f"/dsp/2025-1/negotiations/{pid}")[1]["state"] == "REQUESTED"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "message.not-json"),
        (b"{", "message.not-json"),
        (b'{"a":1,"a":2}', "message.not-json"),
        (b"[]", "message.malformed"),
        (b'{"@type":"ContractRequestMessage"}', "message.malformed"),
        (b'{"@context":["https://evil.example/c"]}', "message.malformed"),
        (b"[" * 100_000, "message.not-json"),
    ],
)
def test_malformed_bodies_are_400_with_the_nil_pids(
    shared: tuple[Pair, Puppet], body: bytes, code: str
):
    """What is no message is 400 with a typed error; where pids cannot be read they are the nil UUID."""
    pair, puppet = shared
    status, answer = puppet.send(pair.provider, "/negotiations/request", body)
    assert (status, answer["@type"], answer["code"]) == (400, "ContractNegotiationError", code)
    assert answer["consumerPid"] == "urn:uuid:00000000-0000-0000-0000-000000000000"


def test_bodies_are_capped_and_never_decoded(shared: tuple[Pair, Puppet]):
    """A body over 1 MiB, and one with a Content-Encoding, are 400 typed errors."""
    pair, puppet = shared
    status, answer = puppet.send(pair.provider, "/negotiations/request", b'"' + b"x" * (1 << 20))
    assert (status, answer["@type"]) == (400, "ContractNegotiationError")
    status, answer = puppet.send(
        pair.provider, "/transfers/request", b"{}", {"Content-Encoding": "gzip"}
    )
    assert (status, answer["@type"]) == (400, "TransferError")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (
            {"offer": {**message_offer(offer_of(OPEN), dataset_id=OPEN), "@id": "urn:x"}},
            "offer.unknown",
        ),
        ({"offer": message_offer(offer_of(CLOSED), dataset_id=CLOSED)}, "offer.unknown"),
        ({"offer": message_offer(offer_of(OPEN), dataset_id=CLOSED)}, "offer.unknown"),
        ({"callback_address": "http://169.254.169.254/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://evil.example/dsp"}, "message.callback-foreign"),
        ({"callback_address": "https://crow.example/dsp?x=1"}, "message.callback-refused"),
        ({"callback_address": "https://u:p@crow.example/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://[::1/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://crow.example:99999/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://crow.example:abc/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://crow.example:0/dsp"}, "message.callback-refused"),
        ({"callback_address": "https://crow.example\\@b.example"}, "message.callback-refused"),
        ({"callback_address": "https://crow.example/dsp#x"}, "message.callback-refused"),
        ({"callback_address": "https://ćrow.example/dsp"}, "message.callback-refused"),
        ({"callback_address": "crow.example"}, "message.callback-refused"),
        ({"callback_address": None, "provider_pid": Pid("urn:p")}, "message.no-callback"),
    ],
)
def test_openings_that_are_refused(shared: tuple[Pair, Puppet], change: dict[str, Any], code: str):
    """Unknown and hidden offers, and callbacks that we never call, are 400; nothing is created."""
    pair, puppet = shared
    status, body = puppet.send(pair.provider, "/negotiations/request", _request(puppet, **change))
    assert (status, body["code"]) == (400, code)
    assert pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"] == []


@pytest.mark.parametrize(
    "moment", ["0001-01-01+05:00", "9999-12-31T23:59:59-05:00", "2027-02-30Z", "2027-12-31T08:00+99:00"]
)  # fmt: skip
def test_a_moment_outside_the_calendar_is_no_fault_of_ours(pair: Pair, puppet: Puppet, moment: str):
    """In an offer that a peer sends it is a term that is not understood: ended with the reason."""
    offer = json.loads(json.dumps(message_offer(offer_of(OPEN), dataset_id=OPEN)))
    clause = {"leftOperand": "dateTime", "operator": "lteq", "rightOperand": moment}
    offer["permission"][0]["constraint"].append(clause)
    status, body = puppet.send(
        pair.provider, "/negotiations/request", _request(puppet, offer=offer)
    )
    pair.provider.deliver()
    ends = puppet.messages("ContractNegotiationTerminationMessage")
    assert (status, len(ends)) in {(400, 0), (201, 1)}, (status, body)
    assert puppet.messages("ContractAgreementMessage") == []


@pytest.mark.parametrize("services", ["null", '"x"', "{}", "[null]"])
def test_a_peer_whose_document_has_no_list_of_services_is_refused_by_name(
    pair: Pair, puppet: Puppet, services: str
):
    """Its callback can only be where its document lies; asking it says what is missing."""
    document = {**own_document(puppet.party.node.settings, puppet.party.node.keys)}
    document["service"] = json.loads(services)
    puppet.answers["/did.json"] = (200, json.dumps(document).encode())
    foreign = _request(puppet, callback_address="https://elsewhere.example/dsp")
    status, body = puppet.send(pair.provider, "/negotiations/request", foreign)
    assert (status, body["code"]) == (400, "message.callback-foreign")
    asked = pair.consumer.manage("POST", "/v1/catalog", {"provider": puppet.did})
    assert (asked[0], asked[1]["error"]["code"]) == (403, "service-missing")


def test_other_terms_are_refused_as_data(pair: Pair, puppet: Puppet):
    """A request with the offer's id but looser terms is taken, then terminated with the clause."""
    offer = message_offer(offer_of(OPEN), dataset_id=OPEN)
    looser = json.loads(json.dumps(offer))
    for item in looser["permission"][0]["constraint"]:
        if item["leftOperand"] == "odrl:count":
            item["rightOperand"] = "5000"
    assert looser != offer
    status, _ = puppet.send(pair.provider, "/negotiations/request", _request(puppet, offer=looser))
    assert status == 201
    pair.provider.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == "agreement.terms-differs"
    assert end["reason"] == [{"code": "agreement.terms-differs", "clause": "terms"}]
    assert not puppet.messages("ContractAgreementMessage")


def test_a_policy_refusal_terminates_with_reasons_as_data(pair: Pair, puppet: Puppet):
    """An offer whose time is over is not agreed to; the clause arrives as data, not as prose."""
    late = message_offer(offer_of(LATE), dataset_id=LATE)
    assert (
        puppet.send(pair.provider, "/negotiations/request", _request(puppet, offer=late))[0] == 201
    )
    pair.provider.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["code"] == "negotiation.refused"
    assert end["reason"][0]["operand"] == "dateTime"
    assert end["reason"][0]["clause"].startswith("/permission/0/constraint/")
    assert not puppet.messages("ContractAgreementMessage")


def test_what_the_policy_does_not_know_is_refused_with_pointers(pair: Pair, puppet: Puppet):
    """An operand that we do not know ends the negotiation and says where it stood."""
    offer = message_offer(offer_of(OPEN), dataset_id=OPEN)
    strange = json.loads(json.dumps(offer))
    strange["permission"][0]["constraint"].append(
        {"leftOperand": "urn:unknown", "operator": "eq", "rightOperand": "x"}
    )
    puppet.send(pair.provider, "/negotiations/request", _request(puppet, offer=strange))
    pair.provider.deliver()
    (end,) = puppet.messages("ContractNegotiationTerminationMessage")
    assert end["reason"][0]["clause"].startswith("/permission/0/constraint/")


def test_illegal_messages_change_nothing(pair: Pair, puppet: Puppet):
    """A message that the state does not allow is 400 with a typed error; the state stays."""
    pid = _open(pair, puppet)
    verification = m.ContractAgreementVerificationMessage(
        id="urn:m:2", consumer_pid=C, provider_pid=Pid(pid)
    )
    final = m.ContractNegotiationEventMessage(
        id="urn:m:3", consumer_pid=C, provider_pid=Pid(pid), event_type="FINALIZED"
    )
    puppet.answers["/agreement"] = (503, b"")
    for path, message in (("events", final),):
        status, body = puppet.send(pair.provider, f"/negotiations/{pid}/{path}", message)
        assert (status, body["@type"]) == (400, "ContractNegotiationError")
        assert body["code"] == "negotiation.illegal-message"
        assert (body["consumerPid"], body["providerPid"]) == (C, pid)
    assert puppet.get(pair.provider, f"/dsp/2025-1/negotiations/{pid}")[1]["state"] == "REQUESTED"
    # the agreement is in flight: a verification proves that it has arrived (crossing)
    status, body = puppet.send(
        pair.provider, f"/negotiations/{pid}/agreement/verification", verification
    )
    assert (status, body["state"]) == (200, "VERIFIED")


def test_a_bad_signature_changes_no_state(pair: Pair, puppet: Puppet):
    """A verification whose signature is another's or over another stage is refused; then a good one
    is taken and the chain is whole.
    """
    pid = _open(pair, puppet)
    pair.provider.deliver()
    (message,) = puppet.messages("ContractAgreementMessage")
    agreement = message["agreement"]
    keys = puppet.party.node.keys
    _, shown = pair.provider.manage("GET", f"/v1/agreements/{agreement['@id']}")
    from contracts.signatures import jws_digest

    prev = jws_digest(shown["stages"][0]["jws"])

    def sign(**change: Any) -> str:
        given: dict[str, Any] = {
            "consumer_pid": C,
            "provider_pid": pid,
            "stage": "VERIFIED",
            "prev": prev,
            "key": keys.agreements,
            "kid": keys.agreements_kid,
            "now": int(pair.clock.now().timestamp()),
        }
        return sign_stage(change.pop("agreement", agreement), **(given | change))

    bad = {
        "other agreement": sign(agreement={**agreement, "target": "urn:x"}),
        "other stage": sign(stage="AGREED"),
        "other key": sign(key=keys.log),
        "token key": sign(key=keys.token, kid=keys.token_kid),
        "chain broken": sign(prev=None),
        "other kid": sign(kid=pair.consumer.node.keys.agreements_kid),
        "from the future": sign(now=int(pair.clock.now().timestamp()) + 400),
        "no jws": "x.y.z",
        "too long": "a" * 5000,
    }
    path = f"/negotiations/{pid}/agreement/verification"
    for number, (name, jws) in enumerate(bad.items()):
        verification = m.ContractAgreementVerificationMessage(
            id=f"urn:bad:{number}", consumer_pid=C, provider_pid=Pid(pid)
        )
        status, body = puppet.send(pair.provider, path, verification, {"Voile-Signature": jws})
        assert (status, body["@type"]) == (400, "ContractNegotiationError"), name
        state = puppet.get(pair.provider, f"/dsp/2025-1/negotiations/{pid}")[1]["state"]
        assert state == "AGREED", name
    good = m.ContractAgreementVerificationMessage(id="urn:g", consumer_pid=C, provider_pid=Pid(pid))
    assert puppet.send(pair.provider, path, good, {"Voile-Signature": sign()})[0] == 200
    pair.provider.deliver()
    _, shown = pair.provider.manage("GET", f"/v1/agreements/{agreement['@id']}")
    assert (shown["inForce"], shown["signatures"]) == (True, "mutual")
    stages = puppet.get(pair.provider, f"/voile/v1/agreements/{agreement['@id']}/signatures")[1]
    assert set(stages["stages"]) == {"AGREED", "VERIFIED", "FINALIZED"}


def test_transfers_need_an_agreement_of_this_peer(pair: Pair, puppet: Puppet):
    """Another's agreement is as unknown as none; a plain agreement without mutual signatures cannot
    carry private questions.
    """
    theirs = pair.agreement()
    for agreement in (theirs, "urn:none"):
        request = m.TransferRequestMessage(
            id=f"urn:t:{agreement}",
            consumer_pid=Pid(f"urn:t:{agreement}"),
            agreement_id=agreement,
            format="Voile-Question",
            callback_address=puppet.base,
        )
        status, body = puppet.send(pair.provider, "/transfers/request", request)
        assert (status, body["code"]) == (400, "transfer.agreement-unknown")
    pid = _open(pair, puppet)
    pair.provider.deliver()
    (message,) = puppet.messages("ContractAgreementMessage")
    plain = m.ContractAgreementVerificationMessage(
        id="urn:v", consumer_pid=C, provider_pid=Pid(pid)
    )
    assert (
        puppet.send(pair.provider, f"/negotiations/{pid}/agreement/verification", plain)[0] == 200
    )
    pair.provider.deliver()
    pair.clock.advance(1)  # crow shows no signatures: a 404 is believed the second time
    pair.provider.deliver()
    request = m.TransferRequestMessage(
        id="urn:t",
        consumer_pid=Pid("urn:t"),
        agreement_id=message["agreement"]["@id"],
        format="Voile-Question",
        callback_address=puppet.base,
    )
    assert puppet.send(pair.provider, "/transfers/request", request)[0] == 201
    pair.provider.deliver()
    (end,) = puppet.messages("TransferTerminationMessage")
    assert end["reason"][0]["code"] == "agreement.not-mutual"


def test_a_stranger_gets_the_same_404(pair: Pair, puppet: Puppet):
    """A party that nobody certified is answered like an unknown process, and nothing is created."""
    stranger = puppet.party.node.settings.did
    node = pair.provider.node
    from dataclasses import replace as change

    object.__setattr__(node.status, "_settings", change(node.settings, pinned=frozenset()))
    status, body = puppet.send(pair.provider, "/negotiations/request", _request(puppet))
    assert (status, body["code"]) == (404, "negotiation.not-found"), stranger
    assert pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"] == []


def test_faults_of_the_store_are_503(pair: Pair, puppet: Puppet):
    """When the node cannot write, the peer hears 503 (EDC gives up on any 4xx) and nothing happens."""
    pair.provider.node.db.read_only = "a test says so"
    status, body = puppet.send(pair.provider, "/negotiations/request", _request(puppet))
    assert (status, body["@type"]) == (503, "ContractNegotiationError")
    pair.provider.node.db.read_only = ""
    assert puppet.send(pair.provider, "/negotiations/request", _request(puppet))[0] == 201
