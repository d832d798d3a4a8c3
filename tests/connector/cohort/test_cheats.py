"""An aggregator that passes a wrong total off as right: only its own party is patched, nobody believes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort.aggregation import Aggregation, admitted
from connector.areas.cohort.rows import AggregationPartRow, AggregationRow, CohortAskRow
from connector.areas.questions.rows import AskedQuestionRow
from connector.identity.work import ours
from connector.process.ports import Response
from connector.store.rows import SecretRow
from contracts.cohort.session import Session
from crypto._hazmat.bigint import inverse, mpz, power
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.paillier import frame
from crypto.paillier.ciphertext import Column, Stale
from crypto.paillier.encrypt import Encryptor
from tests.connector.cohort.alliance import SUPPLIERS
from tests.long import first_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.cohort.statements import Cleared
    from crypto.paillier.layout import Layout
    from tests.connector.cohort.alliance import Alliance

CODE = "cohort.total.false"


class Cheat:
    """What a cheating aggregator has at hand: everybody's ciphertexts, the key, the layouts."""

    def __init__(self, session: Session, layouts: tuple[Layout, ...], batches: list[Stale]) -> None:
        self.n = mpz(session.key.n)
        self.n_squared = self.n * self.n
        self.layouts = layouts
        self.columns = [[column.values for column in batch.columns] for batch in batches]
        self.honest = [
            [self.product(*same) for same in zip(*values, strict=True)]
            for values in zip(*self.columns, strict=True)
        ]

    def product(self, *values: int) -> int:
        found = mpz(1)
        for value in values:
            found = found * value % self.n_squared
        return found

    def plus(self, value: int, plaintext: int) -> int:
        return value * (1 + self.n * plaintext) % self.n_squared

    def one(self, column: int) -> int:
        """Return the plaintext that counts one more addend and nothing else."""
        layout = self.layouts[column]
        return 1 << (layout.slots * layout.slot_bits + layout.tag_bits)

    def first(self, value: int) -> list[list[int]]:
        """Return the honest total with another first ciphertext."""
        found = [list(column) for column in self.honest]
        found[0][0] = value % self.n_squared
        return found

    # --- what it tries ---------------------------------------------------------------------

    def drop(self) -> list[list[int]]:
        """Leave one supplier out, and count it all the same."""
        two = self.columns[1:]
        return [
            [
                self.plus(self.product(*same), self.one(i))
                for same in zip(*(batch[i] for batch in two), strict=True)
            ]
            for i in range(len(self.layouts))
        ]

    def double(self) -> list[list[int]]:
        """Take one supplier twice, and count it once."""
        return [
            [
                self.plus(self.product(total, self.columns[0][i][j]), -self.one(i))
                for j, total in enumerate(column)
            ]
            for i, column in enumerate(self.honest)
        ]

    def swap_suppliers(self) -> list[list[int]]:
        """Take one supplier twice in the place of another."""
        a, b, _ = self.columns
        return [
            [self.product(a[i][j], b[i][j], b[i][j]) for j in range(len(column))]
            for i, column in enumerate(self.honest)
        ]

    def swap_columns(self) -> list[list[int]]:
        """Exchange the ciphertexts of two columns."""
        a, b, *others = self.honest
        return [b, a, *others]

    def add_constant(self) -> list[list[int]]:
        return self.first(self.plus(self.honest[0][0], 1))

    def move_between_cells(self) -> list[list[int]]:
        """Take one from a cell and give it to the next: the sum over cells stays right."""
        up = (1 << self.layouts[0].slot_bits) - 1
        return self.first(self.plus(self.honest[0][0], up))

    def scale(self) -> list[list[int]]:
        """Take one supplier three times and the others not at all: the count is right."""
        return [[power(value, 3, self.n_squared) for value in col] for col in self.columns[0]]

    def scale_all(self) -> list[list[int]]:
        """Double everything and put the count right."""
        return [
            [
                self.plus(power(value, 2, self.n_squared), -len(self.columns) * self.one(i))
                for value in column
            ]
            for i, column in enumerate(self.honest)
        ]

    def shift(self) -> list[list[int]]:
        """Move every slot one up."""
        width = 1 << self.layouts[0].slot_bits
        return self.first(power(self.honest[0][0], width, self.n_squared))

    def shift_back(self) -> list[list[int]]:
        """Move every slot one down."""
        width = 1 << self.layouts[0].slot_bits
        return self.first(power(self.honest[0][0], inverse(width, self.n), self.n_squared))

    def own(self) -> list[list[int]]:
        """Make everything up."""
        return [
            [self.plus(mpz(1), len(self.columns) * self.one(i) + 7) for _ in column]
            for i, column in enumerate(self.honest)
        ]


def cheating(monkeypatch: pytest.MonkeyPatch, cheat: Callable[[Cheat], list[list[int]]]) -> None:
    """Let the aggregator release what a cheat makes; all else about it stays honest."""

    def product(
        self: Aggregation, session: Session, cleared: Cleared, proof: str, batches: list[bytes]
    ) -> bytes:
        layouts = session.layouts(len(cleared.indexes))
        taken = [frame.from_bytes(b, key=session.key, layouts=layouts) for b in batches]
        made = cheat(Cheat(session, layouts, taken))
        columns = tuple(
            Column(layout, tuple(values)) for layout, values in zip(layouts, made, strict=True)
        )
        key = admitted(session, proof, ours())
        encryptor = Encryptor.make(key, self.node.entropy, expected=9)
        return frame.to_bytes(encryptor.refresh(Stale(session.key, columns, len(batches))))

    monkeypatch.setattr(Aggregation, "_product", product)


def charged(alliance: Alliance, agreements: list[str]) -> list[int]:
    return [alliance.used(n, a) for n, a in zip(SUPPLIERS, agreements, strict=True)]


CHEATS = [
    Cheat.drop,
    Cheat.double,
    Cheat.swap_suppliers,
    Cheat.swap_columns,
    Cheat.add_constant,
    Cheat.move_between_cells,
    Cheat.scale,
    Cheat.scale_all,
    Cheat.shift,
    Cheat.shift_back,
    Cheat.own,
]


@pytest.mark.long
@pytest.mark.parametrize("cheat", first_of(CHEATS, 2), ids=lambda cheat: cheat.__name__)
def test_a_false_total_is_not_shown(
    alliance: Alliance,
    monkeypatch: pytest.MonkeyPatch,
    cheat: Callable[[Cheat], list[list[int]]],
) -> None:
    """It is refused by one error that names ciphertexts, is in the evidence, and costs nothing more."""
    agreements = alliance.agreements()
    with monkeypatch.context() as patch:
        cheating(patch, cheat)
        status, body = alliance.ask(agreements, question_id="question-1")
    error = body["error"]
    assert (status, error["code"]) == (403, CODE)
    assert alliance.hub.did in error["message"]
    assert "c0/0" in error["message"] or "c1/0" in error["message"]
    assert set(error["params"]) >= {"ciphertexts", "questionId"}
    assert alliance.states()["buyer"] == ["ENDED"]
    leaf = alliance.leaves(alliance.buyer, "COHORT")[-1]
    assert leaf["query"]["reason"] == CODE
    assert leaf["query"]["wrong"]
    assert leaf["query"]["wrongCiphertexts"] == len(leaf["query"]["wrong"])
    with alliance.buyer.node.db.reading() as db:
        row = db.exec(select(CohortAskRow)).one()
        asked = db.exec(select(AskedQuestionRow)).one()
    assert asked.answer == ""
    assert row.product
    assert json.loads(asked.reasons)[0]["code"] == CODE
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_an_aggregator_that_is_honest_again_answers_uncharged(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A false total has used up its question's charge; asked again under its id it costs nothing."""
    agreements = alliance.agreements()
    with monkeypatch.context() as patch:
        cheating(patch, Cheat.drop)
        assert alliance.ask(agreements, question_id="question-1")[0] == 403
    answer = alliance.answer(agreements, question_id="question-1")["answer"]
    assert len(answer["cells"]) == 3
    assert charged(alliance, agreements) == [1, 1, 1]
    shown = alliance.buyer.manage("GET", "/v1/questions")[1]["totals"]
    assert {total["state"] for total in shown} == {"ended", "answered"}
    (reason,) = next(total["reasons"] for total in shown if total["state"] == "ended")
    assert (reason["code"], reason["next"]) == (CODE, "next.open-evidence")


@pytest.mark.long
def test_the_control_of_these_cheats_is_believed(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same patch with the honest product: the tests above can pass only for the cheat's sake."""
    cheating(monkeypatch, lambda cheat: cheat.honest)
    answer = alliance.answer(alliance.agreements())["answer"]
    totals = {cell["key"]["brand"]: cell["values"]["available:sum"] for cell in answer["cells"]}
    plain = alliance.plain()
    assert totals == {b: str(sum(row[2] for row in plain[b])) for b in ("B2", "C3", "E5")}


@pytest.mark.long
def test_a_batch_of_an_earlier_session_is_found(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a supplier sent before, put in the place of what it sends now."""
    agreements, kept = alliance.agreements(), []

    def keep(cheat: Cheat) -> list[list[int]]:
        kept.append(cheat.columns[0])
        return cheat.honest

    def replay(cheat: Cheat) -> list[list[int]]:
        cheat.columns[0] = kept[0]
        return [
            [
                cheat.product(*(batch[i][j] % cheat.n_squared for batch in cheat.columns))
                for j in range(len(column))
            ]
            for i, column in enumerate(cheat.honest)
        ]

    cheating(monkeypatch, keep)
    alliance.answer(agreements)
    cheating(monkeypatch, replay)
    status, body = alliance.ask(agreements, question_id="question-2")
    assert (status, body["error"]["code"]) == (403, CODE)


@pytest.mark.long
def test_signed_bytes_that_are_no_ciphertexts_end_it_once_and_for_all(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A product that its aggregator signed and that cannot be read is not asked for over and over."""
    agreements = alliance.agreements()
    with monkeypatch.context() as patch:
        patch.setattr(Aggregation, "_product", lambda *_: b"VPB\x01 nothing of the kind")
        status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (403, CODE)
    assert alliance.states()["buyer"] == ["ENDED"]
    assert charged(alliance, agreements) == [1, 1, 1]


@pytest.mark.long
def test_neither_seed_nor_secret_passes_the_aggregator(alliance: Alliance) -> None:
    """It sees their digests: no call to it and no row of it holds either, in any spelling."""
    agreements = alliance.agreements()
    before = len(alliance.buyer.net.sent)
    session_id = alliance.answer(agreements)["answer"]["session"]
    buyer, names = alliance.buyer.node, []
    with buyer.db.reading() as db:
        names = [n for n in db.exec(select(SecretRow.name)) if session_id in n]
    assert sorted(n.split("/")[0] for n in names) == ["cohort-secret"] * 3 + [
        "cohort-seed",
        "paillier",
    ]
    secrets = [buyer.secrets.get(name) for name in names if name.startswith("cohort-")]
    sent = alliance.buyer.net.sent[before:]
    hubs = b"".join(s.body for s in sent if s.url.startswith(alliance.hub.url))
    with alliance.hub.node.db.reading() as db:
        rows = [*db.exec(select(AggregationRow)), *db.exec(select(AggregationPartRow))]
        kept = json.dumps(
            [row.model_dump(mode="json", exclude={"product", "batch"}) for row in rows]
        )
        assert not [n for n in db.exec(select(SecretRow.name)) if n.startswith("cohort-")]
    for value in secrets:
        for spelled in (value, value.hex().encode(), b64url(value).encode()):
            assert spelled not in hubs
            assert spelled not in kept.encode()
    theirs = b"".join(s.body for s in sent if "/cohorts/" in s.url)
    seed = buyer.secrets.get(next(n for n in names if n.startswith("cohort-seed")))
    assert b64url(seed).encode() in theirs  # the providers are told it, so the search can find it
    for name in SUPPLIERS:
        with alliance.suppliers[name].node.db.reading() as db:
            text = json.dumps(
                [
                    list(row)
                    for row in db.connection().exec_driver_sql(
                        "SELECT question, proof, usage, session_jws FROM cohort_provider_session"
                    )
                ]
            )
        assert b64url(seed) not in text


@pytest.mark.long
def test_another_seed_than_the_signed_one_is_refused(alliance: Alliance) -> None:
    """A buyer cannot give one supplier a seed of its own: all of them signed the digest of one."""
    agreements = alliance.agreements()
    bolt = alliance.suppliers["bolt"]
    altered(alliance, bolt.url, lambda body: body | {"seed": b64url(b"o" * 32)})
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (403, "cohort.seed") or status == 502
    assert "seed" in body["error"]["message"]
    assert charged(alliance, agreements) == [0, 0, 0]


@pytest.mark.long
@pytest.mark.parametrize("how", first_of(["another", "none", "no bytes"]))
def test_a_supplier_that_tells_another_secret_than_it_signed_is_named(
    alliance: Alliance, how: str
) -> None:
    """The total is not shown; it is the supplier that is named, not the aggregator."""
    agreements = alliance.agreements()
    cogs = alliance.suppliers["cogs"]
    told = {"another": b64url(b"x" * 32), "none": None, "no bytes": "?"}[how]
    honest = alliance.buyer.net.apps[cogs.url]

    def lying(environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/contribute"):
            return honest(environ, start_response)
        head: list[Any] = []
        body = b"".join(honest(environ, lambda *said: head.extend(said)))
        changed = canonical(json.loads(body) | {"secret": told})
        fields = [(n, v) for n, v in head[1] if n.lower() != "content-length"]
        start_response(head[0], [*fields, ("Content-Length", str(len(changed)))])
        return [changed]

    alliance.buyer.net.apps[cogs.url] = lying
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (403, "cohort.secret")
    assert cogs.did in body["error"]["message"]
    kept = [leaf["msg"]["type"] for leaf in alliance.leaves(alliance.buyer, "ANSWER")]
    assert kept.count("CohortContribution") == 3  # what it signed is evidence
    assert charged(alliance, agreements) == [1, 1, 1]


def altered(alliance: Alliance, url: str, change: Callable[[Any], Any]) -> None:
    """Change what the buyer's own connector posts to open sessions at one party."""
    net = alliance.buyer.net
    call = alliance.buyer.node.peers.call

    def changed(did: str, method: str, to: str, **options: Any) -> Response:
        if method == "POST" and to.startswith(url) and to.rpartition("/")[0].endswith("/cohorts"):
            options["body"] = canonical(change(json.loads(options["body"])))
        return call(did, method, to, **options)

    alliance.buyer.node.peers.call = changed  # type: ignore[method-assign]
    assert net is alliance.buyer.net


def old(signed: str) -> dict[str, Any]:
    """Return a session as an older connector writes it."""
    said: dict[str, Any] = json.loads(unb64url(signed.split(".")[1]))
    del said["seed"], said["table"]
    return said | {"v": 1}


@pytest.mark.long
def test_an_older_buyer_is_refused_by_name(alliance: Alliance) -> None:
    """Its session has no seed: every supplier says whose connector is too old."""
    from connector.areas.cohort.speaking import say

    agreements = alliance.agreements()
    node = alliance.buyer.node

    def older(body: dict[str, Any]) -> dict[str, Any]:
        session = Session.from_json(old(body["session"]))
        rest = {name: value for name, value in body.items() if name != "seed"}
        return rest | {"session": say(node, session, node.clock.now())}

    altered(alliance, "", older)
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) in {
        (403, "cohort.session.old"),
        (502, "cohort.session.old"),
    }
    assert alliance.buyer.did in body["error"]["message"]


@pytest.mark.long
@pytest.mark.parametrize("who", ["bolt", "hub"])
def test_an_older_supplier_or_hub_is_refused_by_name(alliance: Alliance, who: str) -> None:
    """It does not understand the session: the buyer says whose connector is too old."""
    agreements = alliance.agreements()
    party = alliance.hub if who == "hub" else alliance.suppliers[who]
    part = "/aggregations" if who == "hub" else "/cohorts"
    code = "cohort.malformed" if who == "hub" else "cohort.body"

    def fault(method: str, url: str, _body: bytes) -> Response | None:
        if method != "POST" or url.rpartition("/")[0] != f"{party.url}/voile/v1{part}":
            return None
        error = {"error": {"code": code, "message": "expected exactly", "next": ""}}
        return Response(status=400, headers={}, body=canonical(error))

    alliance.buyer.net.fault = fault
    status, body = alliance.ask(agreements)
    assert (status, body["error"]["code"]) == (502, "cohort.peer.old")
    assert party.did in body["error"]["message"]
    assert charged(alliance, agreements) == [0, 0, 0]
