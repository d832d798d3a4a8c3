"""Commands about one product: ``product draft``, ``product import``, ``product show``."""

import typer

from connector.faces.cli.draft import draft
from connector.faces.cli.importing import import_contract
from connector.faces.cli.page_lines import say_page
from connector.faces.cli.single import single


def register(app: typer.Typer) -> None:
    """Add the commands."""
    product = typer.Typer(
        help="One product: a first product file, made from data or a data contract; what it is, "
        "and what may be asked of it."
    )
    product.callback()(_of_product)
    product.command("draft")(draft)
    product.command("import")(import_contract)
    product.command("show")(single("product.page", say_page))
    app.add_typer(product, name="product", no_args_is_help=True)


def _of_product() -> None:
    """Take what stands before a command."""
