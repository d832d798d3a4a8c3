"""What an answer says beside its figures: data versions that parts stand at, declared bounds."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

_SHOWN = 8  # parts named in a note

Tongue = Literal["zh", "en"]


def standing(cell: Mapping[str, Any], answer: Mapping[str, Any], tongue: Tongue) -> str:
    """Say at which data version a released cell stands, or which parts of it stand at which."""
    zh = tongue == "zh"
    if "asOf" in cell:
        number = cell["asOf"]
        if "measures" in answer:
            return f"数据版本 {number}" if zh else f"as of data version {number}"
        # connectors that tell no bounds gave the version of the oldest part
        return f"一部分为数据版本 {number}" if zh else f"a part is as of data version {number}"
    if "versions" not in cell:
        return ""
    *older, newest = cell["versions"]
    told = [_part(part, zh=zh) for part in older]
    if zh:
        return f"数据版本 {newest['number']}，但{'；'.join(told)}"
    return f"data version {newest['number']}, but {'; '.join(told)}"


def said_of_cells(answer: Mapping[str, Any], tongue: Tongue) -> str:
    """Count the cells: released, in part, withheld, without rows."""
    cells, others = answer["cells"], answer["withheld"]
    partly = sum(bool(cell.get("statuses")) for cell in cells)
    empty = sum(cell["reason"] == "empty" and not cell.get("statuses") for cell in others)
    counts = (len(cells), partly, len(others) - empty, empty)
    if tongue == "zh":
        words = ("{} 格发布", "其中 {} 格只发布一部分", "{} 格扣下", "{} 格没有数据")
    else:
        words = ("{} released", "{} of them in part", "{} withheld", "{} without rows")
    shown = [
        text.format(count)
        for count, text, always in zip(counts, words, (True, False, True, False), strict=True)
        if count or always
    ]
    return ("，" if tongue == "zh" else ", ").join(shown)


def _part(part: Mapping[str, Any], *, zh: bool) -> str:
    """Say what stands at an older version; the contract may not let its codes be named."""
    keys = ["/".join(key.values()) for key in part["parts"]]
    cut = len(keys) > _SHOWN or part.get("more")
    named = ", ".join([*keys[:_SHOWN], *(["…"] if cut else [])])
    if zh:
        return f"{named} 仍为版本 {part['number']}" if named else f"一部分仍为版本 {part['number']}"
    return f"{named or 'a part'} as of {part['number']}"


def providers_versions(answer: Mapping[str, Any], tongue: Tongue) -> list[str]:
    """Say of each provider of a total which data version it answered from, and what is older."""
    return [text for text, _ in _of_providers(answer, tongue)]


def older_providers(answer: Mapping[str, Any], tongue: Tongue) -> list[str]:
    """Say it of those only whose part may be older than their newest version."""
    return [text for text, older in _of_providers(answer, tongue) if older]


def _of_providers(answer: Mapping[str, Any], tongue: Tongue) -> Iterator[tuple[str, bool]]:
    zh = tongue == "zh"
    for provider, told in answer.get("dataVersions", {}).items():
        if not isinstance(told, Mapping) or not answer["cells"]:
            continue
        number, oldest = told.get("number"), told.get("oldest")
        text = f"{provider} 数据版本 {number}" if zh else f"{provider} data version {number}"
        if oldest is None:
            yield text + ("（未说明是否有旧值）" if zh else " (parts may be older: not told)"), True
        elif oldest != number:
            since = f"（部分仍为版本 {oldest} 起的旧值）"
            yield text + (since if zh else f" (parts still as of {oldest} or later)"), True
        else:
            yield text, False


def bounds_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the declared bounds of each measure; of each provider too where they differ."""
    found = []
    for measure in answer.get("measures", ()):
        unit = f" {measure['unit']}" if measure.get("unit") else ""
        text = f"{measure['name']} [{measure['lower']}, {measure['upper']}]{unit}"
        each = [
            f"{provider} [{own['lower']}, {own['upper']}]"
            for provider, own in measure.get("providers", {}).items()
        ]
        found.append(f"{text} ({', '.join(each)})" if each else text)
    return found


def said_of_bounds(answer: Mapping[str, Any], tongue: Tongue) -> str:
    """Say the bounds in a sentence, clamped or not; empty if only rows are counted."""
    zh = tongue == "zh"
    if bounds := "; ".join(bounds_of(answer)):
        head = "每行取值界限（超出者按界限计）：" if zh else "bounds per row, beyond them clamped: "
        return head + bounds
    summed = any(not output["name"].startswith("*") for output in answer["outputs"])
    if "measures" in answer or not summed:
        return ""
    return "提供方未说明取值界限" if zh else "this provider does not tell its bounds"
