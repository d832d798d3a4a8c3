"""The 65 active cases of the official kit (tag v1.0.1), from the kit's side, as data.

Words of a line, in order::

    ?offer      from now on the kit hears one message of this type, once
    request     the kit sends this; 2xx must come back
    !verify     the kit sends this; 4xx other than 404 must come back
    webhook     the kit tells the connector to begin
    =OFFERED    wait until what was listened for has come and the kit itself is in this state
    :OFFERED    ask the connector for its state, once, after 100 ms
    ~STARTED    ask the connector for its state until it is this one

After an illegal negotiation message the kit asks for no state; the last words of those lines do,
since a refusal must change nothing. Written from design/dsp.md §6 and the DSP state machines, not
from the connector's own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["none", "consumer", "provider"]  # the kit's part


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that have the kit's role, the kind of process and the seeds in common."""

    name: str
    role: Role
    kind: Literal["", "negotiation", "transfer"]
    seed: str
    lines: str


GROUPS: Final = (
    Group("MET", "none", "", "", "01-01 version"),
    Group(
        "CAT",
        "none",
        "",
        "CAT",
        """
        01-01 listed
        01-02 dataset
        01-03 unknown
        """,
    ),
    Group(
        "CN",
        "consumer",
        "negotiation",
        "ACN",
        """
        01-01 ?offer request =OFFERED terminate :TERMINATED
        01-02 ?offer request =OFFERED ?termination counter =TERMINATED
        01-03 ?offer request =OFFERED ?agreement accept =AGREED ?finalized verify =FINALIZED
        01-04 ?agreement request =AGREED ?finalized verify =FINALIZED
        02-01 request ?termination =TERMINATED
        02-02 request terminate :TERMINATED
        02-03 ?agreement request =AGREED terminate :TERMINATED
        02-04 ?offer request =OFFERED terminate :TERMINATED
        02-05 ?offer request =OFFERED ?termination =TERMINATED
        02-06 ?offer request =OFFERED accept ?termination =TERMINATED
        02-07 ?agreement request =AGREED ?termination verify =TERMINATED
        03-01 ?agreement request =AGREED ?finalized verify =FINALIZED !terminate :FINALIZED
        03-02 ?offer request =OFFERED !verify :OFFERED
        03-03 ?offer request =OFFERED accept !verify :ACCEPTED
        03-04 ?offer request =OFFERED counter !counter :REQUESTED
        """,
    ),
    Group(
        "CN_C",
        "provider",
        "negotiation",
        "ACNC",
        """
        01-01 ?request webhook =REQUESTED ?accepted offer =ACCEPTED ?verification agreement \
              =VERIFIED finalize :FINALIZED
        01-02 ?request webhook =REQUESTED ?counter offer =REQUESTED terminate =TERMINATED
        01-03 ?request webhook =REQUESTED ?termination offer =TERMINATED :TERMINATED
        01-04 ?request webhook =REQUESTED ?verification agreement =VERIFIED finalize :FINALIZED
        02-01 ?request webhook =REQUESTED terminate =TERMINATED :TERMINATED
        02-02 ?request webhook =REQUESTED ?termination =TERMINATED :TERMINATED
        02-03 ?request webhook =REQUESTED ?termination agreement =TERMINATED :TERMINATED
        02-04 ?request webhook =REQUESTED offer =OFFERED :OFFERED terminate =TERMINATED :TERMINATED
        02-05 ?request webhook =REQUESTED ?accepted offer =ACCEPTED terminate =TERMINATED \
              :TERMINATED
        02-06 ?request webhook =REQUESTED ?verification agreement =VERIFIED terminate :TERMINATED
        03-01 ?request webhook =REQUESTED !finalize :REQUESTED
        03-02 ?request webhook =REQUESTED offer =OFFERED :OFFERED !agreement :OFFERED
        03-03 ?request webhook =REQUESTED offer =OFFERED !finalize :OFFERED
        03-04 ?request webhook =REQUESTED ?accepted offer =ACCEPTED !finalize :ACCEPTED
        03-05 ?request webhook =REQUESTED ?accepted offer =ACCEPTED !offer :ACCEPTED
        03-06 ?request webhook =REQUESTED ?accepted offer =ACCEPTED agreement =AGREED !finalize \
              :AGREED
        """,
    ),
    Group(
        "TP",
        "consumer",
        "transfer",
        "ATP",
        """
        01-01 ?start request =STARTED ?termination =TERMINATED ~TERMINATED
        01-02 ?start request =STARTED ?completion =COMPLETED ~COMPLETED
        01-03 ?start request =STARTED ?suspension =SUSPENDED ?termination =TERMINATED ~TERMINATED
        01-04 ?start request =STARTED ?suspension =SUSPENDED ?start =STARTED ?completion =COMPLETED \
              ~COMPLETED
        01-05 ?termination request =TERMINATED ~TERMINATED
        02-01 ?start request =STARTED ~STARTED terminate =TERMINATED ~TERMINATED
        02-02 ?start request =STARTED ~STARTED complete =COMPLETED ~COMPLETED
        02-03 ?start request =STARTED ~STARTED suspend =SUSPENDED ~SUSPENDED terminate \
              =TERMINATED ~TERMINATED
        02-05 request =REQUESTED ~REQUESTED terminate =TERMINATED ~TERMINATED
        03-01 request =REQUESTED ~REQUESTED !complete ~REQUESTED
        03-02 request =REQUESTED ~REQUESTED !suspend ~REQUESTED
        03-03 ?start request =STARTED ~STARTED suspend =SUSPENDED ~SUSPENDED !complete ~SUSPENDED
        03-04 ?start request =STARTED ~STARTED terminate =TERMINATED ~TERMINATED !start ~TERMINATED
        03-05 ?start request =STARTED ~STARTED terminate =TERMINATED ~TERMINATED !suspend \
              ~TERMINATED
        03-06 ?start request =STARTED ~STARTED terminate =TERMINATED ~TERMINATED !complete \
              ~TERMINATED
        """,
    ),
    Group(
        "TP_C",
        "provider",
        "transfer",
        "ATPC",
        """
        01-01 ?request webhook =REQUESTED start =STARTED ~STARTED terminate =TERMINATED ~TERMINATED
        01-02 ?request webhook =REQUESTED start =STARTED ~STARTED complete =COMPLETED ~COMPLETED
        01-03 ?request webhook =REQUESTED start =STARTED ~STARTED suspend =SUSPENDED ~SUSPENDED \
              terminate =TERMINATED ~TERMINATED
        01-04 ?request webhook =REQUESTED start =STARTED ~STARTED suspend =SUSPENDED ~SUSPENDED \
              start =STARTED ~STARTED complete =COMPLETED ~COMPLETED
        01-05 ?request webhook =REQUESTED terminate =TERMINATED ~TERMINATED
        02-01 ?request webhook =REQUESTED ?termination start =TERMINATED ~TERMINATED
        02-02 ?request webhook =REQUESTED ?completion start =COMPLETED ~COMPLETED
        02-03 ?request webhook =REQUESTED ?suspension start =SUSPENDED ?termination =TERMINATED \
              ~TERMINATED
        02-05 ?request webhook =REQUESTED ?termination =TERMINATED ~TERMINATED
        03-01 ?request webhook =REQUESTED ~REQUESTED !complete ~REQUESTED
        03-02 ?request webhook =REQUESTED ~REQUESTED !suspend ~REQUESTED
        03-03 ?request webhook =REQUESTED start =STARTED ~STARTED suspend =SUSPENDED ~SUSPENDED \
              !complete ~SUSPENDED
        03-04 ?request webhook =REQUESTED start =STARTED ~STARTED terminate =TERMINATED ~TERMINATED \
              !start ~TERMINATED
        03-05 ?request webhook =REQUESTED start =STARTED ~STARTED terminate =TERMINATED ~TERMINATED \
              !suspend ~TERMINATED
        03-06 ?request webhook =REQUESTED start =STARTED ~STARTED terminate =TERMINATED ~TERMINATED \
              !complete ~TERMINATED
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its name, the kit's part in it, the seed it uses, its words."""

    name: str
    role: Role
    kind: str
    seed: str
    words: tuple[str, ...]


def _of(group: Group) -> tuple[Case, ...]:
    return tuple(
        Case(
            name=f"{group.name}:{number}",
            role=group.role,
            kind=group.kind,
            seed=group.seed + number.replace("-", ""),
            words=tuple(words),
        )
        for number, *words in map(str.split, group.lines.strip().splitlines())
    )


CASES: Final = tuple(case for group in GROUPS for case in _of(group))
REFUSALS: Final = frozenset(case.name for case in CASES if any(w[0] == "!" for w in case.words))
