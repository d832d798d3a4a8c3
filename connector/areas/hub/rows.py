"""Rows of the hub: applications, participants, pushes of the status, the shared catalogue."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class ApplicationRow(SQLModel, table=True):
    """One application for certification, and what became of it."""

    __tablename__ = "hub_application"

    number: int | None = Field(default=None, primary_key=True)  # in the order of arrival
    id: str = Field(unique=True)  # 128 random bits, hexadecimal
    did: str = Field(index=True)
    digest: str = Field(unique=True)  # of the signed transcript
    state: str = Field(index=True)  # pending, approved, rejected, replaced
    participant: str  # JSON, as `catalog.participants.Participant` writes it
    thumbprints: str  # JSON: of the three keys, by use
    submitted_ms: int = Field(sa_type=BigInteger)
    decided_ms: int | None = Field(default=None, sa_type=BigInteger)
    reason: str = ""


class ParticipantRow(SQLModel, table=True):
    """One firm that was ever certified."""

    __tablename__ = "hub_participant"

    did: str = Field(primary_key=True)
    name_zh: str
    name_en: str
    legal_id: str = Field(index=True)
    legal_group: str
    roles: str  # comma-separated
    endpoint: str
    status: str  # certified, suspended, revoked
    reason: str = ""
    since: int = Field(sa_type=BigInteger)  # unix seconds of the first admission
    expires: int = Field(sa_type=BigInteger)  # unix seconds
    changed_ms: int = Field(sa_type=BigInteger)
    credential: str  # the newest one


class PushRow(SQLModel, table=True):
    """One status document on its way to one connector."""

    __tablename__ = "hub_push"

    serial: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    did: str = Field(primary_key=True)
    state: str = "sent"  # sent, acknowledged, refused
    sent_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)


class ContactRow(SQLModel, table=True):
    """When a connector last fetched the status document, and what it says that it runs."""

    __tablename__ = "hub_contact"

    did: str = Field(primary_key=True)
    fetched_ms: int = Field(sa_type=BigInteger)
    serial: int = Field(sa_type=BigInteger)  # that it said it holds
    software: str = ""  # in its own words


class ListingRow(SQLModel, table=True):
    """One description in the shared catalogue; withdrawn ones stay, so that none comes back."""

    __tablename__ = "hub_listing"
    __table_args__ = (
        UniqueConstraint("provider", "dataset_id"),
        # what a search counts by stands behind the description in the row: see `searching`
        Index(
            "ix_hub_listing_shown", "listed", "everybody", "provider", "domain", "level", "modes"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    provider: str = Field(index=True)
    dataset_id: str
    version: int = Field(sa_type=BigInteger)
    digest: str
    description: str = ""  # the provider's own JWS; empty once withdrawn
    domain: str = ""
    level: str = ""
    modes: str = ""  # comma-separated
    everybody: bool = False  # no decision is needed on who may see it
    offers: str = "[]"  # JSON, for that decision
    listed: bool = True
    changed_ms: int = Field(sa_type=BigInteger)


class PostingRow(SQLModel, table=True):
    """A term by which a listing is found, and its weight there."""

    __tablename__ = "hub_posting"
    __table_args__ = (Index("ix_hub_posting_listing", "listing_id"),)

    term: str = Field(primary_key=True)
    listing_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    weight: int
