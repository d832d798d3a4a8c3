"""Documents that follow from the code: docs/api.md, docs/errors.md, OpenAPI, what commands read.

`python -m connector.compose.describing` writes them anew; a test says when that is due.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.compose import (
    describing_commands,
    describing_errors,
    describing_pages,
    hub,
    participant,
)
from connector.party.openapi import document
from connector.process.actor import ROLES
from crypto.record_kinds import fields_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connector.party.area import Area
    from connector.party.operation import Operation

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
ERRORS: Final = DOCS / "errors.md"
PAGES: Final = DOCS / "console-pages.md"
AREAS: Final[dict[str, Sequence[Area]]] = {"participant": participant.AREAS, "hub": hub.AREAS}
TITLES: Final = {"participant": "Voile connector: management", "hub": "Voile hub: management"}
_BEGIN: Final = "<!-- operations of a {who}: written by connector.compose.describing -->"
_END: Final = "<!-- end of operations -->"


def operations(who: str) -> list[Operation]:
    """Give what the owner of a participant or of a hub can do, in the order of the areas."""
    return [operation for area in AREAS[who] for operation in area.operations]


def openapi(who: str) -> dict[str, Any]:
    """Give the OpenAPI document of a participant or of a hub."""
    return document(operations(who), title=TITLES[who])


def kept(who: str) -> Path:
    """Name the file with the document that `/v1` is held to."""
    return DOCS / f"openapi-{who}.json"


def table(who: str) -> str:
    """Write the tables of docs/api.md: route, who may, body and query, what it does; the fields."""
    lines = ["| route | roles | body, query → answer |", "|---|---|---|"]
    lines += [
        f"| `{one.method} {one.path}` | {_roles(one)} | {_sent(one)}{_said(one)} |"
        for one in operations(who)
    ]
    return "\n".join([*lines, "", *_fields(who)])


def _fields(who: str) -> list[str]:
    """Write what each field is that is sent, and each part of a path."""
    seen: dict[tuple[str, str], None] = {}
    for one in operations(who):
        sent = (*fields_of(one.query), *fields_of(one.body))
        words = [*one.named.items(), *((each.key, words_of(each.kind)) for each in sent)]
        seen |= {(name, said.en): None for name, said in words if said}
    rows = [f"| `{name}` | {said} |" for name, said in sorted(seen)]
    return ["| what is sent | what it is |", "|---|---|", *rows]


def _roles(operation: Operation) -> str:
    if operation.may == set(ROLES):
        return "all"
    return ", ".join(role for role in ROLES if role in operation.may)


def _sent(operation: Operation) -> str:
    """Write the fields of body and query; `?` marks those that may be left out."""
    body, query = fields_of(operation.body), fields_of(operation.query)
    parts = []
    if body:
        parts.append("{" + ", ".join(f.key + ("" if f.required else "?") for f in body) + "}")
    if query:
        parts.append("?" + "&".join(f"{f.key}=" for f in query))
    status = f" {operation.status}" if operation.status != 200 else ""
    sent = ", ".join(f"`{part}`" for part in parts)
    return f"{sent} →{status} ".lstrip() if sent or status else ""


def _said(operation: Operation) -> str:
    return operation.words.en + (f". {operation.detail}" if operation.detail else "")


def described(text: str) -> str:
    """Give docs/api.md with its tables written anew."""
    for who in AREAS:
        begin = _BEGIN.format(who=who)
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(_END)
        text = f"{head}{begin}\n{table(who)}\n{_END}{tail}"
    return text


def dumped(value: dict[str, Any]) -> str:
    """Write a document as its file holds it."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def breaks(old: Any, new: Any, at: str = "") -> Iterable[str]:
    """Say what a new document takes away from, or demands beyond, an old one.

    Words may change; routes, answers and fields may be added, as long as nobody must send them.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{at}: {old!r} became {new!r}"
        return
    for key, value in old.items():
        if key in {"summary", "description", "x-voile-summary-zh", "info"}:
            continue
        if key in {"x-voile-may", "enum"} and isinstance(value, list):
            yield from (
                f"{at}/{key}: {one} is gone" for one in value if one not in new.get(key, [])
            )
        elif key not in new:
            yield f"{at}/{key}: is gone"
        elif key == "required" and isinstance(value, list):
            yield from _demanded(value, new[key], at)
        elif key == "parameters":
            yield from _parameters(value, new[key], at)
        else:
            yield from breaks(value, new[key], f"{at}/{key}")
    if "required" not in old and isinstance(new.get("required"), list) and "properties" in old:
        yield from _demanded([], new["required"], at)


def _demanded(old: list[str], new: list[str], at: str) -> Iterable[str]:
    if "/responses/" in at:  # there it is a promise of ours
        yield from (f"{at}: {name} is not sure any more" for name in old if name not in new)
    else:
        yield from (f"{at}: {name} must be sent now" for name in new if name not in old)


def _parameters(old: list[Any], new: list[Any], at: str) -> Iterable[str]:
    now = {(one["in"], one["name"]): one for one in new}
    for one in old:
        key = (one["in"], one["name"])
        if key not in now:
            yield f"{at}/{one['name']}: is gone"
        else:
            yield from breaks(one, now[key], f"{at}/{one['name']}")
    before = {(one["in"], one["name"]) for one in old}
    yield from (
        f"{at}/{one['name']}: must be sent now"
        for key, one in now.items()
        if one["required"] and key not in before
    )


def main() -> None:
    """Write all of them."""
    api = DOCS / "api.md"
    api.write_text(described(api.read_text(encoding="utf-8")), encoding="utf-8")
    for who in AREAS:
        kept(who).write_text(dumped(openapi(who)), encoding="utf-8")
    commands = describing_commands.written(one for who in AREAS for one in operations(who))
    describing_commands.FILE.write_text(commands, encoding="utf-8")
    ERRORS.write_text(describing_errors.written(), encoding="utf-8")
    PAGES.write_text(describing_pages.written(AREAS), encoding="utf-8")


if __name__ == "__main__":
    main()
