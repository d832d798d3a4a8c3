"""One message of each type, as we build them."""

from __future__ import annotations

from contracts import messages as m
from contracts.messages import Message, Pid

C = Pid("urn:uuid:c")
P = Pid("urn:uuid:p")
RULES = {
    "permission": [
        {
            "action": "https://w3id.org/voile/ns/query",
            "constraint": [
                {"leftOperand": "count", "operator": "lteq", "rightOperand": "5"},
                {"leftOperand": "purpose", "operator": "isAnyOf", "rightOperand": ["urn:a"]},
                {
                    "and": [
                        {"leftOperand": "dateTime", "operator": "lt", "rightOperand": "2030-01-01"}
                    ]
                },
            ],
        }
    ]
}
CATALOG_OFFER = {"@id": "urn:offer:1", "@type": "Offer", **RULES}
OFFER = {**CATALOG_OFFER, "target": "urn:dataset:1"}
AGREEMENT = {
    "@id": "urn:agreement:1",
    "@type": "Agreement",
    "target": "urn:dataset:1",
    "assigner": "did:web:p",
    "assignee": "did:web:c",
    "timestamp": "2026-01-01T00:00:00Z",
    **RULES,
}
ADDRESS = {
    "@type": "DataAddress",
    "endpointType": "https://w3id.org/voile/ns/QuestionEndpoint",
    "endpoint": "https://p.example/voile/v1/questions",
    "endpointProperties": [
        {"@type": "EndpointProperty", "name": "authType", "value": "self-issued"}
    ],
}
SERVICE = {"@id": "urn:s", "@type": "DataService", "endpointURL": "https://p.example/dsp/2025-1"}
DISTRIBUTION = {"@type": "Distribution", "format": "Voile-Question", "accessService": SERVICE}
DATASET = {
    "@id": "urn:dataset:1",
    "@type": "Dataset",
    "hasPolicy": [CATALOG_OFFER],
    "distribution": [DISTRIBUTION],
}

SAMPLES: tuple[Message, ...] = (
    m.CatalogRequestMessage(id="urn:m"),
    m.DatasetRequestMessage(dataset="urn:dataset:1"),
    m.Catalog(id="urn:c", participant_id="did:web:p", dataset=(DATASET,), service=(SERVICE,)),
    m.Dataset(id="urn:dataset:1", has_policy=(CATALOG_OFFER,), distribution=(DISTRIBUTION,)),
    m.CatalogError(code="x", reason=("no",)),
    m.ContractRequestMessage(
        id="urn:m", consumer_pid=C, offer=OFFER, callback_address="https://c.example/dsp/2025-1"
    ),
    m.ContractOfferMessage(id="urn:m", provider_pid=P, consumer_pid=C, offer=OFFER),
    m.ContractAgreementMessage(id="urn:m", consumer_pid=C, provider_pid=P, agreement=AGREEMENT),
    m.ContractAgreementVerificationMessage(id="urn:m", consumer_pid=C, provider_pid=P),
    m.ContractNegotiationEventMessage(consumer_pid=C, provider_pid=P, event_type="FINALIZED"),
    m.ContractNegotiationTerminationMessage(
        consumer_pid=C, provider_pid=P, code="policy.refused", reason=("why", {"code": "x"})
    ),
    m.ContractNegotiation(consumer_pid=C, provider_pid=P, state="AGREED"),
    m.ContractNegotiationError(consumer_pid=C, provider_pid=P, code="x"),
    m.TransferRequestMessage(
        consumer_pid=C,
        agreement_id="urn:agreement:1",
        format="Voile-Question",
        callback_address="https://c.example/dsp/2025-1",
    ),
    m.TransferStartMessage(consumer_pid=C, provider_pid=P, data_address=ADDRESS),
    m.TransferCompletionMessage(consumer_pid=C, provider_pid=P),
    m.TransferSuspensionMessage(consumer_pid=C, provider_pid=P, reason=("pause",)),
    m.TransferTerminationMessage(consumer_pid=C, provider_pid=P, code="enough"),
    m.TransferProcess(consumer_pid=C, provider_pid=P, state="STARTED"),
    m.TransferError(consumer_pid=C, provider_pid=P, code="x", reason=("no",)),
)
