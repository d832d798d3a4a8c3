"""The tree of errors and what callers see of it: no error of a caller is our own."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

from connector.process import errors
from crypto.errors import VoileError
from policies.errors import PolicyError, QueryError
from policies.reasons import Reason

ROOMS = ("crypto", "policies", "contracts", "catalog", "connector")


def _every_error() -> set[type[VoileError]]:
    """Import every module of the product, then walk down from the root."""
    for room in ROOMS:
        package = import_module(room)
        for module in walk_packages(package.__path__, f"{room}."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
    found: set[type[VoileError]] = set()
    waiting: list[type[VoileError]] = [VoileError]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += kind.__subclasses__()
    return {kind for kind in found if kind.__module__.partition(".")[0] in ROOMS}


def test_no_error_of_a_caller_is_answered_500():
    """Of all that a node raises only the root and settings are a 500."""
    found = _every_error()
    asking = {
        kind for kind in found if kind.__module__.startswith("connector.client.")
    }  # never served
    internal = {VoileError, errors.SettingsError}
    statuses = {kind: errors.http_status(kind.__new__(kind)) for kind in found - asking}
    assert len(statuses) > 25
    assert {kind for kind, status in statuses.items() if status == 500} == internal
    assert set(statuses.values()) <= {400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503}


@pytest.mark.parametrize("kind", [PolicyError, QueryError])
def test_reasons_of_policies_and_questions_are_told(kind: type[PolicyError | QueryError]):
    """Whoever raises one from a view tells the caller every finding."""
    reason = Reason(code="question.comment", clause="1:8")
    found = errors.error_json(kind("m", reasons=(reason,)))
    assert found["error"]["reasons"] == [reason.to_json()]


def test_a_401_of_a_peer_says_what_to_do():
    """It is about our own standing, whatever the peer says."""
    assert "voile membership" in errors.PeerRefused("m", peer_status=401).next_step
    assert "later" in errors.PeerRefused("m", peer_status=503).next_step
    assert "reason" in errors.PeerRefused("m", peer_status=409).next_step
