"""The dossier of an agreement: all of it is told, each gap is found, and an honest log has none."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlmodel import col, delete, select

from connector.areas.audit.dossier import KEPT, Depth, dossier
from connector.areas.audit.gaps import GAPS
from connector.areas.dsp import AgreementRow
from connector.areas.questions.rows import ChargeRow
from connector.party.node import open_node
from connector.process.ports import unix_ms
from connector.process.settings import load
from connector.store.rows import AckRow, LogEntryRow
from contracts.evidence import Entry
from tests.areas import AUDIT
from tests.connector.questions.market import AREAS, Market, publish_deliveries
from tests.fixtures.homes.pack import unpack, versions
from tests.simulators import StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.areas.audit.gaps import Gap
    from tests.simulators import Net, Party

BY_YEAR = "SELECT year, SUM(qty) FROM deliveries GROUP BY year"
DAY = 86_400
EVIL = "</style><script>alert(1)</script>\u202e"


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    """A provider that has published its deliveries, and a consumer; both can be audited."""
    provider = party("acme", areas=(*AREAS, AUDIT), pin=["bolt", "crow"])
    consumer = party("bolt", areas=(*AREAS, AUDIT), pin=["acme", "crow"])
    publish_deliveries(provider, tmp_path)
    return Market(provider, consumer, net, clock)


@pytest.fixture
def agreement(market: Market) -> str:
    """An agreement that was used: an answer, its repeat, a refusal."""
    found = market.agreement()
    market.answer(found, BY_YEAR, questionId="question-1")
    market.answer(found, BY_YEAR + " ", questionId="question-2")
    market.reasons(found, "SELECT MAX(qty) FROM deliveries", questionId="question-3")
    return found


def told(party: Party, agreement: str, query: str = "") -> Any:
    status, found = party.manage("GET", f"/v1/audit/dossier/{quote(agreement)}{query}")
    assert status == 200, found
    return found


def lacking(party: Party, agreement: str) -> list[str]:
    return [gap["code"] for gap in told(party, agreement)["gaps"]]


def drop(party: Party, **of: str) -> None:
    """Take leaves out of the log, as whoever holds the database could."""
    with party.node.db.transaction() as tx:
        wrong = [col(getattr(LogEntryRow, name)) == value for name, value in of.items()]
        tx.session.execute(delete(LogEntryRow).where(*wrong))


def test_all_of_an_agreement_is_told_on_both_sides(market: Market, agreement: str):
    """Every stage from the negotiation on; the policy in both languages; nothing lacks."""
    market.clock.advance(40 * DAY)
    for party, other, role in (
        (market.provider, market.consumer, "provider"),
        (market.consumer, market.provider, "consumer"),
    ):
        found = told(party, agreement)
        assert (found["role"], found["party"]) == (role, other.did)
        assert found["gaps"] == []
        assert [one["stage"] for one in found["signed"]] == ["AGREED", "VERIFIED", "FINALIZED"]
        assert all(one["leaf"] is not None for one in found["signed"])
        stages = [event["stage"] for event in found["events"]]
        expected = {"negotiation", "signatures", "uses", "answers"}
        assert set(stages) == expected | ({"offer"} if role == "provider" else set())
        assert found["counts"]["QUESTION"] == 3
        assert (found["leftOut"], found["cut"], found["ended"]) == (0, False, None)
        (line,) = found["policy"]
        assert "至多回答 12 次" in line["zh"]
        assert "at most 12 answers" in line["en"]
        places = [event["record"]["index"] for event in found["events"]]
        assert places == sorted(places)


def test_an_end_is_the_last_stage(market: Market, agreement: str):
    """Who ended it is in the log."""
    pid = market.consumer.manage("GET", "/v1/transfers")[1]["transfers"][0]["pid"]
    body = {"code": "done", "reason": ["over"]}
    market.consumer.manage("POST", f"/v1/transfers/{quote(pid)}/terminate", body)
    market.settle()
    with market.provider.node.db.reading() as session:
        ended = session.exec(select(AgreementRow.ended_ms)).one()
    found = told(market.provider, agreement)
    assert found["ended"] == ended
    if ended is not None:
        assert found["events"][-1]["stage"] in ("end", "uses")
        assert found["gaps"] == []


@pytest.mark.parametrize("kind", ["QUESTION", "ANSWER", "REFUSAL"])
def test_a_leaf_of_a_question_that_lacks_is_a_gap(market: Market, agreement: str, kind: str):
    """A question without what came of it, or an answer without its question."""
    market.clock.advance(2 * DAY)
    process = {"REFUSAL": "question-3"}.get(kind, "question-1")
    drop(market.provider, kind=kind, process=process)
    missing = "question-missing" if kind == "QUESTION" else "answer-missing"
    first, *others = told(market.provider, agreement)["gaps"]
    assert first["code"] == missing
    assert process in first["text"]["zh"]
    assert process in first["text"]["en"]
    repeats = ["question-2"] if kind == "ANSWER" else []  # what it repeats has no leaf, either
    assert [repeat in gap["text"]["en"] for gap, repeat in zip(others, repeats, strict=True)] == [
        True for _ in repeats
    ]
    assert lacking(market.consumer, agreement) == []


def test_a_question_of_this_moment_may_still_be_answered(market: Market, agreement: str):
    """What is under way is no gap."""
    drop(market.provider, kind="ANSWER", process="question-1")
    assert lacking(market.provider, agreement) == []


def test_a_signature_that_no_leaf_names_is_a_gap(market: Market, agreement: str):
    """Stage by stage."""
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "AGREEMENT")).all()
    places = {json.loads(row.entry)["to"]: row.index for row in rows}
    drop(market.provider, index=places["VERIFIED"])  # type: ignore[arg-type]
    found = told(market.provider, agreement)
    assert [gap["code"] for gap in found["gaps"]] == ["signature-missing"]
    assert "VERIFIED" in found["gaps"][0]["text"]["en"]
    leaves = {one["stage"]: one["leaf"] for one in found["signed"]}
    assert leaves == {**places, "VERIFIED": None}


def test_a_step_of_the_negotiation_that_lacks_is_a_gap(market: Market, agreement: str):
    """The next one begins where none has ended."""
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "NEGOTIATION")).all()
    leaves = [(row.index, json.loads(row.entry)) for row in rows]
    index = next(at for at, leaf in leaves if leaf.get("to") == "VERIFIED")
    drop(market.provider, index=index)  # type: ignore[arg-type]
    assert lacking(market.provider, agreement) == ["step-missing"]


def test_an_answer_that_was_not_charged_is_a_gap(market: Market, agreement: str):
    """A repeat is not charged, and is none."""
    assert lacking(market.provider, agreement) == []
    with market.provider.node.db.transaction() as tx:
        tx.session.execute(delete(ChargeRow))
    (gap,) = told(market.provider, agreement)["gaps"]
    assert (gap["code"], "question-1" in gap["text"]["en"]) == ("charge-missing", True)


def test_a_promise_that_is_not_held_is_a_gap(market: Market, agreement: str):
    """Of a message of ours that the other side took; of one that promises nothing, none."""
    market.clock.advance(2 * DAY)
    with market.consumer.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.process == "question-1")).all()
        asked = next(row for row in rows if row.kind == "QUESTION")
        corr = json.loads(asked.entry)["corr"]
        early = min(row.kept_ms for row in session.exec(select(AckRow)))
    with market.consumer.node.db.transaction() as tx:
        tx.session.execute(delete(AckRow).where(col(AckRow.corr) == corr))
        tx.session.execute(text("UPDATE ack SET kept_ms = :early"), {"early": early - 1})
    (gap,) = told(market.consumer, agreement)["gaps"]
    assert (gap["code"], gap["leaf"]) == ("promise-missing", asked.index)
    with market.consumer.node.db.transaction() as tx:
        tx.session.execute(delete(AckRow))
    assert lacking(market.consumer, agreement) == []


def deliver(market: Market, agreement: str, process: str, *outcomes: str) -> None:
    """Leaves of deliveries."""
    with market.provider.node.db.transaction() as tx:
        for outcome in outcomes:
            tx.append(
                Entry(
                    kind="TRANSFER",
                    role="provider",
                    counterparty=market.consumer.did,
                    agreement=agreement,
                    process=process,
                    query={"outcome": outcome, "product": "deliveries", "bytes": 3},
                )
            )


def test_an_end_and_a_delivery_without_leaves_are_gaps(market: Market, agreement: str):
    """A row says that it ended; a leaf says that something began."""
    with market.provider.node.db.transaction() as tx:
        tx.session.execute(text("UPDATE dsp_agreement SET ended_ms = 1"))
    deliver(market, agreement, "t-1", "begun")
    assert lacking(market.provider, agreement) == ["end-missing"]
    market.clock.advance(2 * DAY)
    assert lacking(market.provider, agreement) == ["delivery-open", "end-missing"]


def test_what_ended_beyond_what_was_read_is_no_gap(market: Market, agreement: str):
    """A page reads the first leaves: deliveries that began among them may have ended after them."""
    for process in ("t-ended", "t-open", "t-again", "t-other"):
        deliver(market, agreement, process, "begun")
    leaves = told(market.provider, agreement)
    assert not leaves["cut"]
    deliver(market, agreement, "t-ended", "complete")
    deliver(market, agreement, "t-again", "begun", "complete")
    deliver(market, agreement, "t-other", "begun", "complete", "complete")
    market.clock.advance(2 * DAY)
    node = market.provider.node
    with node.db.reading() as session:
        query = select(LogEntryRow.index).where(LogEntryRow.agreement == agreement)
        depth = Depth(read=len(session.exec(query).all()) - 6, shown=2)
        found = dossier(node, session, agreement, depth=depth)
        whole = dossier(node, session, agreement)
    assert found.cut
    assert dict(found.counts) == leaves["counts"]
    open_ = [("delivery-open", {"process": name}) for name in ("t-open", "t-again")]
    assert [(gap.code, gap.facts) for gap in found.gaps] == open_
    assert [(gap.code, gap.facts) for gap in whole.gaps] == open_
    assert len([event for event in found.events if event.stage in ("uses", "answers")]) == 2


def test_nobody_ends_a_delivery_by_what_is_called_alike(market: Market, agreement: str):
    """An asker picks the ids of its questions: one called as our transfer under another contract."""
    other = market.agreement("narrow")
    deliver(market, agreement, "transfer-1", "begun")
    market.clock.advance(2 * DAY)
    node = market.provider.node
    with node.db.reading() as session:
        query = select(LogEntryRow.index).where(LogEntryRow.agreement == agreement)
        most = len(session.exec(query).all())
    market.answer(other, BY_YEAR, questionId="transfer-1")
    deliver(market, other, "transfer-1", "begun", "complete", "complete")
    deliver(market, agreement, "transfer-2", "begun", "complete")
    for depth in (KEPT, Depth(read=most, shown=9)):
        with node.db.reading() as session:
            found = dossier(node, session, agreement, depth=depth)
        assert found.cut == (depth is not KEPT)
        assert [gap.code for gap in found.gaps] == ["delivery-open"]


def test_what_was_signed_is_read_wherever_it_stands(market: Market, agreement: str):
    """A clock that was set back puts what was said later before it."""
    node = market.provider.node
    with node.db.transaction() as tx:
        tx.session.execute(
            text("UPDATE log_entry SET time_ms = time_ms + 9000000000 WHERE kind = 'AGREEMENT'")
        )
        tx.session.execute(
            text(
                'UPDATE log_term SET time_ms = time_ms + 9000000000 WHERE "index" IN'
                " (SELECT \"index\" FROM log_entry WHERE kind = 'AGREEMENT')"
            )
        )
    with node.db.reading() as session:
        found = dossier(node, session, agreement, depth=Depth(read=3, shown=9))
    assert found.cut
    assert [one.index is not None for one in found.signed] == [True] * 3
    assert "signature-missing" not in {gap.code for gap in found.gaps}


def test_who_was_never_certified_has_a_gap_where_a_hub_certifies(
    market: Market, agreement: str, monkeypatch: pytest.MonkeyPatch
):
    """Where nobody certifies, nothing lacks."""
    with market.provider.node.db.reading() as session:
        settings = type("Settings", (), {"hub_did": "did:web:hub.example"})()
        clock = market.clock
        node: Any = type("Node", (), {"settings": settings, "clock": clock})()
        found = dossier(node, session, agreement)
    assert [gap.code for gap in found.gaps] == ["certification-missing"]


@pytest.mark.long
@pytest.mark.parametrize("version", versions())
def test_honest_logs_of_old_homes_lack_nothing(version: str, tmp_path: Path):
    """Whatever was agreed, asked, ended, recovered or renewed in them, looked at years later; but
    a delivery was cut when the home was packed.
    """
    unpack(version, tmp_path)
    found: list[Gap] = []
    seen = 0
    for name in ("buyer", "acme", "bolt", "cogs"):
        late = StandingClock()
        late.advance(900 * DAY)
        node = open_node(load(tmp_path / name, {}), clock=late)
        try:
            with node.db.reading() as session:
                for row in session.exec(select(AgreementRow)).all():
                    made = dossier(node, session, row.agreement, party=row.counterparty)
                    found += made.gaps
                    seen += 1
        finally:
            node.close()
    assert seen > 10
    assert {gap.code for gap in found} <= {"delivery-open"}, found
    assert len(found) <= 1


def test_every_kind_of_gap_is_said_without_a_hole():
    """Its facts fill all places, in both languages."""
    facts = {"index": 1, "before": "A", "after": "B", "stage": "AGREED", "process": "p"}
    for words in GAPS.values():
        for language in ("zh", "en"):
            assert "—" not in words.filled(language, facts)  # type: ignore[arg-type]


def test_the_file_needs_nothing_and_runs_nothing(market: Market, agreement: str):
    """One file, its own style by its digest, hostile names as text, sandboxed as a download."""
    with market.provider.node.db.transaction() as tx:
        tx.session.execute(text("UPDATE dsp_agreement SET dataset = :evil"), {"evil": EVIL})
    for lang, word in (("zh", "合约卷宗"), ("en", "Dossier of an agreement")):
        path = f"/v1/audit/dossier-file/{quote(agreement)}?lang={lang}"
        status, raw = market.provider.manage("GET", path)
        assert status == 200
        html = raw.decode()
        assert word in html
        assert "<script" not in html
        assert "\u202e" not in html
        assert "&lt;/style&gt;&lt;script&gt;" in html
        assert not re.findall(r"(?:src|href)=|url\(|@import", html)
        assert len(raw) < 150_000
        assert html.count("<style>") == 1


def test_the_answer_of_the_file_forbids_all_but_its_style(market: Market, agreement: str):
    """The policy stands in the answer and in the file, and names the digest of the style."""
    import base64
    import hashlib

    from werkzeug.test import Client

    token = market.provider.node.settings.token_file.read_text().strip()
    answer = Client(market.provider.apps.management).get(
        f"/v1/audit/dossier-file/{quote(agreement)}", headers={"Authorization": f"Bearer {token}"}
    )
    html = answer.get_data(as_text=True)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="dossier-')
    assert digest in html.split("<style>")[0].replace("&#43;", "+")


def test_an_unknown_agreement_has_no_dossier_and_no_leaf(market: Market, agreement: str):
    """And one id of two parties needs a name."""
    body = {"name": "auditor", "roles": ["auditor"]}
    token = market.provider.manage("POST", "/v1/management-keys", body)[1]["token"]
    status, found = market.provider.manage("GET", "/v1/audit/dossier/urn:none", token=token)
    assert (status, found["error"]["code"]) == (404, "dossier-missing")
    with market.provider.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        other = {"counterparty": "did:web:crow.example", "negotiation": "n", "namesakes": 1}
        mine = row.negotiation
        tx.session.add(AgreementRow(**{**row.model_dump(), **other}))
    path = f"/v1/audit/dossier/{quote(agreement)}"
    status, found = market.provider.manage("GET", path, token=token)
    assert (status, found["error"]["code"]) == (404, "dossier-ambiguous")
    query = f"?party={quote(market.consumer.did)}"
    status, found = market.provider.manage("GET", path + query, token=token)
    assert (status, found["negotiation"]) == (200, mine)
    named = market.provider.manage("GET", f"/v1/audit/dossier/{quote(mine)}", token=token)[1]
    assert (named["agreement"], named["party"]) == (agreement, market.consumer.did)
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "ACCESS")).all()
    leaves = [json.loads(row.entry) for row in rows]
    assert {leaf["to"] for leaf in leaves} == {"DOSSIER"}
    assert leaves[0]["agreement"] == agreement


def test_what_befell_the_other_party_stands_in_the_course(market: Market, agreement: str):
    """What a status document changed of it, as our log has it; nobody else's, and no other leaf."""
    did, other = market.consumer.did, "did:web:crow.example"
    steps = (("certified", "suspended"), ("suspended", "certified"))
    with market.provider.node.db.transaction() as tx:
        for serial, (was, now) in enumerate(steps, 7):
            for whose in (did, other):
                changed = [{"did": whose, "was": was, "now": now}]
                tx.append(
                    Entry(
                        kind="STATUS",
                        role="participant",
                        counterparty="did:web:hub.example",
                        process=f"{serial}",
                        query={"changed": changed},
                    )
                )
    found = told(market.provider, agreement)
    lines = [one["record"]["line"] for one in found["events"] if one["stage"] == "standing"]
    assert len(lines) == 2
    assert "certified → suspended" in lines[0]["en"]
    assert "认证已暂停 → 已认证" in lines[1]["zh"]
    assert all(other not in line["en"] for line in lines)


def test_a_rule_is_said_by_its_number_and_in_words(market: Market, agreement: str):
    """No place in a text of JSON; the number is that of the policy's list."""
    found = told(market.provider, agreement)
    assert "permission 1: " in found["policy"][0]["en"]
    answers = [one["record"]["line"] for one in found["events"] if one["stage"] == "answers"]
    assert any("permission 1 (Questions may be asked)" in line["en"] for line in answers)
    assert any("许可第 1 条（可以提问）" in line["zh"] for line in answers)
    assert not any("/permission" in text for line in answers for text in line.values())


def test_what_stands_beside_is_the_right_leaf(market: Market, agreement: str):
    """The newest publication, the newest certification of ours among others', what befell until
    the end.
    """

    def append(kind: str, role: str = "", state: str = "", **query: Any) -> int:
        with market.provider.node.db.transaction() as tx:
            tx.append(Entry(kind=kind, role=role, to_state=state, query=query))
        with market.provider.node.db.reading() as session:
            return max(session.exec(select(LogEntryRow.index)).all())

    def beside(stage: str) -> list[int]:
        found = told(market.provider, agreement)["events"]
        return [one["record"]["index"] for one in found if one["stage"] == stage]

    (offered,) = beside("offer")
    with market.provider.node.db.transaction() as tx:
        tx.session.execute(text("UPDATE dsp_agreement SET agreed_ms = agreed_ms + 1000000"))
    append("PRODUCT", "provider", "WITHDRAWN", product="deliveries")
    append("PRODUCT", "provider", "PUBLISHED", product="others")
    assert beside("offer") == [offered]
    newer = append("PRODUCT", "provider", "PUBLISHED", product="deliveries")
    assert beside("offer") == [newer]
    assert beside("certification") == []
    own = append("CERTIFICATION", "participant", "certified")
    for _ in range(15):
        append("CERTIFICATION", "hub", "certified")
    assert beside("certification") == [own]
    changed = [{"did": market.consumer.did, "was": "certified", "now": "suspended"}]
    before = append("STATUS", "participant", changed=changed)
    with market.provider.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        row.ended_ms = unix_ms(market.clock.now())
    market.clock.advance(DAY)
    append("STATUS", "participant", changed=changed)
    assert beside("standing") == [before]
