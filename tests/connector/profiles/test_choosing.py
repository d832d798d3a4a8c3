"""A profile is for tests: production refuses it before anything is opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.compose.profiles.base import PROFILES, choose, permit
from connector.process.errors import SettingsError
from connector.process.settings import Listener, Settings
from tests.connector.profiles.kit import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import StandingClock

FOREIGN = Listener(host="192.0.2.1", port=18080)


def _without(setting: str) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, testing=replace(settings.testing, **{setting: False}))


@pytest.mark.sweep
@pytest.mark.parametrize("name", [*PROFILES, "tck"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without("profiles"), "`profiles = true`"),
        (_without("loopback_http"), "`loopback_http = true`"),
        (lambda settings: replace(settings, protocol=FOREIGN), "listeners on loopback"),
        (lambda settings: replace(settings, management=FOREIGN), "listeners on loopback"),
        (lambda settings: replace(settings, metrics=FOREIGN), "listeners on loopback"),
        (lambda settings: replace(settings, expose=True), "listeners on loopback"),
        (lambda settings: replace(settings, role="hub"), "role participant"),
    ],
)
def test_each_condition_alone_is_enough_to_refuse(
    name: str,
    change: Callable[[Settings], Settings],
    said: str,
    tmp_path: Path,
    clock: StandingClock,
):
    """Both test settings, three loopback listeners, a participant: else it is refused by name."""
    settings = settings_of(tmp_path, clock)
    permit(name, settings)
    with pytest.raises(SettingsError) as caught:
        permit(name, change(settings))
    assert caught.value.code == "profile-refused"
    assert said in caught.value.message
    assert "leave --profile out" in caught.value.next_step


def test_an_unknown_profile_is_refused_by_name(tmp_path: Path, clock: StandingClock):
    """It is not looked for among the modules."""
    with pytest.raises(SettingsError) as caught:
        choose("base", settings_of(tmp_path, clock))
    assert caught.value.code == "profile-unknown"
    assert "`base`" in caught.value.message
