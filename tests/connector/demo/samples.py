"""Small findings, made by hand, for tests of the report and the checks."""

from __future__ import annotations

from connector.demo.results import (
    Attack,
    AttackStep,
    AuditLine,
    Cell,
    Check,
    Drill,
    Findings,
    Question,
    Received,
    Refusal,
    Sight,
    Step,
    TableReport,
    Text,
)

EVIL = "<script>alert('x')</script>&"


def cell(value: str | None, plaintext: str = "12", **more: object) -> Cell:
    fields: dict[str, object] = {
        "key": {"brand": "B1"},
        "measure": "SUM(x)",
        "unit": "pieces",
        "value": value,
        "reason": None if value is not None else "merged",
        "plaintext": plaintext,
        "equal": None if value is None else value == plaintext,
    }
    return Cell(**(fields | more))  # type: ignore[arg-type]


def question(*cells: Cell, name: str = "masked", shown: bool = True) -> Question:
    return Question(
        id=name,
        title=Text("A question", "一个提问"),
        sql=f"SELECT brand, SUM(x) FROM t WHERE note = '{EVIL}' GROUP BY brand",
        mode="masked",
        providers=("did:web:localhost%3A1:a",),
        cells=cells,
        seconds=0.25,
        left="3",
        shown=shown,
    )


def step(name: str, *, ok: bool = True, error: str = "") -> Step:
    checks = (Check(Text("it held", "成立"), ok=ok, detail="" if ok else "why it did not"),)
    return Step(name=name, title=Text(name, name), seconds=1.5, checks=checks, error=error)


def drill(*, held: bool = True) -> Drill:
    return Drill(
        name="d",
        title=Text("An attack", "一次攻击"),
        tried=Text(f"somebody tries {EVIL}", "有人尝试"),
        came=Text("this came back", "得到了这个"),
        inferred=Text("nothing follows", "无可推断") if held else Text("ALL FOLLOWS", "可推断"),
        held=held,
    )


def findings(*steps: Step) -> Findings:
    done = steps or (step("one"), step("two"))
    two_way = [
        cell(str(10 * year + i), key={"year": f"199{year}", "mode": mode})
        for year in range(3)
        for i, mode in enumerate(("AIR", "RAIL"))
    ]
    two_way[2] = cell(None, key={"year": "1991", "mode": "AIR"})
    three_way = [cell("5", key={"a": "1", "b": "2", "c": "3"}), cell("0"), cell(None)]
    return Findings(
        scale="0.1",
        version="voile/0",
        started="2026-11-21T10:00:00+00:00",
        steps=list(done),
        planned=[one.name for one in done],
        questions=[
            question(cell("12"), cell(None, key={"brand": "B2"})),
            question(*two_way, name="heat"),
            question(*three_way, name="finest"),
            question(cell("12"), name="small", shown=False),
        ],
        refusals=[
            Refusal(
                name="r",
                title=Text("Refused", "拒绝"),
                tried=EVIL,
                refused=True,
                code="policy.purpose",
                why=Text("because", "因为"),
                next_step=Text("do this", "这样做"),
            )
        ],
        tables=[
            TableReport(
                firm=Text("Firm", "企业"),
                product="p",
                rows=10,
                finest_cells=4,
                unsafe_cells=1,
                safe_cells=3,
                finest_row_share=0.9,
                clamped_values=0,
                margins=("a",),
                seconds=0.1,
            )
        ],
        sights=[
            Sight(
                party=Text("Firm", "企业"),
                kinds=(Received(kind="k", messages=1, bytes=10, rows=0),),
            )
        ],
        audits=[AuditLine(title=Text("verify", "verify"), outcome=Text("OK", "通过"), ok=True)],
        attack=Attack(
            target=Text("one", "一个"),
            steps=(AttackStep(sql="SELECT 1", outcome="withheld", note="n"),),
            truth=Text("32 lines", "32 行"),
            formed=False,
        ),
        drills=[drill()],
    )
