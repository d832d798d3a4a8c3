"""Commands about products: ``publish``, ``products``, ``withdraw``, ``unpublish``, ``renew``."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from connector.faces.cli import problems
from connector.faces.cli.checking import say_checked
from connector.faces.cli.client import (
    Failed,
    Home,
    Json,
    Lang,
    Management,
    management,
    part,
    put,
    said,
    say,
    show,
    unreadable,
)
from connector.faces.cli.does import does
from connector.faces.cli.refreshed import say_refreshes
from connector.faces.cli.report_sheet import print_report, size_of
from connector.faces.cli.report_words import no_longer
from connector.faces.cli.sheet import print_sheet
from connector.faces.cli.single import single
from connector.faces.cli.taking_back import unpublish
from connector.faces.cli.tongue import spoken
from connector.faces.cli.words import PRODUCT_STATES, pick
from connector.process.errors import SettingsError
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_POLL_SECONDS = 0.1
_STAGES = {
    "read": ("reading", "读取"),
    "check": ("checking", "校验"),
    "group": ("grouping", "分组"),
    "cells": ("counting contributors", "统计贡献者"),
    "merge": ("merging unsafe cells", "合并不安全单元"),
    "compare": ("comparing with the last version", "与上一版本比较"),
    "write": ("writing", "写入"),
    "store": ("storing", "保存"),
}
_OR_ONE = Words("，或显示其中一个的所有者报告", ", or show the owner's report of one")
_NOT_ANSWERED = Words("，但不再回答对它的提问", ", but its questions are no longer answered")
_IF_CHECKED = Words("；仅与 --check 一起", "; with --check only")
_BY_ALL = Words("（须全部供应方参与）", "; it takes all suppliers")
_HEADS: "tuple[tuple[Words, Literal['left', 'right']], ...]" = (
    (Words("产品", "product"), "left"),
    (Words("名称", "title"), "left"),
    (Words("状态", "state"), "left"),
    (Words("版本", "version"), "right"),
    (Words("行数", "rows"), "right"),
    (Words("最细粒度行", "rows at finest level"), "right"),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(publish)
    app.command()(products)
    app.command("withdraw")(single("product.withdraw", _withdrawn, _NOT_ANSWERED))
    app.command()(unpublish)
    app.command("renew")(
        single("product.renew", lambda found: put(renewal_said(found, spoken())), _BY_ALL)
    )


@does("product.publish", also="product.check", of={"orders": _IF_CHECKED})
def publish(
    home: Home,
    product: Annotated[Path | None, typer.Argument()] = None,
    data: Annotated[Path | None, typer.Argument()] = None,
    accept_clamped: Annotated[bool, typer.Option("--accept-clamped")] = False,
    refresh: Annotated[
        str,
        typer.Option(
            "--refresh", metavar="ID", help="In place of files: read the data of a product again."
        ),
    ] = "",
    only_check: Annotated[
        bool, typer.Option("--check", help="Say what would come of it; nothing is published.")
    ] = False,
    orders: Annotated[int, typer.Option("--orders", min=1, max=3)] = 3,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Hand the files over, wait for the job, and print the owner's report."""
    client = management(home)
    if refresh:
        if product is not None or only_check:
            raise SettingsError(problems.REFRESH_AND_FILE, product=refresh)
        clamped = {"acceptClamped": accept_clamped}
        job = client.post(f"/v1/products/{part(refresh)}/refresh", clamped)
        _say_report(client, job, as_json=as_json)
        return
    if product is None:
        raise SettingsError(problems.PRODUCT_FILE_NOT_GIVEN)
    try:
        text = product.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError(problems.PRODUCT_FILE_MISSING, path=str(product)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(problems.PRODUCT_FILE_UNREADABLE, path=str(product)) from error
    if data is not None and not data.exists():  # a folder, too: the product file may name its files
        raise SettingsError(problems.DATA_FILE_MISSING, path=str(data))
    place = None if data is None else str(data.resolve())
    body: dict[str, Any] = {"product": text, "data": place}
    body |= {"acceptClamped": True} if accept_clamped else {}
    if only_check:
        job = client.post("/v1/product-checks", {**body, "orders": orders})
        report = _ended(client, job, as_json=as_json)
        show(report, as_json=as_json, human=lambda: say_checked(report))
        if not report["wouldPublish"]:
            raise typer.Exit(1)
        return
    _say_report(client, client.post("/v1/products", body), as_json=as_json)


def _say_report(client: Management, job: "Mapping[str, Any]", *, as_json: bool) -> None:
    report = _ended(client, job, as_json=as_json)
    show(report, as_json=as_json, human=lambda: print_report(report))


def _ended(client: Management, job: "Mapping[str, Any]", *, as_json: bool) -> dict[str, Any]:
    watched = sys.stdout.isatty() and not as_json  # no bar in a file or a pipe
    return _wait_with_bar(client, job) if watched else _wait(client, job, lambda _: None)


@does("product.list", _OR_ONE)
def products(
    home: Home,
    product: Annotated[
        str, typer.Argument(help="Identifier of a product: its report instead of the list.")
    ] = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Print a table of all, or the report of one."""
    client = management(home)
    if product:
        one = client.get(f"/v1/products/{part(product)}")
        report = one.get("report") or {**one, "product": one["id"]}  # a file has none
        if "cells" not in report and "protection" in one:  # as an auditor is shown it
            report |= {"protection": one["protection"]}

        def human_one() -> None:
            print_report(report)
            say_refreshes(one["id"], one.get("refresh"), all_of_it=True)

        show(one, as_json=as_json, human=human_one)
        return
    found = client.get("/v1/products")

    def human() -> None:
        from rich.table import Table

        if not found["products"]:
            say(Words("没有产品", "nothing is published"))
            return
        table = Table(box=None, pad_edge=False)
        for head, justify in _HEADS:
            table.add_column(said(head), justify=justify)
        for row in found["products"]:
            if "unreadable" in row:
                state = pick(row["state"], PRODUCT_STATES, spoken())
                table.add_row(row["id"], unreadable(row), state)
                continue
            table.add_row(
                row["id"],
                row["title"][spoken()],
                pick(row["state"], PRODUCT_STATES, spoken()),
                str(row["version"]["number"]),
                _amount(row),
                f"{row['rowsAtFinest']['percent']} %" if "rows" in row else "",
            )
        print_sheet(table)
        for row in found["products"]:
            if lost := row.get("noLonger"):
                put(no_longer(row["id"], lost, zh=spoken() == "zh"))
            say_refreshes(row["id"], row.get("refresh"), all_of_it=False)

    show(found, as_json=as_json, human=human)


def _amount(row: "Mapping[str, Any]") -> str:
    """Write how much it is; an auditor is not told of a table."""
    if "rows" in row:
        return f"{row['rows']:,}"
    return size_of(row["bytes"]) if "bytes" in row else ""


def _withdrawn(found: "Mapping[str, Any]") -> None:
    say(Words("已撤回：{product}", "withdrawn: {product}"), product=found["id"])


def renewal_said(found: "Mapping[str, Any]", lang: str) -> str:
    """Say how far a renewal is."""
    zh, number = lang == "zh", found["renewal"]
    if found["state"] == "renewed":
        held, every = found["classes"]["held"], found["classes"]["all"]
        before, after = found["withheld"]["before"], found["withheld"]["after"]
        return (
            f"第 {number} 次更新已完成：{every - held} 类取自新数据，{held} 类保留原值；"
            f"不发布的单元格：更新前 {before} 个，现在 {after} 个"
            if zh
            else f"renewal {number} is done: {every - held} classes are newer, {held} are held; "
            f"cells withheld: {before} before, {after} now"
        )
    if found["missing"]:
        names = ", ".join(found["missing"])
        return (
            f"第 {number} 次更新：等待其他供方的 `voile renew`：{names}"
            if zh
            else f"renewal {number} waits for `voile renew` at {names}"
        )
    return f"第 {number} 次更新进行中" if zh else f"renewal {number} is under way"


def _wait(
    client: Management, job: "Mapping[str, Any]", watch: "Callable[[Mapping[str, Any]], None]"
) -> dict[str, Any]:
    while job["state"] in ("waiting", "running"):
        watch(job)
        time.sleep(_POLL_SECONDS)
        job = client.get(f"/v1/products/jobs/{job['job']}")
    if job["state"] == "failed":
        raise Failed(422, job)
    report: dict[str, Any] = job["report"]
    return report


def _wait_with_bar(client: Management, job: "Mapping[str, Any]") -> dict[str, Any]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from connector.engines.progress import STAGES

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task(job["product"], total=len(STAGES))

        def watch(job: "Mapping[str, Any]") -> None:
            words = _STAGES[job["stage"]][spoken() == "zh"]
            bar.update(task, description=words, completed=STAGES.index(job["stage"]) + job["done"])

        return _wait(client, job, watch)
