"""For each table: read every row of it through what the connector reads it with; give their number.

A reader that cannot make sense of a row raises. Where a row is used as it is, its columns are
looked at here as the code that uses them does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import SQLModel, select

from catalog.participants import Participant
from catalog.product_file import read_declaration
from connector.areas.cohort import consumer_rows as keeping
from connector.areas.cohort import sessions
from connector.areas.cohort.aggregation import admitted, progress
from connector.areas.cohort.renewal_rows import (
    RenewalGatheringRow,
    RenewalPartRow,
    RenewalProposalRow,
    RenewalRoundRow,
    RenewalRow,
)
from connector.areas.cohort.rows import (
    AggregationPartRow,
    AggregationRow,
    CohortAskRow,
    ProviderSessionRow,
)
from connector.areas.cohort.table_rows import (
    CohortMembershipRow,
    GatheringPartRow,
    GatheringRow,
    RosterMemoryRow,
)
from connector.areas.delivery.rows import GrantRow
from connector.areas.delivery.rows import PushRow as DeliveryPushRow
from connector.areas.dsp import agreements, objections, processes
from connector.areas.dsp.explain import explain
from connector.areas.dsp.rows import (
    AgreementRow,
    ObjectionRow,
    ProcessRow,
    ReceivedRow,
    SignatureRow,
)
from connector.areas.dsp.views import agreement_shown, shown
from connector.areas.hub import visible
from connector.areas.hub.rows import ApplicationRow, ListingRow, ParticipantRow, PostingRow, PushRow
from connector.areas.membership import announce, certification
from connector.areas.membership.rows import AnnouncementRow, MembershipRow
from connector.areas.products.rows import FILE, FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.questions.asked import Asked
from connector.areas.questions.rows import (
    AskedQuestionRow,
    ChargeRow,
    GivenAnswerRow,
    ReceivedQuestionRow,
)
from connector.evidence.log import head, node_reader
from connector.identity.keyring import log_origin
from connector.identity.rows import ReplayRow, StandingRow, StatusDocumentRow
from connector.identity.work import ours
from connector.outbox import table as outbox
from connector.party.credentials import FIRST, ManagementKeyRow
from connector.process.actor import ROLES
from connector.store.outbox_rows import WAITING, OutboxRow, Queued
from connector.store.rows import (
    AckRow,
    CheckpointRow,
    FactRow,
    GivenAckRow,
    LogDetailRow,
    LogEntryRow,
    LogHeadRow,
    LogNodeRow,
    LogTermRow,
    PeerCheckpointRow,
    SecretRow,
)
from contracts import messages
from contracts.cohort.session import Question, Session
from contracts.evidence import parse_leaf
from contracts.leaf_terms import terms_of
from contracts.messages.table import BY_TYPE
from contracts.promises import Ack, Promised, verify_ack
from crypto import merkle, notes
from crypto.b64 import unb64url
from crypto.disclosure import decode
from crypto.disclosure.guarded_codec import decode_published, is_published
from crypto.keys import PublicKey
from crypto.paillier import frame
from policies.odrl import parse_policy
from tests.connector import old_cohort_rows as cohorts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.party.node import Node

_SIGNED: Final = 3  # parts of a compact JWS
_SHA256_DIGITS: Final = 64


def _each(model: type[Any], read: Callable[[Node, Any], object]) -> Callable[[Node], int]:
    """Make the reader of a table whose rows are loaded one by one."""

    def reader(node: Node) -> int:
        with node.db.reading() as session:
            rows = session.exec(select(model)).all()
        for row in rows:
            read(node, row)
        return len(rows)

    return reader


def _payload(jws: str) -> Any:
    parts = jws.split(".")
    assert len(parts) == _SIGNED, jws[:40]
    return json.loads(unb64url(parts[1])) if parts[1] else {}


def _standing(node: Node, row: StandingRow) -> None:
    with node.db.reading() as session:
        assert node.status.standing(session, row.did).did == row.did


def _status(node: Node, row: StatusDocumentRow) -> None:
    with node.db.reading() as session:
        found = node.status.newest(session)
    assert found is not None
    assert (found.serial, found.expires) == (row.serial, row.expires)
    assert _payload(row.jws)["serial"] == row.serial


def _leaf(_node: Node, row: LogEntryRow) -> None:
    assert parse_leaf(row.entry)["id"] == row.entry_id
    assert merkle.leaf_hash(row.entry) == row.leaf_hash


def _detail(node: Node, row: LogDetailRow) -> None:
    assert node.db.log is not None
    with node.db.reading() as session:
        assert node.db.log.open_detail(session, row.entry_id) is not None


def _head(node: Node, row: LogHeadRow) -> None:
    with node.db.reading() as session:
        found = head(session)
        assert merkle.root(found.size, node_reader(session)) == found.root == row.root


def _node(node: Node, row: LogNodeRow) -> None:
    with node.db.reading() as session:
        assert node_reader(session)(row.level, row.index) == row.hash


def _term(node: Node, row: LogTermRow) -> None:
    with node.db.reading() as session:
        leaf = session.get_one(LogEntryRow, row.index)
    assert leaf.time_ms == row.time_ms
    assert row.term in terms_of(parse_leaf(leaf.entry), leaf.leaf_hash)


def _checkpoint(node: Node, row: CheckpointRow) -> None:
    origin = log_origin(node.settings)
    key = notes.vkey(origin, node.keys.log.public)
    found = notes.verify_checkpoint(row.note, key, expected_origin=origin)
    assert (found.size, found.root) == (row.size, row.root)
    with node.db.reading() as session:
        assert merkle.root(row.size, node_reader(session)) == row.root


def _ack(node: Node, row: AckRow) -> None:
    """Check a promise that was kept, under the key that was kept with it."""
    promised = Promised(row.log, row.corr, row.index, row.leaf_hash, row.accepted)
    key = PublicKey.from_jwk(json.loads(row.jwk))
    assert verify_ack(Ack(promised, row.jws), row.did, lambda _: key) <= row.kept_ms // 1000 + 1
    with node.db.reading() as session:
        leaves = session.exec(select(LogEntryRow).where(LogEntryRow.counterparty == row.did)).all()
    assert any(parse_leaf(leaf.entry).get("corr") == row.corr for leaf in leaves), "a leaf of ours"


def _given_ack(node: Node, row: GivenAckRow) -> None:
    with node.db.reading() as session:
        leaf = session.get(LogEntryRow, row.index)
    assert leaf is not None
    assert (leaf.kind, leaf.counterparty) == (row.kind, row.did)
    assert parse_leaf(leaf.entry)["msg"]["id"] == row.message


def _peer_checkpoint(_node: Node, row: PeerCheckpointRow) -> None:
    found = notes.parse_checkpoint(row.note)
    assert (found.size, found.root.hex(), found.origin) == (row.size, row.root, row.origin)


def _queued(node: Node, row: OutboxRow) -> None:
    values = {name: getattr(row, name) for name in Queued.__slots__}
    assert isinstance(Queued(**values).header_map(), dict)
    if row.kind in BY_TYPE:
        messages.of_object(json.loads(row.body), BY_TYPE[row.kind])
    if row.state == WAITING:
        with node.db.reading() as session:
            found = outbox.waiting(session, row.id)
        assert found is not None
        assert found.body == row.body
        if row.sealed:
            assert node.secrets.get(row.sealed)


def _process(node: Node, row: ProcessRow) -> None:
    with node.db.reading() as session:
        found = processes.get(session, row.pid)
        assert found is not None
        assert shown(found)["pid"] == row.pid
        assert explain(session, row.pid)["state"] in {row.state, "OPENING"}
    if row.offer:
        parse_policy(json.loads(row.offer), kind="Offer")


def _objection(node: Node, row: ObjectionRow) -> None:
    with node.db.reading() as session:
        process = processes.get(session, row.process)
        assert process is not None
        assert row.reason in {one["reason"] for one in objections.of_process(session, process)}


def _management_key(_node: Node, row: ManagementKeyRow) -> None:
    """Read a key that opens the owner's API: that of an old home has every role, and is in force."""
    assert row.roles.split(",") == list(ROLES)
    assert (row.name, row.revoked_ms) == (FIRST, 0)
    assert len(row.digest) == _SHA256_DIGITS


def after_migrations(told: dict[str, int]) -> dict[str, int]:
    """Give how many rows each table has once the present migrations have run.

    0007: the digest of the management token, one of the facts before, is the first of the keys.
    0008: each session of a total that we asked is an asked question, too.
    """
    if "management_key" not in told:
        told = {**told, "fact": told["fact"] - 1, "management_key": 1}
    return {**told, "question_asked": told["question_asked"] + told["cohort_ask"]}


def in_time(expected: dict[str, Any], listed: dict[str, Any]) -> dict[str, Any]:
    """What the old version listed, but for the agreement whose dates are over: it is not in force."""
    over = listed.get("id") == expected["short"]["agreement"]
    return {**listed, "inForce": False} if over else listed


def _agreement(node: Node, row: AgreementRow) -> None:
    with node.db.reading() as session:
        found = agreements.find(session, row.agreement, counterparty=row.counterparty)
    assert found is not None
    assert agreement_shown(found, node.clock.now())["dataset"] == row.dataset
    assert found.policy.uid == row.agreement
    assert node.secrets.get(found.process_key_name)


def _application(_node: Node, row: ApplicationRow) -> None:
    assert Participant.from_json(json.loads(row.participant)).did == row.did
    assert set(json.loads(row.thumbprints))


def _listing(_node: Node, row: ListingRow) -> None:
    assert row.listed is bool(row.description)
    if row.listed:
        assert _payload(row.description)
        assert visible._offers(row.offers)


def _membership(node: Node, row: MembershipRow) -> None:
    assert certification.shown(node)["standing"] == row.standing
    assert Participant.from_json(json.loads(row.participant)).did == node.settings.did


def _announcement(node: Node, row: AnnouncementRow) -> None:
    with node.db.reading() as session:
        told = {line["dataset"]: line["state"] for line in announce.announcements(session)}
    assert told[row.dataset_id] == row.state


def _product(_node: Node, row: ProductRow) -> None:
    declared = read_declaration(row.text)
    assert declared.id == row.id
    assert (type(declared).__name__ == "FileProduct") is (row.kind == FILE)


def _version(_node: Node, row: ProductVersionRow) -> None:
    """Read a protected table of either edition."""
    read = decode_published if is_published(row.protected) else decode
    table = read(row.protected)
    assert (table.version, table.number) == (row.digest, row.number)
    assert json.loads(row.report)["product"] == row.product
    assert json.loads(row.shape)


def _asked(_node: Node, row: AskedQuestionRow) -> None:
    total = row.mode == "homomorphic"
    asked = Asked(**row.model_dump())
    assert row.state in (
        {"asked", "answered", "ended"} if total else {"asked", "answered", "refused"}
    )
    answer = row.answer and json.loads(row.answer) if total else row.jws and _payload(row.jws)
    assert bool(answer and answer["cells"]) is (row.state == "answered")
    assert bool(asked.told) is (row.state in {"refused", "ended"})
    assert set(json.loads(row.usage)) if row.state == "answered" else not row.usage
    assert len(asked.by_provider) >= (3 if total else 1)


def _provider_session(_node: Node, row: ProviderSessionRow) -> None:
    session = sessions.session_of(row)
    assert (session.session, session.consumer) == (row.session, row.consumer)
    assert Question.from_json(json.loads(row.question)).sql
    assert {len(marks) for marks in sessions.marks_of(row)} == {session.cells}
    _batch(row.batch, session)


def _batch(batch: bytes | None, session: Session) -> None:
    """Read a batch of all of a session's cells, which all archives clear."""
    if batch is not None:
        frame.from_bytes(batch, key=session.key, layouts=session.layouts(session.cells))


def _aggregation(_node: Node, row: AggregationRow) -> None:
    session = Session.from_json(_payload(row.session_jws))
    assert set(json.loads(row.acceptances)) == set(session.roster)
    assert progress(row).state == row.state
    assert admitted(session, row.proof, ours()) is not None


def _part(node: Node, row: AggregationPartRow) -> None:
    with node.db.reading() as db:
        whole = db.get(AggregationRow, row.session)
    assert whole is not None
    _batch(row.batch, Session.from_json(_payload(whole.session_jws)))
    assert _payload(row.indicators_jws)["session"] == row.session


def _ask(node: Node, row: CohortAskRow) -> None:
    session = keeping.session_of(row)
    assert session.session == row.session
    assert keeping.question_of(row).sql
    found = keeping.asked_of(node, row.session)
    assert set(found.by_provider) == set(session.roster)


def _as_it_is(_node: Node, row: SQLModel) -> None:
    """Read a row whose columns are used as they are: each is there, of its type."""
    assert type(row).model_validate(row.model_dump()) is not None


READERS: Final[Mapping[str, Callable[[Node], int]]] = {
    "ack": _each(AckRow, _ack),
    "ack_given": _each(GivenAckRow, _given_ack),
    "announcement": _each(AnnouncementRow, _announcement),
    "checkpoint": _each(CheckpointRow, _checkpoint),
    "cohort_aggregation": _each(AggregationRow, _aggregation),
    "cohort_aggregation_part": _each(AggregationPartRow, _part),
    "cohort_ask": _each(CohortAskRow, _ask),
    "cohort_gathering": _each(GatheringRow, cohorts.gathering),
    "cohort_gathering_part": _each(GatheringPartRow, cohorts.gathering_part),
    "cohort_membership": _each(CohortMembershipRow, cohorts.membership),
    "cohort_renewal": _each(RenewalRow, cohorts.renewal),
    "cohort_renewal_gathering": _each(RenewalGatheringRow, cohorts.renewal_gathering),
    "cohort_renewal_part": _each(RenewalPartRow, cohorts.renewal_part),
    "cohort_renewal_proposal": _each(RenewalProposalRow, cohorts.renewal_proposal),
    "cohort_renewal_round": _each(RenewalRoundRow, cohorts.turn),
    "cohort_provider_session": _each(ProviderSessionRow, _provider_session),
    "cohort_roster_memory": _each(RosterMemoryRow, _as_it_is),
    "delivery_grant": _each(GrantRow, _as_it_is),
    "delivery_push": _each(DeliveryPushRow, _as_it_is),
    "dsp_agreement": _each(AgreementRow, _agreement),
    "dsp_objection": _each(ObjectionRow, _objection),
    "dsp_process": _each(ProcessRow, _process),
    "dsp_received": _each(ReceivedRow, _as_it_is),
    "dsp_signature": _each(SignatureRow, lambda _node, row: json.loads(row.jwk)),
    "fact": _each(FactRow, _as_it_is),
    "file_version": _each(FileVersionRow, _as_it_is),
    "hub_application": _each(ApplicationRow, _application),
    "hub_listing": _each(ListingRow, _listing),
    "hub_participant": _each(ParticipantRow, lambda _node, row: _payload(row.credential)),
    "hub_posting": _each(PostingRow, _as_it_is),
    "hub_push": _each(PushRow, _as_it_is),
    "log_detail": _each(LogDetailRow, _detail),
    "log_entry": _each(LogEntryRow, _leaf),
    "log_head": _each(LogHeadRow, _head),
    "log_term": _each(LogTermRow, _term),
    "log_node": _each(LogNodeRow, _node),
    "management_key": _each(ManagementKeyRow, _management_key),
    "membership": _each(MembershipRow, _membership),
    "outbox": _each(OutboxRow, _queued),
    "peer_checkpoint": _each(PeerCheckpointRow, _peer_checkpoint),
    "product": _each(ProductRow, _product),
    "product_version": _each(ProductVersionRow, _version),
    "question_answer": _each(GivenAnswerRow, lambda _node, row: _payload(row.jws)["cells"]),
    "question_asked": _each(AskedQuestionRow, _asked),
    "question_charge": _each(ChargeRow, _as_it_is),
    "question_received": _each(ReceivedQuestionRow, _as_it_is),
    "replay": _each(ReplayRow, _as_it_is),
    "secret": _each(SecretRow, lambda node, row: node.secrets.get(row.name)),
    "standing": _each(StandingRow, _standing),
    "status_document": _each(StatusDocumentRow, _status),
}
