"""Whatever an auditor reads is a leaf: each page and operation that the role may have, by itself.

They are enumerated from the declarations: one that is added is either on record, or says why not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from connector.areas.audit.leaf_lines import step_of
from connector.areas.audit.naming import names
from connector.areas.audit.reads import BURST
from connector.compose.describing import AREAS
from connector.console.page import Looked
from contracts.evidence import Entry
from tests.connector.audit.audited import Audited, audited_firms, audited_hub, spelled, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.party.operation import Reading
    from tests.simulators import Net, Party, StandingClock

UNRECORDED = {
    *("node.show", "node.openapi", "approval.state", "audit.export"),
    "audit.verify",
}
OWNERS = ("brokenRules", "rowsAtFinest", "recognisedBy", "contributorIds", "clamped")
OF_CONSUMER = ("asking.answer", "question.list")


def readings() -> list[tuple[str, Reading]]:
    """Everything that an auditor may have, of a firm and of an operator, by name."""
    found: dict[str, Reading] = {}
    for areas in AREAS.values():
        for area in areas:
            declared = (*area.operations, *area.pages)
            found |= {one.name: one.reading for one in declared if "auditor" in one.may}
    return sorted(found.items())


def test_what_is_not_on_record_says_why_and_is_little():
    """Everything else is: whoever adds something that needs no leaf writes the reason, and here."""
    assert {name for name, reading in readings() if reading.unrecorded} == UNRECORDED
    assert len(readings()) > len(UNRECORDED) * 5


def test_every_reading_has_words():
    """Its leaf is a line in both languages."""
    states = {reading.state for _, reading in readings()}
    assert {"READ", "SEARCHED", "OPENED", "DOSSIER", "HISTORY"} == states
    for state in states:
        assert step_of({"kind": "ACCESS", "to": state}) is not None


def test_what_was_read_is_named_as_people_know_it(
    party: Callable[..., Party], clock: StandingClock
):
    """A page by its title, an operation by its words; who read it by name, in no leaf itself."""
    _, one = audited_hub(party, clock)
    one.enter(one.session)
    assert one.get("/people")[0] == 200
    assert one.party.manage("GET", "/v1/people", token=one.key)[0] == 200
    status, found = one.party.manage("GET", "/v1/evidence?kind=ACCESS")
    assert status == 200
    lines = [record["line"] for record in found["records"]][:2]
    key, person = (one["actor"].split(":")[1][:6] for one in found["records"][:2])
    assert {key, person} <= {leaf["actor"].split(":")[1][:6] for leaf in one.reads()}
    assert lines == [
        {
            "zh": f"管理密钥 auditor（{key}…）：审计员查看了“人员：编号、姓名、角色、状态、第二因素”（/v1/people）",
            "en": f"management key auditor ({key}…): an auditor read “people: id, name, roles, state,"
            " second factor” (/v1/people)",
        },
        {
            "zh": f"人员 Rui（{person}…）：审计员查看了“人员”（/people）",
            "en": f"person Rui ({person}…): an auditor read “People” (/people)",
        },
    ]
    assert "Rui" not in str(one.reads())
    node = one.party.node
    with node.db.reading() as session:
        named = names(node, session, ())
    for each in (*one.operations, *one.pages):
        said = named.read(each.name, {}).said("zh")
        assert said.startswith("“"), each.name
        assert each.name not in said, each.name
    assert named.read("of.old", {}).said("en") == "of.old"
    of = {"query": {"asked": {"person": "p-1"}}}
    assert named.read("people.person", of).said("en") == "“A person” (/people/p-1)"
    assert named.read("people.person", {}).said("en") == "“A person” (/people/{person})"


def test_a_name_is_for_whom_it_may_be_listed_to_and_in_nothing_that_is_kept(
    party: Callable[..., Party], clock: StandingClock
):
    """A certifier may not list keys; a file of the list goes to others, with ids alone."""
    _, one = audited_hub(party, clock)
    one.enter(one.session)
    assert one.get("/people")[0] == 200
    assert one.party.manage("GET", "/v1/people", token=one.key)[0] == 200
    path = "/v1/evidence?kind=ACCESS"
    said = str(one.party.manage("GET", path)[1])
    assert "management key auditor (" in said
    assert "person Rui (" in said
    said = str(one.party.manage("GET", path, token=one.drawn("certifier"))[1])
    assert "management key auditor (" not in said
    assert "person Rui (" in said
    assert "Rui (" in one.get("/evidence?kind=ACCESS")[1]
    kept = one.get("/evidence.csv?kind=ACCESS")[1]
    assert "an auditor read" in kept
    assert "Rui" not in kept
    assert "management key auditor" not in kept


def test_no_page_lets_an_auditor_do_anything():
    """A form's operation of an auditor would be an act; there is none, but an export."""
    for areas in AREAS.values():
        for area in areas:
            forms = [(p, f) for p in area.pages if "auditor" in p.may for f in p.forms]
            assert not [p.name for p, f in forms if "auditor" in f.operation.may]
            posted = [o.name for o in area.operations if "auditor" in o.may and o.method != "GET"]
            assert posted in ([], ["audit.export"])


def read(one: Audited, name: str, look: Callable[[], tuple[int, Any]]) -> str:
    """Read something twice: one leaf, that names it and the auditor; give what was shown."""
    before = len(one.reads())
    for _ in range(2):
        status, shown = look()
        assert status in (200, 303), (name, status)
    new = one.reads()[before:]
    if name == "audit.export":
        assert [leaf["to"] for leaf in new] == ["EXPORTED"] * 2
    elif name in UNRECORDED:
        assert new == [], name
    else:
        assert [leaf["query"]["read"] for leaf in new] == [name]
    assert len({leaf["actor"] for leaf in new}) < 2
    return unpacked(shown) if isinstance(shown, bytes) else str(shown)


def every(one: Audited, said: str) -> dict[str, str]:
    """Read all that an auditor may: operations with its key, pages in its session; give it all."""
    looked: dict[str, str] = {}
    for operation in one.operations:
        if operation.name in OF_CONSUMER and said != "consumer":
            continue
        if operation.name == "product.watch" and "job_id" not in one.parts:
            continue
        if operation.path.startswith("/v1/products/{") and said != "provider":
            continue
        path = one.path(operation.path, operation.name)

        def call(method: str = operation.method, path: str = path) -> tuple[int, Any]:
            return one.party.manage(method, path, token=one.key)

        looked[operation.name] = read(one, operation.name, call)
    one.enter(one.session)
    for page in one.pages:
        if page.name in OF_CONSUMER and said != "consumer":
            continue
        path = one.path(page.path, page.name)
        looked[page.name] = read(one, page.name, lambda path=path: one.get(path))  # type: ignore[misc]
    return looked


@pytest.mark.long
def test_everything_that_an_auditor_may_read_is_one_leaf(
    party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path
):
    """With a key by the API and in a session by the pages, of a firm and of its operator.

    And nothing of it has a figure: neither of an answer, nor of what the owner's report counts.
    """
    operator, provider, consumer, answered = audited_firms(party, net, clock, tmp_path)
    with provider.party.node.db.transaction() as tx:
        tx.append(
            Entry(
                kind="TRANSFER",
                role="provider",
                counterparty=consumer.party.did,
                agreement=provider.parts["agreement"],
                process="transfer-of-rui",
                to_state="SUSPENDED",
                actor=f"person:{provider.parts['person']}",
            )
        )
    private = spelled(answered)
    private += [figure.replace(",", "") for figure in private]
    status, product = provider.party.manage("GET", "/v1/products/deliveries")
    assert status == 200
    owners = product["report"]
    private += [f"'{name}'" for name in OWNERS if name in owners]
    private += [digest for digest in owners["recognisedBy"] if digest]
    private += [f"{owners['rows']:,}", f"'rows': {owners['rows']}"]
    assert len(private) > 8
    looked: set[str] = set()
    for one, said in ((operator, "operator"), (provider, "provider"), (consumer, "consumer")):
        shown = every(one, said)
        shown.pop("node.openapi")  # names fields of all roles, and no figure
        if one is provider:
            assert "Rui (" in shown["audit.dossier"]
            path = f"/v1/audit/dossier/{quote(one.parts['agreement'])}"
            kept = [str(one.party.manage("GET", path, token=one.key)[1])]
            kept += [shown["audit.dossier_file"], shown["audit.dossier_json"]]
            for text in kept:
                assert provider.parts["person"] in text
                assert "Rui" not in text
        for name, text in shown.items():
            assert not [figure for figure in private if figure in text], name
        looked |= set(shown)
    assert looked == {name for name, _ in readings()} - {"node.openapi"}
    leaves = provider.reads()
    assert {leaf["actor"].split(":")[0] for leaf in leaves} == {"key", "person"}
    assert "Rui" not in str(leaves)


def test_a_filter_is_what_a_page_looked_at(party: Callable[..., Party], clock: StandingClock):
    """Neither a name that it does not know, nor a further page, makes another leaf, or a longer one.

    The same holds for the file of a list.
    """
    _, one = audited_hub(party, clock)
    one.enter(one.session)
    for query in ("", "?x=1", "?x=2&y=3", "?before=0", "?kind=", "?kind=&z=" + "z" * 500):
        assert one.get(f"/evidence{query}")[0] == 200, query
    assert [leaf["query"]["asked"] for leaf in one.reads()] == [{}]
    one.get("/evidence?kind=STATUS&x=4")
    assert one.reads()[-1]["query"]["asked"] == {"kind": "STATUS"}
    before = len(one.reads())
    for query in (
        "kind=STATUS",
        "kind=STATUS&before=0",
        *(f"kind=STATUS&x{n}=4" for n in range(3)),
    ):
        assert one.get(f"/evidence.csv?{query}&{'y' * 5_000}=1")[0] == 200, query
    new = one.reads()[before:]
    assert [leaf["query"]["asked"] for leaf in new] == [{"kind": "STATUS"}]
    looked = Looked({"a": ("1", "2"), "b": ("3",)})
    assert (looked.get("a"), looked.get("c"), len(looked), list(looked)) == (
        ("1", "2"),
        None,
        2,
        ["a", "b"],
    )
    assert looked.at == {"a": "1 2"}


def test_what_was_not_found_or_refused_was_not_read(
    party: Callable[..., Party], clock: StandingClock
):
    """Nothing was shown."""
    _, one = audited_hub(party, clock)
    one.enter(one.session)
    for path, status in (("/evidence/9999", 404), ("/evidence?kind=NONE", 400), ("/nowhere", 404)):
        assert one.get(path)[0] == status
    assert one.party.manage("GET", "/v1/hub/pushes/9999", token=one.key)[0] in (400, 404)
    assert one.party.manage("GET", "/v1/evidence?kind=NONE", token=one.key)[0] == 400
    assert one.reads() == []


def test_whoever_may_read_by_another_role_of_the_firm_leaves_nothing(
    party: Callable[..., Party], clock: StandingClock
):
    """A role beside auditor counts where it may read the same; elsewhere the auditor reads."""
    _, one = audited_hub(party, clock)
    both = one.drawn("security", "auditor")
    for path, leaves in (("/v1/evidence", 0), ("/v1/people", 0), ("/v1/hub/participants", 1)):
        assert one.party.manage("GET", path, token=both)[0] == 200
        assert len(one.reads()) == leaves, path


@pytest.mark.long
def test_nobody_fills_the_log_by_reading(party: Callable[..., Party], clock: StandingClock):
    """Beyond what may be put on record at once nothing is shown, of that person alone."""
    _, one = audited_hub(party, clock)
    said: list[Any] = []
    for number in range(BURST + 40):
        path = f"/v1/evidence?since={number}"
        status, found = one.party.manage("GET", path, token=one.key)
        said.append((status, found))
    assert {status for status, _ in said} == {200, 429}
    assert said[-1][0] == 429
    assert BURST <= len(one.reads()) < BURST + 40
    error = said[-1][1]["error"]
    assert error["code"] == "reads-too-many"
    assert "export a bundle" in error["next"]
    assert one.party.manage("GET", "/v1/evidence?since=0", token=one.key)[0] == 200, "seen already"
    one.enter(one.session)
    assert one.get("/evidence")[0] == 200, "another person"
