"""Plays one case: its words, one after the other, as the kit's pipeline would."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.tck import bodies, plain, schemas, states
from tests.tck.ears import UnexpectedStateError
from tests.tck.sending import SAYS
from tests.tck.voice import CaseFailedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.tck.cases import Case
    from tests.tck.ears import Ear
    from tests.tck.voice import Voice

POLL: Final = 0.1
KIT_PAUSE: Final = 0.1
NIL: Final = "urn:uuid:00000000-0000-0000-0000-000000000000"  # a pid that is not known yet
STATE_TYPES: Final = {"negotiation": "ContractNegotiation", "transfer": "TransferProcess"}
# word -> path at the kit, type
HEARS: Final = {
    "negotiation": {
        "request": ("/negotiations/request", "ContractRequestMessage"),
        "counter": ("/negotiations/*/request", "ContractRequestMessage"),
        "offer": ("/negotiations/*/offers", "ContractOfferMessage"),
        "agreement": ("/negotiations/*/agreement", "ContractAgreementMessage"),
        "verification": (
            "/negotiations/*/agreement/verification",
            "ContractAgreementVerificationMessage",
        ),
        "accepted": ("/negotiations/*/events", "ContractNegotiationEventMessage"),
        "finalized": ("/negotiations/*/events", "ContractNegotiationEventMessage"),
        "termination": ("/negotiations/*/termination", "ContractNegotiationTerminationMessage"),
    },
    "transfer": {
        "request": ("/transfers/request", "TransferRequestMessage"),
        "start": ("/transfers/*/start", "TransferStartMessage"),
        "suspension": ("/transfers/*/suspension", "TransferSuspensionMessage"),
        "completion": ("/transfers/*/completion", "TransferCompletionMessage"),
        "termination": ("/transfers/*/termination", "TransferTerminationMessage"),
    },
}
SILENT: Final = frozenset({"agreement", "verification", "accepted", "finalized"})  # empty answers
BEFORE: Final = frozenset({"accept", "verify", "counter"})  # the kit moves before it sends these


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all cases of a run have in common.

    Attributes:
        base: the connector's DSP base URL.
        root: where the version document lies below.
        webhooks: URL of the two webhooks without their last segment.
        callback: the kit's own address, as messages name it.
        wait: seconds that the kit waits for a message or a state.
        pause: seconds after which it reads the state of a negotiation, once.
        patient: whether it hears nothing while a step of its own is under way. The official kit is
            not: a reaction that comes before it has saved what it just said loses it the case.
    """

    base: str
    root: str
    webhooks: str
    callback: str
    wait: float
    pause: float
    patient: bool = False


@dataclass(slots=True)
class Play:
    """One case under way: the kit's view of the one process in it."""

    case: Case
    stage: Stage
    voice: Voice
    ear: Ear
    own_pid: str = field(default_factory=lambda: str(uuid.uuid4()))
    peer_pid: str = ""
    peer_base: str = ""
    state: str = ""
    offer_id: str = ""
    target: str = ""
    starts: int = 0
    trouble: str = ""
    heard: list[str] = field(default_factory=list)
    latches: deque[threading.Event] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)  # saying, or hearing

    def run(self) -> None:
        """Play the case.

        Raises:
            AssertionError: it failed; the message says how.
        """
        self.peer_base = self.stage.base
        self.target = self.case.seed
        self.offer_id = f"CD123:{self.case.seed}:456"
        if self.case.role == "provider":
            self.offer_id = "offer" + self.case.seed
        for word in self.case.words:
            self._do(word)
            self.check_ears()
        self.check_ears()

    @property
    def pids(self) -> dict[str, str]:
        """Both pids as a message names them."""
        mine, theirs = ("consumerPid", "providerPid")
        if self.case.role == "provider":
            mine, theirs = theirs, mine
        return {mine: self.own_pid, theirs: self.peer_pid}

    @property
    def callback(self) -> str:
        """The address that this case's messages name."""
        return "/".join(part for part in (self.stage.callback, self.ear.prefix) if part)

    def _do(self, word: str) -> None:
        mark, rest = word[0], word[1:]
        if mark == "?":
            self._listen(rest)
        elif mark == "=":
            self._await(rest)
        elif mark == ":":
            time.sleep(self.stage.pause)
            if (found := self.peer_state()) != rest:
                raise CaseFailedError(f"the connector is in {found}, expected {rest}")
        elif mark == "~":
            self._poll(rest)
        elif mark == "!":
            self._pause_before(rest)
            SAYS[self.case.kind][rest](self, refused=True)
        elif word in plain.WORDS:
            plain.WORDS[word](self)
        else:
            self._say(word)

    def _say(self, word: str) -> None:
        self._pause_before(word)
        with self._turn():
            if word in BEFORE:
                self.move(word)
            SAYS[self.case.kind][word](self, refused=False)
            if word not in BEFORE and word != "webhook":
                self.move(word)

    def _turn(self) -> AbstractContextManager[object]:
        return self.turn if self.stage.patient else nullcontext()

    def _pause_before(self, word: str) -> None:
        if self.case.kind == "negotiation" and word in {"terminate", "verify"}:
            time.sleep(self.stage.pause)

    def move(self, word: str) -> None:
        """Bring the kit's own process to where a message leads.

        Raises:
            UnexpectedStateError: it does not lead there from here.
        """
        target = states.TO[word]
        with self.lock:
            if target not in states.LEADS[self.case.kind][self.state]:
                raise UnexpectedStateError(f"{word} in {self.state or 'no state'}")
            self.state = target

    # what the kit hears

    def _listen(self, word: str) -> None:
        path, type_ = HEARS[self.case.kind][word]
        latch = threading.Event()
        self.latches.append(latch)
        self.ear.listen(path, self._handler(word, type_, latch))

    def _handler(
        self, word: str, type_: str, latch: threading.Event
    ) -> Callable[[dict[str, Any]], bytes]:
        def hear(value: dict[str, Any]) -> bytes:
            try:
                message = schemas.check(value, type_)
                with self._turn():
                    self._take(word, message)
                    self.move(word)
            except (AssertionError, UnexpectedStateError) as error:
                self.trouble = self.trouble or f"{word}: {error}"
                raise
            self.heard.append(word)
            latch.set()
            return b"" if word in SILENT else self._state_object()

        return hear

    def _take(self, word: str, message: dict[str, Any]) -> None:
        if word == "request":
            self.peer_pid = message["consumerPid"]
            self.peer_base = message["callbackAddress"]
            self._compare("consumerPid", message, self.peer_pid)
            if self.case.kind == "transfer":
                self._compare("agreementId", message, self.case.seed)
                self._compare("format", message, bodies.FORMAT)
                return
        elif not self.peer_pid:  # it overtook the answer to our own request
            raise UnexpectedStateError(f"{word} in {self.state or 'no state'}")
        for pid, value in self.pids.items():
            if word != "request":
                self._compare(pid, message, value)
        if word in {"request", "offer", "counter"}:
            self._compare("@id", message["offer"], self.offer_id)
            self._compare("target", message["offer"], self.target)
        if word in {"accepted", "finalized"}:
            self._compare("eventType", message, word.upper())
        if word == "agreement":
            self._compare("target", message["agreement"], self.target)
            self._compare("assignee", message["agreement"], bodies.KIT)
        if word == "start" and self.starts == 0:
            schemas.check_address(message.get("dataAddress"))
        self.starts += word == "start"

    @staticmethod
    def _compare(key: str, message: dict[str, Any], expected: str) -> None:
        if message.get(key) != expected:
            raise CaseFailedError(f"`{key}` is {message.get(key)!r}, expected {expected!r}")

    def _state_object(self) -> bytes:
        return bodies.encode(
            bodies.message(STATE_TYPES[self.case.kind], **self.pids, state=self.state)
        )

    def check_ears(self) -> None:
        """Fail the case by what a handler found.

        Raises:
            CaseFailedError: a message of the connector was wrong.
        """
        if self.trouble:
            raise CaseFailedError(self.trouble)

    # what the kit waits for

    def _await(self, state: str) -> None:
        latch = self.latches.popleft() if self.latches else None
        deadline = time.monotonic() + self.stage.wait
        while latch is not None and not latch.wait(POLL):
            self._check_time(deadline, state)
        time.sleep(POLL)  # the kit looks for the first time after one interval
        while self.state != state:
            self._check_time(deadline, state)
            time.sleep(POLL)

    def _check_time(self, deadline: float, state: str) -> None:
        self.check_ears()
        if time.monotonic() > deadline:
            raise CaseFailedError(
                f"waited {self.stage.wait:g} s for {state}, the kit is in {self.state or '-'}"
            )

    def _poll(self, state: str) -> None:
        deadline = time.monotonic() + self.stage.wait
        time.sleep(POLL)
        while (found := self.peer_state()) != state:
            self.check_ears()
            if time.monotonic() > deadline:
                raise CaseFailedError(f"the connector is in {found}, expected {state}")
            time.sleep(POLL)

    def peer_state(self) -> str:
        """Ask the connector where the process stands.

        Raises:
            CaseFailedError: it does not say.
        """
        status, answer = self.voice.get(f"{self.peer_base}/{self.case.kind}s/{self.peer_pid}")
        if status != 200:
            raise CaseFailedError(f"asked for its state, the connector answered {status}")
        found = schemas.check(answer, STATE_TYPES[self.case.kind])
        for pid, value in self.pids.items():
            if (value, found[pid]) != (self.own_pid, NIL):  # our answer has not reached it yet
                self._compare(pid, found, value)
        return str(found["state"])
