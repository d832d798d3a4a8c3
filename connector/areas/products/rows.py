"""Rows of products: what is on offer, and every data version that was published."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
TABLE: Final = "table"
FILE: Final = "file"


class ProductRow(SQLModel, table=True):
    """A product: its file as it stands now, and its newest data version."""

    __tablename__ = "product"

    id: str = Field(primary_key=True)
    kind: str = TABLE  # or FILE
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


class FileVersionRow(SQLModel, table=True):
    """One version of a file product; its copy lies in the product's folder while it is newest."""

    __tablename__ = "file_version"

    product: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    digest: str = Field(index=True)  # of the file
    size: int = Field(sa_type=BigInteger)  # bytes
    media: str
    name: str  # of the copy
    published_ms: int = Field(sa_type=BigInteger)
