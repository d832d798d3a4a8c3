"""Step 7, an attack: the buyer wants what one supplier added to an encrypted total.

It alters its own connector (`connector.demo.altered`), so that nothing is refused at home, and asks
suppliers what they must refuse: one alone; two, to subtract their total from that of all three; and
all three, the encrypted parts to be sent to itself, as it holds the key. Then everything that it
ever received is searched for figures of single suppliers, and for the ciphertexts that they sent to
the operator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from connector.demo import altered, wire
from connector.demo.parties import ALDER, BUYER, SUPPLIERS
from connector.demo.questions import HOMOMORPHIC
from connector.demo.results import Drill, Text
from connector.demo.stage import Stage, refusal_of
from connector.demo.steps.ask import body_of
from connector.demo.wire import Parts


@dataclass(frozen=True, slots=True)
class Way:
    """What is asked as altered, as what it arrives at suppliers, and how they have to refuse it."""

    word: str
    suppliers: int
    mode: str
    arrives: str
    code: str


WAYS: Final = (
    Way(altered.UNCHECKED, 1, "masked", "questions-ask", "policy.query-mode"),
    Way(altered.UNCHECKED, 2, "homomorphic", "cohorts-open-session", "cohort.too-small"),
    Way(altered.ITSELF, len(SUPPLIERS), "homomorphic", "cohorts-open-session", "cohort.roles"),
)


def run(stage: Stage) -> None:
    """Try all three, then search what came."""
    codes = [_try(stage, way) for way in WAYS]
    figures = single_figures(stage)
    batches = wire.bodies(stage.hub.wire, "aggregations-batch")
    encrypted = [one for batch in batches for one in wire.ciphertexts(batch)]
    found = wire.search(wire.bodies(stage.buyer.wire), figures, encrypted)
    stage.check(
        "asked by an altered connector for what they must refuse, the suppliers refused",
        "面对被改动的连接器提出的、必须拒绝的请求，供应方均已拒绝",
        ok=all(codes),
        detail=str(codes),
    )
    stage.check(
        f"in {found.size:,} bytes that the buyer received is none of {len(figures)} figures of "
        f"single suppliers, and none of {len(encrypted)} ciphertexts that they sent",
        f"采购方收到的 {found.size:,} 字节中，没有 {len(figures)} 个单家数字中的任何一个，"
        f"也没有供应方发出的 {len(encrypted)} 个密文中的任何一个",
        ok=bool(figures and encrypted and found.size) and not (found.figures or found.encrypted),
        detail=f"{sorted(found.figures)[:5]}; {found.encrypted} ciphertexts",
    )
    stage.tell(told(codes, found, len(figures), len(encrypted)))


def single_figures(stage: Stage) -> frozenset[bytes]:
    """Every sum of one supplier and brand, as answers write it."""
    found = stage.plain.rows(
        "SELECT sum(available_quantity), sum(unit_cost) FROM stock GROUP BY firm, brand"
    )
    return frozenset(text for quantity, cost in found for text in _written(quantity, cost))


def _written(quantity: Any, cost: Any) -> Iterator[bytes]:
    yield str(quantity).encode()
    yield f"{cost:.2f}".encode()


def told(codes: Sequence[str], found: Parts, figures: int, encrypted: int) -> Drill:
    """Say it in plain words.

    Args:
        codes: Of the suppliers' refusals; empty where they did not refuse.
        found: What of single suppliers the buyer received.
        figures: How many figures of single suppliers there are.
        encrypted: How many ciphertexts they sent to the operator.
    """
    refused = [code for code in codes if code]
    held = len(refused) == len(codes) and not (found.figures or found.encrypted)
    listed = ", ".join(dict.fromkeys(refused))
    return Drill(
        name="behind",
        title=Text("One supplier's part of an encrypted total", "密文合计中单家供应方的部分"),
        tried=Text(
            f"{BUYER.en} alters its connector, and asks for {ALDER.en}'s stock alone, for the "
            "total of two (to subtract it from that of three), and for the encrypted parts "
            "themselves, as it holds the key.",
            f"{BUYER.zh}改动自己的连接器，索要{ALDER.zh}单家的库存、两家的合计（以便与三家的合计相减），"
            "以及密文本身（密钥在它手中）。",
        ),
        came=Text(
            f"The suppliers refused {len(refused)} of {len(codes)} ({listed}). Of "
            f"{figures} figures of single suppliers {len(found.figures)} are in the "
            f"{found.size:,} bytes that it ever received, of {encrypted} encrypted parts "
            f"{found.encrypted}.",
            f"供应方拒绝了 {len(codes)} 项中的 {len(refused)} 项（{listed}）。它收到的 "
            f"{found.size:,} 字节中，{figures} 个单家数字出现 {len(found.figures)} 个，"
            f"{encrypted} 个密文出现 {found.encrypted} 个。",
        ),
        inferred=Text(
            "The total of the three, and nothing of one.", "只有三家的合计，没有单家的数字。"
        )
        if held
        else Text("SOMETHING OF A SINGLE SUPPLIER CAME.", "得到了单家供应方的内容。"),
        held=held,
    )


def _try(stage: Stage, way: Way) -> str:
    """Ask as altered; give the code with which suppliers refused, empty if they did not."""
    asked = stage.suppliers[: way.suppliers]
    question = replace(HOMOMORPHIC, suppliers=tuple(s.party.slug for s in asked), mode=way.mode)
    before = [_arrived(one.wire, way.arrives) for one in asked]
    with altered.doing(stage.buyer.home, way.word):
        _, _, _, code = refusal_of(stage.buyer.manage, "/v1/questions", body_of(stage, question))
    after = [_arrived(one.wire, way.arrives) for one in asked]
    reached = all(now > then for now, then in zip(after, before, strict=True))
    return code if code == way.code and reached else ""


def _arrived(folder: Path, kind: str) -> int:
    return sum(1 for _ in wire.bodies(folder, kind))
