"""What a run of the demonstration found, as plain frozen values; the report is made of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages of the project."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that had to hold, and whether it did."""

    what: Text
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the demonstration: its checks and how long it took."""

    name: str
    title: Text
    seconds: float
    checks: tuple[Check, ...] = ()
    error: str = ""
    error_zh: str = ""

    @property
    def ok(self) -> bool:
        """Whether the step ran to its end, checked something, and all of it held."""
        return not self.error and bool(self.checks) and all(check.ok for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of an answer beside the plaintext answer.

    `value` is None exactly when `reason` is set; `equal` is None where nothing was released.
    """

    key: Mapping[str, str]
    measure: str
    unit: str
    value: str | None
    reason: str | None
    plaintext: str | None
    equal: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that was asked and what came back, cell by cell."""

    id: str
    title: Text
    sql: str
    mode: str
    providers: tuple[str, ...]
    cells: tuple[Cell, ...]
    seconds: float = 0.0
    left: str = ""
    shown: bool = True  # with a section of its own in report.html

    @property
    def released(self) -> int:
        """How many numbers were released."""
        return sum(cell.value is not None for cell in self.cells)

    @property
    def withheld(self) -> int:
        """How many numbers were withheld."""
        return len(self.cells) - self.released

    @property
    def equal(self) -> int:
        """How many released numbers equal the plaintext answer."""
        return sum(cell.equal is True for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that had to be refused: what was tried, and Voile's own words."""

    name: str
    title: Text
    tried: str
    refused: bool
    code: str
    why: Text
    next_step: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackStep:
    """One question of the attack: what was asked, and what came back for the target."""

    sql: str
    outcome: Literal["released", "withheld", "refused"]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """The attack by subtraction: whom it is after, its questions, the truth, whether it came."""

    target: Text
    steps: tuple[AttackStep, ...]
    truth: Text
    formed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One attack in plain words, made of what came back.

    Attributes:
        title: What the attacker is after.
        tried: Who tries what.
        came: What came back.
        inferred: What could be inferred of it.
        held: Whether that is nothing it must not.
    """

    name: str
    title: Text
    tried: Text
    came: Text
    inferred: Text
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What the owner was told when a data version was published."""

    firm: Text
    product: str
    rows: int
    finest_cells: int
    unsafe_cells: int
    safe_cells: int
    finest_row_share: float  # 0..1
    clamped_values: int
    margins: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one party received of one kind of message; `rows` are rows of others in it."""

    kind: str
    messages: int
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything that one party received from others."""

    party: Text
    kinds: tuple[Received, ...]

    @property
    def messages(self) -> int:
        """How many messages, of all kinds."""
        return sum(kind.messages for kind in self.kinds)

    @property
    def bytes(self) -> int:
        """How many bytes, of all kinds."""
        return sum(kind.bytes for kind in self.kinds)

    @property
    def rows(self) -> int:
        """How many rows of others, which has to be none."""
        return sum(kind.rows for kind in self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One audit command and what it said."""

    title: Text
    outcome: Text
    ok: bool


@dataclass(slots=True)
class Findings:
    """Everything a run has found so far; filled by the steps, read by the report."""

    scale: str = ""
    version: str = ""
    started: str = ""
    steps: list[Step] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    tables: list[TableReport] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    audits: list[AuditLine] = field(default_factory=list)
    attack: Attack | None = None
    drills: list[Drill] = field(default_factory=list)
    planned: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Whether every planned step ran and held."""
        done = [step.name for step in self.steps]
        return bool(done) and done == list(self.planned) and all(step.ok for step in self.steps)
