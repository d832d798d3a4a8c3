"""Evidence bundles of this node: making them, reading them, and whom to trust about them."""

from __future__ import annotations

from connector.areas.audit.api import log_export
from connector.areas.audit.archive import unpack
from connector.areas.audit.area import AREA, OPERATOR
from connector.areas.audit.comparing import compare, no_collection
from connector.areas.audit.evidence_api import why_answered
from connector.areas.audit.export import export as export_bundle
from connector.areas.audit.folder import read_file, read_folder, verifier_beside
from connector.areas.audit.opening import known
from connector.areas.audit.telling import level as level_of_finding
from connector.areas.audit.telling import outcome as outcome_of_check
from connector.areas.audit.telling import told
from connector.areas.audit.trusting import known_parties, trust_of

__all__ = [
    "AREA",
    "OPERATOR",
    "compare",
    "export_bundle",
    "known",
    "known_parties",
    "level_of_finding",
    "log_export",
    "no_collection",
    "outcome_of_check",
    "read_file",
    "read_folder",
    "told",
    "trust_of",
    "unpack",
    "verifier_beside",
    "why_answered",
]
