"""A table whose columns have Chinese names: asked, answered and accounted for as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.products.publish import publish
from tests.connector.questions.market import AREAS, PRODUCT, Market, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock

NAMES = {
    '"deliveries"\ncontributor': '"交付"\ncontributor',
    '"customer"': '"客户"',
    '"year"': '"年份"',
    '"ship_mode"': '"方式"',
    '"region"': '"地区"',
    '"qty"': '"数量"',
    '"qty:sum"': '"数量:sum"',
    '"price"': '"金额"',
    '"comment"': '"备注"',
}
HEADER = "客户,年份,方式,地区,数量,金额,备注"


@pytest.fixture
def chinese(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    """The market's product with Chinese names, from a file in GB 18030 with that header."""
    text = PRODUCT
    for old, new in NAMES.items():
        assert old in text
        text = text.replace(old, new)
    text += '[reading]\nencoding = "gb18030"\n'
    lines = [
        f"{r.customer},{r.year},{r.ship_mode},{r.region},{r.qty},{r.price},备注" for r in rows()
    ]
    path = tmp_path / "交付.csv"
    path.write_bytes("\r\n".join([HEADER, *lines, ""]).encode("gb18030"))
    provider = party("acme", areas=AREAS, pin=["bolt", "crow"])
    consumer = party("bolt", areas=AREAS, pin=["acme", "crow"])
    publish(provider.node, text, path)
    return Market(provider, consumer, net, clock)


def test_a_question_in_chinese(chinese: Market) -> None:
    """The answer is the plaintext's; names are bare or quoted; what is not granted is refused."""
    agreement = chinese.agreement()
    sql = "SELECT 年份, COUNT(*), SUM(金额) AS 合计 FROM 交付 WHERE 方式 = 'AIR' GROUP BY 年份"
    answer = chinese.answer(agreement, sql)["answer"]
    for cell in answer["cells"]:
        year = int(cell["key"]["年份"])
        meant = [row for row in rows() if (row.year, row.ship_mode) == (year, "AIR")]
        assert cell["values"]["*:count"] == str(len(meant))
        total = sum(round(float(row.price) * 100) for row in meant)
        assert cell["values"]["金额:sum"] == f"{total // 100}.{total % 100:02}"
    assert len(answer["cells"]) == 4
    quoted = 'SELECT "年份", SUM("数量") FROM "交付" GROUP BY "年份"'
    assert len(chinese.answer(agreement, quoted)["answer"]["cells"]) == 4
    assert chinese.reasons(agreement, "SELECT SUM(备注) FROM 交付") == ["question.label-never"]
    strict = chinese.agreement("strict")
    assert chinese.answer(strict, "SELECT SUM(数量) FROM 交付")["answer"]["cells"]
    assert chinese.reasons(strict, "SELECT SUM(金额) FROM 交付")
