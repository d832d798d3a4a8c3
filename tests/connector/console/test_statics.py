"""Files of pages: named by what they hold, and none but these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.console import statics
from connector.console.statics import href

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.console.conftest import Browser


def test_scripts_that_load_each_other_bear_one_digest(browser: Browser):
    """What one imports beside itself has the same address but for its name, and is there."""
    digests = {href(f"audit/verify/{name}.js").split("/")[2] for name in ("page", "check", "json")}
    assert len(digests) == 1
    answer = browser.get(href("audit/verify/page.js").replace("page.js", "json.js"))
    assert answer.status_code == 200
    assert answer.content_type == "text/javascript; charset=utf-8"


def test_a_change_in_one_of_them_renames_all(monkeypatch, tmp_path: Path):
    """A browser that keeps files for a year never mixes two editions."""
    folder = tmp_path / "areas" / "some" / "pages" / "parts"
    folder.mkdir(parents=True)
    (folder / "one.js").write_text("1")
    (folder / "two.js").write_text("2")
    monkeypatch.setattr(statics, "_ROOT", tmp_path)
    statics._held.cache_clear()
    before = href("some/parts/one.js")
    (folder / "two.js").write_text("3")
    statics._held.cache_clear()
    assert href("some/parts/one.js") != before
    statics._held.cache_clear()


def test_nothing_else_is_served(browser: Browser):
    """No template, no Python, nothing above the folders, nothing of another edition."""
    digest = href("audit/verify/page.js").split("/")[2]
    names = ("audit/verify.html", "audit/verifying.py", "audit/verify.py", "audit/verify/../verify.html",
             "audit/verify/more/page.js", "audit/../audit/verify/page.js", "audit/verify/none.js")  # fmt: skip
    for name in names:
        assert browser.get(f"/static/{digest}/{name}").status_code == 404, name
    assert browser.get("/static/0000000000000000/audit/verify/page.js").status_code == 404
