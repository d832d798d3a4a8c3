"""The page on which a question is written and looked at before it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connector.areas.dsp import (
    agreement_at,
    find_agreement,
    fresh_urn,
    named_agreement,
    not_as_consumer,
)
from connector.areas.questions import attempt_at
from connector.compose.asking_operations import ASK, MOST_AGREEMENTS, Ask
from connector.compose.pages import workbench_words as w
from connector.compose.pages.asking_now import AskingNow
from connector.compose.pages.away import Away
from connector.compose.pages.contracts_at_hand import (
    Contract,
    Descriptions,
    contracts,
    modes_now,
    purposes_of,
)
from connector.compose.pages.foreseen import foreseen
from connector.compose.pages.shared import name_of, names_of, question_page, way_to
from connector.console.page import Form, Page
from connector.party.operation import Call
from connector.process.errors import VoileError
from crypto.records import read
from crypto.words import verbatim
from policies.profile import HOMOMORPHIC, MASKED
from policies.purpose_words import PURPOSE_WORDS, short_purpose
from policies.samples import MOST as MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.areas.questions import Asked
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken, Words

PATH: Final = "/questions/new"
MODES: Final[Mapping[str, Words]] = {MASKED: w.MASKED, HOMOMORPHIC: w.HOMOMORPHIC}
_CODES: Final = 24  # of one dimension


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    token = visit.asked("checked")
    checked = node.services[AskingNow].checked(token, visit.visitor.actor.name) if token else None
    given = _begun(node, visit)
    if checked is not None and not visit.given:
        body = checked.body
        given = _Given(body.agreements, body.sql, body.purpose, body.mode or "", body.question_id)
    chosen = _chosen(node, visit, given.agreements)
    found: dict[str, Any] = {
        "chosen": chosen,
        "contracts": [] if chosen else contracts(node, visit.language),
        "catalogue": way_to(node, visit.visitor, "/catalogue"),
        "modes": MODES,
        "gone": bool(token) and checked is None,
        "checked": None,
        "checking": "",
        "unchecked": None,
    }
    if not chosen:
        return found
    page, trouble = _described(node, chosen)
    offer = page["offers"][0] if page and page["offers"] else {}
    table = page.get("table") if page else None
    samples = list(_samples(offer, chosen))
    number = visit.asked("sample")
    if number.isascii() and number.isdigit() and int(number[:3]) < len(samples) and not given.sql:
        one = offer["questions"][int(number[:3])]
        given = _Given(given.agreements, one["sql"], one["purpose"], "", given.id)
    if checked is not None and checked.found is None:
        found["checking"] = f"{PATH}?{urlencode({'checked': token})}" if not checked.failed else ""
        found["unchecked"] = checked.failed
    elif checked is not None:
        with node.db.reading() as session:
            dids = [one.provider for one in chosen]
            names = names_of(node, session, dids, visit.language)
        found["checked"] = foreseen(checked, page or {}, names, visit.language)
    several = len(chosen) > 1
    return found | {
        "samples": samples,
        "trouble": trouble,
        "table": _table(table) if table else None,
        "sql": given.sql,
        "purpose": given.purpose,
        "purposes": _purposes(chosen),
        "mode": given.mode,
        "mode_choices": _mode_choices(chosen),
        "question_id": given.id or fresh_urn(node.entropy),
        "action": f"{PATH}?{urlencode([('agreement', one.pid) for one in chosen])}",
        "seen": _seen(several=several),
    }


class _Given:
    """What is in the fields when the page opens."""

    def __init__(
        self, agreements: Sequence[str], sql: str, purpose: str, mode: str, id_: str | None
    ) -> None:
        self.agreements = agreements
        self.sql = sql
        self.purpose = purpose
        self.mode = mode
        self.id = id_ or ""


def _begun(node: Node, visit: Visit) -> _Given:
    """Begin with what the address says: contracts, or a question that was asked before."""
    agreements = list(visit.query.get("agreement", ()))[:MOST_AGREEMENTS]
    row = attempt_at(node, visit.asked("again")[:2048]) if visit.asked("again") else None
    if row is None:
        return _Given(agreements, "", "", "", None)
    purpose = short_purpose(row.purpose)
    mode = (
        row.mode if row.why == "plan.asked" else ""
    )  # else it was the cheapest, and may be so again
    return _Given(agreements or _under(node, row), row.sql, purpose, mode, None)


def _under(node: Node, row: Asked) -> list[str]:
    """Name the contracts of a question by our own names for them, as far as they are there."""
    with node.db.reading() as session:
        found = [
            (id_, find_agreement(session, id_, counterparty=did))
            for did, id_ in row.by_provider.items()
        ]
    return [id_ if one is None else one.negotiation for id_, one in found]


def _chosen(node: Node, visit: Visit, agreements: Sequence[str]) -> list[Contract]:
    """Give the contracts that are named, as far as they let us ask.

    Raises:
        NotFound: one of them does not.
    """
    found, titles = [], node.services[Descriptions]
    with node.db.reading() as session:
        for agreement in dict.fromkeys(agreements):
            record = named_agreement(session, agreement, role="consumer")
            if record is None or record.role != "consumer":
                raise not_as_consumer(agreement)
            found.append(
                Contract(
                    id=record.id,
                    pid=record.negotiation,
                    provider=record.counterparty,
                    name=name_of(node, session, record.counterparty, visit.language),
                    product=record.dataset_id,
                    title=titles.title(record.counterparty, record.dataset_id),
                    modes=modes_now(node, record),
                    purposes=purposes_of(record),
                )
            )
    return found


def _described(
    node: Node, chosen: list[Contract]
) -> tuple[Mapping[str, Any] | None, VoileError | None]:
    """Ask for the first product that is to be had; titles of the others come from it later."""
    page: Mapping[str, Any] | None = None
    trouble: VoileError | None = None
    for at, one in enumerate(chosen):
        with node.db.reading() as session:
            record = agreement_at(session, one.pid)
        assert record is not None, "it was found above"
        try:
            with node.services[Away].place():
                found = node.services[Descriptions].of(node, record)
        except VoileError as error:
            trouble = trouble or error
            continue
        page = page or found
        title = node.services[Descriptions].title(one.provider, one.product)
        chosen[at] = Contract(
            id=one.id, pid=one.pid, provider=one.provider, name=one.name, product=one.product,
            title=title, modes=one.modes, purposes=one.purposes,
        )  # fmt: skip
    return page, None if page else trouble


def _samples(offer: Mapping[str, Any], chosen: Sequence[Contract]) -> Iterator[tuple[str, str]]:
    contracts_ = [("agreement", one.pid) for one in chosen]
    for number, one in enumerate(offer.get("questions", ())[:MOST_SAMPLES]):
        yield f"{PATH}?{urlencode([*contracts_, ('sample', str(number))])}", one["sql"]


def _purposes(chosen: Sequence[Contract]) -> list[tuple[str, Spoken]]:
    """Give the purposes that all contracts grant; where they have none in common, of the first."""
    first = chosen[0].purposes
    common = [one for one in first if all(one in other.purposes for other in chosen)]
    names = [short_purpose(one) for one in common or first]
    return [(name, PURPOSE_WORDS.get(name) or verbatim(name)) for name in names]


def _mode_choices(chosen: Sequence[Contract]) -> list[tuple[str, Spoken]]:
    common = [mode for mode in chosen[0].modes if all(mode in one.modes for one in chosen)]
    return [("", w.CHEAPEST), *((mode, MODES.get(mode) or verbatim(mode)) for mode in common)]


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Give the names with what a click puts into the question."""
    dimensions = []
    for one in table["dimensions"]:
        quoted = one["kind"] != "integer"
        shown = [
            {"name": code, "insert": "'" + code.replace("'", "''") + "'" if quoted else code}
            for code in one["codes"][:_CODES]
        ]
        dimensions.append({**one, "shown": shown, "more": len(one["codes"]) - len(shown)})
    return {**table, "dimensions": dimensions}


def _seen(*, several: bool) -> list[tuple[Words, Words]]:
    if several:
        return [
            (w.EACH_PROVIDER, w.EACH_SEES),
            (w.AGGREGATOR, w.AGGREGATOR_SEES),
            (w.YOU, w.YOU_SEE_TOTAL),
            (w.OTHERS, w.OTHERS_SEE),
        ]
    return [(w.PROVIDER, w.PROVIDER_SEES), (w.YOU, w.YOU_SEE), (w.OTHERS, w.OTHERS_SEE)]


def read_ask(visit: Visit, *, explain: bool = False) -> Call:
    """Read the fields of a question."""
    body: dict[str, Any] = {
        "agreements": list(visit.given.get("agreements", ())),
        "sql": visit.sent("sql").replace("\r\n", "\n").strip(),
        "purpose": visit.sent("purpose"),
        "explain": explain,
    }
    for name in ("mode", "questionId"):
        if given := visit.sent(name):
            body[name] = given
    return Call(actor=visit.visitor.actor, body=read(Ask, body))


WORKBENCH: Final = Page(
    name="asking.new",
    path=PATH,
    title=w.TITLE,
    may=ASK.may,
    view=_view,
    template="compose/workbench.html",
    words=w,
    forms=(
        Form(
            name="check",
            operation=ASK,
            run=lambda node, call: node.services[AskingNow].check(node, call),
            read=lambda visit: read_ask(visit, explain=True),
            then=lambda _visit, made: f"{PATH}?checked={made['token']}#checked",
            done=w.CHECKED_NOW,
        ),
        Form(
            name="ask",
            operation=ASK,
            run=lambda node, call: node.services[AskingNow].ask(node, call),
            read=read_ask,
            then=lambda _visit, made: question_page(made["question_id"]),
            done=w.ASKED_NOW,
        ),
    ),
)
