"""A firm and its operator with an auditor in each: signed in to the console, and with a key."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlmodel import col, select
from werkzeug.test import Client

from connector.compose import hub, participant
from connector.party.area import Areas
from connector.store.rows import LogEntryRow
from tests.connector.people.firm import Firm
from tests.connector.questions.market import PRODUCT, Market, publish_deliveries
from tests.connector.space import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from connector.console.page import Page
    from connector.party.operation import Operation
    from tests.simulators import Net, Party, StandingClock

BY_YEAR = "SELECT year, SUM(qty) FROM deliveries GROUP BY year"
PORT = 23_500


@dataclass
class Audited:
    """One node, its auditor's session and key, and what stands in the paths of what can be read."""

    party: Party
    clock: StandingClock
    firm: Firm = field(init=False)
    parts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.firm = Firm(self.party, self.clock)
        self.firm.hash_quickly()
        self.session = self.firm.join("Rui", "auditor", factor=True)
        self.key = self.drawn("auditor")
        assert self.party.apps.console is not None
        self.client = Client(self.party.apps.console())

    def drawn(self, *roles: str) -> str:
        """The token of a new key."""
        body = {"name": "-".join(roles), "roles": list(roles)}
        status, found = self.party.manage("POST", "/v1/management-keys", body)
        assert status == 201, found
        return str(found["token"])

    def enter(self, session: str) -> None:
        """Have the browser hold a session."""
        port = self.party.node.settings.console.port  # type: ignore[union-attr]
        self.client.set_cookie(f"voile-{port}", session, domain="localhost")

    def get(self, path: str) -> tuple[int, str]:
        """Open a page; of a file that is packed, what is in it."""
        answer = self.client.get(path, base_url=self.party.node.settings.console_address)
        return answer.status_code, unpacked(answer.get_data())

    @property
    def operations(self) -> list[Operation]:
        """What an auditor may do."""
        found = self.party.node.services[Areas].operations
        return [one for one in found if "auditor" in one.may]

    @property
    def pages(self) -> list[Page]:
        """What an auditor may open."""
        return [one for one in self.party.node.services[Areas].pages if "auditor" in one.may]

    def path(self, pattern: str, name: str) -> str:
        """Fill what stands in a path; whoever adds one says here what stands there."""
        own = {part: self.parts.get(f"{name}:{part}", value) for part, value in self.parts.items()}
        return re.sub(r"\{(\w+)\}", lambda part: quote(own[part[1]], safe=""), pattern)

    def reads(self) -> list[Mapping[str, Any]]:
        """The leaves of kind ACCESS, without those of signing in."""
        with self.party.node.db.reading() as session:
            query = select(LogEntryRow).where(LogEntryRow.kind == "ACCESS")
            rows = session.exec(query.order_by(col(LogEntryRow.index))).all()
        found = [json.loads(row.entry) for row in rows]
        return [leaf for leaf in found if leaf["to"] != "SIGNED_IN"]

    def held(self) -> str:
        """Have a request wait for a second person; give its id."""
        decides = "certifier" if self.party.node.settings.role == "hub" else "cdo"
        for role in (decides, "security"):
            self.firm.join(role, role, factor=True)
        body = {"name": "Eve", "roles": ["auditor"]}
        status, found = self.party.manage("POST", "/v1/people", body)
        assert status == 202, found
        return str(found["approval"]["id"])


def unpacked(data: bytes) -> str:
    """What somebody reads in a file: figures in one that is packed are figures, too."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(unpacked(archive.read(name)) for name in archive.namelist())


def console(port: int) -> dict[str, str]:
    """Settings that have a console."""
    return {"VOILE_CONSOLE_PORT": str(port)}


def audited_hub(party: Callable[..., Party], clock: StandingClock) -> tuple[Space, Audited]:
    """An operator with an auditor."""
    space = Space(party("hub", areas=hub.AREAS, role="hub", env=console(PORT)), party)
    space.renew()
    return space, Audited(space.hub, clock)


def audited_firms(
    party: Callable[..., Party], net: Net, clock: StandingClock, folder: Path
) -> tuple[Audited, Audited, Audited, dict[str, Any]]:
    """An operator, a provider and a consumer, each with an auditor; and the answer to a question."""
    space, operator = audited_hub(party, clock)
    firms = []
    for number, name in enumerate(("acme", "bolt"), 1):
        made = party(name, areas=participant.AREAS, hub=space.hub.did, env=console(PORT + number))
        space.apply(made)
        space.approve(made)
        firms.append(Audited(made, clock))
    provider, consumer = firms
    market = Market(provider.party, consumer.party, net, clock)
    publish_deliveries(provider.party, folder)
    space.settle(provider.party)
    agreement = market.agreement()
    answered = market.answer(agreement, BY_YEAR, questionId="question-1")["answer"]
    market.reasons(agreement, "SELECT MAX(qty) FROM deliveries", questionId="question-2")
    for one in (operator, *firms):
        one.parts |= {
            "person": one.firm.visitor(one.session).actor.name,
            "index": "0",
            "did": provider.party.did,
            "provider": provider.party.did,
            "agreement": agreement,
            "agreement_id": agreement,
            "product_id": "deliveries",
            "id": "question-1",
        }
    for one in firms:
        one.parts["pid"] = first(one, "/v1/transfers", "transfers")["pid"]
        one.parts["dsp.negotiation:pid"] = first(one, "/v1/negotiations", "negotiations")["pid"]
        one.parts["negotiation.show:pid"] = one.parts["dsp.negotiation:pid"]
        one.parts["dsp.offer_terms:pid"] = one.parts["dsp.negotiation:pid"]
        one.parts["approval_id"] = one.held()
    provider.parts["job_id"] = published(provider, folder)
    firm = first(operator, "/v1/hub/applications?state=", "applications")
    serial = operator.party.manage("GET", "/v1/hub/status")[1]["serial"]
    operator.parts |= {"serial": str(serial), "hub.application:id": str(firm["id"])}
    operator.parts["approval_id"] = operator.held()
    return operator, provider, consumer, answered


def first(one: Audited, path: str, name: str) -> Any:
    """The first of a list."""
    status, found = one.party.manage("GET", path)
    assert status == 200, found
    return found[name][0]


def published(one: Audited, folder: Path) -> str:
    """Publish the same again through the API; give the id of the job."""
    body = {"product": PRODUCT, "data": str(folder / "deliveries.csv")}
    status, job = one.party.manage("POST", "/v1/products", body)
    assert status == 202, job
    return str(job["job"])


def spelled(answer: Mapping[str, Any]) -> list[str]:
    """The figures of an answer, as pages write them."""
    values = [value for cell in answer["cells"] for value in cell["values"].values()]
    return [f"{int(value):,}" for value in values]
