"""`voile product draft` and `import`: without a home, in both languages, and never over a file."""

from __future__ import annotations

import json
import re
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.__main__ import main
from tests.catalog.test_odcs import CONTRACT

if TYPE_CHECKING:
    from pathlib import Path

HAN = re.compile(r"[\u4e00-\u9fff]")
ROWS = "\n".join(
    [
        "customer,mode,price",
        *(f"C{n % 50:02},{('AIR', 'ROAD')[n % 2]},{n % 97}.5" for n in range(400)),
    ]
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data and a contract, and no home of a connector anywhere."""
    for name in ("VOILE_LANG", "VOILE_HOME", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "contract.yaml").write_text(json.dumps(CONTRACT), encoding="utf-8")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["voile", "product", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


WAYS = {
    "draft": ("draft", "data.csv"),
    "import": ("import", "contract.yaml", "--object", "deliveries"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_is_written_in_the_language_of_the_command(
    files: Path, monkeypatch, capsys, way: str, lang: str
):
    """Its owner alone reads the file; the lines of the command and all comments are in one language."""
    assert run(monkeypatch, *WAYS[way], "--out", "product.toml", "--lang", lang) == 0
    out = capsys.readouterr().out
    path = files / "product.toml"
    text = path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read_product(text)
    assert bool(HAN.search(out)) is (lang == "zh")
    comments = [line for line in text.splitlines() if line.startswith("#? ")]
    assert comments
    assert bool(HAN.search("".join(comments))) is (lang == "zh")


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_written_over(files: Path, monkeypatch, capsys, way: str):
    """A file that is there stays as it is; a link that leads nowhere is none to write through."""
    kept = files / "product.toml"
    kept.write_text("mine", encoding="utf-8")
    assert run(monkeypatch, *WAYS[way], "--out", "product.toml") == 2
    assert kept.read_text(encoding="utf-8") == "mine"
    (files / "link.toml").symlink_to(files / "elsewhere.toml")
    assert run(monkeypatch, *WAYS[way], "--out", "link.toml") == 2
    assert not (files / "elsewhere.toml").exists()
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize("way", WAYS)
def test_on_the_screen_it_is_the_file_itself(files: Path, monkeypatch, capsys, way: str):
    """So that `>` makes one; as JSON with what is left to decide."""
    assert run(monkeypatch, *WAYS[way]) == 0
    printed = capsys.readouterr()
    product = read_product(printed.out)
    assert printed.err == ""
    assert run(monkeypatch, *WAYS[way], "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert read_product(found["product"]) == product
    assert found["lacking"] == []
    assert found["decisions"]
    assert ("unmapped" in found) is (way == "import")


def test_what_a_contract_has_beside_is_printed(files: Path, monkeypatch, capsys):
    """In the command's output and in its JSON, each with its place."""
    assert run(monkeypatch, *WAYS["import"], "--out", "a.toml") == 0
    printed = capsys.readouterr().out
    assert run(monkeypatch, *WAYS["import"], "--out", "b.toml", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["file"] == "b.toml"
    listed = {each["at"]: each["value"] for each in found["unmapped"]}
    assert json.loads(listed["roles"]) == CONTRACT["roles"]
    for at in listed:
        assert f"`{at}: " in printed


def test_a_draft_that_lacks_something_says_so(files: Path, monkeypatch, capsys):
    """Which keys, where a person must decide first."""
    (files / "few.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert run(monkeypatch, "draft", "few.csv", "--out", "few.toml", "--lang", "en") == 0
    assert "it lacks: contributor, dimension" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("draft", "none.csv"), 2),
        (("draft", "."), 2),
        (("draft",), 2),
        (("draft", "data.csv", "--files", "*.csv"), 2),
        (("draft", ".", "--files", "*.tsv"), 1),
        (("draft", "data.csv", "--table", "x"), 2),
        (("draft", "data.csv", "--sheet", "x"), 1),
        (("draft", "--database", "w"), 2),
        (("draft", "--database", "w", "--table", "x", "--query", "y"), 2),
        (("draft", "data.csv", "--database", "w", "--table", "x"), 2),
        (("draft", "--database", "w", "--table", "x"), 2),
        (("import", "none.yaml"), 2),
        (("import", "data.csv"), 1),
        (("import", "contract.yaml"), 1),
        (("import", "contract.yaml", "--object", "x"), 1),
        (("draft", "data.csv", "--out", "no/folder/x.toml"), 2),
    ],
)
def test_what_cannot_be_is_one_error(files: Path, monkeypatch, capsys, words, code: int):
    """With what to do, in both languages; no file is left behind."""
    before = sorted(files.rglob("*"))
    for lang in ("zh", "en"):
        assert run(monkeypatch, *words, "--lang", lang) == code
        said = capsys.readouterr().err
        assert said.count("voile: ") == 1
        assert bool(HAN.search(said)) is (lang == "zh")
    assert sorted(files.rglob("*")) == before
