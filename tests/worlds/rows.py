"""Which step of the story asks each route well-formed; a route without a row fails a test."""

from __future__ import annotations

# (who, listener, method, path): the steps of the story that ask it, or after a dash why none does
SWEPT = "- the sweep asks it; what it takes is "
OWNER = "- its owner's alone; the sweep asks it without the token"
ROWS: dict[tuple[str, str, str, str], str] = {}


def _add(who: str, listener: str, text: str) -> None:
    for line in text.strip().splitlines():
        method, path, step = line.split(None, 2)
        key = (who, listener, method, path)
        assert key not in ROWS, key
        ROWS[key] = step.replace("-swept", SWEPT).replace("-owner", OWNER)


_add(
    "Participant",
    "protocol",
    """
GET /did.json public
GET /.well-known/dspace-version public
GET /voile/v1/log/checkpoint public
POST /voile/v1/log/checkpoints public
GET /voile/v1/standing public
POST /voile/v1/status -swept the operator's signed status document, which holds no figure
POST /dsp/2025-1/catalog/request catalog
GET /dsp/2025-1/catalog/datasets/{dataset_id} catalog
POST /dsp/2025-1/negotiations/request negotiation
POST /dsp/2025-1/negotiations/offers -swept an offer of a provider
GET /dsp/2025-1/negotiations/{pid} negotiation
POST /dsp/2025-1/negotiations/{pid}/request negotiation
POST /dsp/2025-1/negotiations/{pid}/offers negotiation
POST /dsp/2025-1/negotiations/{pid}/events negotiation
POST /dsp/2025-1/negotiations/{pid}/agreement negotiation
POST /dsp/2025-1/negotiations/{pid}/agreement/verification negotiation
POST /dsp/2025-1/negotiations/{pid}/termination negotiation
POST /dsp/2025-1/transfers/request negotiation
GET /dsp/2025-1/transfers/{pid} transfer
POST /dsp/2025-1/transfers/{pid}/start transfer
POST /dsp/2025-1/transfers/{pid}/suspension transfer
POST /dsp/2025-1/transfers/{pid}/completion transfer
POST /dsp/2025-1/transfers/{pid}/termination transfer
GET /voile/v1/agreements transfer
POST /voile/v1/agreements/{agreement_id}/end ending
GET /voile/v1/agreements/{agreement_id}/signatures transfer
GET /voile/v1/data/{path} -swept a token of a delivered file; tables are never delivered
POST /voile/v1/questions questions
POST /voile/v1/acks asking
POST /voile/v1/cohorts/tables/ready totals
POST /voile/v1/cohorts/explain totals
POST /voile/v1/cohorts/{session_id} totals
POST /voile/v1/cohorts/{session_id}/roster totals
POST /voile/v1/cohorts/{session_id}/contribute totals
POST /voile/v1/cohorts/{session_id}/end totals
""",
)
_add(
    "Participant",
    "management",
    """
GET /v1/node -owner
GET /v1/traffic -owner
GET /v1/outbox -owner
POST /v1/outbox/{row_id}/retry -owner
POST /v1/token/renew -owner
GET /v1/management-keys -owner
POST /v1/management-keys -owner
POST /v1/management-keys/{name}/revoke -owner
GET /v1/openapi.json -owner
GET /v1/approvals -owner
GET /v1/approvals/{approval_id} -owner
POST /v1/approvals/{approval_id}/agree -owner
POST /v1/approvals/{approval_id}/decline -owner
POST /v1/approvals/{approval_id}/withdraw -owner
POST /v1/approvals/{approval_id}/fetch -owner
GET /v1/four-eyes -owner
POST /v1/four-eyes/off -owner
POST /v1/four-eyes/on -owner
POST /v1/people -owner
GET /v1/people -owner
POST /v1/people/{person}/roles -owner
POST /v1/people/{person}/renew -owner
POST /v1/people/{person}/end -owner
GET /v1/membership -owner
POST /v1/membership/apply -owner
GET /v1/keys -owner
POST /v1/keys/rotate -owner
GET /v1/search asking
POST /v1/products -owner
GET /v1/products/jobs/{job_id} -owner
GET /v1/products -owner
GET /v1/products/{product_id} -owner
DELETE /v1/products/{product_id} -owner
POST /v1/products/{product_id}/unpublish -owner
POST /v1/products/{product_id}/refresh -owner
POST /v1/product-checks -owner
POST /v1/product-drafts -owner
GET /v1/product-drafts -owner
GET /v1/product-drafts/{draft_id} -owner
DELETE /v1/product-drafts/{draft_id} -owner
POST /v1/product-drafts/{draft_id}/read -owner
POST /v1/product-drafts/{draft_id}/columns -owner
POST /v1/product-drafts/{draft_id}/offer -owner
POST /v1/product-drafts/{draft_id}/preview -owner
POST /v1/product-drafts/{draft_id}/cancel -owner
POST /v1/product-drafts/{draft_id}/publish -owner
GET /v1/product-pages/{product_id} asking
POST /v1/products/{product_id}/renewal renewing
POST /v1/catalog asking
POST /v1/negotiations negotiation
GET /v1/negotiations asking
GET /v1/negotiations/{pid} asking
POST /v1/negotiations/{pid}/accept -owner
POST /v1/negotiations/{pid}/terminate -owner
GET /v1/agreements asking
GET /v1/agreements/{agreement_id} asking
POST /v1/agreements/{agreement_id}/end ending
POST /v1/agreements/recover asking
POST /v1/transfers negotiation
GET /v1/transfers asking
GET /v1/transfers/{pid} asking
POST /v1/transfers/{pid}/suspend -owner
POST /v1/transfers/{pid}/resume -owner
POST /v1/transfers/{pid}/complete -owner
POST /v1/transfers/{pid}/terminate -owner
GET /v1/explain/{pid} asking
POST /v1/deliveries -owner
GET /v1/deliveries/{job_id} -owner
POST /v1/questions asking
GET /v1/questions asking
GET /v1/questions/received -owner
GET /v1/questions/history/{agreement} -owner
POST /v1/audit/bundle auditing
GET /v1/audit/trust auditing
GET /v1/audit/dossier/{agreement} -owner
GET /v1/audit/dossier-file/{agreement} -owner
GET /v1/evidence -owner
GET /v1/evidence/{index} -owner
""",
)
_add(
    "Hub",
    "protocol",
    """
GET /did.json public
GET /voile/v1/log/checkpoint public
POST /voile/v1/log/checkpoints public
GET /voile/v1/standing public
GET /voile/v1/register public
POST /voile/v1/applications -swept an application, before anybody is certified
GET /voile/v1/applications/mine public
POST /voile/v1/keys -swept a rotation of keys, which holds no figure
GET /voile/v1/status public
POST /voile/v1/catalog catalog
DELETE /voile/v1/catalog/{dataset_id} catalog
GET /voile/v1/catalog/search catalog
POST /voile/v1/aggregations/tables/join -swept what a supplier signs before any question, for the aggregator alone
POST /voile/v1/aggregations/tables/marks -swept what a supplier signs before any question, for the aggregator alone
POST /voile/v1/aggregations/tables/renew renewing
POST /voile/v1/aggregations/tables/changes renewing
POST /voile/v1/aggregations/{session_id} totals
GET /voile/v1/aggregations/{session_id} totals
POST /voile/v1/aggregations/{session_id}/indicators totals
POST /voile/v1/aggregations/{session_id}/batch totals
GET /voile/v1/aggregations/{session_id}/product totals
POST /voile/v1/aggregations/{session_id}/end totals
""",
)
_add(
    "Hub",
    "management",
    """
GET /v1/node -owner
GET /v1/traffic -owner
GET /v1/outbox -owner
POST /v1/outbox/{row_id}/retry -owner
POST /v1/token/renew -owner
GET /v1/management-keys -owner
POST /v1/management-keys -owner
POST /v1/management-keys/{name}/revoke -owner
GET /v1/openapi.json -owner
GET /v1/approvals -owner
GET /v1/approvals/{approval_id} -owner
POST /v1/approvals/{approval_id}/agree -owner
POST /v1/approvals/{approval_id}/decline -owner
POST /v1/approvals/{approval_id}/withdraw -owner
POST /v1/approvals/{approval_id}/fetch -owner
GET /v1/four-eyes -owner
POST /v1/four-eyes/off -owner
POST /v1/four-eyes/on -owner
POST /v1/people -owner
GET /v1/people -owner
POST /v1/people/{person}/roles -owner
POST /v1/people/{person}/renew -owner
POST /v1/people/{person}/end -owner
GET /v1/hub/applications -owner
POST /v1/hub/applications/approve -owner
POST /v1/hub/applications/reject -owner
GET /v1/hub/participants -owner
POST /v1/hub/participants/suspend -owner
POST /v1/hub/participants/reinstate -owner
POST /v1/hub/participants/revoke -owner
GET /v1/hub/pushes/{serial} -owner
GET /v1/hub/status operator
GET /v1/hub/catalog operator
POST /v1/audit/bundle auditing
GET /v1/audit/trust -owner
GET /v1/evidence -owner
GET /v1/evidence/{index} -owner
""",
)
