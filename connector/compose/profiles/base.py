"""What a profile is, and when one may be used.

A profile replaces the identity of production, so it is refused unless the settings say twice that
this is a test (`testing.profiles`, `testing.loopback_http`) and nobody but this machine can call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.compose import problems
from connector.compose.assembly import Apps, assemble
from connector.process.errors import SettingsError
from crypto.words import verbatim

if TYPE_CHECKING:
    from connector.party.area import Area
    from connector.party.node import Node
    from connector.party.parts import Parts
    from connector.process.settings import Settings

PROFILES: Final = ("edc",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A node's parts and areas under a profile.

    Attributes:
        name: as the command line says it.
        parts: what replaces the real parts.
        areas: as in `connector.compose.participant.AREAS`.
    """

    name: str
    parts: Parts
    areas: tuple[Area, ...]

    def apps(self, node: Node) -> Apps:
        """Make the applications and workers of the node."""
        return assemble(node, self.areas)


def choose(name: str, settings: Settings) -> Profile:
    """Give a profile, if the settings allow one.

    Args:
        name: one of `PROFILES`.
        settings: the settings of the node.

    Raises:
        SettingsError: there is no such profile, or this node is no test.
    """
    if name not in PROFILES:
        marked = [f"`{one}`" for one in PROFILES]
        known = verbatim("、".join(marked), " or ".join(marked))
        raise SettingsError(problems.PROFILE_UNKNOWN, name=name[:100], known=known)
    permit(name, settings)
    from connector.compose.profiles import edc  # production never reads its code

    return edc.profile(settings)


def permit(name: str, settings: Settings) -> None:
    """See that a node may take a profile.

    Raises:
        SettingsError: this node is no test; the message says what it would need.
    """
    listeners = (settings.protocol, settings.management, settings.metrics)
    wanted = {
        problems.NEEDS_PROFILES: settings.testing.profiles,
        problems.NEEDS_LOOPBACK_HTTP: settings.testing.loopback_http,
        problems.NEEDS_LOOPBACK: all(one.loopback for one in listeners) and not settings.expose,
        problems.NEEDS_PARTICIPANT: settings.role == "participant",
    }
    missing = [words for words, given in wanted.items() if not given]
    if missing:
        needs = verbatim(
            "、".join(one.zh.strip() for one in missing), " and ".join(one.en for one in missing)
        )
        raise SettingsError(problems.PROFILE_REFUSED, name=name, needs=needs)
