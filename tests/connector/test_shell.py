"""Small parts of the shell: lock, logs, rate, errors, the command line's own errors."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.compose.server import Mounted
from connector.faces.cli import report
from connector.process import errors
from connector.process.lock import FolderLock
from connector.process.logs import logger
from connector.process.rate import MAX_SOURCES, Buckets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_the_lock_is_exclusive_and_names_its_holder(tmp_path: Path):
    """A second holder is refused with pid and time; after the first ends the folder is free."""
    with FolderLock(tmp_path, what="voile serve", now=NOW):
        with (
            pytest.raises(errors.SettingsError) as caught,
            FolderLock(tmp_path, what="other", now=NOW),
        ):
            pass
        assert caught.value.code == "data-locked"
        assert f"pid {os.getpid()}" in caught.value.message
        assert "2026-11-21T09:00:00+00:00" in caught.value.message
    with FolderLock(tmp_path, what="other", now=NOW):
        pass


def test_logs_are_one_json_line_with_listed_fields_only():
    """Unlisted fields are dropped by name; control characters cannot forge a line."""
    stream = io.StringIO()
    log = logger(did="did:web:a.example", stream=stream)
    log.info("told", reason="a\nb\x1b[31m", token="canary-token", body=b"canary-body")
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert "canary" not in text
    assert "\x1b" not in text
    line = json.loads(text)
    assert line["dropped"] == ["body", "token"]
    assert line["did"] == "did:web:a.example"


def test_a_logged_exception_shows_no_local_variables():
    """A traceback is kept, without the values that were at hand."""
    stream = io.StringIO()
    log = logger(stream=stream)

    def fail() -> None:
        secret = "canary-" + "value"
        raise ZeroDivisionError(len(secret))

    try:
        fail()
    except ZeroDivisionError:
        log.exception("crashed")
    line = json.loads(stream.getvalue())
    assert line["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "canary-value" not in stream.getvalue()


def test_a_bucket_empties_and_fills_and_sources_are_apart():
    """Burst first, then the rate; one source does not use another's."""
    now = [0.0]
    buckets = Buckets(rate=2, burst=3, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    now[0] += 1.0
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    for number in range(MAX_SOURCES + 10):
        buckets.take(str(number))
    assert len(buckets._sources) == MAX_SOURCES


@given(st.lists(st.floats(0, 2), max_size=40))
def test_a_bucket_never_gives_more_than_burst_and_rate_allow(steps: list[float]):
    """Over any time, at most burst + rate * seconds are let through."""
    now = [0.0]
    buckets = Buckets(rate=3, burst=5, clock=lambda: now[0])
    taken = 0
    for step in steps:
        now[0] += step
        taken += buckets.take("a") + buckets.take("a")
    assert taken <= 5 + 3 * now[0] + 1e-6


def test_every_error_has_its_status():
    """The tree in the docstring is what callers see."""
    expected = {
        errors.MalformedError("m", code="c"): 400,
        errors.VerificationError("m", code="c"): 403,
        errors.BadRequest("m", code="c"): 400,
        errors.Unauthenticated("r"): 401,
        errors.Forbidden("m", code="c"): 403,
        errors.Refused("m", code="c"): 403,
        errors.NotFound("m", code="c"): 404,
        errors.Conflict("m", code="c"): 409,
        errors.TooLarge("m", code="c"): 413,
        errors.UnsupportedEncoding("m", code="c"): 415,
        errors.TooMany("m", code="c"): 429,
        errors.EgressRefused("m", code="c"): 502,
        errors.Unreachable("m", code="c"): 502,
        errors.PeerRefused("m", peer_status=409): 502,
        errors.StoreError("m", code="c"): 503,
        errors.ReadOnly("m", code="c"): 503,
        errors.SettingsError("m", code="c"): 500,
        errors.VoileError("m", code="c"): 500,
    }
    assert {type(e).__name__: errors.http_status(e) for e in expected} == {
        type(e).__name__: status for e, status in expected.items()
    }


def test_the_reason_of_a_failed_login_is_not_in_its_answer():
    """What the caller sees is the same for every reason."""
    first = errors.error_json(errors.Unauthenticated("token used before", did="did:web:a.example"))
    second = errors.error_json(errors.Unauthenticated("issuer unresolved"))
    assert first == second


def test_the_command_line_prints_one_line_and_the_next_step(capsys: pytest.CaptureFixture[str]):
    """Text or JSON; 2 for configuration, 1 for the rest."""
    wrong = errors.SettingsError("no settings", code="home-missing", next_step="run `voile init`")
    assert report(wrong, as_json=False) == 2
    assert capsys.readouterr().err == "voile: no settings\n  next: run `voile init`\n"
    assert report(errors.Conflict("no", code="no"), as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no"


@pytest.mark.parametrize(
    ("did", "prefix", "path", "expected"),
    [
        ("did:web:a.example", "", "/.well-known/did.json", ("", "/did.json")),
        ("did:web:a.example", "/x", "/.well-known/did.json", ("/x", "/did.json")),
        ("did:web:a.example:p:q", "/p/q", "/p/q/did.json", ("/p/q", "/did.json")),
        ("did:web:a.example:p", "/x", "/p/did.json", ("/x", "/did.json")),
        ("did:web:a.example:x", "/x", "/x/voile/v1/y", ("/x", "/voile/v1/y")),
        ("did:web:a.example:x", "/x", "/xy/voile", None),
        ("did:web:a.example:x", "/x", "/did.json", None),
        ("did:web:a.example", "", "/voile/v1/y", (None, "/voile/v1/y")),
    ],
)
def test_applications_are_mounted_under_the_public_path(
    did: str, prefix: str, path: str, expected: tuple[str, str] | None
):
    """The DID document is served at the DID's own path, everything else under the prefix."""
    seen = []

    def app(environ, start_response):
        seen.append((environ.get("SCRIPT_NAME"), environ["PATH_INFO"]))
        return []

    statuses: list[str] = []
    mounted = Mounted(app, prefix=prefix, did=did)
    mounted({"PATH_INFO": path}, lambda status, _headers: statuses.append(status))
    assert seen == ([expected] if expected else [])
    assert statuses == ([] if expected else ["404 Not Found"])


def test_management_errors_say_what_to_do(party: Callable[..., Party]):
    """Unknown routes, wrong methods and wrong parameters are JSON with a code."""
    acme = party("acme")
    for method, path, status, code in (
        ("GET", "/v1/none", 404, "not-found"),
        ("DELETE", "/v1/node", 405, "method-not-allowed"),
        ("GET", "/v1/outbox?limit=x", 400, "field-wrong"),
        ("POST", "/v1/outbox/77/retry", 404, "outbox-missing"),
    ):
        found, body = acme.manage(method, path, {} if method == "POST" else None)
        assert (found, body["error"]["code"]) == (status, code)
        assert body["error"]["next"]
