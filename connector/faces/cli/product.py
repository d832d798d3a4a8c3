"""Commands about one product: ``product draft``."""

import typer

from connector.faces.cli.draft import draft


def register(app: typer.Typer) -> None:
    """Add the commands."""
    product = typer.Typer(help="One product: a first product file made from data.")
    product.callback()(_of_product)
    product.command("draft")(draft)
    app.add_typer(product, name="product", no_args_is_help=True)


def _of_product() -> None:
    """Take what stands before a command."""
