"""What the forty questions come to, in plain words: one customer's figure by subtraction."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from connector.demo.asked import Asked
from connector.demo.data import LONE_DISTRICT
from connector.demo.forty import FinestCell, behind, subtractions
from connector.demo.parties import ALDER, BUYER
from connector.demo.results import Drill, Text

LEAST_CUSTOMERS: Final = 5  # k of the product's rules
_Answers = Iterable[tuple[Asked, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Everything less everything but the target.

    Attributes:
        wanted: How many such differences have the target in them.
        formed: Of which of them both numbers were released: question and key.
    """

    wanted: int
    formed: tuple[str, ...]


def formed(asked: _Answers, target: AbstractSet[FinestCell]) -> Pairs:
    """See which subtractions can be made with what was answered.

    Args:
        asked: Questions with what came back.
        target: The finest cells with rows of whom the attacker is after.
    """
    answers = {question.id: found["answer"] for question, found in asked}
    wanted, made = 0, []
    for whole, rest in subtractions():
        given = _released(answers.get(rest.id, {}))
        for key, value in _listed(answers.get(whole.id, {})):
            if behind(whole, dict(key)) & target:
                wanted += 1
                if value and key in given:
                    made.append(f"{whole.sql} {dict(key)}")
    return Pairs(wanted, tuple(made))


def told(pairs: Pairs, *, totals: int, isolated: bool, customers: int, lines: int) -> Drill:
    """Say it in plain words.

    Args:
        pairs: The subtractions.
        totals: How many totals were released in all.
        isolated: Whether some combination of them speaks of the target alone.
        customers: How many stand behind the finest figure around it.
        lines: What the attacker was after.
    """
    held = not (pairs.formed or isolated) and customers >= LEAST_CUSTOMERS and pairs.wanted > 0
    return Drill(
        name="subtract",
        title=Text("One customer's figure by subtraction", "用减法得到一个客户的数字"),
        tried=Text(
            f"{BUYER.en} asks {ALDER.en} forty questions about its only customer in district "
            f"{LONE_DISTRICT}, among them everything, and everything but {LONE_DISTRICT}.",
            f"{BUYER.zh}就{ALDER.zh} {LONE_DISTRICT} 区的唯一客户提出四十个问题，其中有全部，"
            f"以及除 {LONE_DISTRICT} 以外的全部。",
        ),
        came=Text(
            f"Of {pairs.wanted} such subtractions with him in them {len(pairs.formed)} can be "
            f"made; on the plain rows they give his figures, such as {lines} order lines.",
            f"含有该客户的 {pairs.wanted} 个减法中，能完成 {len(pairs.formed)} 个；"
            f"若在明文上，则可得到他的数字，例如 {lines} 个订单行。",
        ),
        inferred=Text(
            f"Nothing of him alone: of {totals:,} released totals no combination speaks of him, "
            f"and the finest figure around him is that of {customers:,} customers.",
            f"没有单独关于他的内容：{totals:,} 个已放出合计的任何组合都不涉及他一人，"
            f"包含他的最细数字属于 {customers:,} 个客户。",
        )
        if held
        else Text("HIS FIGURE, OR THAT OF VERY FEW.", "可得到他或极少数客户的数字。"),
        held=held,
    )


def _listed(answer: Mapping[str, Any]) -> list[tuple[frozenset[tuple[str, str]], bool]]:
    """Every cell of an answer, and whether all its numbers were released."""
    cells = [
        (cell["key"], all(value is not None for value in cell["values"].values()))
        for cell in answer.get("cells", ())
    ]
    cells += [(cell["key"], False) for cell in answer.get("withheld", ())]
    return [(frozenset(key.items()), given) for key, given in cells]


def _released(answer: Mapping[str, Any]) -> set[frozenset[tuple[str, str]]]:
    return {key for key, given in _listed(answer) if given}
