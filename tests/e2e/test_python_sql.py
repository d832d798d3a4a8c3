"""PEP 249, SQLAlchemy and pandas against real processes: what a notebook's `%sql` does."""

from __future__ import annotations

import threading
from decimal import Decimal
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa

from connector.client import WHY, Connector, dbapi
from tests.e2e.processes import Space
from tests.e2e.readme_market import open_market

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

BY_MODE = "SELECT mode, COUNT(*) AS n, AVG(days_late) AS late FROM deliveries GROUP BY mode"
BY_YEAR = "SELECT year, SUM(quantity) AS pieces FROM deliveries GROUP BY year ORDER BY year"
PURPOSE = "deliveryReliability"
PIECES = {
    year: sum(n % 90 + 1 for n in range(2400) if 2023 + n // 1200 == year) for year in (2023, 2024)
}


@pytest.fixture(scope="module")
def deal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """The buyer, and an agreement."""
    with Space(tmp_path_factory.mktemp("market")) as space:
        seller, buyer = open_market(space)
        agreement = Connector(buyer.home).negotiate(seller.did, "deliveries")
        yield buyer, agreement.id


@pytest.fixture
def connection(deal: tuple[Running, str]) -> dbapi.Connection:
    return dbapi.connect(deal[0].home, agreement=deal[1], purpose=PURPOSE)


@pytest.fixture
def engine(deal: tuple[Running, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """By the URL that the documentation shows, in the folder where the home lies."""
    buyer, agreement = deal
    monkeypatch.chdir(buyer.home.parent)
    found = sa.create_engine(f"voile://buyer/{agreement}?purpose={PURPOSE}&language=en")
    yield found
    found.dispose()


@pytest.mark.long
def test_a_cursor_gives_tuples_and_null_with_the_reason(connection: dbapi.Connection) -> None:
    """Description, rows, the column of reasons; the whole answer is at hand."""
    cursor = connection.cursor()
    assert cursor.execute(BY_MODE) is cursor
    assert cursor.description is not None
    assert [one[0] for one in cursor.description] == ["mode", "n", "late", WHY]
    assert [one[1] for one in cursor.description] == [
        dbapi.STRING,
        dbapi.NUMBER,
        dbapi.NUMBER,
        dbapi.STRING,
    ]
    assert [one[6] for one in cursor.description] == [False, True, True, True]
    assert cursor.rowcount == 4
    assert cursor.fetchone() == ("RAIL", 664, Decimal("1.768072"), None)
    (road,), rest = cursor.fetchmany(1), cursor.fetchall()
    assert road[:2] == ("ROAD", 1325)
    assert [(row[0], row[1], row[2]) for row in rest] == [("AIR", None, None), ("SEA", None, None)]
    assert all("released only together" in row[3] for row in rest)
    assert (cursor.fetchone(), cursor.fetchall()) == (None, [])
    assert cursor.answer is not None
    assert cursor.answer.units == {"late": "d"}


def test_parameters_are_literals(connection: dbapi.Connection) -> None:
    """What tries to break out is a code that does not exist, and is refused as one."""
    cursor = connection.cursor()
    sql = "SELECT COUNT(*) FROM deliveries WHERE mode = ? AND year = ?"
    assert cursor.execute(sql, ("RAIL", 2023)).fetchall() == [(332, None)]
    for evil in ("x' OR '1'='1", "RAIL' --", "'; DROP TABLE deliveries; --", '"', "\\'"):
        with pytest.raises(dbapi.ProgrammingError) as caught:
            cursor.execute(sql, (evil, 2023))
        assert caught.value.reasons[0]["code"] == "question.undeclared-code"
    with pytest.raises(dbapi.InterfaceError):
        cursor.fetchall()  # nothing is left of an earlier question


def test_what_is_no_question_is_refused_here(connection: dbapi.Connection) -> None:
    """Changes, bulk, wrapped questions; constants cost nothing; commit and rollback do nothing."""
    cursor = connection.cursor()
    asked = len(_asked(connection))
    for sql in ("INSERT INTO deliveries VALUES (1)", "DROP TABLE deliveries", "", "COMMIT"):
        with pytest.raises(dbapi.NotSupportedError):
            cursor.execute(sql)
    with pytest.raises(dbapi.NotSupportedError, match="one by one"):
        cursor.executemany(BY_MODE, [()])
    with pytest.raises(dbapi.NotSupportedError, match="GROUP BY mode LIMIT 5") as caught:
        cursor.execute(f"SELECT * FROM ({BY_MODE}) AS x LIMIT 5")
    assert caught.value.code == "statement-nested"
    assert cursor.execute("SELECT 1").fetchall() == [(1,)]
    probe = cursor.execute("SELECT * FROM deliveries WHERE 1=0")
    assert [one[0] for one in probe.description or ()] == ["year", "mode", "quantity", "days_late"]
    assert (probe.fetchall(), probe.rowcount) == ([], 0)
    with pytest.raises(dbapi.OperationalError):
        cursor.execute("SELECT * FROM customers WHERE 1=0")
    connection.commit()
    connection.rollback()
    assert len(_asked(connection)) == asked
    flat = str(caught.value.facts["flat"])
    assert cursor.execute(flat).rowcount == 4
    connection.close()
    for call in (cursor.fetchall, connection.cursor, lambda: cursor.execute("SELECT 1")):
        with pytest.raises(dbapi.InterfaceError):
            call()


def _asked(connection: dbapi.Connection) -> list[Any]:
    return connection.connector._channel.get("/v1/questions")["questions"]  # type: ignore[no-any-return]


def test_errors_are_those_of_pep_249(deal: tuple[Running, str], tmp_path: Path) -> None:
    """With reasons and next steps; no home, no purpose, a purpose that is not granted."""
    buyer, agreement = deal
    with pytest.raises(dbapi.OperationalError, match="voile init"):
        dbapi.connect(tmp_path / "none")
    with pytest.raises(dbapi.InterfaceError, match="purpose"):
        dbapi.connect(buyer.home, agreement=agreement).cursor().execute(BY_MODE)
    other = dbapi.connect(buyer.home, agreement=agreement, purpose="credit", language="zh")
    with pytest.raises(dbapi.ProgrammingError, match="合约未授予用途 credit"):
        other.cursor().execute(BY_MODE)


def test_without_an_agreement_the_table_names_it(deal: tuple[Running, str]) -> None:
    """The one in force that opens it; another table is closed, and the open ones are named."""
    connection = dbapi.connect(deal[0].home, purpose=PURPOSE, why_column="")
    assert connection.cursor().execute(BY_YEAR).fetchall() == list(PIECES.items())
    with pytest.raises(dbapi.OperationalError, match="deliveries"):
        connection.cursor().execute("SELECT COUNT(*) FROM customers")
    with pytest.raises(dbapi.ProgrammingError):
        connection.cursor().execute("SELECT MAX(quantity) FROM deliveries")


@pytest.mark.long
def test_threads_share_a_connection(deal: tuple[Running, str]) -> None:
    """Each with a cursor of its own."""
    connection = dbapi.connect(deal[0].home, purpose=PURPOSE, why_column="")
    found: list[Any] = []

    def asking() -> None:
        found.append(connection.cursor().execute(BY_YEAR).fetchall())

    threads = [threading.Thread(target=asking) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [list(PIECES.items())] * 6


def test_the_dialect_is_found_by_its_name() -> None:
    """As whoever installs Voile has it."""
    (found,) = entry_points(group="sqlalchemy.dialects", name="voile")
    assert found.load().name == "voile"


def test_text_is_asked_as_notebooks_ask_it(engine: sa.Engine) -> None:
    """The way of `%sql`: text, named parameters, keys, fetchall, commit."""
    with engine.connect() as connection:
        result = connection.execute(sa.text(BY_MODE))
        assert list(result.keys()) == ["mode", "n", "late", WHY]
        rows = result.fetchall()
        assert rows[0][:3] == ("RAIL", 664, Decimal("1.768072"))
        named = sa.text("SELECT COUNT(*) AS n FROM deliveries WHERE mode = :mode")
        assert connection.execute(named, {"mode": "RAIL"}).scalar() == 664
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        connection.commit()
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="customer"):
        connection.execute(sa.text("SELECT customer, COUNT(*) FROM deliveries GROUP BY customer"))
    with engine.connect() as connection, pytest.raises(sa.exc.NotSupportedError, match="flat"):
        connection.execute(sa.text(f"SELECT * FROM ({BY_MODE}) x"))


def test_tables_are_reflected_and_asked_by_expressions(engine: sa.Engine) -> None:
    """Names, types and titles from the product; no column of reasons where columns are named."""
    look = sa.inspect(engine)
    assert look.get_table_names() == ["deliveries"]
    assert (look.get_view_names(), look.get_schema_names(), look.get_indexes("deliveries")) == (
        [],
        [],
        [],
    )
    assert look.has_table("deliveries")
    assert not look.has_table(BY_MODE)
    columns = {
        one["name"]: (type(one["type"]).__name__, one["nullable"])
        for one in look.get_columns("deliveries")
    }
    assert columns == {
        "year": ("Integer", False), "mode": ("Text", False),
        "quantity": ("Integer", True), "days_late": ("Integer", True),
    }  # fmt: skip
    with pytest.raises(sa.exc.NoSuchTableError):
        look.get_columns("customers")
    table = sa.Table("deliveries", sa.MetaData(), autoload_with=engine)
    assert "Deliveries" in (table.comment or "")
    pieces = sa.func.sum(table.c.quantity).label("pieces")
    query = (
        sa.select(table.c.year, pieces, sa.func.count())
        .where(table.c.mode.in_(["RAIL", "ROAD"]), table.c.year >= 2023)
        .group_by(table.c.year)
        .having(pieces > 0)
        .order_by(table.c.year)
        .limit(10)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        again = connection.execute(query.where(table.c.year == 2024)).all()
    assert [row.year for row in rows] == [2023, 2024]
    assert [len(row) for row in rows] == [3, 3]
    assert [row.year for row in again] == [2024]


def test_what_is_grouped_by_alone_shifts_no_figure(engine: sa.Engine) -> None:
    """By expressions there are the sums and nothing else; by text the key comes behind them."""
    table = sa.Table("deliveries", sa.MetaData(), autoload_with=engine)
    pieces = sa.select(sa.func.sum(table.c.quantity)).group_by(table.c.year).order_by(table.c.year)
    named = sa.select(sa.func.sum(table.c.quantity).label("year")).group_by(table.c.year)
    by_text = sa.text(BY_YEAR.replace("year, SUM", "SUM"))
    with engine.connect() as connection:
        assert connection.scalars(pieces).all() == list(PIECES.values())
        assert [row.year for row in connection.execute(named)] == list(PIECES.values())
        result = connection.execute(by_text)
        assert list(result.keys()) == ["pieces", "year", WHY]
        assert [tuple(row) for row in result] == [(n, year, None) for year, n in PIECES.items()]


def test_pandas_reads_and_plots(engine: sa.Engine) -> None:
    """A frame with exact figures and reasons, from which a chart can be drawn."""
    with engine.connect() as connection:
        frame = pd.read_sql(sa.text(BY_YEAR), connection)
        assert dict(zip(frame["year"], frame["pieces"], strict=True)) == PIECES
        assert pd.read_sql(BY_YEAR, connection).equals(frame)
        by_mode = pd.read_sql(sa.text(BY_MODE), connection, index_col="mode", coerce_float=False)
        floats = pd.read_sql(sa.text(BY_MODE), connection, index_col="mode")
    assert by_mode.loc["RAIL", "late"] == Decimal("1.768072")
    assert str(floats["late"].dtype) == "float64"  # pandas makes floats unless told not to
    assert by_mode[WHY].notna().tolist() == [False, False, True, True]
    points = by_mode["n"].astype("float64").dropna()  # what a plot is given
    assert points.to_dict() == {"RAIL": 664.0, "ROAD": 1325.0}


def test_a_url_has_no_place_for_a_token(deal: tuple[Running, str]) -> None:
    """It would stand in history and logs; by `connect_args` it goes, and no repr shows it."""
    buyer, agreement = deal
    for url in (
        f"voile://:secret@buyer/{agreement}",
        "voile://buyer/x?token=secret",
        "voile://buyer:1/x",
    ):
        with pytest.raises(dbapi.ProgrammingError) as caught:
            sa.create_engine(url).connect()
        assert "secret" not in str(caught.value)
    token = (buyer.home / "data" / "management.token").read_text().strip()
    where = f"http://127.0.0.1:{buyer.port + 1}"
    engine = sa.create_engine(
        f"voile:///{agreement}?purpose={PURPOSE}&url={where}", connect_args={"token": token}
    )
    with engine.connect() as connection:
        assert connection.execute(sa.text(BY_YEAR)).fetchone()[0] == 2023  # type: ignore[index]
        assert token not in repr(connection.connection.dbapi_connection) + repr(engine)
    engine.dispose()
