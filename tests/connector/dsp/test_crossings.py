"""What the soak found: messages that cross or are overtaken, and what each log says of them."""

from __future__ import annotations

import json
from types import SimpleNamespace as Asked
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.dsp import processes
from connector.areas.dsp.outcomes import States
from connector.areas.dsp.peer_queries import ask_state
from connector.areas.dsp.rows import ReceivedRow
from connector.areas.dsp.tidying import tidy
from connector.areas.questions.plane import QuestionPlane
from connector.process.errors import Unreachable
from connector.process.ports import Response
from connector.store.outbox_rows import OutboxRow
from connector.store.rows import LogEntryRow
from contracts import messages as m
from tests.connector.dsp.area import dsp_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Party


class Wire:
    """Carries requests between the parties; ``rule`` may lose the answer to one, or all of it."""

    def __init__(self, pair: Pair) -> None:
        self.plain = pair.net.request
        self.sent: list[str] = []
        self.lose: Callable[[str], bool] = lambda _url: False
        self.drop: Callable[[str], bool] = lambda _url: False
        for party in (pair.consumer, pair.provider):
            object.__setattr__(party.node.peers, "_transport", self)

    def request(self, method: str, url: str, **more: Any) -> Response:
        self.sent.append(url)
        if self.drop(url):
            raise Unreachable("the request got lost", code="peer-unreachable")
        answer = self.plain(method, url, **more)
        if self.lose(url):
            raise Unreachable("the answer got lost", code="peer-unreachable")
        return answer

    def count(self, suffix: str) -> int:
        return sum(url.endswith(suffix) for url in self.sent)


def _marked(party: Party, message: str, direction: str) -> list[dict[str, Any]]:
    """Leaves of a message that carry the mark by which two logs find each other."""
    with party.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
    leaves = [json.loads(row.entry) for row in rows]
    kind = {"type": message, "direction": direction}
    return [
        leaf for leaf in leaves if leaf.get("corr") and kind.items() <= leaf.get("msg", {}).items()
    ]


def _logs_agree(pair: Pair, message: str, *, count: int) -> None:
    """Each side marks a message as often as the other, and with the same mark."""
    out = [leaf["corr"] for leaf in _marked(pair.consumer, message, "out")]
    out += [leaf["corr"] for leaf in _marked(pair.provider, message, "out")]
    taken = [leaf["corr"] for leaf in _marked(pair.consumer, message, "in")]
    taken += [leaf["corr"] for leaf in _marked(pair.provider, message, "in")]
    assert sorted(out) == sorted(taken)
    assert len(out) == count


def _states(pair: Pair, pid: str, kind: str = "negotiations") -> tuple[str, str]:
    ours, theirs = pair.both(pid, kind)
    assert ours["inFlight"] == theirs["inFlight"] == ours["wanted"] == theirs["wanted"] == ""
    return ours["state"], theirs["state"]


def _later(pair: Pair, rounds: int = 8) -> None:
    for _ in range(rounds):
        pair.clock.advance(20)
        pair.settle()


def _lands(pair: Pair, pid: str, state: str, message: str, *, count: int) -> None:
    """Let everything land: both sides stand the same, and their logs tell of a message alike."""
    _later(pair)
    assert _states(pair, pid, "transfers") == (state, state)
    _logs_agree(pair, message, count=count)


def _suspended(pair: Pair) -> tuple[str, str]:
    """Start a transfer and let the consumer suspend it; both pids."""
    pid = pair.started()
    _steer(pair.consumer, pid, "suspend")
    pair.settle()
    return pid, pair.both(pid, "transfers")[0]["providerPid"]


def _ask_state(party: Party, pid: str) -> None:
    """Put a question for the peer's state into the outbox, as an earlier message would have."""
    with party.node.db.transaction() as tx:
        row = processes.get(tx.session, pid)
        assert row is not None
        ask_state(dsp_of(party.node), tx, row)


def _steer(party: Party, pid: str, verb: str, status: int = 200) -> Any:
    found, body = party.manage("POST", f"/v1/transfers/{pid}/{verb}", {})
    assert found == status, body
    return body


def test_what_a_peers_message_lets_us_conclude_is_confirmed_before_it_is_marked(pair: Pair):
    """FINALIZED says that our verification arrived: the state moves at once, and the verification,
    whose answer got lost, is sent again for the peer's word on it.
    """
    wire = Wire(pair)
    wire.lose = lambda url: url.endswith("/verification") and wire.count("/verification") == 1
    pid = pair.negotiate()
    for _ in range(4):
        pair.settle()
        pair.clock.advance(1)
    assert _states(pair, pid) == ("FINALIZED", "FINALIZED")
    assert wire.count("/verification") == 2
    _logs_agree(pair, "ContractAgreementVerificationMessage", count=1)
    with pair.consumer.node.db.reading() as session:
        query = select(OutboxRow).where(OutboxRow.kind == "ContractAgreementVerificationMessage")
        assert session.exec(query).one().state == "delivered"


def test_a_message_taken_before_the_peer_ended_the_process_is_in_both_logs(pair: Pair):
    """The provider took our verification and terminated; our log learns that it was taken."""
    wire = Wire(pair)
    wire.drop = lambda url: url.endswith("/events")
    wire.lose = lambda url: url.endswith("/verification") and wire.count("/verification") == 1
    pid = pair.negotiate()
    pair.settle(4)
    theirs = pair.both(pid)[0]["providerPid"]
    assert pair.provider.manage("POST", f"/v1/negotiations/{theirs}/terminate", {})[0] == 200
    wire.drop = lambda _url: False
    _later(pair)
    assert _states(pair, pid) in (("TERMINATED", "TERMINATED"), ("FINALIZED", "FINALIZED"))
    _logs_agree(pair, "ContractAgreementVerificationMessage", count=1)


def test_a_message_never_taken_is_in_neither_log_as_taken(pair: Pair):
    """Our verification never arrived before the provider's termination: nobody marks it."""
    wire = Wire(pair)
    wire.drop = lambda url: url.endswith("/verification")
    pid = pair.negotiate()
    pair.settle(4)
    theirs = pair.both(pid)[0]["providerPid"]
    assert pair.provider.manage("POST", f"/v1/negotiations/{theirs}/terminate", {})[0] == 200
    pair.provider.deliver()
    wire.drop = lambda _url: False
    _later(pair)
    assert _states(pair, pid) == ("TERMINATED", "TERMINATED")
    _logs_agree(pair, "ContractAgreementVerificationMessage", count=0)
    assert pair.consumer.node.outbox.counts().get("parked", 0) == 0


def test_a_transfer_may_be_asked_for_before_the_answer_to_finalized_has_come(pair: Pair):
    """The consumer has taken FINALIZED, the answer got lost: its request shows the provider that."""
    wire = Wire(pair)
    wire.lose = lambda url: url.endswith("/events") and wire.count("/events") == 1
    pid = pair.negotiate()
    pair.settle()
    ours, theirs = pair.both(pid)
    assert (ours["state"], theirs["state"]) == ("FINALIZED", "VERIFIED")
    status, opened = pair.consumer.manage("POST", "/v1/transfers", {"agreement": ours["agreement"]})
    assert status == 201
    pair.consumer.deliver()
    assert pair.both(pid)[1]["state"] == "FINALIZED"
    _later(pair)
    assert _states(pair, opened["pid"], "transfers") == ("STARTED", "STARTED")
    _logs_agree(pair, "ContractNegotiationEventMessage", count=1)


def test_a_next_transfer_may_be_asked_for_before_the_answer_to_completion_has_come(pair: Pair):
    """The consumer took our completion, the answer got lost: its next request waits a moment."""
    pid = pair.started()
    ours, _ = pair.both(pid, "transfers")
    wire = Wire(pair)
    wire.lose = lambda url: url.endswith("/completion") and wire.count("/completion") == 1
    _steer(pair.provider, ours["providerPid"], "complete")
    pair.provider.deliver(1)
    assert pair.both(pid, "transfers")[0]["state"] == "COMPLETED"
    _, opened = pair.consumer.manage("POST", "/v1/transfers", {"agreement": ours["agreement"]})
    assert opened["pid"] != pid
    pair.consumer.deliver(1)
    _later(pair)
    assert _states(pair, opened["pid"], "transfers") == ("STARTED", "STARTED")
    assert _states(pair, pid, "transfers") == ("COMPLETED", "COMPLETED")


def test_a_completion_that_the_peers_suspension_overtook_is_taken_back(pair: Pair):
    """Both are SUSPENDED, where nobody completes: our message is not sent for ever, nor parked."""
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    _steer(pair.provider, theirs, "complete")
    _steer(pair.consumer, pid, "suspend")
    pair.consumer.deliver()
    _later(pair)
    assert _states(pair, pid, "transfers") == ("SUSPENDED", "SUSPENDED")
    assert pair.provider.node.outbox.counts().get("parked", 0) == 0
    _steer(pair.consumer, pid, "resume")
    _later(pair, 2)
    assert _states(pair, pid, "transfers") == ("STARTED", "STARTED")


def test_a_resumption_that_was_never_taken_is_not_marked(pair: Pair):
    """The provider's Completion, sent before it took our suspension, ends a transfer that we were
    resuming: it looks as if our Start had arrived, and had not.
    """
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    _steer(pair.provider, theirs, "complete")
    _steer(pair.consumer, pid, "suspend")
    pair.consumer.deliver()
    _steer(pair.consumer, pid, "resume")
    pair.provider.deliver()
    _later(pair)
    assert _states(pair, pid, "transfers") == ("COMPLETED", "COMPLETED")
    starts = [leaf["role"] for leaf in _marked(pair.consumer, "TransferStartMessage", "out")]
    assert starts == []
    _logs_agree(pair, "TransferStartMessage", count=1)


def test_a_resumption_taken_before_the_peers_state_was_asked_for_is_in_both_logs(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    """The provider took our Start, and its own brought a fresh address; our answer got lost. A
    question that was asked before says STARTED: our Start is not taken back for that.
    """
    monkeypatch.setattr(QuestionPlane, "renews", lambda *_: True)  # as plain delivery does
    pid, _ = _suspended(pair)
    wire = Wire(pair)
    wire.lose = lambda url: url.startswith(pair.provider.url) and url.endswith("/start")
    _steer(pair.consumer, pid, "resume")
    pair.consumer.deliver(1)
    pair.provider.deliver(1)
    _ask_state(pair.consumer, pid)
    pair.consumer.deliver(1)
    ours, theirs = pair.both(pid, "transfers")
    assert (ours["state"], ours["inFlight"]) == ("STARTED", "Start")
    assert (theirs["state"], theirs["inFlight"]) == ("STARTED", "")
    wire.lose = lambda _url: False
    _lands(pair, pid, "STARTED", "TransferStartMessage", count=3)


def test_a_resumption_that_the_providers_pause_forbids_is_taken_back(pair: Pair):
    """The provider resumed and paused again before our Start came: it is not sent for ever."""
    pid, theirs = _suspended(pair)
    wire = Wire(pair)
    wire.drop = lambda url: url.startswith(pair.provider.url) and url.endswith("/start")
    _steer(pair.consumer, pid, "resume")
    pair.consumer.deliver(1)
    for verb in ("resume", "suspend"):
        _steer(pair.provider, theirs, verb)
        pair.provider.deliver(1)
    wire.drop = lambda _url: False
    _lands(pair, pid, "SUSPENDED", "TransferStartMessage", count=2)
    assert pair.consumer.node.outbox.counts().get("parked", 0) == 0


def test_a_resumption_beside_the_start_that_renews_is_in_both_logs(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    """Both owners resumed, and the provider's renews its address once more: our Start, that comes
    only now, says nothing new, is answered, and is a leaf of the provider as of ours.
    """
    monkeypatch.setattr(QuestionPlane, "renews", lambda *_: True)  # as plain delivery does
    pid, theirs = _suspended(pair)
    wire = Wire(pair)
    wire.drop = lambda url: url.startswith(pair.provider.url) and url.endswith("/start")
    _steer(pair.consumer, pid, "resume")
    pair.consumer.deliver(1)
    _steer(pair.provider, theirs, "resume")
    pair.provider.deliver(1)
    _steer(pair.provider, theirs, "resume")  # it runs: this brings a fresh address
    wire.drop = lambda _url: False
    pair.clock.advance(20)
    pair.consumer.deliver(1)
    ours, seen = pair.both(pid, "transfers")
    assert (ours["inFlight"], seen["state"], seen["inFlight"]) == ("", "STARTED", "Start")
    _lands(pair, pid, "STARTED", "TransferStartMessage", count=4)


def test_a_resumption_that_a_pause_forbids_which_no_message_could_tell_is_taken_back(pair: Pair):
    """The provider's suspension waited behind its completion, and ours came first: it holds what is
    SUSPENDED already. Our Start is refused, and we know then who must resume.
    """
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    _steer(pair.provider, theirs, "complete")
    _steer(pair.provider, theirs, "suspend")
    _steer(pair.consumer, pid, "suspend")
    pair.consumer.deliver(1)
    _later(pair)
    seen = [side["pausedBy"] for side in pair.both(pid, "transfers")]
    assert seen == [["consumer"], ["consumer", "provider"]]
    _steer(pair.consumer, pid, "resume")
    _lands(pair, pid, "SUSPENDED", "TransferStartMessage", count=1)
    assert pair.both(pid, "transfers")[0]["pausedBy"] == ["consumer", "provider"]
    assert pair.consumer.node.outbox.counts().get("parked", 0) == 0
    _steer(pair.provider, theirs, "resume")
    _lands(pair, pid, "STARTED", "TransferStartMessage", count=2)


def test_a_step_taken_before_a_termination_we_learn_of_by_asking_is_in_both_logs(pair: Pair):
    """The provider took our suspension and ended the transfer; its message was answered 404 by
    something between us, so that we learn the end by asking.
    """
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    wire = Wire(pair)
    wire.lose = lambda url: url.endswith("/suspension")
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"") if url.endswith("/termination") else None
    )
    _steer(pair.consumer, pid, "suspend")
    pair.consumer.deliver(1)
    _steer(pair.provider, theirs, "terminate")
    for _ in range(5):
        pair.clock.advance(20)
        pair.provider.deliver()
    _ask_state(pair.consumer, pid)
    pair.consumer.deliver(1)
    assert pair.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["state"] == "TERMINATED"
    wire.lose = lambda _url: False
    _lands(pair, pid, "TERMINATED", "TransferSuspensionMessage", count=1)


@pytest.mark.parametrize("verb", ["terminate", "suspend", "complete"])
def test_a_message_that_asking_has_shown_to_be_taken_has_no_second_leaf(pair: Pair, verb: str):
    """Its answer comes only after we have asked for the peer's state, which told us as much."""
    pid = pair.started()
    message, path = {
        "terminate": ("TransferTerminationMessage", "/termination"),
        "suspend": ("TransferSuspensionMessage", "/suspension"),
        "complete": ("TransferCompletionMessage", "/completion"),
    }[verb]
    wire, plain = Wire(pair), pair.net.request
    asked = []

    def request(method: str, url: str, **more: Any) -> Response:
        answer = plain(method, url, **more)
        if url.endswith(path) and not asked:
            asked.append(url)
            with pair.consumer.node.db.transaction() as tx:
                row = processes.get(tx.session, pid)
                assert row is not None
                told = pair.provider.manage("GET", f"/v1/transfers/{theirs}")[1]["state"]
                body = m.encode(
                    m.TransferProcess(
                        id=theirs, consumer_pid=m.Pid(pid), provider_pid=m.Pid(theirs), state=told
                    )
                )
                States(dsp_of(pair.consumer.node)).acknowledged(
                    tx, Asked(message_id=pid), Response(status=200, headers={}, body=body)
                )
        return answer

    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    wire.plain = request
    _steer(pair.consumer, pid, verb)
    _later(pair)
    assert asked
    _logs_agree(pair, message, count=1)


def test_an_answer_that_comes_after_a_message_was_taken_back_is_a_leaf(pair: Pair):
    """Our owner ends what seemed refused while it is taken after all: both logs say that it was."""
    pid = pair.started()
    wire, plain = Wire(pair), pair.net.request
    refusal = Response(status=409, headers={}, body=b"{}")

    def request(method: str, url: str, **more: Any) -> Response:
        if not url.endswith("/suspension"):
            return plain(method, url, **more)
        if wire.count("/suspension") == 1:
            return refusal
        answer = plain(method, url, **more)
        _steer(pair.consumer, pid, "terminate")  # before the answer is written down
        return answer

    wire.plain = request
    _steer(pair.consumer, pid, "suspend")
    _lands(pair, pid, "TERMINATED", "TransferSuspensionMessage", count=1)
    assert wire.count("/suspension") >= 2


@pytest.mark.parametrize("who", ["consumer", "provider"])
def test_there_is_nothing_to_resume_in_a_transfer_that_runs(pair: Pair, who: str):
    """A Start in STARTED would look to a crossing suspension as if that had been taken: 409."""
    pid = pair.started()
    ours, theirs = pair.both(pid, "transfers")
    party, name = (
        (pair.consumer, pid) if who == "consumer" else (pair.provider, ours["providerPid"])
    )
    body = _steer(party, name, "resume", 409)
    assert body["error"]["code"] == "transfer-started"
    assert theirs["state"] == "STARTED"


def test_a_suspension_that_crossed_the_providers_own_is_in_neither_log_as_taken(pair: Pair):
    """The provider suspended and is ending the transfer: our suspension comes too late, and is no
    repeat of one that it had taken.
    """
    pid = pair.started()
    theirs = pair.both(pid, "transfers")[0]["providerPid"]
    wire = Wire(pair)
    wire.drop = lambda url: url.endswith("/suspension") and "bolt" not in url
    _steer(pair.provider, theirs, "suspend")
    _steer(pair.consumer, pid, "suspend")
    pair.consumer.deliver(1)
    _steer(pair.provider, theirs, "terminate")
    wire.drop = lambda url: url.endswith("/termination")
    pair.provider.deliver(1)
    for _ in range(4):
        pair.clock.advance(2)
        pair.settle(2)
    wire.drop = lambda _url: False
    assert pair.both(pid, "transfers")[1]["inFlight"] == "Termination"  # it has ended nothing yet
    _lands(pair, pid, "TERMINATED", "TransferSuspensionMessage", count=1)


def _suspended_behind_a_start(pair: Pair) -> tuple[Wire, str, str, str]:
    """Let the provider suspend while its Start does not arrive; wire, agreement, pids of both."""
    wire = Wire(pair)
    wire.drop = lambda url: url.endswith("/start")
    agreement = pair.agreement()
    _, body = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    pair.settle()
    theirs = pair.both(body["pid"], "transfers")[0]["providerPid"]
    _steer(pair.provider, theirs, "suspend")
    return wire, agreement, body["pid"], theirs


@pytest.mark.parametrize("renews", [False, True], ids=["plain", "renewing"])
def test_a_suspension_taken_back_before_it_left_holds_nothing(
    pair: Pair, renews: bool, monkeypatch: pytest.MonkeyPatch
):
    """Suspend and resume while our Start is still under way: the transfer runs, another may open."""
    monkeypatch.setattr(QuestionPlane, "renews", lambda *_: renews)
    wire, _, ours, theirs = _suspended_behind_a_start(pair)
    if renews:  # the Start that renews, too
        wire.drop = lambda _url: False
        pair.clock.advance(600)
        _steer(pair.provider, theirs, "resume")
        pair.settle()
        wire.drop = lambda url: url.endswith("/start")
        _steer(pair.provider, theirs, "resume")
        _steer(pair.provider, theirs, "suspend")
    _steer(pair.provider, theirs, "resume")
    wire.drop = lambda _url: False
    _later(pair)
    assert _states(pair, ours, "transfers") == ("STARTED", "STARTED")
    assert pair.both(ours, "transfers")[1]["pausedBy"] == []
    assert wire.count("/suspension") == 0


@pytest.mark.parametrize("way", ["crossing", "landed"])
def test_a_suspension_that_waits_behind_a_start_holds_whatever_the_consumer_does(
    pair: Pair, way: str
):
    """The consumer ends the transfer as our Start lands: the agreement is held all the same."""
    wire, agreement, ours, theirs = _suspended_behind_a_start(pair)
    wire.drop = lambda url: url.endswith("/suspension")
    wire.lose = lambda url: url.endswith("/start") and way == "crossing"
    pair.clock.advance(600)
    pair.provider.deliver(1)
    assert pair.both(ours, "transfers")[0]["state"] == "STARTED"
    _steer(pair.consumer, ours, "complete")
    pair.consumer.deliver(1)
    wire.lose = wire.drop = lambda _url: False
    _later(pair)
    assert _states(pair, ours, "transfers") == ("COMPLETED", "COMPLETED")
    assert pair.both(ours, "transfers")[1]["pausedBy"] == ["provider"]
    _, again = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    _later(pair)
    assert pair.both(again["pid"], "transfers")[0]["ended"]["code"] == "transfer.held"
    _steer(pair.provider, theirs, "resume")
    _, third = pair.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    _later(pair)
    assert _states(pair, third["pid"], "transfers") == ("STARTED", "STARTED")


def test_nothing_stays_wanted_after_a_refused_termination(pair: Pair):
    """Our termination ends a process whatever the peer answers, and what should follow is dropped."""
    pid = pair.negotiate()
    pair.consumer.deliver()
    pair.provider.deliver()
    theirs = pair.both(pid)[0]["providerPid"]
    pair.net.fault = lambda _m, url, _b: (
        Response(status=404, headers={}, body=b"") if url.endswith("/termination") else None
    )
    pair.provider.manage("POST", f"/v1/negotiations/{theirs}/terminate", {})
    pair.consumer.deliver()  # the verification: FINALIZED has to wait for the termination
    assert pair.both(pid)[1]["wanted"] == "Event FINALIZED"
    _later(pair, 6)
    found = pair.both(pid)[1]
    assert (found["state"], found["wanted"], found["inFlight"]) == ("TERMINATED", "", "")
    _logs_agree(pair, "ContractNegotiationTerminationMessage", count=0)


def test_a_caller_whose_document_cannot_be_fetched_comes_again(pair: Pair):
    """That we cannot reach a caller's did.json now is passing trouble: 503, and no process ends."""
    net, seen = pair.net, []

    def hidden(_method: str, url: str, _body: bytes) -> Response | None:
        if url.startswith(pair.consumer.url) and url.endswith("did.json") and not seen:
            seen.append(url)
            raise Unreachable("gone", code="peer-unreachable")
        return None

    pid = pair.negotiate()
    peers = pair.provider.node.peers
    peers._kept.clear()
    peers._unproven._clock = lambda: pair.clock.now().timestamp()  # a failure is remembered
    net.fault = hidden
    pair.consumer.deliver(1)
    assert seen
    assert [one.status for one in net.sent if one.url.endswith("/negotiations/request")] == [503]
    _later(pair, 3)
    assert _states(pair, pid) == ("FINALIZED", "FINALIZED")


def test_a_token_that_was_used_before_does_not_end_a_process(pair: Pair):
    """A proxy that sends each message twice and hands back the second answer, 404, ends nothing."""
    wire = Wire(pair)
    plain, doubled = wire.plain, []

    def twice(method: str, url: str, **more: Any) -> Response:
        answer = plain(method, url, **more)
        if method == "POST" and url.count("/") > 4 and url not in doubled:
            doubled.append(url)
            again = plain(method, url, **more)
            assert again.status == 404
            return again
        return answer

    wire.plain = twice
    pid = pair.negotiate()
    _later(pair)
    assert len(doubled) == 4
    assert _states(pair, pid) == ("FINALIZED", "FINALIZED")
    assert len(pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1


def test_a_peer_that_was_away_is_not_believed_sooner_that_it_knows_us_not(pair: Pair):
    """Four attempts met nobody, then a proxy sent two of them twice: 404 to both ends nothing."""
    pid = pair.started()
    plain, seen = pair.net.request, []
    wire = Wire(pair)

    def request(method: str, url: str, **more: Any) -> Response:
        if url.endswith("/suspension"):
            seen.append(url)
            if len(seen) <= 4:
                raise Unreachable("nobody is there", code="peer-unreachable")
            if len(seen) <= 6:
                plain(method, url, **more)
        return plain(method, url, **more)

    wire.plain = request
    _steer(pair.consumer, pid, "suspend")
    _lands(pair, pid, "SUSPENDED", "TransferSuspensionMessage", count=1)
    assert len(seen) == 7


def test_answers_are_kept_for_a_month_and_a_later_repeat_does_nothing_twice(pair: Pair):
    """A repeat within thirty days gets the stored answer; after that the state machine judges it:
    the opening message finds its process, any other is refused, and nothing changes.
    """
    wire = Wire(pair)
    carried: list[tuple[str, dict[str, Any]]] = []
    plain = wire.plain

    def keeping(method: str, url: str, **more: Any) -> Response:
        if method == "POST":
            carried.append((url, more))
        return plain(method, url, **more)

    wire.plain = keeping
    pid = pair.negotiate()
    pair.settle()
    opening = next((url, more) for url, more in carried if url.endswith("/request"))
    verification = next((url, more) for url, more in carried if url.endswith("/verification"))

    def again(message: tuple[str, dict[str, Any]]) -> int:
        url, more = message
        headers = {k: v for k, v in more["headers"].items() if k != "Authorization"}
        peers = pair.consumer.node.peers
        return peers.call(pair.provider.did, "POST", url, body=more["body"], headers=headers).status

    def received() -> int:
        with pair.provider.node.db.reading() as session:
            return len(session.exec(select(ReceivedRow)).all())

    before = received()
    for days in (29, 2):
        pair.clock.advance(days * 24 * 3600)
        tidy(pair.provider.node)
        assert received() == (before if days == 29 else 0)
        assert (again(opening), again(verification)) == (201, 200)
        assert _states(pair, pid) == ("FINALIZED", "FINALIZED")
    for message in ("ContractRequestMessage", "ContractAgreementVerificationMessage"):
        _logs_agree(pair, message, count=1)
    assert len(pair.provider.manage("GET", "/v1/negotiations")[1]["negotiations"]) == 1
    assert len(pair.provider.manage("GET", "/v1/agreements")[1]["agreements"]) == 1
