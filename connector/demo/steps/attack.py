"""Step 7, last part: the finest level, and an attack on one customer by subtraction.

District D30 of the first supplier has a single customer; whoever learns a figure of D30 learns that
customer's. The buyer asks for everything, and for everything but D30 (`demo.subtractions`):
the difference would be it.
"""

from collections.abc import Mapping

from connector.demo.asked import Asked
from connector.demo.data import LONE_DISTRICT
from connector.demo.parties import ALDER
from connector.demo.questions import FINEST
from connector.demo.results import Attack, AttackStep, Text
from connector.demo.stage import Stage, words_of
from connector.demo.steps import subtract
from connector.demo.steps.ask import put
from connector.demo.subtractions import FinestCell, behind, subtractions
from connector.faces.cli.client import Failed


def run(stage: Stage) -> None:
    """Ask at the finest level, then attack."""
    finest(stage)
    attack(stage)


def finest(stage: Stage) -> None:
    """Ask for every cell; the unsafe ones are withheld, and say with what they would come."""
    found = put(stage, FINEST)["answer"]
    withheld = [cell for cell in found["withheld"] if cell["reason"] != "empty"]
    stage.check(
        f"at the finest level {len(withheld)} cells are withheld, the others released",
        f"最细一级有 {len(withheld)} 格未放出，其余已放出",
        ok=bool(withheld) and bool(found["cells"]),
    )
    lone = [cell for cell in found["cells"] if cell["key"]["sales_district"] == LONE_DISTRICT]
    stage.check(
        "no cell with rows of the lone customer's district is among the released",
        "已放出的格子中没有任何一格含有那位唯一客户所在区的数据",
        ok=not lone,
        detail=str(lone[:1]),
    )


def attack(stage: Stage) -> None:
    """Ask for the pairs and see which differences can be formed."""
    steps = tuple(_put(stage, question) for pair in subtractions() for question in pair)
    with_rows = _cells_with_rows(stage)
    target = frozenset(cell for cell in with_rows if cell[2] == LONE_DISTRICT)
    lines = sum(with_rows[cell] for cell in target)
    pairs = subtract.formed(stage.asked, target)
    stage.findings.attack = Attack(
        target=Text(
            f"the only customer of district {LONE_DISTRICT} of {ALDER.en}",
            f"{ALDER.zh} {LONE_DISTRICT} 区的唯一客户",
        ),
        steps=steps,
        truth=Text(f"{lines} order lines", f"{lines} 个订单行"),
        formed=bool(pairs.formed),
    )
    stage.check(
        f"{len(steps)} questions were put, and each was answered",
        f"共提出 {len(steps)} 个问题，均得到答复",
        ok=all(step.outcome != "refused" for step in steps),
    )
    stage.tell(subtract.told(pairs, asked=len(steps), lines=lines))


def _put(stage: Stage, question: Asked) -> AttackStep:
    try:
        found = put(stage, question)["answer"]
    except Failed as error:
        _, _, code = words_of(error)
        return AttackStep(sql=question.sql, outcome="refused", note=code)
    about = any(_is_about(question, cell["key"]) for cell in found["withheld"])
    return AttackStep(
        sql=question.sql,
        outcome="withheld" if about else "released",
        note=f"Σ {len(found['cells'])}, – {len(found['withheld'])}",
    )


def _is_about(question: Asked, key: Mapping[str, str]) -> bool:
    return any(cell[2] == LONE_DISTRICT for cell in behind(question, key))


def _cells_with_rows(stage: Stage) -> dict[FinestCell, int]:
    """Every finest cell of the attacked firm that has rows, and how many."""
    sql = (
        "SELECT promised_year, ship_mode, sales_district, count(*) FROM deliveries "  # noqa: S608
        f"WHERE firm = '{ALDER.slug}' GROUP BY ALL"
    )
    return {(str(y), m, d): int(n) for y, m, d, n in stage.plain.rows(sql)}
