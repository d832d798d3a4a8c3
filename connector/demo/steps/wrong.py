"""Step 7, an attack: the operator, which adds up, passes a wrong total off as right.

It alters its own connector (`connector.demo.altered`): one supplier's encrypted part is left out,
then one is added twice in the place of another. It signs what it did, as ever. The same question is
put after that, and is answered, so that it was the adding up that was refused.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from connector.demo import altered, wire
from connector.demo.parties import BUYER, OPERATOR
from connector.demo.questions import WHOLE
from connector.demo.results import Drill, Text
from connector.demo.stage import Stage
from connector.demo.steps.ask import body_of, put
from connector.demo.steps.behind import single_figures
from connector.faces.cli.client import Failed

FALSE: Final = "cohort.total.false"
_NAMES: Final[Mapping[str, Text]] = {
    altered.LEFT_OUT: Text("one left out", "漏加一家"),
    altered.TWICE: Text("one counted twice", "重复一家"),
}


def run(stage: Stage) -> None:
    """Cheat twice, then add up honestly."""
    cheated = {way: _cheat(stage, way) for way in _NAMES}
    stage.check(
        "a total to which the operator did not add each supplier once is not shown",
        "运营方没有把每家各加一次的合计不会显示",
        ok=all(outcome == FALSE for outcome in cheated.values()),
        detail=str(cheated),
    )
    honest = shown(put(stage, WHOLE))
    figures = single_figures(stage)
    seen = wire.search(wire.bodies(stage.hub.wire), figures | {honest.encode()}, ())
    stage.check(
        f"in {seen.size:,} bytes that the operator received is no total and no supplier's figure",
        f"运营方收到的 {seen.size:,} 字节中，没有合计，也没有任何单家数字",
        ok=bool(seen.size and honest) and not seen.figures,
        detail=str(sorted(seen.figures)[:5]),
    )
    stage.tell(told(cheated, honest, len(seen.figures)))


def shown(found: Mapping[str, Any]) -> str:
    """Give the one number of an answer, as it is shown; empty if there is none."""
    cells: Sequence[Any] = found["answer"]["cells"]
    return next((str(value) for cell in cells for value in cell["values"].values()), "")


def told(cheated: Mapping[str, str], honest: str, seen: int) -> Drill:
    """Say it in plain words.

    Args:
        cheated: What came of each way of cheating: a code, or the number that was shown.
        honest: The number that is shown when nobody cheats.
        seen: How many figures were found in what the operator received.
    """
    held = bool(cheated) and all(code == FALSE for code in cheated.values()) and not seen
    number = f"{Decimal(honest):,}" if honest else "-"
    outcomes = [(_NAMES[way], code) for way, code in cheated.items()]
    en = "; ".join(f"{name.en}: {_outcome(code).en}" for name, code in outcomes)
    zh = "；".join(f"{name.zh}：{_outcome(code).zh}" for name, code in outcomes)
    return Drill(
        name="wrong",
        title=Text("A wrong total passed off as right", "把错误的合计当作正确的"),
        tried=Text(
            f"{OPERATOR.en}, which adds up what it cannot read, alters its connector: it leaves a "
            "supplier out, then counts one twice in the place of another.",
            f"{OPERATOR.zh}负责把它读不到的密文相加，它改动自己的连接器：先漏加一家，再用一家的重复顶替另一家。",
        ),
        came=Text(
            f"At {BUYER.en}: {en}. Added up honestly: {number}.",
            f"{BUYER.zh}处：{zh}。如实相加：{number}。",
        ),
        inferred=Text(
            "No wrong number is taken for right; and the operator has read none.",
            "没有错误的数字被当作正确的；运营方也没有读到任何数字。",
        )
        if held
        else Text(
            "A WRONG NUMBER WAS SHOWN, OR A FIGURE READ.", "显示了错误的数字，或有数字被读到。"
        ),
        held=held,
    )


def _cheat(stage: Stage, way: str) -> str:
    """Ask while the operator cheats; give the code of the refusal, or the number that was shown."""
    with altered.doing(stage.hub.home, way):
        try:
            return shown(stage.buyer.manage.post("/v1/questions", body_of(stage, WHOLE)))
        except Failed as error:
            return error.code


def _outcome(code: str) -> Text:
    if code == FALSE:
        return Text(f"noticed, not shown ({code})", f"被发现，不显示（{code}）")
    return Text(f"{code}", f"{code}")
