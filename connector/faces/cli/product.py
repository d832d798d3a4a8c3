"""Commands about one product: ``product show``."""

from typing import Annotated

import typer

from connector.faces.cli.client import Home, Json, Lang, management, part, show
from connector.faces.cli.page_lines import say_page


def register(app: typer.Typer) -> None:
    """Add the commands."""
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
