"""The command about the management token: ``token renew``."""

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import (
    AcceptHead,
    Home,
    Json,
    Lang,
    Management,
    say,
    settings_of,
    show,
)
from connector.faces.cli.does import does
from connector.process.actor import Actor, acting
from connector.process.errors import SettingsError
from connector.process.settings import Settings
from crypto.words import Words

_WHO_DOES_IT = Words(
    "\n\n令牌在手时由运行中的连接器完成。令牌丢失时先停止连接器：由密钥文件证明节点归属。"
    "整体由备份恢复之后，第一个写入的命令必须用 --accept-head 说明，此命令也不例外。",
    "\n\nWith the token at hand a running connector does it. If the token is lost, stop the "
    "connector: the key file then proves whose home it is. Where everything was restored from a "
    "backup, the first command that writes must say so, be it this one.",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    token = typer.Typer(help="The token that the owner's commands show.", no_args_is_help=True)
    token.callback()(lambda: None)  # a group, although it has one command
    token.command()(renew)
    app.add_typer(token, name="token")


@does("token.renew", _WHO_DOES_IT)
def renew(
    home: Home, accept_head: AcceptHead = False, _lang: Lang = "", as_json: Json = False
) -> None:
    """Ask the connector; if the token is lost, or nothing runs, do it here."""
    settings = settings_of(home)
    try:
        Management(settings).post("/v1/token/renew")
    except SettingsError as error:
        if error.code not in {"not-running", "token-missing", "token-refused"}:
            raise
        _renew_stopped(settings, accept_head=accept_head)

    def human() -> None:
        say(
            Words("已重新生成管理令牌：{file}", "drew a new management token: {file}"),
            file=settings.token_file,
        )
        say(
            Words(
                "  旧令牌已作废；别处的副本须更新",
                "  the old one opens nothing any more; copies of it elsewhere must be renewed",
            )
        )

    show({"managementToken": str(settings.token_file)}, as_json=as_json, human=human)


def _renew_stopped(settings: Settings, *, accept_head: bool) -> None:
    from connector.party.credentials import renew_first
    from connector.party.node import open_node
    from connector.process.lock import FolderLock
    from connector.process.logs import silent
    from connector.process.ports import SystemClock

    try:
        with FolderLock(settings.data, what="voile token renew", now=SystemClock().now()):
            node = open_node(settings, log=silent(), accept_head=accept_head)
            try:
                with acting(Actor("command", "token renew")):
                    renew_first(node)
                node.checkpoints.sign()
            finally:
                node.close()
    except SettingsError as error:
        if error.code == "data-locked":
            error.advise(problems.STOP_FIRST)
        raise
