"""Commands about one product: ``product show``."""

from typing import Annotated

import typer

from connector.faces.cli.client import Home, Json, Lang, management, part, say, show
from connector.faces.cli.page_lines import say_page
from crypto.words import Words

_TAKEN_BACK = Words(
    "已收回：{id}（{versions} 个数据版本）", "taken back: {id}, {versions} data version(s)"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(unpublish)
    product = typer.Typer(
        help="See what a product is, and what may be asked of it.", no_args_is_help=True
    )
    product.command("show")(show_page)
    app.add_typer(product, name="product")


def show_page(
    product: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the product.")],
    home: Home,
    provider: Annotated[
        str, typer.Option("--provider", help="DID of its provider, if it is not ours.")
    ] = "",
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Show what a product is: names, units, codes, offers, how they differ, what may be asked."""
    params = {"provider": provider} if provider else {}
    found = management(home).get(f"/v1/product-pages/{part(product)}", **params)
    show(found, as_json=as_json, human=lambda: say_page(found))


def unpublish(
    product: Annotated[str, typer.Argument(help="Identifier of the product.")],
    home: Home,
    _lang: Lang = "",
    as_json: Json = False,
) -> None:
    """Take back a product that nobody has agreed on or negotiates, with all its data versions."""
    found = management(home).post(f"/v1/products/{part(product)}/unpublish")
    show(found, as_json=as_json, human=lambda: say(_TAKEN_BACK, **found))
