"""The commands about management keys: ``key add``, ``key list``, ``key revoke``."""

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import (
    Home,
    Json,
    Lang,
    Management,
    printable,
    put,
    said,
    say,
    settings_of,
    show,
)
from connector.faces.cli.does import does
from connector.faces.cli.single import single
from connector.faces.cli.words import padded
from connector.process.errors import SettingsError
from crypto.words import Words, verbatim

_OR_WRITTEN = Words("，或写入文件", ", or written to a file")
_ALSO_REVOKED = Words(
    "（已吊销的也列出，当时的存证仍指向它们）",
    "; revoked ones, too: leaves of their time name them",
)
_DREW = Words(
    "已生成管理密钥 `{name}`（{id}），角色：{roles}",
    "drew the management key `{name}` ({id}) for {roles}",
)
_ONCE = Words(
    "  只显示这一次；连接器只保存其摘要",
    "  it is shown this once; the connector keeps its digest",
)
_REVOKED = Words("已于 {day} 吊销", "revoked {day}")
_OPENS = Words("有效", "opens")
_LISTED = Words("{roles}", "{roles}")
_ROLES = {
    "steward": "数据管理员",
    "cdo": "首席数据官",
    "security": "安全负责人",
    "certifier": "认证人员",
    "auditor": "审计员",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    key = typer.Typer(
        help="Management keys: who may call this connector's own API, as what.",
        no_args_is_help=True,
    )
    key.command("add")(add)
    key.command("list")(single("key.list", _list, _ALSO_REVOKED))
    key.command("revoke")(single("key.revoke", _revoked))
    app.add_typer(key, name="key")


@does("key.add", _OR_WRITTEN, fields={"role": "roles"})
def add(
    home: Home,
    name: Annotated[str, typer.Argument()],
    role: Annotated[list[str], typer.Option("--role")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Write the token into this new file, 0600, and do not print it."
        ),
    ] = None,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Make the file for the token first, where one is wanted; then draw the key."""
    management = Management(settings_of(home))
    with ExitStack() as undo:
        file = undo.enter_context(_new_file(out, undo)) if out is not None else None
        found = management.post("/v1/management-keys", {"name": name, "roles": role})
        undo.pop_all()
    if file is not None:
        with file:
            file.write(found.pop("token") + "\n")
        found["file"] = str(out)

    def human() -> None:
        say(_DREW, name=name, id=found["key"]["id"], roles=[role_said(one) for one in role])
        if out is not None:
            say(Words("  令牌          已写入 {file}", "  token         in {file}"), file=out)
        else:
            say(Words("  令牌          {token}", "  token         {token}"), token=found["token"])
            say(_ONCE)

    show(found, as_json=as_json, human=human)


def _list(found: dict[str, Any]) -> None:
    for one in found["keys"]:
        ended = one.get("revoked")
        state = said(_REVOKED, day=_day(ended)) if ended else said(_OPENS)
        name = padded(printable(one["name"]), 24)
        roles = said(_LISTED, roles=[role_said(each) for each in one["roles"]])
        put(f"{one['id']}  {name} {padded(state, 20)} {roles}")


def _revoked(found: dict[str, Any]) -> None:
    words = Words("已吊销管理密钥 `{name}`（{id}）", "revoked the management key `{name}` ({id})")
    say(words, name=found["name"], id=found["id"])


def _new_file(path: Path, undo: ExitStack) -> TextIO:
    """Make the file before the key: a token that nobody keeps would be a key that nobody has."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SettingsError(problems.FILE_EXISTS, path=str(path)) from error
    undo.callback(path.unlink)
    return os.fdopen(handle, "w", encoding="ascii")


def role_said(code: str) -> Words:
    """Say a role: as an option takes it, and in Chinese beside it what it is."""
    return verbatim(f"{code}（{_ROLES[code]}）" if code in _ROLES else code, code)


def _day(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d")
