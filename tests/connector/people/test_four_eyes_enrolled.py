"""Four eyes with people who enrolled by their links: in force with the second, and invitations wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.party.gate import Held
from tests.areas import APPROVALS, OWN, PEOPLE
from tests.connector.people.firm import Firm
from tests.connector.people.four_eyes import does

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party, StandingClock


def test_in_force_with_the_second_who_enrols_and_a_link_goes_to_who_asked(
    party: Callable[..., Party], clock: StandingClock
):
    """The leaf stands beside the enrolment; a third is invited by two, and the link shown to one."""
    firm = Firm(party("acme", areas=(OWN, PEOPLE, APPROVALS)), clock)
    firm.hash_quickly()
    mei = firm.visitor(firm.join("Mei", "security")).actor
    second = firm.link("Chen", "cdo", "security")
    assert firm.leaves("FOUR_EYES_IN_FORCE") == []
    chen = firm.visitor(firm.enrol(second, "Chen", factor=True)).actor
    assert len(firm.leaves("FOUR_EYES_IN_FORCE")) == 1
    heed = firm.party.manage("GET", "/v1/people")[1]["heed"]
    assert "just two persons may agree" in heed["en"]
    assert "只有两位" in heed["zh"]
    made = does(firm.party, mei, "person.invite", name="Wu", roles=["security"])
    assert isinstance(made, Held)
    path = {"approval_id": made.id}
    shown = does(firm.party, chen, "approval.agree", path)
    assert shown["approval"]["state"] == "agreed"
    link = does(firm.party, mei, "approval.fetch", path)["result"]["link"]
    assert firm.visitor(firm.enrol(link.rsplit("/", 1)[1], "Wu")).name == "Wu"
    assert firm.party.manage("GET", "/v1/people")[1].get("heed") is None
    assert link not in str(does(firm.party, chen, "approval.show", path))


def test_two_who_may_agree_are_left(party: Callable[..., Party], clock: StandingClock):
    """Neither ends nor loses the role while four eyes are in force: nobody could agree any more."""
    firm = Firm(party("acme", areas=(OWN, PEOPLE, APPROVALS)), clock)
    firm.hash_quickly()
    second = firm.link("Chen", "cdo", "security")
    mei = firm.visitor(firm.join("Mei", "security", "steward")).actor
    chen = firm.visitor(firm.enrol(second, "Chen", factor=True)).actor
    for what, sent in (("person.end", {}), ("person.roles", {"roles": ["steward"]})):
        made = does(firm.party, chen, what, {"person": "Mei"}, **sent)
        shown = does(firm.party, mei, "approval.agree", {"approval_id": made.id})
        assert shown["approval"]["state"] == "failed"
    assert firm.leaves("PERSON_ENDED", "PERSON_ROLES") == []
    codes = [leaf["query"]["code"] for leaf in firm.leaves("APPROVAL_FAILED")]
    assert codes == ["approval-too-few"] * 2
