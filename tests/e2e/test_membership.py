"""A data space of real processes: certified, suspended, revoked, searched, restarted, killed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.processes import voile
from tests.waiting import until

if TYPE_CHECKING:
    from tests.e2e.processes import Running, Space

PRODUCT = """
id = "visits"
table = "visits"
domain = "production"
level = 1
contributor = "customer"

[title]
zh = "来访记录"
en = "Visits"

[[column]]
name = "customer"
type = "integer"
disclosure = "never"

[[column]]
name = "mode"
type = "text"
disclosure = "group_key"

[[column]]
name = "amount"
type = "integer"
disclosure = "aggregate"

[[dimension]]
name = "mode"
codes = ["AIR", "SHIP"]

[[measure]]
name = "amount"
unit = "pcs"
bounds = [0, 100]

[[offer]]
name = "standard"
purposes = ["deliveryReliability"]
modes = ["masked"]
"""


def run(party: Running, *arguments: str, ok: bool = True) -> Any:
    """Run a command with --json; give what it printed."""
    done = party.voile(*arguments, "--json")
    assert (done.returncode == 0) is ok, f"{arguments}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def known(party: Running) -> dict[str, Any]:
    """What a connector knows of its own membership."""
    status, body = party.manage("GET", "/v1/membership")
    assert status == 200, body
    found: dict[str, Any] = body
    return found


def listed(party: Running) -> bool:
    """Whether the shared catalogue has listed everything of a party's."""
    told = known(party)["announcements"]
    return bool(told) and all(line["state"] == "listed" for line in told)


def total(party: Running, query: str) -> int:
    """How many hits a search has; -1 if it is refused."""
    status, body = party.manage("GET", f"/v1/search?{query}")
    return body["total"] if status == 200 else -1


def answers(provider: Running, asker: Running) -> bool:
    """Whether a provider shows a consumer its catalogue: a real call between two connectors."""
    status, body = asker.manage("POST", "/v1/catalog", {"provider": provider.did})
    assert status in {200, 401, 404, 502}, (status, body)
    return status == 200


def seen(hub: Running, kind: str, party: Running) -> str:
    """The digest of what a decision is about, as the operator's list prints it."""
    done = hub.voile("hub", kind, "--digest-of", party.did)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def certify(hub: Running, *parties: Running) -> None:
    """Apply and approve; nobody polls, the pushes do it."""
    for party in parties:
        form = {
            "nameEn": party.name.capitalize(),
            "nameZh": f"{party.name}公司",
            "legalId": f"ID-{party.name}",
            "roles": ["provider", "consumer"],
        }
        assert party.manage("POST", "/v1/membership/apply", form)[0] == 201
        terms = {"did": party.did, "seen": seen(hub, "applications", party)}
        assert hub.manage("POST", "/v1/hub/applications/approve", terms)[0] == 200
    for party in parties:
        until(lambda party=party: known(party)["standing"] == "certified")
        until(lambda party=party: known(party)["statusDocument"]["current"])


@pytest.mark.long
def test_by_hand_as_the_readme_shows(space: Space):
    """Apply and wait on one machine, look and approve on the other; each says what happened."""
    hub = space.party("hub", role="hub").start()
    alder = space.party("alder", hub=hub.did).start()
    form = ["--name", "Alder", "--name-zh", "赤杨零件厂", "--legal-id", "91330000A"]
    assert run(alder, "apply", *form)["state"] == "pending"
    (waiting,) = run(hub, "hub", "applications")["applications"]
    assert waiting["participant"]["nameZh"] == "赤杨零件厂"
    assert "赤杨零件厂" in hub.voile("hub", "applications", "--lang", "zh").stdout
    unseen = hub.voile("hub", "approve", alder.did)
    assert (unseen.returncode, "--seen" in unseen.stderr) == (2, True)
    named = ["--seen", waiting["digest"]]
    assert seen(hub, "applications", alder) == waiting["digest"]
    assert waiting["digest"] in hub.voile("hub", "applications", "--lang", "zh").stdout
    terms = ["--days", "30", "--wait", "--timeout", "15"]
    approved = run(hub, "hub", "approve", alder.did, *named, *terms)
    assert approved["push"]["complete"]
    until(lambda: known(alder)["standing"] == "certified")
    assert "已认证" in alder.voile("membership", "--lang", "zh").stdout
    assert "certified" in alder.voile("membership", "--lang", "en").stdout
    refused = hub.voile("hub", "approve", alder.did, *named)
    assert refused.returncode == 1
    assert "next:" in refused.stderr


@pytest.fixture
def market(space: Space) -> tuple[Running, Running, Running]:
    """A hub and two certified connectors."""
    hub = space.party("hub", role="hub")
    alder, maple = (space.party(name, hub=hub.did) for name in ("alder", "maple"))
    for party in (hub, alder, maple):
        party.start()
    certify(hub, alder, maple)
    return hub, alder, maple


def visits(folder: Path) -> tuple[str, str]:
    product, data = folder / "visits.toml", folder / "visits.csv"
    product.write_text(PRODUCT, encoding="utf-8")
    rows = [f"{i},{'AIR' if i % 2 else 'SHIP'},{i % 50}" for i in range(200)]
    data.write_text("customer,mode,amount\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return str(product), str(data)


@pytest.mark.long
def test_published_in_chinese_found_in_both_languages(market, tmp_path: Path):
    """From `voile publish` to `voile search` on another firm's machine, in zh and en."""
    _, alder, maple = market
    run(alder, "publish", *visits(tmp_path))
    until(lambda: listed(alder))
    for words in (["来访"], ["访记"], ["visit"], ["visits", "alder"], []):
        found = run(maple, "search", *words)
        assert [hit["provider"] for hit in found["hits"]] == [alder.did], words
        assert found["dropped"] == []
    assert run(maple, "search", "库存")["total"] == 0
    assert run(maple, "search", "--domain", "production", "--level", "1")["total"] == 1
    assert run(maple, "search", "--mode", "homomorphic")["total"] == 0
    for lang, words in (
        ("zh", ["共 1 项", "来访记录", "alder公司", "提供方签名已验证", "生产", "屏蔽统计"]),
        ("en", ["1 found", "Visits", "Alder", "signature verified", "production", "masked"]),
    ):
        shown = maple.voile("search", "来访", "--lang", lang).stdout
        assert all(word in shown for word in words), shown
    assert run(alder, "withdraw", "visits")
    until(lambda: total(maple, "text=visits") == 0)


@pytest.mark.long
def test_revocation_bites_once_acknowledged_and_says_by_whom(market):
    """`--wait` reports each connector; from then on the firm is refused and sees why."""
    hub, alder, maple = market
    assert answers(alder, maple)
    before = ["--seen", seen(hub, "participants", maple)]
    done = run(hub, "hub", "revoke", maple.did, *before, "--reason", "left the space", "--wait")
    assert not answers(alder, maple)
    acknowledged = {line["did"]: line["state"] for line in done["push"]["connectors"]}
    assert acknowledged == {alder.did: "acknowledged", maple.did: "acknowledged"}
    assert run(maple, "search", ok=False)["error"]["code"] == "unauthenticated"
    until(lambda: known(maple)["standing"] == "revoked")
    assert known(maple)["reason"] == "left the space"
    firms = run(hub, "hub", "participants")["participants"]
    assert {firm["did"]: firm["status"] for firm in firms}[maple.did] == "revoked"
    outdated = hub.voile("hub", "revoke", maple.did, *before)
    assert (outdated.returncode, "voile hub participants" in outdated.stderr) == (1, True)
    again = run(
        hub, "hub", "revoke", maple.did, "--seen", seen(hub, "participants", maple), ok=False
    )
    assert again["error"]["code"] == "standing-wrong"


@pytest.mark.long
def test_a_connector_that_is_killed_in_between_acknowledges_after_its_restart(market):
    """Away during a suspension: the operator sees it; back again, it knows before it answers."""
    hub, alder, maple = market
    alder.kill()
    entry = ["--seen", seen(hub, "participants", maple)]
    done = hub.voile("hub", "suspend", maple.did, *entry, "--wait", "--timeout", "1", "--json")
    assert done.returncode == 1
    pushed = json.loads(done.stdout)["push"]
    states = {line["did"]: line["state"] for line in pushed["connectors"]}
    assert states == {alder.did: "sent", maple.did: "acknowledged"}
    alder.start()
    path = f"/v1/hub/pushes/{pushed['serial']}"
    until(lambda: hub.manage("GET", path)[1]["complete"])
    assert not answers(alder, maple)
    run(hub, "hub", "reinstate", maple.did, "--seen", seen(hub, "participants", maple), "--wait")
    until(lambda: known(maple)["standing"] == "certified")
    assert answers(alder, maple)


@pytest.mark.long
def test_a_hub_that_is_killed_goes_on_where_it_was(market, tmp_path: Path):
    """SIGKILL of the hub: nobody is stopped, the serial goes up, what waits is delivered."""
    hub, alder, maple = market
    serial = run(hub, "hub", "status")["serial"]
    hub.kill()
    assert known(alder)["statusDocument"]["current"]
    assert answers(alder, maple)
    run(alder, "publish", *visits(tmp_path))
    assert run(maple, "search", ok=False)["error"]["message"]
    hub.start()
    assert run(hub, "hub", "status")["serial"] > serial
    until(lambda: total(maple, "text=visits") == 1)
    assert len(run(hub, "hub", "participants")["participants"]) == 2


@pytest.mark.long
def test_an_expired_status_document_refuses_everybody_until_the_hub_is_back(space: Space):
    """A strict space of ten seconds: the hub is stopped, and after that no call is accepted."""
    strict = {"VOILE_STATUS_SECONDS": "10"}
    hub = space.party("hub", role="hub", env=strict)
    alder, maple = (space.party(name, hub=hub.did, env=strict) for name in ("alder", "maple"))
    for party in (hub, alder, maple):
        party.start()
    certify(hub, alder, maple)
    until(lambda: answers(alder, maple))
    assert hub.stop() == 0
    until(lambda: not known(alder)["statusDocument"]["current"])
    assert not answers(alder, maple)
    hub.start()
    until(lambda: answers(alder, maple))


@pytest.mark.long
def test_what_the_hub_holds_is_no_row_and_no_key(market, tmp_path: Path):
    """Neither a value of the data, nor a key of a firm, lies in the hub's folder."""
    hub, alder, maple = market
    product, data = visits(tmp_path)
    canary = "987654321987"
    with Path(data).open("a", encoding="utf-8") as file:
        file.write(f"{canary},AIR,7\n")
    run(alder, "publish", product, data)
    until(lambda: total(maple, "text=visits") == 1)
    assert hub.stop() == 0
    held = b"".join(path.read_bytes() for path in (hub.home / "data").rglob("*") if path.is_file())
    assert canary.encode() not in held
    assert base64.b64encode(canary.encode()) not in held
    assert (alder.home / "data" / "management.token").read_bytes().strip() not in held


def test_the_hub_command_runs_hubs_only(space: Space):
    """`voile hub serve` on a connector's home says what to do instead."""
    alder = space.party("alder")
    done = alder.voile("hub", "serve")
    assert done.returncode == 2
    assert "voile serve" in done.stderr
    assert voile("hub", "--help").returncode == 0
