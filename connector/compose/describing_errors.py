"""docs/errors.md: every code that an answer, a command or a reason may bear, in both languages.

It follows from the modules `problems` of all rooms and areas and from the phrases of reasons.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crypto.problem import Problem
from crypto.words import NOTHING
from policies.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from crypto.words import Words

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("crypto", "policies", "contracts", "catalog", "connector")
_HEAD: Final = """# Errors and refusals

Written by `connector.compose.describing`; do not edit.

An error is `{"error": {"code", "message", "next", "params"}}`, with `reasons` where a contract, a
policy or a question decided. `code` is stable, for programs; `params` are the facts in the text.
`message` and `next` are in the language that `Accept-Language` asks for (`zh` or `en`; English
without). Commands speak the language of `--lang`, `VOILE_LANG`, the setting `language` or a Chinese
locale, in this order.
"""


def modules() -> Iterator[ModuleType]:
    """Import every module `problems` of the five rooms."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("problems*.py")):
            yield import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def problems(module: ModuleType) -> Mapping[str, Problem]:
    """Give the problems that a module keeps, by the names of its constants."""
    return {name: value for name, value in vars(module).items() if isinstance(value, Problem)}


def written() -> str:
    """Write the whole page."""
    parts = [_HEAD]
    for module in modules():
        if found := [one for one in problems(module).values() if one.code]:
            title = (module.__doc__ or module.__name__).partition("\n")[0].rstrip(".")
            parts.append(f"## {title}\n\n`{module.__name__}`\n")
            parts.append(_table(found))
    reasons = {code: phrase for code, phrase in PHRASES.items() if not code.startswith("next.")}
    parts.append("## Reasons of refusals and notes of answers\n\n`policies.phrases`\n")
    parts.append(
        "\n".join(
            ["| code | says | 说明 |", "|---|---|---|"]
            + [f"| `{code}` | {_cell(en)} | {_cell(zh)} |" for code, (zh, en) in reasons.items()]
        )
        + "\n"
    )
    return "\n".join(parts)


def _table(found: list[Problem]) -> str:
    lines = ["| code | says; what to do next | 说明；下一步 |", "|---|---|---|"]
    lines += [
        f"| `{one.code}` | {_both(one.says, one.next, 'en')} | {_both(one.says, one.next, 'zh')} |"
        for one in sorted(found, key=lambda one: one.code)
    ]
    return "\n".join(lines) + "\n"


def _both(says: Words, following: Words, language: str) -> str:
    said = says.zh if language == "zh" else says.en
    if following == NOTHING:
        return _cell(said)
    step = following.zh if language == "zh" else following.en
    return _cell(f"{said}；{step}" if language == "zh" else f"{said}; {step}")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
