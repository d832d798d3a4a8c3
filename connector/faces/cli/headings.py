"""Under which heading each command stands in `voile --help`."""

from typing import Any, Final

from crypto.words import Words

HEADINGS: Final = (
    (
        Words("开始", "Getting started"),
        ("demo", "init", "serve", "status", "doctor", "down", "apply", "membership"),
    ),
    (
        Words("提供", "Provide"),
        ("product", "publish", "products", "renew", "withdraw", "unpublish"),
    ),
    (Words("使用", "Consume"), ("search", "catalog", "ask", "questions")),
    (
        Words("约定", "Agree"),
        (
            "negotiate", "negotiations", "negotiation", "accept", "terminate", "agreements",
            "agreement", "transfer", "explain",
        ),
    ),
    (Words("人员与密钥", "People and their keys"), ("person", "approval", "key", "token")),
    (Words("审计", "Audit"), ("audit", "evidence")),
    (Words("运维", "Operate"), ("hub", "keys", "outbox")),
)  # fmt: skip
OTHERS: Final = Words("其他命令", "More commands")
_PLACES: Final = {
    name: (at, place) for at, (_, names) in enumerate(HEADINGS) for place, name in enumerate(names)
}


def heading_of(name: str) -> Words:
    """Give the heading of a command of `voile`; one that no heading names is among the others."""
    at, _ = _PLACES.get(name, (-1, 0))
    return HEADINGS[at][0] if at >= 0 else OTHERS


def place_of(name: str) -> tuple[int, int]:
    """Give where a command stands in the list."""
    return _PLACES.get(name, (len(HEADINGS), 0))


def head(app: Any) -> None:
    """Give the commands of an application their headings."""
    for one in (*app.registered_commands, *app.registered_groups):
        name = one.name or one.callback.__name__.replace("_", "-")
        one.rich_help_panel = heading_of(name).en
