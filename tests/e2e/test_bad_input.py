"""Bad input at real processes: one clear error that names the field and what to do, nothing changed.

What else can go wrong is proved beside its subject: kill -9 in the middle of a negotiation in
`test_contracts`, of answers in `test_questions`, between the phases of a total in `test_totals`, of
the log in `test_audit` and `test_process`; framing and caps before authentication in `test_process`.

It is one file because one pair of processes serves it all, and each test proves them unchanged.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from contracts import messages
from contracts.agreements import message_offer
from tests.e2e.firm import PRODUCT, publish
from tests.e2e.processes import Space, request, voile
from tests.e2e.stranger import Stranger
from tests.long import first_of
from tests.waiting import PATIENCE, equals, wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

HEAD = "customer,mode,quantity"
ROWS = [f"c{n % 40},{'RAIL' if n % 3 else 'ROAD'},{n % 17 + 1}" for n in range(800)]
TOTAL = "SELECT SUM(quantity) AS total FROM deliveries"


class Trade(NamedTuple):
    """Two firms with a contract, and a third party that behaves as a test says."""

    provider: Running
    consumer: Running
    agreement: str
    peer: Stranger


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    """One pair of processes for the module: a test that leaves a change behind would show."""
    folder = tmp_path_factory.mktemp("trade")
    peer = Stranger("mallory")
    with Space(folder) as space:
        provider, consumer = space.party("acme"), space.party("bolt")
        for party in (provider, consumer):
            party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did},{peer.did}"
            party.start()
        dataset = publish(provider, folder)
        done = consumer.voile("negotiate", provider.did, dataset, "--wait", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        agreement = json.loads(done.stdout)["agreement"]
        opened = consumer.voile("transfer", "start", agreement, "--wait", "--json")
        assert opened.returncode == 0, opened.stdout + opened.stderr
        for party in (provider, consumer):
            _rest(party)
        yield Trade(provider, consumer, agreement, peer)
    peer.close()


def _rest(party: Running) -> None:
    """Wait until nothing is to be sent any more: log heads are asked for a little later."""
    equals(lambda: party.manage("GET", "/v1/outbox")[1]["counts"].get("waiting", 0), 0)


def state(party: Running) -> dict[str, Any]:
    """What bad input must not change: products, contracts, transfers, what waits to be sent."""
    paths = ("/v1/products", "/v1/negotiations", "/v1/agreements", "/v1/transfers", "/v1/outbox")
    return {path: party.manage("GET", path)[1] for path in paths}


def one_line(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Check how a command failed: its exit code, one line of error, one with the next step."""
    told = done.stderr.rstrip("\n").split("\n")
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout == ""
    assert len(told) == 2, done.stderr
    assert told[0].startswith("voile: ")
    assert told[1].startswith("  next: ")
    assert len(told[1]) > len("  next: ")
    for word in words:
        assert word in done.stderr, done.stderr


# --- JSON -----------------------------------------------------------------------------------------

BAD_JSON = [
    (b"", "json"),
    (b"{", "json"),
    (b'{"provider":"a"', "json"),
    (b'{"provider":"a","provider":"b"}', "json"),
    (b'{"provider":NaN}', "json"),
    (b'{"provider":1e999}', ""),
    (b"\xff\xfe{}", "json"),
    (b"[" * 5000, "json"),
    (b"[]", "json"),
    (b'"text"', "json"),
    (b"{}", "provider"),
    (b'{"provider":7}', "provider"),
    (b'{"provider":""}', "provider"),
    (b'{"provider":null}', "provider"),
]


@pytest.mark.long
@pytest.mark.parametrize(("body", "word"), BAD_JSON)
@pytest.mark.parametrize("path", ["/v1/negotiations", "/v1/catalog"])
def test_malformed_json_at_the_management_listener(
    trade: Trade, path: str, body: bytes, word: str
) -> None:
    """Every malformed body is a 400 that says what and what to do; nothing was changed."""
    before = state(trade.consumer)
    token = (trade.consumer.home / "data" / "management.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    status, _, data = request(trade.consumer.port + 1, "POST", path, body, headers)
    error = json.loads(data)["error"]
    assert status == 400, error
    assert word in (error["code"] + error["message"]).lower()
    assert error["next"]
    assert state(trade.consumer) == before


@pytest.mark.sweep
@pytest.mark.parametrize("path", ["/v1/products", "/v1/questions", "/v1/transfers"])
@pytest.mark.parametrize("value", [{}, {"colour": "red"}, {"product": 1, "sql": 1, "agreement": 1}])
def test_wrong_fields_at_the_management_listener(trade: Trade, path: str, value: object) -> None:
    """Missing, unknown and ill-typed fields: 400, named in back-ticks, nothing changed."""
    before = state(trade.consumer)
    status, answer = trade.consumer.manage("POST", path, value)
    assert status == 400, answer
    assert "`" in answer["error"]["message"]
    assert answer["error"]["next"]
    assert state(trade.consumer) == before


def _as_peer(trade: Trade, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    url = f"{trade.provider.url}{path}"
    token = trade.peer.token(trade.provider.did, "POST", url, body)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    place = f"/{trade.provider.name}{path}"
    status, _, data = request(trade.provider.port, "POST", place, body, headers)
    return status, json.loads(data)


@pytest.mark.sweep
@pytest.mark.parametrize("body", [body for body, _ in BAD_JSON])
@pytest.mark.parametrize(
    "path",
    ["/dsp/2025-1/negotiations/request", "/dsp/2025-1/transfers/request", "/voile/v1/questions"],
)
def test_malformed_json_at_the_protocol_listener(trade: Trade, path: str, body: bytes) -> None:
    """From a peer whose token holds: 400 with a reason in the form of its protocol, no change."""
    before = state(trade.provider)
    status, answer = _as_peer(trade, path, body)
    assert status == 400, answer
    if path.startswith("/dsp"):
        assert answer["@type"] in ("ContractNegotiationError", "TransferError")
        assert answer["reason"]
    else:
        assert answer["error"]["message"]
        assert answer["error"]["next"]
    assert state(trade.provider) == before


def test_oversized_json_at_both_listeners(trade: Trade) -> None:
    """Over the cap: 413, with the cap named; it is refused by its length alone; the process goes on."""
    before = state(trade.provider)
    big = b'{"a":"' + b"x" * (1 << 20) + b'"}'
    status, answer = _as_peer(trade, "/voile/v1/questions", big)
    assert status == 413
    assert "bytes" in answer["error"]["message"]
    assert answer["error"]["next"]
    token = (trade.provider.home / "data" / "management.token").read_text().strip()
    huge = {"Authorization": f"Bearer {token}", "Content-Length": str(200 << 20)}
    status, _, data = request(trade.provider.port + 1, "POST", "/v1/catalog", b"{}", huge)
    assert status == 413, data
    assert state(trade.provider) == before


# --- product files --------------------------------------------------------------------------------


def _publish(
    trade: Trade, folder: Path, product: str, data: str, *more: str
) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    (folder / "p.toml").write_text(product)
    (folder / "d.csv").write_text(data)
    return trade.provider.voile("publish", str(folder / "p.toml"), str(folder / "d.csv"), *more)


GOOD = "\n".join([HEAD, *ROWS]) + "\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("level = 1", "level = 1\ncolour = 3", ("colour", "unknown key")),
        ('unit = "piece"', 'unit = "piece"\nround = 1', ("measure[1].round", "unknown key")),
        ("count = 5", "counts = 5", ("offer[1].counts", "unknown key")),
        ("bounds = [0, 1000]", "bounds = [9, 1]", ("measure[1].bounds",)),
        ("bounds = [0, 1000]", 'bounds = "wide"', ("measure[1].bounds",)),
        ('id = "deliveries"', "", ("id",)),
        ('id = "deliveries"', "id = ", ("TOML",)),
    ],
)
def test_a_bad_product_file(
    trade: Trade, tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    """The key is named with its place; exit code 1; the product on offer stays as it was."""
    before = state(trade.provider)
    assert old in PRODUCT
    one_line(_publish(trade, tmp_path, PRODUCT.replace(old, new, 1), GOOD), 1, *words)
    assert state(trade.provider) == before


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (GOOD.replace(HEAD, "customer,mode,amount", 1), ("quantity",)),
        (GOOD.replace("c3,RAIL,", "c3,RAIL,NaN", 1).replace("NaN4", "NaN", 1), ("quantity", "NaN")),
        ("\n".join([HEAD, *ROWS[:7], "c1,RAIL,many", *ROWS]), ("quantity", "line 9", "many")),
        ("\n".join([HEAD, *ROWS[:7], "c1,RAIL,", *ROWS]), ("quantity", "line 9")),
        ("\n".join([HEAD, *ROWS[:7], "c1,RAIL,1.5", *ROWS]), ("quantity", "line 9", "1.5")),
        ("\n".join([HEAD, *ROWS[:7], "c1,SHIP,1", *ROWS]), ("mode", "SHIP")),
        ("\n".join([HEAD, *ROWS[:7], "c1,RAIL", *ROWS]), ("line 9",)),
        (HEAD + "\n", ()),
        ("", ()),
    ],
    ids=["no-column", "nan", "text", "empty", "fraction", "code", "short", "no-rows", "nothing"],
)
def test_bad_data(trade: Trade, tmp_path: Path, data: str, words: tuple[str, ...]) -> None:
    """The column and the row are named; exit code 1; the version that is answered from stays."""
    before = state(trade.provider)
    one_line(_publish(trade, tmp_path, PRODUCT, data), 1, *words)
    assert state(trade.provider) == before


@pytest.mark.long
def test_values_out_of_bounds_are_clamped_and_counted(trade: Trade, tmp_path: Path) -> None:
    """More than one in a hundred must be accepted; the report says how many of which measure.

    It also names contributor ids that are written in several ways.
    """
    product = PRODUCT.replace('id = "deliveries"', 'id = "wild"\nseparate_rows = true')
    data = GOOD + "c1,RAIL,5000\nc2,ROAD,-3\nc3,RAIL,1001\n"
    many = data + "c1,RAIL,5000\n" * 10
    one_line(_publish(trade, tmp_path, product, many), 1, "`quantity`", "--accept-clamped")
    told = _publish(trade, tmp_path, product, data, "--json")
    assert told.returncode == 0, told.stdout
    assert json.loads(told.stdout)["clamped"] == {"quantity": 3}
    shown = trade.provider.voile("publish", str(tmp_path / "p.toml"), str(tmp_path / "d.csv"))
    assert "values clamped" in shown.stdout
    assert "quantity 3" in shown.stdout
    accepted = _publish(trade, tmp_path, product, many, "--json", "--accept-clamped")
    assert json.loads(accepted.stdout)["clamped"] == {"quantity": 13}
    respelled = _publish(trade, tmp_path, product, data + "c2 ,RAIL,5\nC2,RAIL,5\n")
    lines = [text.split(" 1: ") for text in respelled.stdout.split("\n")]
    said = {parts[0].strip(): parts[1].strip() for parts in lines if len(parts) > 1}
    assert said == {
        "contributors written in several ways": "`c2` = `c2 `",
        "contributors that differ in case only": "`C2` = `c2`",
    }
    assert trade.provider.voile("withdraw", "wild").returncode == 0


def test_empty_values_are_counted_for_the_owner(trade: Trade, tmp_path: Path) -> None:
    """The report says how many were taken as zero and how many rows were left out, in both languages."""
    product = PRODUCT.replace('id = "deliveries"', 'id = "gaps"\nseparate_rows = true')
    product = product.replace("level = 1", 'level = 1\nempty_contributor = "drop"', 1)
    product = product.replace("bounds = [0, 1000]", 'bounds = [0, 1000]\nempty = "zero"', 1)
    data = GOOD + "c1,RAIL,\nc2,ROAD,\n,RAIL,7\n"
    told = _publish(trade, tmp_path, product, data, "--json")
    assert told.returncode == 0, told.stdout
    report = json.loads(told.stdout)
    assert report["emptyAsZero"] == {"quantity": 2}
    assert (report["rows"], report["withoutContributor"]) == (len(ROWS) + 2, 1)
    files = [str(tmp_path / name) for name in ("p.toml", "d.csv")]
    for language, words in (("en", "empty values taken as zero"), ("zh", "按零计的空值")):
        shown = trade.provider.voile("publish", *files, "--lang", language).stdout
        again = trade.provider.voile("products", "gaps", "--lang", language).stdout
        for text in (shown, again):
            assert words in text
            assert "quantity 2" in text
    one_line(trade.provider.voile("products", "none"), 1, "none", "voile products")
    assert trade.provider.voile("withdraw", "gaps").returncode == 0


def test_a_newcomers_files(trade: Trade, tmp_path: Path) -> None:
    """A workbook, a misspelt key, an empty file, `data[1].csv`: each is said, or read, as it is."""
    before = state(trade.provider)
    misspelt = PRODUCT.replace("contributor = ", "contributer = ", 1)
    one_line(_publish(trade, tmp_path, misspelt, GOOD), 1, "contributer", "contributor")
    one_line(_publish(trade, tmp_path, PRODUCT, ""), 1, "the file is empty")
    (tmp_path / "d.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))
    told = trade.provider.voile("publish", str(tmp_path / "p.toml"), str(tmp_path / "d.xlsx"))
    one_line(told, 1, "Excel workbook", "save it as CSV")
    assert state(trade.provider) == before
    product = PRODUCT.replace('id = "deliveries"', 'id = "named"\nseparate_rows = true')
    (tmp_path / "p.toml").write_text("\ufeff" + product, encoding="utf-8")
    (tmp_path / "d[1].csv").write_text(GOOD + "c1,RAIL,5\n")
    (tmp_path / "d1.csv").write_text("another file")
    told = trade.provider.voile("publish", str(tmp_path / "p.toml"), str(tmp_path / "d[1].csv"))
    assert told.returncode == 0, told.stdout
    assert trade.provider.voile("withdraw", "named").returncode == 0


def test_files_that_are_not_there(trade: Trade, tmp_path: Path) -> None:
    """A wrong path is wrong use: exit code 2, the path is named."""
    before = state(trade.provider)
    (tmp_path / "p.toml").write_text(PRODUCT)
    done = trade.provider.voile("publish", str(tmp_path / "none.toml"))
    one_line(done, 2, "none.toml")
    done = trade.provider.voile("publish", str(tmp_path / "p.toml"), str(tmp_path / "none.csv"))
    one_line(done, 2, "none.csv")
    assert state(trade.provider) == before


# --- questions ------------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT SUM(quantity) FROM (SELECT * FROM deliveries)", "question.subquery"),
        (f"{TOTAL} WHERE mode IN (SELECT mode FROM deliveries)", "question.subquery"),
        ("SELECT MY_UDF(quantity) FROM deliveries", "question.function"),
        ("SELECT read_csv('/etc/passwd') FROM deliveries", ""),
        (f"{TOTAL}; DROP TABLE deliveries", "question.statements"),
        (f"{TOTAL}; {TOTAL}", "question.statements"),
        (f"{TOTAL} -- WHERE mode = 'RAIL'", "question.comment"),
        (f"{TOTAL} /* */ WHERE mode = 'RAIL'", "question.comment"),
        ("SELECT SUM(quantity)/**/FROM deliveries", "question.comment"),
        ("SELECT quantity FROM deliveries", ""),
        ("SELECT SUM(price) FROM deliveries", ""),
        ("SELECT SUM(quantity) FROM elsewhere", ""),
        ("DELETE FROM deliveries", ""),
        ("SELECT", ""),
        ("", ""),
        (f"{TOTAL} WHERE mode = '" + "x" * 70_000 + "'", ""),
    ],
)
def test_questions_outside_the_language(trade: Trade, sql: str, code: str) -> None:
    """Refused with exit code 1, a place or a name, and a next step; nothing charged or answered."""
    wanted = ("ask", sql, "--agreement", trade.agreement, "--purpose", "capacityPlanning")
    told = trade.consumer.voile(*wanted, "--json")
    assert told.returncode == 1, told.stdout + told.stderr
    error = json.loads(told.stdout)["error"]
    assert error["message"]
    reasons = error.get("reasons") or [error]
    assert all(reason["next"] for reason in reasons), error
    if code:
        assert code in [reason["code"] for reason in reasons]
    shown = trade.consumer.voile(*wanted)
    assert shown.returncode == 1
    assert shown.stderr.strip()
    assert "Traceback" not in shown.stderr
    assert _left(trade) == 5


def _left(trade: Trade) -> int:
    body = {"agreements": [trade.agreement], "sql": TOTAL, "purpose": "capacityPlanning"}
    status, told = trade.consumer.manage("POST", "/v1/questions", body | {"explain": True})
    assert status == 200, told
    left: int = told["explain"]["usage"]["left"]
    return left


# --- peers that fail ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble", first_of(["500", "half", "close", "bomb", "redirect", "hang"], 5)
)
def test_a_peer_that_fails_to_show_its_catalogue(trade: Trade, trouble: str) -> None:
    """One line with the peer's name and a next step, within the time for a call; no change."""
    before = state(trade.consumer)
    trade.peer.behave(trouble)
    done = trade.consumer.voile("catalog", trade.peer.did)  # a peer that hangs does so for longer
    one_line(done, 1, str(trade.peer.port))
    if trouble != "hang":  # once is enough to wait
        one_line(trade.consumer.voile("negotiate", trade.peer.did, "deliveries"), 1)
    trade.peer.behave("ok")
    assert state(trade.consumer) == before


def test_a_peer_that_does_not_know_us_is_said_with_a_way_out(trade: Trade) -> None:
    """`answered 401` comes with what to do about one's own standing."""
    before = state(trade.consumer)
    trade.peer.answer = (401, b'{"@type":"CatalogError","reason":["not authenticated"]}')
    done = trade.consumer.voile("catalog", trade.peer.did)
    trade.peer.answer = (200, b"{}")
    one_line(done, 1, "answered 401", "voile membership --refresh")
    assert state(trade.consumer) == before


@pytest.mark.long
def test_parked_messages_are_seen_and_sent_again(trade: Trade) -> None:
    """`voile outbox list` shows what was given up and why; `retry` sends it; other ids are refused."""
    party, peer = trade.provider, trade.peer
    empty = party.voile("outbox", "list", "--state", "parked")
    assert empty.returncode == 0
    one_line(party.voile("outbox", "retry", "987654"), 1, "987654", "voile outbox list")
    peer.answer = (404, b"{}")  # of a process that it knew: doubted for a minute, then believed
    pid = _negotiation_of_a_stranger(trade)
    row = _parked(party)
    shown = party.voile("outbox", "list")
    assert f"voile outbox retry {row['id']}" in shown.stdout
    assert "answered 404" in shown.stdout
    explained = party.voile("explain", pid)
    assert f"voile outbox retry {row['id']}" in explained.stdout
    peer.answer = (200, b"")
    again = party.voile("outbox", "retry", str(row["id"]), "--json")
    assert json.loads(again.stdout) == {"id": row["id"], "state": "waiting"}
    equals(lambda: party.manage("GET", f"/v1/negotiations/{pid}")[1]["state"], "AGREED")
    assert party.manage("GET", "/v1/outbox?state=parked")[1]["messages"] == []


def _parked(party: Running) -> dict[str, Any]:
    def parked() -> list[dict[str, Any]]:
        told = party.voile("outbox", "list", "--state", "parked", "--json")
        rows: list[dict[str, Any]] = json.loads(told.stdout)["messages"]
        return rows

    return wait_for(parked, lambda rows: rows, 3 * PATIENCE)[0]  # it is doubted for a minute


def _negotiation_of_a_stranger(trade: Trade) -> str:
    """Ask the provider for its offer as the stranger; give the provider's pid."""
    place = "/dsp/2025-1/catalog/datasets/deliveries"
    token = trade.peer.token(trade.provider.did, "GET", trade.provider.url + place)
    headers = {"Authorization": f"Bearer {token}"}
    _, _, data = request(trade.provider.port, "GET", f"/acme{place}", None, headers)
    opening = messages.ContractRequestMessage(
        id="urn:uuid:bad-1",
        consumer_pid=messages.Pid("urn:uuid:bad-c-1"),
        offer=message_offer(json.loads(data)["hasPolicy"][0], dataset_id="deliveries"),
        callback_address=f"{trade.peer.url}/dsp/2025-1",
    )
    body = messages.encode(opening)
    status, answer = _as_peer(trade, "/dsp/2025-1/negotiations/request", body)
    assert status == 201, answer
    return str(answer["providerPid"])


# --- a careless operator --------------------------------------------------------------------------


def test_the_careless_operator_of_a_running_party(trade: Trade, tmp_path: Path) -> None:
    """Wrong home, wrong or broken token, empty and strange ids: one line each, nothing changed."""
    party = trade.provider
    before = state(party)
    one_line(voile("products", "--home", str(tmp_path / "none")), 2, "none", "voile init")
    twin = tmp_path / "twin"
    (twin / "data").mkdir(parents=True)
    shutil.copy(party.home / "voile.toml", twin)
    token = twin / "data" / "management.token"
    one_line(voile("products", "--home", str(twin)), 2, "management.token", "voile token renew")
    for text in (b"wrong\n", b"", b"\xff\xfe", b"a\nb"):
        token.write_bytes(text)
        one_line(voile("products", "--home", str(twin)), 2, "management.token")
    one_line(party.voile("agreement", "no such? #1"), 1, "no such? #1", "voile agreements")
    one_line(party.voile("explain", " "), 2, "id")
    one_line(party.voile("explain", "urn:uuid:none"), 1, "urn:uuid:none", "voile negotiations")
    one_line(party.voile("catalog", "nonsense"), 1, "nonsense", "did:web")
    one_line(party.voile("serve"), 2, "in use by `voile serve`")
    one_line(party.voile("search", "x"), 1, "hub", "voile.toml")
    assert state(party) == before


@pytest.mark.long
def test_the_careless_operator_of_a_stopped_party(space: Space, tmp_path: Path) -> None:
    """A broken database, settings or home, a taken port: exit code 2 and one line; no trace."""
    party = space.party("acme")
    one_line(party.voile("products"), 2, "no connector answers", "voile serve")
    database = party.home / "data" / "voile.db"
    whole = database.read_bytes()
    for broken in (b"no database at all " * 300, b"", whole[:8192] + b"\x5a" * 90_000):
        database.write_bytes(broken)
        one_line(party.voile("serve"), 2, str(database.parent), "restore")
    database.unlink()
    one_line(party.voile("serve"), 2, "no database")
    database.write_bytes(whole)
    settings = party.home / "voile.toml"
    text = settings.read_text()
    for old, new, word in (
        (":acme", ":bolt", "belongs to"),
        ('role = "participant"', 'role = "boss"', "role"),
        ('role = "participant"', 'role = "', "line 5"),
        (f"port = {party.port}\n", "port = 99999\n", "protocol.port"),
    ):
        assert old in text
        settings.write_text(text.replace(old, new, 1))
        one_line(party.voile("serve"), 2, word)
    settings.write_text(text)
    stranger = Stranger("squatter")
    settings.write_text(text.replace(f"port = {party.port + 1}", f"port = {stranger.port}"))
    one_line(party.voile("serve"), 2, str(stranger.port), "management.port")
    stranger.answer = (404, b"<html>")
    one_line(party.voile("products"), 2, "is no connector", "management.port")
    stranger.close()
    settings.write_text(text)
    blocked = tmp_path / "file"
    blocked.write_text("")
    for home in (blocked, blocked / "inside"):
        made = voile("init", str(home), "--did", party.did, "--public-url", party.url,
                     "--loopback-http")  # fmt: skip
        one_line(made, 2, str(blocked))
    party.start()
    assert party.stop() == 0
