"""Every page of every role, with the ids and filters that cost most in such a space."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from sqlalchemy import text
from werkzeug.test import Client

from benchmarks.big.peopled import roles_of, session_of
from benchmarks.big.world import PORT
from connector.areas.people.approval_shown import READS_ALL
from connector.console.tables import ENDING
from connector.party.area import Areas
from tests.simulators import Party

BASE: Final = f"http://localhost:{PORT}"
FIRM: Final = "did:web:firm-7.example"
REQUEST: Final = "/inbox/{approval_id}"
NOBODY: Final = "did:web:nobody.example"
_IDS: Final = {  # of what stands in paths
    "question": "SELECT question FROM question_asked WHERE state = 'answered' LIMIT 1",
    "negotiation": "SELECT pid FROM dsp_process WHERE kind = 'negotiation'"
    " AND role = 'consumer' AND state = 'OFFERED' LIMIT 1",
    "transfer": "SELECT pid FROM dsp_process WHERE kind = 'transfer' LIMIT 1",
    "sold": "SELECT agreement FROM question_answer GROUP BY agreement"
    " ORDER BY COUNT(*) DESC LIMIT 1",
    "bought": "SELECT agreement FROM dsp_agreement WHERE role = 'consumer'"
    " AND counterparty LIKE '%seller-0%' LIMIT 1",
    "small": "SELECT agreement FROM dsp_agreement WHERE role = 'provider'"
    " AND counterparty LIKE '%firm%' LIMIT 1",
    "approval": "SELECT id FROM approval WHERE state = 'pending' LIMIT 1",
    "draft": "SELECT id FROM product_draft LIMIT 1",
    "middle": 'SELECT MAX("index") / 2 FROM log_entry',
    "message": "SELECT message_id FROM outbox LIMIT 1",
    "application": "SELECT id FROM hub_application WHERE state = 'pending' LIMIT 1",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One address, as a person of one role opens it."""

    role: str
    page: str  # its path as the area declares it
    path: str


@dataclass
class Visitors:
    """People of a node, each with a browser."""

    party: Party

    def __post_init__(self) -> None:
        assert self.party.apps.console is not None
        app = self.party.apps.console()
        self._clients = {role: Client(app) for role in roles_of(self.party)}
        for role, client in self._clients.items():
            token = session_of(self.party, role)
            client.set_cookie(f"voile-{PORT}", token, domain="localhost")

    def open(self, visit: Visit) -> int:
        """Open a page; give its bytes.

        Raises:
            RuntimeError: it is not to be had.
        """
        answer = self._clients[visit.role].get(visit.path, base_url=BASE)
        data = answer.get_data()
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{visit.path}: {answer.status_code} {data[-300:]!r}")
        return len(data)


def visits(party: Party, filtered: bool = True) -> list[Visit]:
    """Give the addresses of all pages of a node for all roles; filtered lists for one role each."""
    found = _ids(party)
    made = []
    pages = party.node.services[Areas].pages
    # a list as a file is many of its pages, up to a bound of its own
    lists = {page.path.removesuffix(ENDING) for page in pages if page.path.endswith(ENDING)}
    lists &= {page.path for page in pages}
    for page in pages:
        if page.path.endswith(ENDING) and page.path.removesuffix(ENDING) in lists:
            continue
        paths = _paths(page.path, found)
        for number, path in enumerate(paths):
            roles = [role for role in roles_of(party) if role in page.may]
            if page.path == REQUEST:  # others see their own alone, and have none
                roles = [role for role in roles if role in READS_ALL]
            if number == 0 or filtered:
                made += [Visit(role, page.path, path) for role in (roles[:1] if number else roles)]
    return made


def _ids(party: Party) -> dict[str, str]:
    with party.node.db.reading() as session:
        tables = set(
            session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        )
        made = {}
        for name, query in _IDS.items():
            if query.split("FROM ")[1].split()[0] in tables:
                made[name] = str(session.execute(text(query)).scalar() or "")
    return made


def _paths(page: str, ids: Mapping[str, str]) -> list[str]:
    """Give the addresses of a page: first the plain one, then others."""
    seller = quote("did:web:seller-0.example", safe="")
    one: dict[str, list[str]] = {
        "/people/{person}": ["p-steward" if ids["draft"] else "p-security"],
        REQUEST: [ids["approval"]],
        "/negotiations/{pid}": [ids["negotiation"]],
        "/products/{product_id}": ["deliveries", "stock", "product-00003"],
        "/catalogue/{provider}": [seller],
        "/catalogue/{provider}/{dataset}": [f"{seller}/deliveries"],
        "/contracts/{agreement_id}": [ids["sold"], ids["bought"], ids["small"]],
        "/history/{agreement}": [
            ids["sold"]
        ],  # a full page; what a shorter one costs hangs on its rows
        "/questions/{id}": [ids["question"]],
        "/questions/{id}/answer.csv": [f"{ids['question']}/answer.csv"],
        "/questions/{id}/answer.xlsx": [f"{ids['question']}/answer.xlsx"],
        "/deliveries/{pid}": [ids["transfer"]],
        "/offer-terms/{pid}": [ids["negotiation"]],
        "/contract-terms/{agreement_id}": [ids["sold"]],
        "/catalogue-terms/{provider}/{dataset}": [f"{seller}/deliveries"],
        "/evidence/{index}": [ids["middle"]],
        "/dossiers/{agreement}": [ids["sold"], ids["bought"], ids["small"]],
        "/dossier-file/{agreement}": [ids["sold"]],
        "/dossier-json/{agreement}": [ids["sold"]],
        "/applications/{id}": [ids["application"]],
        "/participants/{did}": [FIRM],
    }
    if page in one:
        stem = page[: page.index("{")]
        return [stem + (name if "/" in name else quote(name, safe="")) for name in one[page]]
    if "{draft_id}" in page:
        return [page.replace("{draft_id}", ids["draft"])]
    if "{" in page:
        raise LookupError(f"{page}: what is to stand in it?")
    return [page, *(f"{page}?{urlencode(query)}" for query in _queries(page, ids))]


def _queries(page: str, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the filters of a list, those that never meet anything among them."""
    early, late = "2026-06-02", "2026-08-20"
    deep = {"after": "product-05000"}
    known: dict[str, list[dict[str, Any]]] = {
        "/search": [{"id": ids.get("question", "")}, {"id": "nothing-of-that-name"}],
        "/inbox": [{"box": "by-me"}, {"state": "ended"}],
        "/new-product": [{"product": "deliveries"}],
        "/negotiations": [{"show": "open"}, {"show": "over"}, {"role": "provider", "show": "open"}],
        "/products": [{"state": "withdrawn"}, {"state": "withdrawn", **deep}, deep],
        "/catalogue": [
            {"text": "battery"}, {"text": "铝材 -battery"}, {"text": "nothingofthatname"},
            {"page": 400}, {"level": "1"}, {"provider": "did:web:seller-3.example"},
        ],
        "/shared": [
            {"text": "battery"}, {"text": "nothingofthatname"}, {"page": 400}, {"level": "1"},
        ],
        "/contracts": [
            {"role": "provider"}, {"role": "consumer", "show": "ended"}, {"party": FIRM},
            {"party": "Firm 19"}, {"party": NOBODY},
        ],
        "/deliveries": [
            {"direction": "in"}, {"direction": "out", "state": "ended"}, {"state": "running"},
            {"party": FIRM}, {"party": "Firm 19", "state": "paused"}, {"party": NOBODY},
        ],
        "/dossiers": [{"after": "1780318000000.urn"}],
        "/questions": [
            {"state": "refused"}, {"state": "asked"}, {"until": 1_781_000_000_000},
        ],
        "/questions/new": [{"agreement": ids.get("bought", "")}],
        "/received": [
            {"counterparty": FIRM}, {"counterparty": NOBODY}, {"agreement": ids.get("sold", "")},
            {"agreement": ids.get("small", "")}, {"product": "deliveries"},
            {"product": "product-00001"}, {"product": "none-of-ours"}, {"state": "answered"},
            {"state": "refused"}, {"state": "open"}, {"state": "ended"},
            {"since": early, "until": early}, {"since": late}, {"until": early},
            {"counterparty": FIRM, "state": "open"}, {"product": "deliveries", "state": "ended"},
            {"counterparty": FIRM, "product": "product-00001"},
            {"before": int(ids.get("middle") or 0)},
        ],
        "/connector/messages": [{"state": "parked"}, {"state": "waiting"}, {"before": 1000}],
        "/evidence": [
            {"kind": "REFUSAL"}, {"party": FIRM}, {"party": FIRM, "kind": "TRANSFER"},
            {"agreement": ids.get("sold", "")}, {"process": ids.get("question", "")},
            {"party": FIRM, "kind": "CERTIFICATION"}, {"decision": "deny"},
            {"id": "deliveries"}, {"id": ids.get("sold", "")}, {"id": "none"},
            {"party": FIRM, "decision": "deny"}, {"id": "deliveries", "kind": "REFUSAL"},
            {"until": early, "kind": "ANSWER"},
            {"kind": "REFUSAL", "before": int(ids.get("middle") or 0)},
        ],
        "/applications": [{"state": "all"}, {"state": "all", "after": 250}],
        "/participants": [{"standing": "certified"}, {"named": "Firm 19"}, {"named": "nobody"}],
    }  # fmt: skip
    return known.get(page, [])
