"""The address of the store: what is taken, what is refused by name, what is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.engine import make_url

from connector.party.home import Plan, settings_text
from connector.process import database_url as url
from connector.process.errors import SettingsError
from connector.process.settings import load

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "geheim-7"
TOML = 'did = "did:web:acme.example"\npublic_url = "https://acme.example"\n'


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgresql+psycopg:///voile", "postgresql+psycopg:///voile"),
        ("postgresql://u@db.example/voile", "postgresql+psycopg://u@db.example/voile"),
        ("postgres:///?service=voile", "postgresql+psycopg:///?service=voile"),
        (f"postgresql://u:{SECRET}@h/v", f"postgresql+psycopg://u:{SECRET}@h/v"),
    ],
)
def test_postgresql_is_taken_with_its_driver_named(given: str, kept: str):
    """The usual spellings mean the same driver; what libpq reads stands as it was given."""
    assert url.read(given, "database") == kept


@pytest.mark.parametrize(
    "given",
    [
        f"mysql://u:{SECRET}@h/v", f"postgresql+asyncpg://u:{SECRET}@h/v", "sqlite:///x.db",
        f"host=h password={SECRET}", f"postgresql://u:{SECRET}@h:port/v", "", 7,
        f"postgresql://u:{SECRET}@h/v\n", f"u:{SECRET}://x",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_saying_it(given: object):
    """Another dialect is refused by its name; no error repeats what may be a password."""
    with pytest.raises(SettingsError, match="database") as caught:
        url.read(given, "database")
    assert SECRET not in str(caught.value)
    assert caught.value.next_step
    scheme = str(given).partition("://")[0]
    if scheme in {"mysql", "postgresql+asyncpg"}:
        assert f"`{scheme}`" in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        f"postgresql+psycopg://u:{SECRET}@h/v",
        f"postgresql+psycopg://h/v?user=u&password={SECRET}",
        f"postgresql+psycopg://h/v?sslpassword={SECRET}&sslmode=verify-full",
        f"postgresql+psycopg://u:{SECRET}%40%2F@h/v",
    ],
)
def test_a_password_is_never_shown(given: str, tmp_path: Path):
    """Wherever libpq lets it stand, it is starred; and the settings' repr has no URL at all."""
    assert url.holds_secret(given)
    assert SECRET not in url.shown(given)
    assert "***" in url.shown(given)
    (tmp_path / "voile.toml").write_text(TOML)
    settings = load(tmp_path, {"VOILE_DATABASE": given})
    assert make_url(settings.database_url) == make_url(given)
    assert SECRET not in repr(settings)
    assert SECRET not in repr(Plan(did="d", public_url="u", database=given))


def test_the_settings_file_of_a_plan_reads_back(tmp_path: Path):
    """A URL with quotes, signs and Chinese comes out of the written file as it went in."""
    given = 'postgresql+psycopg://u@h/数据?options=-c search_path="x"\\y'
    plan = Plan(did="did:web:acme.example", public_url="https://acme.example", database=given)
    (tmp_path / "voile.toml").write_text(settings_text(plan), encoding="utf-8")
    assert load(tmp_path, {}).database_url == url.read(given, "database")
