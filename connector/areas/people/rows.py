"""Rows of people: persons, links by which they enrol, sessions, names that were tried.

Of links and sessions the digest of the token is kept alone; the secret of a second factor lies
sealed among the node's secrets, under `factor_name`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """One person; one that has ended stays, so that leaves of its time can be read."""

    __tablename__ = "person"

    id: str = Field(primary_key=True)  # random: leaves name nobody
    name: str
    folded: str = Field(index=True)  # the name as it is compared
    language: str
    roles: str  # in the order of `ROLES`, separated by commas
    password: str = ""  # argon2id, encoded; empty until the person enrols
    factor_ms: int = Field(default=0, sa_type=BigInteger)  # since when there is a second factor
    factor_step: int = Field(default=0, sa_type=BigInteger)  # of the newest code that was used
    created_ms: int = Field(sa_type=BigInteger)
    enrolled_ms: int = Field(default=0, sa_type=BigInteger)
    ended_ms: int = Field(default=0, sa_type=BigInteger)  # 0 while the person may act
    grant_ends_ms: int = Field(default=0, sa_type=BigInteger)  # of an auditor by grant


class InvitationRow(SQLModel, table=True):
    """A link, good once; a person's older links go when another is made."""

    __tablename__ = "invitation"

    digest: str = Field(primary_key=True)
    person: str = Field(index=True)
    created_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger)
    used_ms: int = Field(default=0, sa_type=BigInteger)


class PersonSessionRow(SQLModel, table=True):
    """A session; whoever ends one takes its row away."""

    __tablename__ = "person_session"

    digest: str = Field(primary_key=True)
    id: str = Field(unique=True)  # random: names the session, opens nothing
    person: str = Field(index=True)
    created_ms: int = Field(sa_type=BigInteger)
    seen_ms: int = Field(index=True, sa_type=BigInteger)  # written once a minute at most
    factor: bool  # whether a code was asked for, and came


class SignInTryRow(SQLModel, table=True):
    """Failed tries under one name, whether or not anybody has it: so both look and cost alike."""

    __tablename__ = "sign_in_try"

    digest: str = Field(primary_key=True)  # of the name as it is compared
    failures: int = Field(sa_type=BigInteger)  # since the last lock
    locks: int = Field(sa_type=BigInteger)  # since the last success
    failed_ms: int = Field(index=True, sa_type=BigInteger)
    locked_ms: int = Field(default=0, sa_type=BigInteger)  # until then
