"""Make the next migration from the models: ``python -m connector.compose.make_migration MESSAGE``.

There are homes of earlier versions, which their owners open with the present one: a migration that
stands is never written anew.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from connector.compose.tables import metadata
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import FOLDER, migrate, newest

HEADER = '''# ruff: noqa: PLR0915 -- one statement per table, generated
"""{message}.

Generated from the models by `connector.compose.make_migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None

# text is ordered by its bytes wherever it lies: PostgreSQL would follow the server's language
TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Bring the schema up to this revision."""
{upgrade}


def downgrade() -> None:
    """Take the schema back to the revision before."""
{downgrade}
'''


def main(arguments: list[str]) -> None:
    """Write the migration file and format it."""
    if len(arguments) != 1:
        sys.exit("usage: python -m connector.compose.make_migration MESSAGE")
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/empty.db", SystemClock())
        migrate(db)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"render_as_batch": False})
            script = produce_migrations(context, metadata())
        db.close()
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    down = newest()
    revision = f"{int(down) + 1:04d}"
    (message,) = arguments
    slug = "_".join(message.lower().split())[:40]
    path = FOLDER / "versions" / f"{revision}_{slug}.py"
    body = HEADER.format(
        message=message,
        revision=revision,
        down=repr(down),
        upgrade=_indented(render_python_code(script.upgrade_ops)),
        downgrade=_indented(render_python_code(script.downgrade_ops)),
    )
    body = body.replace("sqlmodel.sql.sqltypes.AutoString()", "TEXT")
    path.write_text(body, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    for step in (["format"], ["check", "--fix"]):
        subprocess.run([ruff, *step, "--quiet", path], check=True)  # noqa: S603 -- our own tool
    sys.stdout.write(f"wrote {path.name}\n")


def _indented(code: str) -> str:
    lines = [line for line in code.splitlines() if not line.strip().startswith("# ###")]
    return "\n".join("    " + line.lstrip() if not line.startswith(" ") else line for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:])
