"""Rows of cohorts: sessions at a provider, at the aggregator, at the consumer.

Signed statements stand here as they were signed. Batches and products are ciphertexts; they are
dropped when the session is over. Times are unix seconds where a statement names them, else whole
milliseconds since 1970.
"""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class ProviderSessionRow(SQLModel, table=True):
    """A session that we were asked to take part in, as provider."""

    __tablename__ = "cohort_provider_session"

    consumer: str = Field(primary_key=True)
    session: str = Field(primary_key=True)
    state: str = Field(index=True)
    agreement: str
    dataset: str
    version: str  # digest of the data version that it is answered from
    charge_key: str = Field(index=True)
    session_jws: str
    question: str  # JSON
    proof: str  # JSON
    acceptance_jws: str
    usage: str  # JSON, as it was told
    min_cohort: int
    indicators_jws: str = ""
    cleared_jws: str = ""
    contribution_jws: str = ""
    batch: bytes | None = None
    outcome_jws: str = ""
    deadline: int = Field(sa_type=BigInteger)
    opened_ms: int = Field(sa_type=BigInteger)
    asked_ms: int = Field(default=0, sa_type=BigInteger)  # when we last asked how it ended


class AggregationRow(SQLModel, table=True):
    """A session that we add up, as aggregator."""

    __tablename__ = "cohort_aggregation"

    session: str = Field(primary_key=True)
    consumer: str
    state: str = Field(index=True)
    session_jws: str
    acceptances: str  # JSON: DID -> JWS
    proof: str  # JSON
    min_cohort: int
    cleared_jws: str = ""
    product: bytes | None = None
    outcome_jws: str = ""
    deadline: int = Field(sa_type=BigInteger)
    opened_ms: int = Field(sa_type=BigInteger)


class AggregationPartRow(SQLModel, table=True):
    """What one provider sent us as aggregator."""

    __tablename__ = "cohort_aggregation_part"

    session: str = Field(primary_key=True)
    provider: str = Field(primary_key=True)
    indicators_jws: str
    contribution_jws: str = ""
    batch: bytes | None = None


class CohortAskRow(SQLModel, table=True):
    """The session of a total of ours, an attempt at a question; its secret key is elsewhere.

    What was asked, how it stands and the answer are in the row of the attempt.
    """

    __tablename__ = "cohort_ask"

    session: str = Field(primary_key=True)
    session_jws: str
    question_json: str
    described: str  # JSON: what each provider declared
    acceptances: str = "{}"  # JSON: DID -> {acceptance, usage, dataVersion}
    cleared_jws: str = ""
    contributions: str = "{}"  # JSON: DID -> JWS
    outcome_jws: str = ""
    product: bytes | None = None
    deadline: int = Field(sa_type=BigInteger)
