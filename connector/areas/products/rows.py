"""Rows of products: what is on offer, and every data version that was published."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index, LargeBinary
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
    __table_args__ = (
        # when it was published stands behind the table in the row: reading it would pass all that
        Index("ix_product_version_published", "product", "number", "published_ms"),
    )

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


class ProductDraftRow(SQLModel, table=True):
    """A product that is being made from a file that was handed in; all stewards share it."""

    __tablename__ = "product_draft"

    id: str = Field(primary_key=True)
    product: str = ""  # of a new data version: the product that stands already
    began_by: str  # actor, `KIND:NAME`
    name: str  # of the file, as its owner calls it
    file: str  # its name in the spool; empty once it is gone
    size: int = Field(sa_type=BigInteger)  # bytes
    sheet: str = ""  # of a workbook: the one that is read
    sheets: str = "[]"  # JSON: the names of all
    head: int = 1  # the row of its header
    state: str  # reading, failed, open, published
    survey: str = ""  # JSON: what the file holds
    outline: str = ""  # JSON: what was decided
    text: str = ""  # the product file so far
    error: str = ""  # JSON: why it could not be read, in each language
    preview: str = ""  # JSON: what the last preview found
    previewed: str = ""  # digest of the text that it is of
    seen: int = 0  # counts changes: whoever saw an older one changes nothing
    created_ms: int = Field(sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger, index=True)
