"""Charts of an answer: a heat map over two dimensions, bars over one, shares over more."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from markupsafe import Markup

from connector.demo import charts
from connector.demo.asked import TOGETHER
from connector.demo.picture import Picture, both_languages
from connector.demo.results import Cell, Question, Text


def of_question(question: Question) -> list[Picture]:
    """The charts that fit an answer: one per measure, or one of what was released at all."""
    dimensions = sorted({name for cell in question.cells for name in cell.key})
    measures = list(dict.fromkeys(cell.measure for cell in question.cells))
    if len(dimensions) == 2:
        return [_heat(question, dimensions, measure) for measure in measures]
    if len(dimensions) == 1:
        return [_bar_chart(question, dimensions[0], measure) for measure in measures]
    return [_shares(question)]


def _heat(question: Question, dimensions: Sequence[str], measure: str) -> Picture:
    cells = [cell for cell in question.cells if cell.measure == measure]
    sizes = {name: len({cell.key[name] for cell in cells}) for name in dimensions}
    across, down = sorted(dimensions, key=lambda name: (_all_numbers(cells, name), sizes[name]))[
        ::-1
    ]
    columns = sorted({cell.key[across] for cell in cells})
    rows = sorted({cell.key[down] for cell in cells})
    at = {(cell.key[down], cell.key[across]): cell for cell in cells}
    values = {
        place: None if cell.value is None else float(cell.value) for place, cell in at.items()
    }
    words = {place: "–" if cell.value is None else _short(cell.value) for place, cell in at.items()}
    unit = cells[0].unit

    def drawing(_language: str, uid: str, title: str, description: str) -> Markup:
        return charts.heat_map(
            columns, rows, values, words, uid=uid, title=title, description=description
        )

    label = f"{measure} ({unit})" if unit else measure
    return Picture(
        *both_languages(
            Text(f"{label} by {down} and {across}", f"{label}：按 {down} 与 {across}"),
            f"{question.id}-{measure}",
            drawing,
            _range(values.values()),
        ),
        columns=_columns((down, across), measure),
        rows=_rows(cells, (down, across)),
    )


def _bar_chart(question: Question, dimension: str, measure: str) -> Picture:
    cells = [cell for cell in question.cells if cell.measure == measure]
    ranked = sorted(cells, key=lambda cell: (-Decimal(cell.value or 0), cell.key[dimension]))

    def drawing(language: str, uid: str, title: str, description: str) -> Markup:
        protected = "protected" if language == "en" else "受保护"
        rows = [
            charts.Bar(
                cell.key[dimension],
                float(cell.value or 0),
                f"{Decimal(cell.value):,}" if cell.value is not None else protected,
                "bar" if cell.value is not None else "hatched",
            )
            for cell in ranked
        ]
        return charts.bars(rows, uid=uid, title=title, description=description)

    unit = f" ({cells[0].unit})" if cells[0].unit else ""
    values = {
        cell.key[dimension]: None if cell.value is None else float(cell.value) for cell in cells
    }
    return Picture(
        *both_languages(
            Text(f"{measure}{unit} by {dimension}", f"{measure}{unit}：按 {dimension}"),
            f"{question.id}-{measure}",
            drawing,
            _range(values.values()),
        ),
        columns=_columns((dimension,), measure),
        rows=_rows(ranked, (dimension,)),
    )


def _shares(question: Question) -> Picture:
    zero = sum(cell.value is not None and Decimal(cell.value) == 0 for cell in question.cells)
    counts = (
        (Text("released", "已放出"), question.released - zero, "good"),
        *(((Text("released as zero", "放出，为零"), zero, "quiet"),) if zero else ()),
        (Text("withheld: protected", "未放出：受保护"), question.withheld, "hatched"),
    )

    def drawing(language: str, uid: str, title: str, description: str) -> Markup:
        parts = [
            charts.Part(label.en if language == "en" else label.zh, amount, style)
            for label, amount, style in counts
        ]
        return charts.stacked_bar(parts, uid=uid, title=title, description=description)

    withheld = [cell for cell in question.cells if cell.value is None]
    keys = tuple(sorted({name for cell in withheld for name in cell.key}))
    return Picture(
        *both_languages(
            Text("Numbers at the finest level", "最细一级的数"),
            question.id,
            drawing,
            Text(
                f"{question.released} released, {question.withheld} withheld",
                f"放出 {question.released} 个，未放出 {question.withheld} 个",
            ),
        ),
        columns=(
            *(Text(key, key) for key in keys),
            Text("Measure", "指标"),
            Text("Why withheld", "未放出的原因"),
        ),
        rows=tuple(
            (*(cell.key[key] for key in keys), cell.measure, why(cell)) for cell in withheld[:60]
        ),
    )


def _all_numbers(cells: Sequence[Cell], name: str) -> bool:
    return all(cell.key[name].isdigit() for cell in cells)


def _short(value: str) -> str:
    number = Decimal(value)
    if number == number.to_integral_value():
        return f"{int(number)}" if abs(number) < 100_000 else f"{float(number):.3g}"
    return f"{float(number):.2f}"


def _range(values: Collection[float | None]) -> Text:
    known = [value for value in values if value is not None]
    hidden = len(values) - len(known)
    if not known:
        return Text("no number was released", "没有放出任何数")
    low, high = min(known), max(known)
    return Text(
        f"{len(known)} numbers from {_plain(low)} to {_plain(high)}; {hidden} withheld",
        f"{len(known)} 个数，从 {_plain(low)} 到 {_plain(high)}；{hidden} 个未放出",
    )


def _plain(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,.2f}"


def _columns(dimensions: Sequence[str], measure: str) -> tuple[Text, ...]:
    return (
        *(Text(name, name) for name in dimensions),
        Text(measure, measure),
        Text("Plaintext", "明文结果"),
        Text("Equal", "一致"),
    )


def why(cell: Cell) -> str | Text:
    """Say in both languages why a cell has no number."""
    if cell.reason is None:
        return ""
    code, _, others = cell.reason.partition(TOGETHER)
    en, zh = _WHY.get(code, (code, code))
    return (
        Text(f"{en}{TOGETHER}{others}", f"{zh}，须与 {others} 一并放出") if others else Text(en, zh)
    )


_WHY = {
    "blocked": ("protected: a part of it is never shown", "受保护：含有不得放出的部分"),
    "merged": ("protected", "受保护"),
    "withheld": ("protected: this measure is not shown here", "受保护：该指标在此扣下"),
    "mixed": ("of several data versions", "分属多个数据版本"),
    "having": ("HAVING looks at what is not released", "HAVING 所看的值未放出"),
    "empty": ("no rows", "没有数据行"),
    "minGroupSize": ("fewer contributors than the contract asks for", "贡献者少于合约要求"),
    "cohort": ("too few suppliers carry it alone", "单独构成它的供应方太少"),
}


def _rows(cells: Sequence[Cell], dimensions: Sequence[str]) -> tuple[tuple[str | Text, ...], ...]:
    marks = {True: "✓", False: "✗", None: "–"}
    return tuple(
        (
            *(cell.key[name] for name in dimensions),
            cell.value if cell.value is not None else why(cell),
            cell.plaintext or "",
            marks[cell.equal],
        )
        for cell in cells
    )
