"""The commands about people: ``person invite``, ``list``, ``roles``, ``renew``, ``end``."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer

from connector.faces.cli.client import Home, Json, Lang, management, printable, put, said, say, show
from connector.faces.cli.does import does
from connector.faces.cli.management_keys import role_said
from connector.faces.cli.moments import read_moment
from connector.faces.cli.single import Spelled, single
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import KEEP_THREE, NEXT, padded
from crypto.instants import last_day
from crypto.words import Words

_ALSO_ENDED = Words(
    "（已停用的也列出，当时的存证仍指向他们）",
    "; those who have ended, too: leaves of their time name them",
)
_INVITED = Words("已邀请 `{name}`（{id}），角色：{roles}", "invited `{name}` ({id}) as {roles}")
_LINK = Words("  链接          {link}", "  link          {link}")
_ONCE = Words(
    "  有效至 {moment}，只能使用一次；只显示这一次，请只交给本人",
    "  good once, until {moment}; shown this once: give it to nobody else",
)
_STATES = {
    "invited": Words("已邀请", "invited"),
    "active": Words("有效", "active"),
    "ended": Words("已停用", "ended"),
}
_FACTOR = Words("双因素", "two factors")
_PLAIN = Words("仅密码", "password only")
_UNTIL = Words("，至 {moment}", ", until {moment}")
_TO_DAY = Words("，至 {day}（含当日，UTC）", ", until {day} (included, UTC)")
_LOCKED = Words("，锁定至 {moment}", ", locked until {moment}")
_ROLES = Words("{roles}", "{roles}")
_NOW = Words(
    "`{name}`（{id}）的角色：{roles}；其会话已全部结束",
    "`{name}` ({id}) is now {roles}; all its sessions have ended",
)
_ENDED = Words("已停用 `{name}`（{id}）", "ended `{name}` ({id})")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    person = typer.Typer(
        help="People who use the console: invite, list, change roles, end.", no_args_is_help=True
    )
    spelled = {"roles": Spelled("--role")}
    person.command("invite")(invite)
    person.command("list")(single("person.list", _list, _ALSO_ENDED))
    person.command("roles")(single("person.roles", _changed, spelled=spelled))
    person.command("renew")(single("person.renew", _invited))
    person.command("end")(single("person.end", _ended))
    app.add_typer(person, name="person")


@does("person.invite", fields={"role": "roles"})
def invite(
    home: Home,
    name: Annotated[str, typer.Argument()],
    role: Annotated[list[str], typer.Option("--role")],
    language: Annotated[Literal["zh", "en"] | None, typer.Option("--language")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=30)] = 7,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            help="The grant ends with this day, or at this moment, UTC; for an auditor alone.",
        ),
    ] = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Send what was given."""
    body: dict[str, Any] = {"name": name, "roles": role, "days": days}
    if language is not None:
        body["language"] = language
    if (ends := read_moment(until, end=True)) is not None:
        body["until"] = ends
    found = management(home).post("/v1/people", body)
    show(found, as_json=as_json, human=lambda: _invited(found))


def _invited(found: dict[str, Any]) -> None:
    person = found["person"]
    say(_INVITED, **_facts(person))
    say(_LINK, link=found["link"])
    say(_ONCE, moment=_moment(found["expires"]))


def _list(found: dict[str, Any]) -> None:
    for one in found["people"]:
        state = said(_STATES[one["state"]])
        if one.get("until"):
            day = last_day(one["until"])
            state += said(_TO_DAY, day=day) if day else said(_UNTIL, moment=_moment(one["until"]))
        if one.get("lockedUntil"):
            state += said(_LOCKED, moment=_moment(one["lockedUntil"]))
        name = padded(printable(one["name"]), 24)
        factor = padded(said(_FACTOR if one["secondFactor"] else _PLAIN), 13)
        roles = said(_ROLES, roles=_facts(one)["roles"])
        put(f"{one['id']}  {name} {padded(state, 10)} {factor} {roles}")
    if heed := found.get("heed"):
        put(printable(heed[spoken()]))
        put(f"  {said(NEXT, step=said(KEEP_THREE))}")


def _changed(found: dict[str, Any]) -> None:
    say(_NOW, **_facts(found))


def _ended(found: dict[str, Any]) -> None:
    say(_ENDED, name=found["name"], id=found["id"])


def _facts(person: dict[str, Any]) -> dict[str, Any]:
    roles = [role_said(one) for one in person["roles"]]
    return {"name": person["name"], "id": person["id"], "roles": roles}


def _moment(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
