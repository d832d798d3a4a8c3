"""Files of data contracts: the standard's own schema decides, and YAML is values and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from catalog.product_file import read_product
from connector.areas.products import imported
from connector.areas.products.contract_yaml import MOST_BYTES, read_yaml
from connector.process.errors import BadRequest
from tests.catalog.test_draft import TODAY
from tests.catalog.test_odcs import CONTRACT, changed

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.odcs_draft import Imported


def write(folder: Path, text: str) -> Path:
    path = folder / "contract.odcs.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def taken(folder: Path, text: str) -> Imported:
    return imported(write(folder, text), "deliveries", language="en", today=TODAY)


def as_yaml(contract: Any) -> str:
    return yaml.safe_dump(contract, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("version", ["v3.1.0", "v3.2.0"])
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_contract_is_taken(tmp_path: Path, version: str, form: str):
    """Of either version, in YAML or JSON: the draft reads strictly."""
    contract = changed(apiVersion=version)
    text = as_yaml(contract) if form == "yaml" else json.dumps(contract)
    found = taken(tmp_path, text)
    assert found.draft.lacking == ()
    assert read_product(found.draft.text).contributor == "customer"


@pytest.mark.parametrize("version", ["v3.0.2", "v2.2.2", "v4.0.0", None, 3.1])
def test_another_version_is_refused(tmp_path: Path, version: object):
    """With those that are known."""
    with pytest.raises(BadRequest, match=r"v3\.1\.0, v3\.2\.0") as caught:
        taken(tmp_path, as_yaml(changed(apiVersion=version)))
    assert caught.value.code == "contract-file.version"


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"kind": "Contract"}, "kind"),
        ({"version": 1.0}, "version"),
        ({"surplus": 1}, "$"),
        (
            {"schema": [{"name": "deliveries", "properties": [{"logicalType": "text"}]}]},
            "schema[0]",
        ),
    ],
)
def test_the_standards_schema_decides(tmp_path: Path, wrong: dict[str, Any], at: str):
    """What it refuses is refused here, with the place."""
    with pytest.raises(BadRequest) as caught:
        taken(tmp_path, as_yaml(changed(**wrong)))
    assert caught.value.code == "contract-file.schema"
    assert str(caught.value.params["at"]).startswith(at)


BOMB = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "contract-file.alias"),
        ("a: !!python/object/apply:os.system [true]", "contract-file.alias"),
        ("a: !!binary aGVsbG8=", "contract-file.alias"),
        ("a: &x {b: 1}\n<<: *x", "contract-file.alias"),
        ("a: 1\nb: 2\na: 3", "contract-file.yaml"),
        ("? [a, b]\n: 1", "contract-file.yaml"),
        ("a: [1, 2", "contract-file.yaml"),
        ("a: 1\n--- \nb: 2", "contract-file.yaml"),
        ("a: \x00", "contract-file.yaml"),
        ("[" * 5000, "contract-file.large"),
        ("{a: " * 60, "contract-file.large"),
        ("- " * 3000, "contract-file.large"),
        ("x" * (MOST_BYTES + 1), "contract-file.large"),
        ("", "contract-file.version"),
        ("just a text", "contract-file.version"),
    ],
)
def test_yaml_is_values_and_no_more(tmp_path: Path, text: str, code: str):
    """No alias, no tag, no key twice, no depth, no size: one clear error in both languages."""
    with pytest.raises(BadRequest) as caught:
        taken(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.next_step
    assert caught.value.following("zh") != caught.value.next_step


def test_dates_and_words_stay_as_they_are(tmp_path: Path):
    """A day is the text that the standard's schema wants."""
    found = read_yaml(write(tmp_path, "day: 2026-01-01\nat: 2026-01-01T10:00:00Z\nname: 客户\n"))
    assert found == {"day": "2026-01-01", "at": "2026-01-01T10:00:00Z", "name": "客户"}


def test_bytes_that_are_no_text(tmp_path: Path):
    """Refused by their name."""
    path = tmp_path / "contract.odcs.yaml"
    path.write_bytes("名: 1".encode("gbk"))
    with pytest.raises(BadRequest, match="UTF-8"):
        read_yaml(path)


def test_the_schema_is_that_of_the_package_and_takes_the_contract():
    """The control: the sample has each thing that the mapping speaks of."""
    properties = CONTRACT["schema"][0]["properties"]
    assert {"enum", "quality", "classification", "primaryKey", "logicalTypeOptions"} <= {
        key for each in properties for key in each
    }
