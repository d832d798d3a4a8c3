"""The Dataspace Protocol, spoken: rows, messages in and out, what we do by ourselves, the APIs."""

from __future__ import annotations

from connector.areas.dsp.actions import open_transfer, steer
from connector.areas.dsp.agreement_use import check_usable, holding, newest_transfer, not_mutual
from connector.areas.dsp.agreements import AgreementRecord, not_as_consumer
from connector.areas.dsp.agreements import at as agreement_at
from connector.areas.dsp.agreements import bearing as agreements_bearing
from connector.areas.dsp.agreements import find as find_agreement
from connector.areas.dsp.agreements import made_ms as agreement_made_ms
from connector.areas.dsp.agreements import page as agreements_page
from connector.areas.dsp.area import AREA
from connector.areas.dsp.context import QUESTION_FORMAT, Dsp, Gate, Shelf, Stage
from connector.areas.dsp.explain import explain as explain_process
from connector.areas.dsp.management import OPERATIONS as RUNS
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.naming import named as named_agreement
from connector.areas.dsp.operations import (
    AGREEMENTS,
    CATALOG,
    COMPLETE,
    END,
    NEGOTIATE,
    RESUME,
    STOP,
    SUSPEND,
    TRANSFER,
    TRANSFERS,
)
from connector.areas.dsp.outbound import Why, want
from connector.areas.dsp.pages import words as page_words
from connector.areas.dsp.pages.negotiations import waiting as waiting_offers
from connector.areas.dsp.pages.titles import title_in, titles_of
from connector.areas.dsp.peer_catalog import catalog as catalogue_of
from connector.areas.dsp.peer_catalog import dataset as peer_dataset
from connector.areas.dsp.planes import Address, DataPlane, NullPlane
from connector.areas.dsp.policy_gate import decide as decide_use
from connector.areas.dsp.policy_gate import world_of
from connector.areas.dsp.processes import ProcessRecord
from connector.areas.dsp.processes import get as find_process
from connector.areas.dsp.reactions import TURNED_DOWN
from connector.areas.dsp.reactions import refuse as refuse_process
from connector.areas.dsp.rows import AgreementRow, ProcessRow, SignatureRow
from connector.areas.dsp.standing_said import contracts_stand
from connector.areas.dsp.store import STOPS, open_transfers, pids, started_transfer
from connector.areas.dsp.store import own as own_process
from connector.areas.dsp.store import page as processes_page
from connector.areas.dsp.views import state_of as agreement_state

__all__ = [
    "AGREEMENTS",
    "AREA",
    "CATALOG",
    "COMPLETE",
    "END",
    "NEGOTIATE",
    "QUESTION_FORMAT",
    "RESUME",
    "RUNS",
    "STOP",
    "STOPS",
    "SUSPEND",
    "TRANSFER",
    "TRANSFERS",
    "TURNED_DOWN",
    "Address",
    "AgreementRecord",
    "AgreementRow",
    "DataPlane",
    "Dsp",
    "Gate",
    "NullPlane",
    "ProcessRecord",
    "ProcessRow",
    "Shelf",
    "SignatureRow",
    "Stage",
    "Why",
    "agreement_at",
    "agreement_made_ms",
    "agreement_state",
    "agreements_bearing",
    "agreements_page",
    "catalogue_of",
    "check_usable",
    "contracts_stand",
    "decide_use",
    "explain_process",
    "find_agreement",
    "find_process",
    "fresh_urn",
    "holding",
    "named_agreement",
    "newest_transfer",
    "not_as_consumer",
    "not_mutual",
    "open_transfer",
    "open_transfers",
    "own_process",
    "page_words",
    "peer_dataset",
    "pids",
    "processes_page",
    "refuse_process",
    "started_transfer",
    "steer",
    "title_in",
    "titles_of",
    "waiting_offers",
    "want",
    "world_of",
]
