"""Homes that an earlier version filled, run by the present code: nothing is lost, no number changes.

The tests stand in an order: each leaves the homes so that the next finds what it needs, and the
last one has everybody's evidence checked. What is in the homes: tests/fixtures/homes/README.md.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.connector.old_rows import in_time
from tests.e2e.old_home import SELLERS, OldHomes, running
from tests.e2e.processes import voile
from tests.e2e.test_membership import known, listed, run
from tests.fixtures.homes.firms_later import told
from tests.fixtures.homes.pack import versions
from tests.long import first_of
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=first_of(versions()))
def homes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OldHomes]:
    """The homes of a version, all running."""
    with running(request.param, tmp_path_factory.mktemp("homes")) as found:
        yield found


def cells(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the released cells of what `voile ask` printed, in the order of their keys."""
    shown = [{"key": c["key"], "values": c["values"]} for c in found["answer"]["cells"]]
    return sorted(shown, key=lambda cell: sorted(cell["key"].items()))


def shows(found: dict[str, Any], wanted: list[dict[str, Any]]) -> bool:
    """Say whether an answer gives what is wanted, but for totals of several data versions: mixed.

    The first edition gave these; which they are follows from what was held and what was renewed.
    """
    mixed = [c["key"] for c in found["answer"]["withheld"] if c["reason"] == "mixed"]
    return cells(found) == [cell for cell in wanted if cell["key"] not in mixed]


def codes(found: dict[str, Any]) -> list[str]:
    """Give the codes of a refusal."""
    return [reason["code"] for reason in found["error"]["reasons"]]


def spelled(reasons: list[str]) -> list[str]:
    """Spell codes of then as they are now: they had underscores."""
    return [code.replace("_", "-") for code in reasons]


def used(homes: OldHomes, question: dict[str, Any]) -> int:
    """How many answers of the agreement on deliveries are used, by the provider's own word."""
    return int(homes.ask(question, explain=True)["explain"]["usage"]["used"])


def count(homes: OldHomes, party: str, query: str) -> int:
    """Look at a party's database beside its process."""
    path = homes[party].home / "data" / "voile.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as db:
        return int(db.execute(query).fetchone()[0])


def fetch(homes: OldHomes, agreement: str, name: str) -> str:
    """Fetch the file of an agreement; give its digest."""
    out = homes.folder / name
    run(homes["buyer"], "transfer", "fetch", agreement, "--out", str(out))
    return "sha-256:" + hashlib.sha256(out.read_bytes()).hexdigest()


def file_agreement(homes: OldHomes, dataset: str) -> str:
    """Find the buyer's agreement on a file."""
    listed_then = homes.expected["listed"]["buyer"]["agreements"]
    return next(str(found["id"]) for found in listed_then if found["dataset"] == dataset)


@pytest.mark.long
def test_every_agreement_and_process_is_listed_as_it_was(homes: OldHomes):
    """Ids, parties, states, signatures and moments are those that the old version listed, except for
    what was under way when it stopped.
    """
    moving = {
        homes.expected["waitingNegotiation"],
        homes.expected["transfers"]["push"],
        homes.theirs("transfers", homes.expected["transfers"]["push"]),
    }
    for name, before in homes.expected["listed"].items():
        for kind, then in before.items():
            now = homes.call(name, "GET", f"/v1/{kind}")[kind]
            by_id = {found.get("pid", found.get("id")): found for found in now}
            assert len(then) > 0, (name, kind)
            for old in then:
                identifier = old.get("pid", old.get("id"))
                if identifier not in moving:
                    told_now = in_time(homes.expected, old)
                    assert told_now.items() <= by_id[identifier].items(), (name, kind)
    states = {p["state"] for p in homes.expected["listed"]["buyer"]["negotiations"]}
    assert states == {"FINALIZED", "TERMINATED", "OPENING"}


@pytest.mark.long
def test_every_agreement_still_has_its_three_signatures(homes: OldHomes):
    """Each stands with its terms and the stages that both sides signed."""
    for old in homes.expected["listed"]["buyer"]["agreements"]:
        shown = homes.call("buyer", "GET", f"/v1/agreements/{old['id']}")
        assert [stage["stage"] for stage in shown["stages"]] == ["AGREED", "VERIFIED", "FINALIZED"]
        assert shown["body"]["@id"] == old["id"]


def test_the_operator_knows_its_firms(homes: OldHomes):
    """Names, numbers and the day of admission are kept over a renewed certification."""
    firms = homes.call("hub", "GET", "/v1/hub/participants")["participants"]
    now = {firm["did"]: firm for firm in firms}
    assert len(now) == 4
    kept = ("did", "nameEn", "nameZh", "legalId", "legalGroup", "roles", "since", "endpoint")
    for old in homes.expected["participants"]:
        assert {key: now[old["did"]][key] for key in kept} == {key: old[key] for key in kept}
        assert now[old["did"]]["status"] == "certified"


def test_every_question_is_listed_with_its_outcome(homes: OldHomes):
    """What was asked, answered and refused, with the reasons, as the old version listed it."""
    now = run(homes["buyer"], "questions")
    old = homes.expected["questions"]
    asked = {found["questionId"]: found for found in now["questions"]}
    answered = [*homes.expected["masked"], *homes.partly]
    short = 2  # under the agreement that has ended: before its end, and after
    assert len(old["questions"]) == len(answered) + len(homes.expected["refused"]) + short
    for question in old["questions"]:
        assert asked[question["questionId"]] == question
    totals = {found["session"]: found for found in now["totals"]}
    for question in old["totals"]:
        if question["state"] != "asked":
            assert totals[question["session"]] == question


def test_an_asked_question_gets_the_stored_answer_and_no_new_charge(homes: OldHomes):
    """By its id, on either data version: every byte of the answer as it was; the count stands where
    it stood. By its meaning it is the same question, unless the table was made anew, as a data version.
    """
    first = homes.expected["masked"][0]
    before = used(homes, first)
    assert before == 4, "the four that were answered"
    for old in [*homes.expected["masked"], *homes.partly]:
        found = homes.ask(old, questionId=old["id"])
        assert found["answer"] == old["answer"]
        assert (found["repeated"], found["usage"]) == (True, old["usage"])
    assert used(homes, first) == before
    newest = [old for old in homes.expected["masked"] if old["dataVersion"] == 2]
    made_anew = homes.lacks("measures")
    for old in newest:
        found = homes.ask(old)
        assert found["repeated"] is not made_anew
        assert shows(found, old["cells"])
    assert used(homes, first) == before + len(newest) * made_anew


def test_a_refused_question_is_refused_for_the_same_reasons(homes: OldHomes):
    """The grammar, the purpose and the end of an agreement refuse what they refused before."""
    agreement = homes.expected["masked"][0]["agreement"]
    for old in homes.expected["refused"]:
        found = homes.ask(old, of=[agreement], ok=False)
        assert codes(found) == spelled(old["reasons"])
    short = homes.expected["short"]
    found = homes.ask(short | {"sql": homes.expected["masked"][0]["sql"]}, ok=False)
    assert codes(found) == spelled(short["reasons"])


def test_a_new_question_under_an_old_agreement_is_exact(homes: OldHomes):
    """Numbers that nobody had asked for, of cells that took their new value and of one that was
    held; each is charged once.
    """
    first = homes.expected["masked"][0]
    before = used(homes, first)
    for number, new in enumerate(homes.expected["unasked"]["2"], 1):
        found = homes.ask(first | {"sql": new["sql"]})
        assert shows(found, new["cells"])
        assert (found["repeated"], found["usage"]["used"]) == (False, before + number)


def test_an_answered_total_stands(homes: OldHomes):
    """Each is repeated as it was stored, that of before a renewal too; what was refused is refused.

    Where offers did not say who takes part, new ones wait until they do.
    """
    for old in homes.expected["totals"]:
        found = homes.ask(old, questionId=old["id"])
        assert (found["repeated"], found["answer"]) == (True, old["answer"])
        assert found["usage"] == old["usage"]
    across = homes.expected["refusedTotal"]
    found = homes.ask(old | {name: across[name] for name in ("sql", "purpose")}, ok=False)
    assert set(codes(found)) == homes.waits_for_rosters(across["reasons"])


@pytest.mark.long
def test_an_interrupted_total_ends_and_is_asked_again(homes: OldHomes):
    """Nobody is left in the middle of it; asked again it is exact, once its offers say who takes part."""
    old = homes.expected["interrupted"]

    def over(party: str, table: str, *final: str) -> bool:
        among = ", ".join(f"'{state}'" for state in final)
        return not count(homes, party, f"SELECT count(*) FROM {table} WHERE state NOT IN ({among})")

    until(lambda: over("buyer", "question_asked", "answered", "refused", "ended"))
    until(lambda: over("hub", "cohort_aggregation", "RELEASED", "ENDED"))
    for name in SELLERS:
        until(lambda name=name: over(name, "cohort_provider_session", "SETTLED", "ENDED"))
    again = not homes.lacks("rosters")
    found = homes.ask(old, ok=again, questionId=old["id"])
    if again:
        assert cells(found) == old["cells"]
    else:
        assert set(codes(found)) == homes.waits_for_rosters([])


@pytest.mark.long
def test_an_open_renewal_of_a_total_is_renewed_when_the_last_owner_asks(homes: OldHomes):
    """Until then totals are those of before; the state is the same at all of them, and exact."""
    if homes.lacks("renewals"):
        pytest.skip("the version could not renew totals")
    old = homes.expected["renewals"]["open"]
    found = homes.ask(old, questionId=old["id"])
    assert (found["repeated"], found["answer"]) == (True, old["answer"])
    assert told(found["answer"], old["cells"]["1"]) == old["cells"]["1"]
    waiting = homes[old["missing"]].did
    for name in old["asked"]:
        renewal = renewal_of(homes, name, old)
        assert (renewal["renewal"], renewal["state"]) == (1, "asked")
        assert renewal["missing"] == [waiting]

    becomes_renewed(homes, old)


@pytest.mark.long
def test_a_renewal_that_was_cut_off_goes_on(homes: OldHomes):
    """One member had marked and was stopped, another never had: all come to the same state."""
    if homes.lacks("renewals"):
        pytest.skip("the version could not renew totals")
    old = homes.expected["renewals"]["half"]
    found = homes.ask(old, questionId=old["id"])
    assert (found["repeated"], found["answer"]) == (True, old["answer"])
    becomes_renewed(homes, old)


def renewal_of(homes: OldHomes, name: str, old: dict[str, Any]) -> dict[str, Any]:
    """Ask for a renewal as a seller's owner, or see how far it is."""
    found: dict[str, Any] = homes.call(name, "POST", f"/v1/products/{old['product']}/renewal")
    return found


def becomes_renewed(homes: OldHomes, old: dict[str, Any]) -> None:
    """Demand that all sellers renew, and that a total is of the newer data then, cell by cell."""

    def renewed() -> bool:
        return {renewal_of(homes, name, old)["state"] for name in SELLERS} == {"renewed"}

    until(renewed)
    found = homes.ask(old)
    assert not found["repeated"]
    newer = told(found["answer"], old["cells"]["2"])
    assert {name for cell in newer for name, value in cell["values"].items() if value}
    assert [cell["statuses"] for cell in newer] == [c["statuses"] for c in old["cells"]["1"]]
    assert {one["number"] for one in found["answer"]["dataVersions"].values()} == {2}


def test_an_agreement_that_was_ended_stays_ended(homes: OldHomes):
    """Either side says by whom; nothing is opened under it any more."""
    if homes.lacks("endings"):
        pytest.skip("an agreement could not be ended without its transfer")
    old = homes.expected["ended"]
    for name in ("buyer", old["by"]):
        listed_now = homes.call(name, "GET", "/v1/agreements")["agreements"]
        (one,) = (found for found in listed_now if found["id"] == old["agreement"])
        assert (one["state"], one["endedBy"]) == ("ended", homes[old["by"]].did)
    body = {"agreement": old["agreement"], "format": "HttpData-PULL"}
    homes.call("buyer", "POST", "/v1/transfers", body, ok=False)


def test_rotated_keys_are_in_use(homes: OldHomes):
    """What was answered under the old ones was verified above; the operator certifies the new ones."""
    if homes.lacks("rotation"):
        pytest.skip("no firm of that version has rotated its keys")
    old = homes.expected["rotated"]
    found = homes.call(old["firm"], "GET", "/v1/keys")
    assert (found["keys"], found["coming"], found["certified"]) == (old["keys"], {}, True)


def test_a_push_under_way_arrives(homes: OldHomes):
    """The file comes whole to where it was going, and the transfer completes on both sides."""
    pid = homes.expected["transfers"]["push"]
    until(lambda: homes.state("buyer", "transfers", pid) == "COMPLETED")
    assert homes.state("acme", "transfers", homes.theirs("transfers", pid)) == "COMPLETED"
    assert [one.digest for one in homes.sink.arrivals] == [homes.expected["files"]["parts"]]


@pytest.mark.long
def test_started_and_suspended_pulls_go_on(homes: OldHomes):
    """What was started is fetched; what its provider suspended stays so until the provider resumes
    it, and is fetched then.
    """
    files, transfers = homes.expected["files"], homes.expected["transfers"]
    assert homes.state("buyer", "transfers", transfers["started"]) == "STARTED"
    assert fetch(homes, file_agreement(homes, "parts"), "parts.csv") == files["parts"]
    until(lambda: homes.state("buyer", "transfers", transfers["started"]) == "COMPLETED")
    suspended = transfers["suspended"]
    assert homes.state("buyer", "transfers", suspended) == "SUSPENDED"
    run(homes["buyer"], "transfer", "resume", suspended, ok=False)
    run(homes["cogs"], "transfer", "resume", homes.theirs("transfers", suspended))
    until(lambda: homes.state("buyer", "transfers", suspended) == "STARTED")
    assert fetch(homes, file_agreement(homes, "calendar"), "calendar.csv") == files["calendar"]


def test_what_waited_in_an_outbox_is_delivered(homes: OldHomes):
    """A negotiation whose provider was away becomes final; the hub lists what it was not told."""
    pid = homes.expected["waitingNegotiation"]
    until(lambda: homes.state("buyer", "negotiations", pid) == "FINALIZED")
    announced = {line["dataset"] for line in known(homes["cogs"])["announcements"]}
    more = set() if homes.lacks("renewals") else {"spares", "tools"}
    assert announced == {"calendar", "stock"} | more
    until(lambda: listed(homes["cogs"]))
    # a description is parked, and told anew, if the firm's certification has ended meanwhile
    waiting = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
    for name in homes.parties:
        until(lambda name=name: count(homes, name, waiting) == 0)


def test_a_further_data_version_follows_the_old_ones(homes: OldHomes):
    """The changes are weighed against what the old version showed: one part renewed, two held, and
    the numbers are those; a version that reshapes the product is refused by the same rule.
    """
    acme, owner = homes["acme"], homes.folder / "owner"
    data = str(owner / "deliveries-3.csv")
    refused = run(acme, "publish", str(owner / "changed.toml"), data, ok=False)
    assert refused["error"]["code"] == homes.expected["changedRulesRefused"]
    found = run(acme, "publish", str(owner / "deliveries.toml"), data)
    anew = homes.lacks("measures")
    assert found["version"]["number"] == 3 + anew, "a table that is made anew is a data version"
    assert found["renewal"] == {"updated": 1, "held": 2, "added": 0, "unchanged": 3}
    first = homes.expected["masked"][0]
    for new in homes.expected["unasked"]["3"]:
        found = homes.ask(first | {"sql": new["sql"]})
        assert shows(found, new["cells"])


def test_the_doctor_finds_nothing_wrong(homes: OldHomes):
    """Settings, schema, keys, log and token of every home are in order."""
    with ThreadPoolExecutor(2) as pool:
        all_found = list(pool.map(lambda party: run(party, "doctor"), homes.parties.values()))
    for found in all_found:
        assert found["ok"] is True
        checks = {check["name"]: check["state"] for check in found["checks"]}
        assert (checks["schema"], checks["keys"], checks["clock"]) == ("ok", "ok", "ok")


@pytest.mark.long
def test_old_evidence_verifies_and_so_does_what_was_written_since(homes: OldHomes, tmp_path: Path):
    """Bundles that the old version exported verify; so do new ones, old leaves and all, and the
    buyer's log agrees with each seller's. Cohort tables and renewals of both times are made again.
    """
    old = homes.folder / "evidence"
    for name in ("buyer", "acme", "hub"):
        verified(old / name, old / "trust.json")
    trust = tmp_path / "trust.json"
    run(homes["hub"], "audit", "trust", "--out", str(trust))
    alone = homes.lacks("renewals")
    # since then a total that is named is opened, and added up again from what its parties hold
    named = () if alone else (homes.expected["totals"][0]["answer"]["session"],)
    for name, party in homes.parties.items():
        opened = [word for session in named for word in ("--open", session)]
        run(party, "audit", "export", "--open", *opened, "--out", str(tmp_path / name))
    if alone:
        for name in homes.parties:
            verified(tmp_path / name, trust)
        for name in SELLERS:
            diff((tmp_path / "buyer", tmp_path / name), trust)
    else:  # verifies each, too
        report = diff([tmp_path / name for name in homes.parties], trust)
        assert {one["outcome"] for one in report["bundles"].values()} == {"OK"}
        assert report["counts"] == {
            "contributionsOpened": 3,
            "totalsAddedUp": 1,
            "tablesMadeAgain": 3,
            "renewalsWorkedOut": 3,
        }
    for name in ("buyer", "acme", "hub"):  # the log goes on from where it was
        before = (old / name / "log" / "entries.jsonl").read_bytes()
        assert (tmp_path / name / "log" / "entries.jsonl").read_bytes().startswith(before)


def verified(bundle: Path, trust: Path) -> None:
    """Demand that a bundle has no finding."""
    done = voile("audit", "verify", str(bundle), "--trust", str(trust), "--json")
    assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, []), bundle.name


def diff(bundles: Iterable[Path], trust: Path) -> Any:
    """Demand that bundles beside each other have no finding, nor each by itself; give the report."""
    done = voile("audit", "diff", *map(str, bundles), "--trust", str(trust), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["findings"]) == (0, []), done.stdout
    assert not any(pair["findings"] for pair in report.get("pairs", [])), done.stdout
    return report
