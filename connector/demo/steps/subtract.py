"""What the pairs of questions come to, in plain words: one customer's figure by subtraction."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from connector.demo.asked import Asked
from connector.demo.data import LONE_DISTRICT
from connector.demo.parties import ALDER, BUYER
from connector.demo.results import Drill, Text
from connector.demo.subtractions import FinestCell, behind, subtractions

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


def told(pairs: Pairs, *, asked: int, lines: int) -> Drill:
    """Say it in plain words.

    Args:
        pairs: The subtractions.
        asked: How many questions were put.
        lines: What the attacker was after.
    """
    held = not pairs.formed and pairs.wanted > 0
    return Drill(
        name="subtract",
        title=Text("One customer's figure by subtraction", "用减法得到一个客户的数字"),
        tried=Text(
            f"{BUYER.en} is after {ALDER.en}'s only customer in district {LONE_DISTRICT}: "
            f"{asked} questions ask for everything, and for everything but {LONE_DISTRICT}.",
            f"{BUYER.zh}想知道{ALDER.zh} {LONE_DISTRICT} 区的唯一客户：用 {asked} 个提问"
            f"索要全部，以及除 {LONE_DISTRICT} 以外的全部。",
        ),
        came=Text(
            f"Of {pairs.wanted} such subtractions with him in them {len(pairs.formed)} can be "
            f"made; on the plain rows they give his figures, such as {lines} order lines.",
            f"含有该客户的 {pairs.wanted} 个减法中，能完成 {len(pairs.formed)} 个；"
            f"若在明文上，则可得到他的数字，例如 {lines} 个订单行。",
        ),
        inferred=Text("Nothing of him alone.", "没有单独关于他的内容。")
        if held
        else Text("HIS FIGURE.", "可得到他的数字。"),
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
