"""Rows of products: what is on offer, and every data version that was published."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"


class ProductRow(SQLModel, table=True):
    """A product: its file as it stands now, and its newest data version."""

    __tablename__ = "product"

    id: str = Field(primary_key=True)
    text: str  # the product file
    state: str = PUBLISHED
    number: int  # newest data version
    changed_ms: int = Field(sa_type=BigInteger)


class ProductVersionRow(SQLModel, table=True):
    """One data version. Earlier ones stay, so that an old answer can still be explained."""

    __tablename__ = "product_version"

    product: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    digest: str  # of the protected table
    protected: bytes = Field(sa_type=LargeBinary)  # as `crypto.disclosure.codec` writes it
    shape: str  # JSON: what later versions must not change
    source: str = Field(index=True)  # digest of the owner's file
    report: str  # JSON, for the owner
    basis: str  # file name of the contributions behind the figures
    published_ms: int = Field(sa_type=BigInteger)
