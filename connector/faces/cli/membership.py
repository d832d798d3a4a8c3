"""Commands of a firm about its data space: ``apply``, ``membership``, ``search``."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from catalog.grading import DOMAIN_WORDS
from connector.faces.cli.client import Home, Json, Lang, management, put, said, say, show
from connector.faces.cli.does import does
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import padded, pick
from crypto.words import NOTHING, Words
from policies.modes import PROFILE_MODES

Timeout = Annotated[float, typer.Option("--timeout", min=0, help="Seconds to wait at most.")]

_WAIT_SECONDS = 0.5
_STATES = {
    "none": ("not applied", "未申请"),
    "pending": ("waiting for the operator", "等待运营方审核"),
    "approved": ("approved", "已通过"),
    "rejected": ("rejected", "已拒绝"),
    "certified": ("certified", "已认证"),
    "suspended": ("suspended", "已暂停"),
    "revoked": ("revoked", "已撤销"),
    "": ("not certified", "未认证"),
    "sent": ("on its way", "发送中"),
    "listed": ("listed", "已上架"),
    "refused": ("refused", "被拒绝"),
    "withdrawing": ("being withdrawn", "撤回中"),
    "withdrawn": ("withdrawn", "已撤回"),
}
_DOMAINS = {code: (words.en, words.zh) for code, words in DOMAIN_WORDS.items()}
_MODES = {mode.name: (mode.en, mode.zh) for mode in PROFILE_MODES}
_FACETS = {
    "provider": ("providers", "提供方"),
    "domain": ("data domains", "数据域"),
    "level": ("levels", "级别"),
    "mode": ("query modes", "查询模式"),
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(apply)
    app.command()(membership)
    app.command()(search)


@does(
    "membership.apply",
    fields={"name": "name_en", "role": "roles"},
    of={"role": Words("；默认前两个", "; default both first")},
)
def apply(
    home: Home,
    name: Annotated[str, typer.Option("--name")],
    name_zh: Annotated[str, typer.Option("--name-zh")],
    legal_id: Annotated[str, typer.Option("--legal-id")],
    legal_group: Annotated[str | None, typer.Option("--legal-group")] = None,
    role: Annotated[list[str] | None, typer.Option("--role")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the operator's decision.")] = False,
    timeout: Timeout = 60,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Hand in the application; if asked, look until the operator has decided."""
    client = management(home)
    form: dict[str, Any] = {
        "nameEn": name,
        "nameZh": name_zh,
        "legalId": legal_id,
        "roles": role or ["provider", "consumer"],
    }
    if legal_group is not None:
        form["legalGroup"] = legal_group
    found = client.post("/v1/membership/apply", form)
    until = time.monotonic() + (timeout if wait else 0)
    while found["state"] == "pending" and time.monotonic() < until:
        time.sleep(_WAIT_SECONDS)
        found = client.get("/v1/membership", refresh=1)
    show(found, as_json=as_json, human=lambda: _print_membership(found))
    if found["state"] == "rejected":
        raise typer.Exit(1)


@does("membership.show")
def membership(
    home: Home,
    refresh: Annotated[bool, typer.Option("--refresh")] = False,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print it, a line for each fact."""
    client = management(home)
    found = client.get("/v1/membership", **({"refresh": 1} if refresh else {}))
    show(found, as_json=as_json, human=lambda: _print_membership(found))


@does("catalog.search")
def search(
    home: Home,
    text: Annotated[list[str] | None, typer.Argument()] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain")] = None,
    level: Annotated[list[str] | None, typer.Option("--level")] = None,
    mode: Annotated[list[str] | None, typer.Option("--mode")] = None,
    provider: Annotated[list[str] | None, typer.Option("--provider")] = None,
    page: Annotated[int, typer.Option("--page", min=1)] = 1,
    size: Annotated[int, typer.Option("--size", min=1, max=20)] = 10,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print one page of hits, with what other words would find."""
    from urllib.parse import urlencode

    client = management(home)
    asked = {
        "text": " ".join(text or []),
        "domain": domain or [],
        "level": level or [],
        "mode": mode or [],
        "provider": provider or [],
        "page": page,
        "size": size,
    }
    found = client.get("/v1/search?" + urlencode(asked, doseq=True))
    show(found, as_json=as_json, human=lambda: _print_hits(found))


_NEXT_PAGE = Words("共 {total} 项，第 {page} 页", "{total} found, page {page}")
_LEVEL = Words("{level} 级", "level {level}")
_VERIFIED = Words("  提供方签名已验证", "  provider's signature verified")
_NOT_SHOWN = Words("  未显示：{provider}：{reason}", "  not shown: {provider}: {reason}")
_FACET = Words("{name}：{values}", "{name}: {values}")
_FEWER = Words("减少检索词，或不填以列出全部", "ask for fewer words, or for none to see all")


def word(code: str) -> str:
    """Say a state."""
    return pick(code, _STATES, spoken())


def moment(seconds: int) -> str:
    """Write a moment of unix seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _pick(pair: dict[str, str]) -> str:
    return pair.get(spoken()) or pair.get("en") or pair.get("zh") or ""


def _print_membership(found: dict[str, Any]) -> None:
    def line(head: Words, text: str) -> None:
        put(f"{padded(said(head), 12)} {text}")

    line(Words("身份", "party"), found["did"])
    line(Words("空间", "space"), found["space"])
    line(Words("运营方", "hub"), found["hub"] or "-")
    line(Words("申请", "application"), word(found["state"]))
    line(Words("认证", "standing"), word(found["standing"]))
    if found.get("expires"):
        renew = Words("（请尽快续期）", "  (apply again soon)") if found["renewSoon"] else NOTHING
        line(Words("有效期至", "valid until"), moment(found["expires"]) + said(renew))
    if found["reason"]:
        line(Words("原因", "reason"), found["reason"])
    line(Words("状态文件", "status doc"), _document(found["statusDocument"]))
    for item in found.get("announcements", ()):
        reason = f"  {item['reason']}" if item["reason"] else ""
        line(Words("目录", "catalogue"), f"{item['dataset']}  {word(item['state'])}{reason}")


def _document(status: dict[str, Any]) -> str:
    if not status["serial"]:
        return said(Words("尚未收到", "none yet"))
    state = Words("有效", "current") if status["current"] else Words("已过期", "expired")
    return f"#{status['serial']} {said(state)}"


def _print_hits(found: dict[str, Any]) -> None:
    tongue = spoken()
    say(_NEXT_PAGE, total=found["total"], page=f"{found['page']}/{found['pages']}")
    for hit in found["hits"]:
        modes = ", ".join(pick(mode, _MODES, tongue) for mode in hit["modes"])
        level = said(_LEVEL, level=hit["level"])
        put()
        put(f"{_pick(hit['title'])}  [{hit['dataset']}]")
        put(f"  {_pick(hit['providerName'])}  {hit['provider']}")
        put(f"  {pick(hit['domain'], _DOMAINS, tongue)} · {level} · {modes}")
        say(_VERIFIED)
    for line in found["dropped"]:
        say(_NOT_SHOWN, provider=line["provider"], reason=line["reason"])
    put()
    for facet in _FACETS:
        if values := found["facets"][facet]:
            shown = [f"{_facet(facet, value)} ({value['count']})" for value in values[:8]]
            say(_FACET, name=pick(facet, _FACETS, tongue), values=shown)
    if not found["total"]:
        say(_FEWER)


def _facet(facet: str, value: dict[str, Any]) -> str:
    """Say a value of a facet as the hits say it."""
    if value.get("name", {}).get("en"):
        return _pick(value["name"])
    code = str(value["value"])
    if facet == "level":
        return said(_LEVEL, level=code)
    return pick(code, {"domain": _DOMAINS, "mode": _MODES}.get(facet, {}), spoken())
