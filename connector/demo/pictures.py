"""Which charts the report shows, and in which section."""

from markupsafe import Markup

from connector.demo import charts
from connector.demo.picture import Picture, both_languages
from connector.demo.question_pictures import of_question
from connector.demo.results import Findings, Text


def draw(findings: Findings) -> dict[str, list[Picture]]:
    """All charts, grouped by the section of the page that shows them."""
    found: dict[str, list[Picture]] = {"steps": [_steps(findings)]} if findings.steps else {}
    for question in findings.questions:
        if not question.shown:
            continue
        found[question.id] = of_question(question)
    if findings.tables:
        found["tables"] = [_tables(findings)]
    if findings.attack:
        found["attack"] = [_attack(findings)]
    return found


def _steps(findings: Findings) -> Picture:
    def drawing(language: str, uid: str, title: str, description: str) -> Markup:
        rows = [
            charts.Bar(
                f"{index} {'✓' if step.ok else '✗'}",
                step.seconds,
                f"{step.seconds:.1f} {'s' if language == 'en' else '秒'}",
                "bar" if step.ok else "bad",
            )
            for index, step in enumerate(findings.steps)
        ]
        return charts.bars(rows, uid=uid, title=title, description=description, gutter=44)

    total = sum(step.seconds for step in findings.steps)
    return Picture(
        *both_languages(
            Text("Seconds per step", "各步用时（秒）"),
            "steps",
            drawing,
            Text(
                f"{len(findings.steps)} steps in {total:.1f} s",
                f"{len(findings.steps)} 步，共 {total:.1f} 秒",
            ),
        ),
        columns=(Text("Step", "步骤"), Text("Seconds", "秒")),
        rows=tuple((step.name, f"{step.seconds:.2f}") for step in findings.steps),
    )


def _tables(findings: Findings) -> Picture:
    def drawing(language: str, uid: str, title: str, description: str) -> Markup:
        rows = [
            charts.Bar(
                f"{table.firm.en if language == 'en' else table.firm.zh} · {table.product}",
                table.finest_row_share,
                f"{100 * table.finest_row_share:.2f} %",
            )
            for table in findings.tables
        ]
        return charts.bars(rows, uid=uid, title=title, description=description, gutter=206)

    return Picture(
        *both_languages(
            Text("Share of rows still at the finest level", "仍处于最细一级的数据行占比"),
            "tables",
            drawing,
            Text("one bar per published table", "每张已发布的表一条"),
        ),
        columns=(Text("Firm and product", "企业与产品"), Text("Share", "占比")),
        rows=tuple(
            (f"{table.firm.en} · {table.product}", f"{100 * table.finest_row_share:.2f} %")
            for table in findings.tables
        ),
    )


def _attack(findings: Findings) -> Picture:
    assert findings.attack is not None
    steps = findings.attack.steps
    looks = {"released": ("good", "Σ"), "withheld": ("hatched", "–"), "refused": ("bad", "✗")}

    def drawing(_language: str, uid: str, title: str, description: str) -> Markup:
        marks = [looks[step.outcome] for step in steps]
        return charts.tally(marks, uid=uid, title=title, description=description)

    counts = {kind: sum(step.outcome == kind for step in steps) for kind in looks}
    return Picture(
        *both_languages(
            Text("What each question of the attack got", "攻击中每个提问的结果"),
            "attack",
            drawing,
            Text(
                f"Σ a safe total: {counts['released']}; – withheld: {counts['withheld']}; "
                f"✗ refused: {counts['refused']}",
                f"Σ 安全的合计：{counts['released']}；– 未放出：{counts['withheld']}；"
                f"✗ 拒绝：{counts['refused']}",
            ),
        ),
        columns=(Text("Question", "提问"), Text("Outcome", "结果"), Text("Note", "说明")),
        rows=tuple((step.sql, step.outcome, step.note) for step in steps),
    )
