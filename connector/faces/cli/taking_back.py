"""Command ``unpublish``: it cannot be undone, so it asks."""

import sys
from typing import Annotated

import typer

from connector.faces.cli import problems
from connector.faces.cli.client import Home, Json, Lang, management, part, say, show
from connector.faces.cli.confirming import confirmed
from connector.faces.cli.does import does
from connector.process.errors import SettingsError
from crypto.words import Words

_NEEDS_YES = Words("；无法撤销，因此会先询问", "; it cannot be undone, so it asks first")
_MEANT = Words(
    "删除 `{product}` 的全部数据版本？此操作无法撤销",
    "remove `{product}` with all its data versions? This cannot be undone",
)
_TAKEN_BACK = Words(
    "已收回：{id}（{versions} 个数据版本）",
    "taken back: {id}, {versions} data {versions|version|versions}",
)


@does("product.unpublish", _NEEDS_YES, fields={"product": "product_id"})
def unpublish(
    product: str,
    home: Home,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
    _lang: Lang = "",
) -> None:
    """Ask whether it is meant, and take the product back."""
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise SettingsError(problems.NOT_CONFIRMED, product=product)
        if not confirmed(_MEANT, product=product):
            raise typer.Abort
    found = management(home).post(f"/v1/products/{part(product)}/unpublish", {})
    show(
        found,
        as_json=as_json,
        human=lambda: say(_TAKEN_BACK, id=found["id"], versions=found["versions"]),
    )
