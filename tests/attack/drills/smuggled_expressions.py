"""A value of one row, by an expression inside an aggregate, a second statement, a comment, an encoding.

Who: a consumer who writes whatever SQL it likes.
Knows: the dialect of the engine, and the names of its own functions and files.
Source: privacy.md 4: expressions smuggled into aggregates, comments and encodings in SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


SMUGGLED = (
    "SELECT SUM(CASE WHEN who = 'c3' THEN amount ELSE 0 END) FROM held",
    "SELECT SUM(amount * (who = 'c3')) FROM held",
    "SELECT SUM(1 / (amount - 321)) FROM held",
    "SELECT SUM(amount) FILTER (WHERE who = 'c3') FROM held",
    "SELECT SUM(DISTINCT amount) FROM held",
    "SELECT COUNT(DISTINCT amount) FROM held",
    "SELECT STRING_AGG(who, ',') FROM held",
    "SELECT LIST(amount) FROM held",
    "SELECT FIRST(amount), ARG_MAX(who, amount) FROM held",
    "SELECT QUANTILE(amount, 0.5) FROM held",
    "SELECT SUM(amount) OVER () FROM held",
    "SELECT MAX(amount) FROM held",
    "SELECT SUM(amount) FROM held; SELECT * FROM held",
    "SELECT SUM(amount) FROM held UNION ALL SELECT amount FROM held",
    "WITH x AS (SELECT amount FROM held) SELECT SUM(amount) FROM x",
    "SELECT (SELECT amount FROM held LIMIT 1)",
    "SELECT SUM(amount) FROM held WHERE line IN (SELECT who FROM held)",
    "SELECT SUM(a.amount) FROM held a JOIN held b ON a.who = b.who",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT SUM(amount) FROM 'data.csv'",
    "COPY held TO '/tmp/x'",
    "ATTACH '/tmp/x' AS y",
    "PRAGMA database_list",
    "SELECT SUM(amount) FROM held WHERE 1 = 1 OR amount > 3",
    "SELECT SUM(amount) FROM held -- WHERE\n; DROP TABLE held",
    "SELECT SUM(amount) FROM held WHERE line = 'x' /* ' */ OR who = 'c3' /* ' */",
    "SELECT SUM(amount) FROM held WHERE line = U&'\\0078' OR who LIKE 'c%'",
    "SELECT SUM(\uff41mount) FROM held WHERE \uff57ho = 'c3'",
    "SELECT SUM(amount) FROM held GROUP BY amount",
    "SELECT SUM(amount) FROM held ORDER BY (SELECT amount FROM held LIMIT 1)",
    "SELECT SUM(amount) FROM held LIMIT (SELECT MAX(amount) FROM held)",
    "SELECT SUM(random()) FROM held",
    "SELECT SUM(amount) FROM held TABLESAMPLE 1 ROWS",
    "SELECT SUM(amount) FROM held WHERE line = 'x\u0000' OR who = 'c3'",
)


def attack(scene: Scene, told: Told) -> None:
    rows: list[Row] = [(f"c{i}", ("x",), (300 + 7 * i,)) for i in range(30)]
    table = Table({"line": ["x"]}, [Measure("amount", 0, 900, "CNY")], rows)
    assert table.publish(scene, "smuggle"), table.told
    told.tried.append(f"{len(SMUGGLED)} questions that would reach a row")
    for sql in SMUGGLED:
        status, body = table.ask(scene.mallory, sql)
        came = body if status == 200 else f"{status}"
        told.check("refused", holds=status in {400, 403}, came=f"{sql}: {came}")
        body.get("error", {}).pop("params", None)  # the question's id, a random one
        text = str(body)
        leaked = [
            str(300 + 7 * i)
            for i in range(30)
            if str(300 + 7 * i) in text and str(300 + 7 * i) not in sql
        ]
        told.check("no figure in the refusal", holds=status == 200 or not leaked, came=text)
    told.held = sorted(set(told.held))
