"""What the signed statements of one or several bundles say of each session of a total."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from contracts.cohort.clearing import fits
from contracts.cohort.ending import Ended
from contracts.cohort.session import Session
from contracts.cohort.statements import Cleared, Contribution, Indicators, Released
from crypto.canonical import canonical
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts.audit.contradictions import Said
    from contracts.audit.report import Basis

_KINDS: Final = {
    kind.TYP: kind for kind in (Session, Indicators, Cleared, Contribution, Released, Ended)
}


@dataclass(slots=True)
class Stated:
    """The statements of one session, each by the digest by which others name it.

    Of a kind that somebody signed twice all are kept, since others may name either; that it was
    twice is a contradiction of who signed them, which other checks find.
    """

    session: Session
    cleared: dict[str, Cleared] = field(default_factory=dict)
    indicators: dict[str, dict[str, Indicators]] = field(default_factory=dict)
    contributions: dict[str, list[Contribution]] = field(default_factory=dict)
    releases: dict[str, Released] = field(default_factory=dict)
    ended: bool = False

    def released_as(self, product: str | None) -> Released | None:
        """Give the release of a product, by its digest; of another if there is none of this."""
        every = list(self.releases.values())
        return next((one for one in every if one.product == product), every[0] if every else None)

    def list_of_cells(self, released: Released | None) -> Cleared | None:
        """Give the list of cleared cells that a release names."""
        return self.cleared.get(released.cleared) if released is not None else None


def stated(said: Iterable[Said]) -> dict[str, Stated]:
    """Read statements whose signatures hold, by transcript; those of older versions are left out.

    A statement counts only if the one it names as its author signed it.
    """
    read = []
    for one in said:
        kind = _KINDS.get(one.typ)
        if kind is None:
            continue
        try:
            statement = kind.from_json(one.payload)
        except VoileError:
            continue
        if statement.signer == one.signer and canonical(statement.to_json()) == canonical(
            one.payload
        ):
            read.append((statement, one.digest))
    found = {s.transcript: Stated(s) for s, _ in read if isinstance(s, Session) and s.seed}
    for statement, digest in read:
        if isinstance(statement, Session) or statement.transcript not in found:
            continue
        of, by, name = found[statement.transcript], statement.signer, f"sha-256:{digest}"
        session = of.session
        if by != session.aggregator and by not in session.roster:
            continue
        if isinstance(statement, Cleared) and by == session.aggregator:
            of.cleared.setdefault(name, statement)
        elif isinstance(statement, Released) and by == session.aggregator:
            of.releases.setdefault(name, statement)
        elif isinstance(statement, Ended):
            of.ended = of.ended or by == session.aggregator
        elif isinstance(statement, Indicators) and fits(session, statement.columns):
            of.indicators.setdefault(by, {}).setdefault(name, statement)
        elif isinstance(statement, Contribution):
            of.contributions.setdefault(by, []).append(statement)
    return found


def bases(said: Iterable[Said]) -> dict[str, tuple[Basis, ...]]:
    """Give, per party, the keys under which its statements hold."""
    found: dict[str, set[Basis]] = {}
    for one in said:
        found.setdefault(one.signer, set()).update(one.grounds)
    return {did: tuple(sorted(keys)) for did, keys in found.items()}
