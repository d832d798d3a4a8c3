"""What is wrong with a contract or a transfer is said to the owner in the language it asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Party


def asked(party: Party, method: str, path: str, value: object, language: str) -> dict[str, Any]:
    """Call the owner's API in a language; give the error that it answers."""
    answer = Client(party.apps.management).open(
        path,
        method=method,
        data=None if value is None else json.dumps(value).encode(),
        headers={
            "Authorization": f"Bearer {party.node.settings.token_file.read_text().strip()}",
            "Content-Type": "application/json",
            "Accept-Language": language,
        },
    )
    found: dict[str, Any] = json.loads(answer.get_data())["error"]
    answer.close()
    return found


@pytest.mark.parametrize(
    ("method", "path", "value", "code", "english", "chinese"),
    [
        (
            "GET",
            "/v1/agreements/urn:nothing",
            None,
            "agreement-missing",
            ("no agreement `urn:nothing`", "see `voile agreements`"),
            ("没有合约 `urn:nothing`", "见 `voile agreements`"),
        ),
        (
            "GET",
            "/v1/transfers/urn:nothing",
            None,
            "transfer-missing",
            ("no transfer `urn:nothing`", "see `voile transfer list`"),
            ("没有传输 `urn:nothing`", "见 `voile transfer list`"),
        ),
        (
            "POST",
            "/v1/transfers",
            {"agreement": "urn:nothing", "format": "Carrier-PIGEON"},
            "transfer-format",
            (
                "expected a format that this connector speaks, got `Carrier-PIGEON`",
                "choose one of the dataset's distributions",
            ),
            ("应为本连接器支持的格式，实为 `Carrier-PIGEON`", "请选择数据集的一种分发方式"),
        ),
    ],
)
def test_an_error_is_said_in_the_language_that_is_asked_for(
    pair: Pair,
    method: str,
    path: str,
    value: object,
    code: str,
    english: tuple[str, str],
    chinese: tuple[str, str],
) -> None:
    """Message and next step are; code and facts stay as they are."""
    found = {
        language: asked(pair.consumer, method, path, value, language) for language in ("en", "zh")
    }
    assert {one["code"] for one in found.values()} == {code}
    assert (found["en"]["message"], found["en"]["next"]) == english
    assert (found["zh"]["message"], found["zh"]["next"]) == chinese
    assert found["en"]["params"] == found["zh"]["params"]
