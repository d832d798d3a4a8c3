"""Under --json standard output holds one JSON value, also where a result is shown and then fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.e2e.firm import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Space


def test_a_result_that_fails_is_one_value_and_the_error_goes_beside_it(
    space: Space, tmp_path: Path
):
    """`--wait` that does not live to see the end: the process on stdout, the error on stderr."""
    provider, consumer = space.party("acme"), space.party("bolt")
    for party in (provider, consumer):
        party.env["VOILE_PINNED"] = f"{provider.did},{consumer.did}"
        party.start()
    dataset = publish(provider, tmp_path)
    done = consumer.voile("negotiate", provider.did, dataset, "--wait", "--seconds", "0", "--json")
    value = json.loads(done.stdout)
    assert value["pid"]
    if value["state"] != "FINALIZED":  # it nearly never is so quick
        assert done.returncode == 1
        error = json.loads(done.stderr)["error"]
        assert error["code"] == "not-concluded"
        assert value["pid"] in error["next"]
