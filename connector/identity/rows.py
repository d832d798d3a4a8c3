"""Rows of identity: tokens already used, the newest status document, standings read from it."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class ReplayRow(SQLModel, table=True):
    """A token that was used; kept until it has expired."""

    __tablename__ = "replay"

    audience: str = Field(primary_key=True)
    issuer: str = Field(primary_key=True)
    jti: str = Field(primary_key=True)
    expires: int = Field(sa_type=BigInteger, index=True)  # seconds since 1970


class StatusDocumentRow(SQLModel, table=True):
    """The newest status document of the hub, as it was signed."""

    __tablename__ = "status_document"

    hub: str = Field(primary_key=True)
    serial: int = Field(sa_type=BigInteger)
    issued: int = Field(sa_type=BigInteger)
    expires: int = Field(sa_type=BigInteger)
    jws: str


class StandingRow(SQLModel, table=True):
    """One participant's standing, as the newest status document says."""

    __tablename__ = "standing"

    did: str = Field(primary_key=True)
    status: str
    expires: int = Field(sa_type=BigInteger)
    legal_group: str = ""
    name_zh: str = ""
    name_en: str = ""
