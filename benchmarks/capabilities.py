"""Capabilities: how many lines and files each took, and how many other modules know of its own.

`python -m benchmarks.capabilities` prints the table of docs/adr's "what a capability takes". A file
counts for one capability, the one that it was written for; what is shared by several, such as the
command `publish`, the reader of product files or the list of problems, counts for none.
"""

from pathlib import Path
from typing import Final

from benchmarks.rooms import PACKAGES, ROOT, imports

_DUCK: Final = "connector/engines/duckdb"
_AREA: Final = "connector/areas/products"
_CLI: Final = "connector/faces/cli"
_TESTS: Final = "tests/connector"

# code, then tests, as patterns below the project's folder
CAPABILITIES: Final = {
    "ways of writing and encodings": (
        ("catalog/reading.py", "catalog/reading_file.py", "catalog/problems_reading.py",
         "catalog/time_formats.py", "connector/engines/recoding.py", "connector/engines/packing.py",
         f"{_DUCK}/written.py", f"{_DUCK}/plain.py", f"{_DUCK}/recognition.py"),
        (f"{_TESTS}/engines/test_reading*.py", f"{_TESTS}/engines/test_recoding.py",
         f"{_TESTS}/engines/test_dialects.py", f"{_TESTS}/products/test_written_otherwise.py"),
    ),
    "folders, of CSV and Parquet": (
        (f"{_AREA}/folder.py", f"{_DUCK}/pieces.py", f"{_DUCK}/parquet_files.py"),
        (f"{_TESTS}/products/test_folder.py",),
    ),
    "workbooks (.xlsx)": (
        ("connector/engines/workbook*.py", "connector/engines/sheet_text.py",
         "connector/engines/problems_workbooks.py"),
        (f"{_TESTS}/engines/*workbook*.py",),
    ),
    "databases": (
        ("catalog/database_source.py", f"{_AREA}/database.py", "connector/engines/databases.py",
         "connector/engines/postgres_text.py", "connector/engines/problems_databases.py"),
        (f"{_TESTS}/products/test_databases.py", "tests/postgres/test_values.py",
         "tests/postgres/test_reading.py"),
    ),
    "draft": (
        ("catalog/draft*.py", "catalog/forms.py", "catalog/surveyed.py", f"{_DUCK}/survey*.py",
         "connector/engines/undeclared.py", f"{_AREA}/drafting.py",
         f"{_AREA}/problems_drafting.py", f"{_CLI}/draft.py"),
        ("tests/catalog/test_draft.py", "tests/catalog/test_forms.py",
         f"{_TESTS}/products/test_drafting*.py"),
    ),
    "publish --check": (
        (f"{_AREA}/check.py", f"{_AREA}/check_records.py", f"{_AREA}/findings.py",
         f"{_DUCK}/near_ids.py", f"{_CLI}/checking.py"),
        (f"{_TESTS}/products/test_check*.py",),
    ),
    "unpublish": (
        (f"{_AREA}/taking_back.py", f"{_AREA}/lives.py", "connector/compose/*taking_back*.py",
         f"{_CLI}/taking_back.py"),
        (f"{_TESTS}/questions/test_unpublish*.py", f"{_TESTS}/test_unpublish_asks.py",
         f"{_TESTS}/questions/test_taken_back_offers.py"),
    ),
    "contracts (ODCS)": (
        ("catalog/odcs*.py", "catalog/problems_odcs.py", f"{_AREA}/contract_*.py",
         f"{_AREA}/problems_contracts.py", f"{_CLI}/importing.py"),
        ("tests/catalog/test_odcs.py", f"{_TESTS}/products/test_contract_file.py"),
    ),
    "refresh and schedules": (
        ("catalog/schedule.py", "catalog/problems_schedule.py", f"{_AREA}/refresh*.py",
         f"{_AREA}/problems_refresh.py", f"{_CLI}/refreshed.py"),
        ("tests/catalog/test_schedule.py", f"{_TESTS}/products/test_refresh.py",
         f"{_TESTS}/products/test_appended.py", "tests/e2e/test_refresh.py"),
    ),
    "product show": (
        ("catalog/page*.py", "policies/samples.py", "connector/compose/page_operations.py",
         "connector/compose/problems_page.py", "connector/compose/product_page.py",
         f"{_CLI}/page_lines.py"),
        ("tests/catalog/test_page_offers.py", f"{_TESTS}/products/test_product_page.py",
         f"{_TESTS}/questions/test_page.py"),
    ),
    "questions --received": (
        ("connector/compose/received*.py", f"{_CLI}/received_lines.py"),
        (f"{_TESTS}/questions/test_received.py", f"{_TESTS}/cohort/test_received.py"),
    ),
    "client for Python": (
        ("connector/client/*.py",),
        (f"{_TESTS}/client/*.py", "tests/e2e/test_python_*.py"),
    ),
    "DB-API": (("connector/client/dbapi/*.py",), (f"{_TESTS}/client/test_dbapi.py",)),
    "SQLAlchemy dialect": (
        ("connector/client/dialect.py", "connector/client/tables.py"),
        (f"{_TESTS}/client/test_tables.py", "tests/e2e/test_python_sql.py",
         "tests/e2e/*notebook*.py"),
    ),
    "status and down": ((f"{_CLI}/running.py",), ("tests/e2e/test_running.py",)),
}  # fmt: skip


def files_of(patterns: tuple[str, ...], taken: set[Path]) -> list[Path]:
    """Give the files that patterns name and no other capability has.

    Raises:
        FileNotFoundError: a pattern names none: what it was for is called otherwise now.
    """
    found: list[Path] = []
    for pattern in patterns:
        named = sorted(ROOT.glob(pattern))
        if not named:
            raise FileNotFoundError(pattern)
        found += [path for path in named if path not in taken and path not in found]
    return found


def lines_of(paths: list[Path]) -> int:
    """Give how many lines files have, empty ones and comments among them."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def name_of(path: Path) -> str:
    """Give the name by which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rows() -> list[tuple[str, int, int, int, int, int]]:
    """Give per capability lines and files of code and of tests, and how many import its modules."""
    known = {
        path: imports(path) for room in PACKAGES for path in sorted((ROOT / room).rglob("*.py"))
    }
    # the narrower first: a file is of the one that names it by itself
    order = sorted(CAPABILITIES, key=lambda name: name == "client for Python")
    taken: set[Path] = set()
    found = {}
    for name in order:
        code, tests = (files_of(patterns, taken) for patterns in CAPABILITIES[name])
        taken |= {*code, *tests}
        own = {name_of(path) for path in code}
        outside = [path for path, seen in known.items() if path not in code and own & seen]
        found[name] = (name, lines_of(code), len(code), lines_of(tests), len(tests), len(outside))
    return [found[name] for name in CAPABILITIES]


def main() -> None:
    """Print the table."""
    print("| capability | lines | files | lines of tests | files of tests | known to |")
    print("|---|---:|---:|---:|---:|---:|")
    table = rows()
    for name, *figures in table:
        print(f"| {name} | " + " | ".join(f"{figure:,}" for figure in figures) + " |")
    sums = [sum(row[place] for row in table) for place in range(1, 5)]
    print("| all | " + " | ".join(f"{figure:,}" for figure in sums) + " | |")


if __name__ == "__main__":
    main()
