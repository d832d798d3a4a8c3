"""What leaves name must be in the bundle, where such things are in bundles at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.audit import layout
from contracts.audit.agreements import stage_digests
from contracts.audit.report import Finding
from crypto.canonical import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contracts.audit.log import Log


def not_held(files: Mapping[str, bytes], log: Log, *, opened: bool) -> Iterator[Finding]:
    """Name signatures and checkpoints that a leaf names and the bundle does not hold."""
    held = {f"sha-256:{path[7:-4]}" for path in files if path.startswith("signed/")}
    held |= stage_digests(files)
    held |= {
        digest_bytes(data)
        for path, data in files.items()
        if path.startswith("peers/") and path.endswith(".checkpoint")
    }
    kinds = {"AGREEMENT": "a stage", "PEER_CHECKPOINT": "a checkpoint"}
    if opened:
        kinds |= {"ANSWER": "an answer", "COHORT": "a statement"}
    for index, leaf in enumerate(log.leaves):
        if leaf is None or leaf["kind"] not in kinds or _of_others(leaf):
            continue
        for digest in leaf.get("sig", ()):
            if digest not in held:
                yield Finding(
                    code="not-held",
                    where=layout.ENTRIES,
                    text=f"leaf {index} names {kinds[leaf['kind']]} that is not in the bundle",
                    leaf=index,
                )


def _of_others(leaf: Mapping[str, Any]) -> bool:
    """Say whether a leaf is of somebody's marks or changes at the aggregator: not opened there.

    The member opens them, from its own log.
    """
    query = leaf.get("query")
    told = query.get("table") if isinstance(query, dict) else None
    of_cohort = (leaf["kind"], leaf.get("role")) == ("COHORT", "aggregator")
    return of_cohort and told in ("marks", "changes")  # whatever a leaf says there
