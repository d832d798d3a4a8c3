"""Rows of renewals of cohort tables: of our own products, and of what we gather as aggregator."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class RenewalRow(SQLModel, table=True):
    """One renewal of the cohort table of one of our products."""

    __tablename__ = "cohort_renewal"

    dataset: str = Field(primary_key=True)
    renewal: int = Field(primary_key=True)  # from 1
    cohort: str
    aggregator: str
    asked_jws: str
    proposal_jws: str = ""  # the newest that we marked for
    marks_jws: str = ""  # our changes for it
    number: int = 0  # data version that they are of, and that what is renewed stands at
    version: str = ""  # its digest
    oldest: int = 0  # the oldest version that parts of its figures stand at
    figures: str = "[]"  # JSON: per class the sum of each common figure, in that version
    renewed_jws: str = ""
    ages: str = "[]"  # JSON: per class, the renewal that its figures are of; once it is renewed
    asked_ms: int = Field(sa_type=BigInteger)
    made_ms: int = Field(default=0, sa_type=BigInteger)


class RenewalRoundRow(SQLModel, table=True):
    """What passed in one round of a renewal of ours: proposal and changes."""

    __tablename__ = "cohort_renewal_round"

    dataset: str = Field(primary_key=True)
    renewal: int = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    proposal_jws: str
    marks_jws: str


class RenewalGatheringRow(SQLModel, table=True):
    """A renewal that we work out, as aggregator."""

    __tablename__ = "cohort_renewal_gathering"

    cohort: str = Field(primary_key=True)
    renewal: int = Field(primary_key=True)
    turn: int = 0
    proposal_jws: str = ""  # of this turn; empty until all members have asked
    renewed_jws: str = ""
    made_ms: int = Field(default=0, sa_type=BigInteger)


class RenewalProposalRow(SQLModel, table=True):
    """A proposal that we signed, as aggregator."""

    __tablename__ = "cohort_renewal_proposal"

    cohort: str = Field(primary_key=True)
    renewal: int = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    proposal_jws: str


class RenewalPartRow(SQLModel, table=True):
    """What one member sent us for a renewal: what it asked, and its changes of the present turn."""

    __tablename__ = "cohort_renewal_part"

    cohort: str = Field(primary_key=True)
    renewal: int = Field(primary_key=True)
    member: str = Field(primary_key=True)
    asked_jws: str
    turn: int = -1  # of its changes
    marks_jws: str = ""
