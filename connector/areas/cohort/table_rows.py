"""Rows of cohort tables: a product's place in its cohort, and what an aggregator has gathered.

A product is in one cohort, ever: another roster over the same figures would give away whoever is in
one and not in the other.
"""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class RosterMemoryRow(SQLModel, table=True):
    """In which roster an earlier version answered cells of a product; nothing is added any more.

    What was told then cannot be taken back, so the product joins a cohort of that roster or none.
    """

    __tablename__ = "cohort_roster_memory"

    dataset: str = Field(primary_key=True)
    cell: str = Field(primary_key=True)
    consumer: str = Field(primary_key=True)
    session: str = Field(primary_key=True)
    roster: str  # digest
    shape: str  # digest of what the answered cell covers


class CohortMembershipRow(SQLModel, table=True):
    """The cohort of one of our products, and its figures on the classes: frozen."""

    __tablename__ = "cohort_membership"

    dataset: str = Field(primary_key=True)
    aggregator: str
    roster: str  # JSON: DIDs, sorted
    joining_jws: str
    joinings: str = "{}"  # JSON: DID -> JWS, of all members
    cohort: str = ""  # digest of these
    marks_jws: str = ""
    number: int = 0  # data version that the marks are of
    version: str = ""  # its digest
    oldest: int = 0  # the oldest version that parts of the figures stand at
    classes_jws: str = ""
    figures: str = "[]"  # JSON: per class the sum of each common figure
    joined_ms: int = Field(sa_type=BigInteger)
    made_ms: int = Field(default=0, sa_type=BigInteger)  # of marks, at last of the classes


class GatheringRow(SQLModel, table=True):
    """A cohort table that we compute, as aggregator."""

    __tablename__ = "cohort_gathering"

    key: str = Field(primary_key=True)  # digest of roster and name of the table
    cohort: str = Field(default="", index=True)  # digest of the joinings of all, once all joined
    classes_jws: str = ""


class GatheringPartRow(SQLModel, table=True):
    """What one member sent us for a cohort table."""

    __tablename__ = "cohort_gathering_part"

    key: str = Field(primary_key=True)
    member: str = Field(primary_key=True)
    joining_jws: str
    marks_jws: str = ""
