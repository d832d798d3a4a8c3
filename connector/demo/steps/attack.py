"""Step 7, last part: the finest level, and a differencing attack on one customer.

District D30 of the first supplier has a single customer; whoever learns a figure of D30 learns that
customer's. Forty questions are put (`connector.demo.forty`). Then linear algebra is done on
everything that the buyer ever got from that supplier: is there any combination of the released
totals, with whatever coefficients, that speaks of D30 alone? Totals of different measures are put
into one system, which only makes the attacker stronger than he is.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from connector.demo.algebra import isolates, smallest_around
from connector.demo.asked import Asked
from connector.demo.data import LONE_DISTRICT
from connector.demo.forty import SMUGGLED, FinestCell, behind, forty
from connector.demo.parties import ALDER
from connector.demo.questions import FINEST
from connector.demo.results import Attack, AttackStep, Text
from connector.demo.stage import Stage, words_of
from connector.demo.steps import subtract
from connector.demo.steps.ask import put
from connector.faces.cli.client import Failed

QUESTIONS: Final = 40


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
    """Ask forty questions and see what follows from the answers."""
    steps = tuple(_put(stage, question) for question in forty())
    stage.check(
        f"{len(steps)} questions were put, and each was answered or refused",
        f"共提出 {len(steps)} 个问题，均得到答复或拒绝",
        ok=len(steps) == QUESTIONS and any(step.outcome == "released" for step in steps),
    )
    smuggled = steps[-SMUGGLED:]
    stage.check(
        "the questions with smuggled text were refused",
        "夹带其他语句的提问被拒绝",
        ok=all(step.outcome == "refused" for step in smuggled),
        detail=str([step.note for step in smuggled]),
    )
    _judge(stage, steps)


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


def _judge(stage: Stage, steps: tuple[AttackStep, ...]) -> None:
    """See whether anything about the target alone follows from all that was released."""
    with_rows = _cells_with_rows(stage)
    target = frozenset(cell for cell in with_rows if cell[2] == LONE_DISTRICT)
    totals = {
        behind(question, cell["key"]).intersection(with_rows)
        for question, found in stage.asked
        if question.suppliers == (ALDER.slug,)
        for cell in found["answer"]["cells"]
    }
    lines = sum(with_rows[cell] for cell in target)
    isolated = isolates(totals, target)
    customers = _fewest_customers(stage, smallest_around(totals, target))
    stage.findings.attack = Attack(
        target=Text(
            f"the only customer of district {LONE_DISTRICT} of {ALDER.en}",
            f"{ALDER.zh} {LONE_DISTRICT} 区的唯一客户",
        ),
        steps=steps,
        finest=Text(
            "The finest total around it that one answer, or the difference of two, gives "
            f"has {customers} customers.",
            f"由一个答案或两个答案之差能得到的、包含它的最细合计，共有 {customers} 个客户。",
        ),
        truth=Text(f"{lines} order lines", f"{lines} 个订单行"),
        isolated=isolated,
    )
    pairs = subtract.formed(stage.asked, target)
    stage.check(
        f"none of {pairs.wanted} subtractions with the lone customer in them can be made",
        f"含有该客户的 {pairs.wanted} 个减法均无法完成",
        ok=bool(pairs.wanted) and not pairs.formed,
        detail=str(pairs.formed),
    )
    stage.tell(
        subtract.told(
            pairs, totals=len(totals), isolated=isolated, customers=customers, lines=lines
        )
    )
    stage.check(
        f"no combination of all {len(totals)} released totals speaks of the lone customer alone",
        f"全部 {len(totals)} 个已放出合计的任何线性组合都不能单独得到该客户的数字",
        ok=bool(target) and bool(totals) and not isolated,
    )
    stage.check(
        f"the finest total around the lone customer has {customers} customers: at least five",
        f"包含该客户的最细合计有 {customers} 个客户，不少于五个",
        ok=customers >= subtract.LEAST_CUSTOMERS,
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


def _fewest_customers(stage: Stage, groups: Sequence[frozenset[FinestCell]]) -> int:
    """How many customers stand behind the group that has the fewest."""
    sql = (
        "SELECT DISTINCT promised_year, ship_mode, sales_district, customer "  # noqa: S608
        f"FROM deliveries WHERE firm = '{ALDER.slug}'"
    )
    behind_cell: dict[FinestCell, set[str]] = {}
    for year, mode, district, customer in stage.plain.rows(sql):
        behind_cell.setdefault((str(year), mode, district), set()).add(customer)
    return min(
        (len(frozenset[str]().union(*(behind_cell[cell] for cell in cells))) for cells in groups),
        default=0,
    )
