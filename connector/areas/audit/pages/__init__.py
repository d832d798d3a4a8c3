"""Pages of the audit: evidence, one record, dossiers."""

from __future__ import annotations

from connector.areas.audit.pages.dossiers import DOSSIERS
from connector.areas.audit.pages.evidence import EVIDENCE

__all__ = ["DOSSIERS", "EVIDENCE"]
