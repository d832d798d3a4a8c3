"""Commands of a firm about its data space: ``apply``, ``membership``, ``search``."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from connector.faces.cli.client import Home, Json, Lang, language, management, say, show
from connector.faces.cli.words import padded, pick
from policies.modes import PROFILE_MODES

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
_DOMAINS = {
    "rd": ("research and development", "研发"),
    "production": ("production", "生产"),
    "maintenance": ("maintenance", "运维"),
    "management": ("management", "管理"),
    "external": ("external", "外部"),
    "platform_ops": ("platform operation", "平台运营"),
    "enterprise": ("enterprise management", "企业管理"),
}
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


def apply(
    home: Home,
    name: Annotated[str, typer.Option("--name", help="Name of the firm in English.")],
    name_zh: Annotated[str, typer.Option("--name-zh", help="Name of the firm in Chinese.")],
    legal_id: Annotated[str, typer.Option("--legal-id", help="Registered number: USCC, LEI, …")],
    legal_group: Annotated[
        str | None,
        typer.Option("--legal-group", help="For firms under common control: one number for all."),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="provider, consumer, service; repeatable; default both first."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the operator's decision.")] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0, help="Seconds to wait at most.")
    ] = 60,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Apply to the operator's hub for certification."""
    client = management(home)
    tongue = language(client.settings, lang)
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
    show(found, as_json=as_json, human=lambda: _print_membership(found, tongue))
    if found["state"] == "rejected":
        raise typer.Exit(1)


def membership(
    home: Home,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the hub now.")] = False,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Show whether this connector is certified, and what the shared catalogue lists of it."""
    client = management(home)
    tongue = language(client.settings, lang)
    found = client.get("/v1/membership", **({"refresh": 1} if refresh else {}))
    show(found, as_json=as_json, human=lambda: _print_membership(found, tongue))


def search(
    home: Home,
    text: Annotated[
        list[str] | None,
        typer.Argument(help="Words in Chinese or English, all of them; -word excludes."),
    ] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", help="Data domain.")] = None,
    level: Annotated[list[str] | None, typer.Option("--level", help="1, 2 or 3.")] = None,
    mode: Annotated[list[str] | None, typer.Option("--mode", help="masked or homomorphic.")] = None,
    provider: Annotated[list[str] | None, typer.Option("--provider", help="DID.")] = None,
    page: Annotated[int, typer.Option("--page", min=1)] = 1,
    size: Annotated[int, typer.Option("--size", min=1, max=20)] = 10,
    lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Search the shared catalogue; every hit's signature is checked here."""
    from urllib.parse import urlencode

    client = management(home)
    tongue = language(client.settings, lang)
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
    show(found, as_json=as_json, human=lambda: _print_hits(found, tongue))


def word(code: str, tongue: str) -> str:
    """Say a state in a language."""
    en, zh = _STATES.get(code, (code, code))
    return zh if tongue == "zh" else en


def moment(seconds: int) -> str:
    """Write a moment of unix seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _pick(pair: dict[str, str], tongue: str) -> str:
    return pair.get(tongue) or pair.get("en") or pair.get("zh") or ""


def _print_membership(found: dict[str, Any], tongue: str) -> None:
    zh = tongue == "zh"

    def line(en: str, chinese: str, text: str) -> None:
        say(f"{padded(chinese if zh else en, 12)} {text}")

    line("party", "身份", found["did"])
    line("space", "空间", found["space"])
    line("hub", "运营方", found["hub"] or "-")
    line("application", "申请", word(found["state"], tongue))
    line("standing", "认证", word(found["standing"], tongue))
    if found.get("expires"):
        soon = ("（请尽快续期）" if zh else "  (apply again soon)") if found["renewSoon"] else ""
        line("valid until", "有效期至", f"{moment(found['expires'])}{soon}")
    if found["reason"]:
        line("reason", "原因", found["reason"])
    line("status doc", "状态文件", _document(found["statusDocument"], zh=zh))
    for item in found.get("announcements", ()):
        reason = f"  {item['reason']}" if item["reason"] else ""
        line("catalogue", "目录", f"{item['dataset']}  {word(item['state'], tongue)}{reason}")


def _document(status: dict[str, Any], *, zh: bool) -> str:
    if not status["serial"]:
        return "尚未收到" if zh else "none yet"
    en, chinese = ("current", "有效") if status["current"] else ("expired", "已过期")
    return f"#{status['serial']} {chinese if zh else en}"


def _print_hits(found: dict[str, Any], tongue: str) -> None:
    zh, index = tongue == "zh", 1 if tongue == "zh" else 0
    page = f"{found['page']}/{found['pages']}"
    say(f"共 {found['total']} 项，第 {page} 页" if zh else f"{found['total']} found, page {page}")
    for hit in found["hits"]:
        modes = ", ".join(_MODES.get(m, (m, m))[index] for m in hit["modes"])
        domain = _DOMAINS.get(hit["domain"], (hit["domain"],) * 2)[index]
        level = f"{hit['level']} 级" if zh else f"level {hit['level']}"
        say()
        say(f"{_pick(hit['title'], tongue)}  [{hit['dataset']}]")
        say(f"  {_pick(hit['providerName'], tongue)}  {hit['provider']}")
        say(f"  {domain} · {level} · {modes}")
        say("  提供方签名已验证" if zh else "  provider's signature verified")
    for line in found["dropped"]:
        say(("  未显示：" if zh else "  not shown: ") + f"{line['provider']}: {line['reason']}")
    say()
    for facet, names in _FACETS.items():
        values = found["facets"][facet]
        if values:
            shown = ("、" if zh else ", ").join(
                f"{_facet(facet, v, tongue)} ({v['count']})" for v in values[:8]
            )
            say(f"{names[index]}{'：' if zh else ': '}{shown}")
    if not found["total"]:
        say("减少检索词，或不填以列出全部" if zh else "ask for fewer words, or for none to see all")


def _facet(facet: str, value: dict[str, Any], tongue: str) -> str:
    """Say a value of a facet as the hits say it."""
    if value.get("name", {}).get("en"):
        return _pick(value["name"], tongue)
    code = str(value["value"])
    if facet == "level":
        return f"{code} 级" if tongue == "zh" else f"level {code}"
    return pick(code, {"domain": _DOMAINS, "mode": _MODES}.get(facet, {}), tongue)
