"""Step 7, last part: the finest level, and forty questions built to isolate one customer.

District D30 of the first supplier has a single customer; whoever learns a figure of D30 learns that
customer's. The attacker asks for it outright, asks for everything but it, walks around it with
complements and unions, slices it by year and ship mode, repeats himself in other words. Then
linear algebra is done on everything that he ever got from that supplier: is there any combination
of the released totals, with whatever coefficients, that speaks of D30 alone? Totals of different
measures are put into one system, which only makes the attacker stronger than he is.
"""

from collections.abc import Sequence
from typing import Final

from connector.cli.client import Failed
from connector.demo.algebra import isolates, smallest_difference
from connector.demo.asked import Asked
from connector.demo.data import DISTRICTS, LONE_DISTRICT, SHIP_MODES, YEARS
from connector.demo.parties import ALDER
from connector.demo.plaintext import Reference, rows_of
from connector.demo.questions import FINEST
from connector.demo.results import Attack, AttackStep, Text
from connector.demo.stage import Stage, words_of
from connector.demo.steps.ask import put

QUESTIONS: Final = 40
_DIMENSIONS: Final = ("promised_year", "ship_mode", "sales_district")
_CODES: Final = {
    "promised_year": tuple(str(year) for year in YEARS),
    "ship_mode": SHIP_MODES,
    "sales_district": DISTRICTS,
}
_OTHERS: Final = tuple(code for code in DISTRICTS if code != LONE_DISTRICT)
Cell = tuple[str, str, str]  # year, ship mode, district


def run(stage: Stage) -> None:
    """Ask at the finest level, then attack."""
    finest(stage)
    attack(stage)


def finest(stage: Stage) -> None:
    """Ask for every cell; the unsafe ones are withheld, and say with what they would come."""
    found = put(stage, FINEST)["answer"]
    withheld = [cell for cell in found["withheld"] if cell["reason"] == "protected"]
    stage.check(
        f"at the finest level {len(withheld)} cells are withheld, the others released",
        f"最细一级有 {len(withheld)} 格未放出，其余已放出",
        ok=bool(withheld) and bool(found["cells"]),
    )
    lone = [cell for cell in found["cells"] if cell["key"]["sales_district"] == LONE_DISTRICT]
    stage.check(
        "no cell with rows of the lone customer's district is among the released",
        "已放出的格子中没有任何一格含有那位唯一客户所在区的数据",
        ok=all(cell["status"] == "empty" for cell in lone),
        detail=str(lone[:1]),
    )


def attack(stage: Stage) -> None:
    """Ask forty questions and see what follows from the answers."""
    steps = []
    for question in forty():
        try:
            found = put(stage, question)["answer"]
        except Failed as error:
            _, _, code = words_of(error)
            steps.append(AttackStep(sql=question.sql, outcome="refused", note=code))
            continue
        about = [cell for cell in found["withheld"] if _is_about(question, cell["key"])]
        steps.append(
            AttackStep(
                sql=question.sql,
                outcome="withheld" if about else "released",
                note=f"{len(found['cells'])} released, {len(found['withheld'])} withheld",
            )
        )
    with_rows = _cells_with_rows(stage)
    totals = {
        behind(question, cell["key"]).intersection(with_rows)
        for question, found in stage.asked
        if question.suppliers == (ALDER.slug,)
        for cell in found["answer"]["cells"]
    }
    target = frozenset(cell for cell in with_rows if cell[2] == LONE_DISTRICT)
    isolated = isolates(totals, target)
    around = smallest_difference(totals, target)
    customers = _customers(stage, around)
    lines = sum(with_rows[cell] for cell in target)
    stage.findings.attack = Attack(
        target=Text(
            f"the only customer of district {LONE_DISTRICT} of {ALDER.en}",
            f"{ALDER.zh} {LONE_DISTRICT} 区的唯一客户",
        ),
        steps=tuple(steps),
        finest=Text(
            f"The finest total around it that one answer, or the difference of two, "
            f"gives has {customers} customers.",
            f"由一个答案或两个答案之差能得到的、包含它的最细合计，共有 {customers} 个客户。",
        ),
        truth=f"{lines} order lines",
        isolated=isolated,
    )
    stage.check(
        f"{len(steps)} questions were put, and answered or refused",
        f"共提出 {len(steps)} 个问题，均得到答复或拒绝",
        ok=len(steps) == QUESTIONS and bool(totals),
    )
    stage.check(
        "the two questions with smuggled text were refused",
        "夹带其他语句的两个提问被拒绝",
        ok=[step.outcome for step in steps[-2:]] == ["refused"] * 2,
        detail=str([step.note for step in steps[-2:]]),
    )
    stage.check(
        "no combination of the released totals speaks of the lone customer alone",
        "已放出合计的任何线性组合都不能单独得到该客户的数字",
        ok=bool(target) and not isolated,
    )
    stage.check(
        f"the finest total around the lone customer has {customers} customers, at least 5",
        f"包含该客户的最细合计有 {customers} 个客户，不少于 5 个",
        ok=customers >= 5,
    )


def forty() -> tuple[Asked, ...]:
    """The forty questions, each aimed at district D30."""
    count, quantity, late, price = (
        ("*", "count"),
        ("quantity", "sum"),
        ("late", "sum"),
        ("price", "sum"),
    )
    lone, neighbours = (LONE_DISTRICT,), DISTRICTS[-6:-1]
    plans: list[tuple[dict[str, tuple[str, ...]], tuple[str, ...], tuple[str, str], str]] = [
        # outright, in several wordings
        ({"sales_district": lone}, (), count, ""),
        ({"sales_district": lone}, (), quantity, ""),
        ({"sales_district": lone}, ("promised_year",), count, ""),
        ({"sales_district": lone}, ("ship_mode",), count, ""),
        ({}, ("sales_district",), count, ""),
        (
            {"sales_district": lone},
            (),
            count,
            f"SELECT COUNT(*) FROM delivery_records WHERE sales_district = '{LONE_DISTRICT}'",
        ),
        (
            {"sales_district": lone},
            ("sales_district",),
            late,
            "SELECT sales_district, SUM(late) FROM delivery_records "
            f"WHERE NOT sales_district IN ({_quoted(_OTHERS)}) GROUP BY sales_district",
        ),
        # the whole, and the whole without it
        ({}, (), count, ""),
        ({"sales_district": _OTHERS}, (), count, ""),
        ({}, (), quantity, ""),
        ({"sales_district": _OTHERS}, (), quantity, ""),
        (
            {"sales_district": _OTHERS},
            (),
            price,
            f"SELECT SUM(price) FROM delivery_records WHERE sales_district <> '{LONE_DISTRICT}'",
        ),
        ({}, (), price, ""),
        ({}, ("ship_mode",), late, ""),
        ({"sales_district": _OTHERS}, ("ship_mode",), late, ""),
        ({}, ("promised_year",), late, ""),
        ({"sales_district": _OTHERS}, ("promised_year",), late, ""),
    ]
    # unions with one neighbour, and the neighbour alone: their difference would be the target
    for neighbour in neighbours:
        plans.append(({"sales_district": (neighbour, LONE_DISTRICT)}, (), count, ""))
        plans.append(({"sales_district": (neighbour,)}, (), count, ""))
    # growing groups of small districts: each is the one before and one more
    plans += [({"sales_district": DISTRICTS[-size:]}, (), count, "") for size in (6, 8, 10, 12)]
    # slices in which the target may stand alone
    plans += [
        ({"sales_district": lone, "promised_year": (year,)}, ("ship_mode",), count, "")
        for year in ("1993", "1995", "1997")
    ]
    plans += [
        ({"promised_year": ("1995",), "ship_mode": (mode,)}, ("sales_district",), count, "")
        for mode in ("AIR", "RAIL", "TRUCK")
    ]
    # a filter on the answer instead of the rows
    plans.append(
        (
            {},
            ("sales_district",),
            count,
            "SELECT sales_district, COUNT(*) FROM delivery_records GROUP BY sales_district "
            "HAVING COUNT(*) < 60 ORDER BY COUNT(*) LIMIT 1",
        )
    )
    # text smuggled in: each of these has to be refused
    plans += [
        (
            {},
            (),
            count,
            "SELECT COUNT(*) FROM (SELECT * FROM delivery_records "
            f"WHERE sales_district = '{LONE_DISTRICT}') AS t",
        ),
        ({}, (), count, "SELECT COUNT(*) FROM delivery_records; SELECT * FROM delivery_records"),
    ]
    return tuple(
        Asked(
            id=f"attack-{index:02d}",
            title=Text("A question of the attack", "攻击中的一个提问"),
            table="delivery_records",
            group_by=group_by,
            outputs=(output,),
            where=where,
            suppliers=(ALDER.slug,),
            text=text,
            shown=False,
        )
        for index, (where, group_by, output, text) in enumerate(plans, start=1)
    )


def behind(question: Asked, key: dict[str, str]) -> frozenset[Cell]:
    """The finest cells that one released number of a question is the total of."""
    kept = [
        (key[name],) if name in key else question.where.get(name, _CODES[name])
        for name in _DIMENSIONS
    ]
    return frozenset((y, m, d) for y in kept[0] for m in kept[1] for d in kept[2])


def _is_about(question: Asked, key: dict[str, str]) -> bool:
    return any(cell[2] == LONE_DISTRICT for cell in behind(question, key))


def _cells_with_rows(stage: Stage) -> dict[Cell, int]:
    """Every finest cell of the attacked firm that has rows, and how many."""
    reference = Reference(
        sql=f"SELECT promised_year, ship_mode, sales_district, count(*) AS lines "  # noqa: S608
        f"FROM deliveries WHERE firm = '{ALDER.slug}' GROUP BY ALL",
        keys=_DIMENSIONS,
        columns=(),
    )
    return {(str(y), m, d): int(n) for y, m, d, n in rows_of(reference.sql, stage.held)}


def _customers(stage: Stage, cells: frozenset[Cell]) -> int:
    """How many customers stand behind a set of finest cells."""
    listed = ", ".join(f"({y}, '{m}', '{d}')" for y, m, d in sorted(cells))
    if not listed:
        return 0
    sql = (
        "SELECT count(DISTINCT customer) FROM deliveries "  # noqa: S608 - our own codes
        f"WHERE firm = '{ALDER.slug}' "
        f"AND (promised_year, ship_mode, sales_district) IN (VALUES {listed})"
    )
    return int(rows_of(sql, stage.held)[0][0])


def _quoted(codes: Sequence[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
