"""What the steps share: the parties, their data, the agreements, and what was found so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.demo import problems
from connector.demo.asked import Asked
from connector.demo.data import FirmData
from connector.demo.parties import BUYER, OPERATOR, SUPPLIERS
from connector.demo.plaintext import Plain
from connector.demo.processes import Processes, Running
from connector.demo.results import Check, Drill, Findings, Text
from connector.faces.cli.client import Failed, Management
from crypto.errors import VoileError
from policies.phrases import render, sentence
from policies.reasons import Reason

if TYPE_CHECKING:
    from connector.demo.consoles import Invited


@dataclass
class Stage:
    """The run as the steps see it.

    Attributes:
        out: Folder of everything that the run writes.
        processes: The five parties.
        held: Which files each supplier holds.
        findings: What the report is made of.
        agreements: Agreement ids by (supplier, dataset, offer name).
        asked: Every question that was answered, with its answer, for the comparison.
        checks: What the step that runs now has checked so far.
        invited: Who was invited to a console, once all was done; only where the processes go on.
    """

    out: Path
    processes: Processes
    held: Sequence[FirmData]
    findings: Findings
    agreements: dict[tuple[str, str, str], str] = field(default_factory=dict)
    asked: list[tuple[Asked, Mapping[str, Any]]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    invited: list["Invited"] = field(default_factory=list, repr=False)

    @cached_property
    def plain(self) -> Plain:
        """All rows of all firms; loaded when first asked."""
        return Plain(self.held)

    @property
    def hub(self) -> Running:
        """The operator's hub."""
        return self.processes.running[OPERATOR.slug]

    @property
    def buyer(self) -> Running:
        """The buyer's connector."""
        return self.processes.running[BUYER.slug]

    @property
    def suppliers(self) -> tuple[Running, ...]:
        """The suppliers' connectors."""
        return tuple(self.processes.running[party.slug] for party in SUPPLIERS)

    @property
    def firms(self) -> tuple[Running, ...]:
        """All that the operator certifies."""
        return (*self.suppliers, self.buyer)

    def agreement(self, supplier: str, dataset: str, offer: str) -> str:
        """The id of an agreement that was concluded.

        Raises:
            VoileError: It was not.
        """
        found = self.agreements.get((supplier, dataset, offer))
        if found is None:
            raise VoileError(problems.NO_AGREEMENT, supplier=supplier, dataset=dataset, offer=offer)
        return found

    def check(self, en: str, zh: str, *, ok: bool, detail: str = "") -> bool:
        """Note one thing that had to hold; return whether it did."""
        self.checks.append(Check(Text(en, zh), ok=ok, detail="" if ok else detail))
        return ok

    def tell(self, drill: Drill) -> None:
        """Keep what came of an attack, and check that it came to nothing."""
        self.findings.drills.append(drill)
        self.check(
            f"nothing comes of: {drill.title.en}",
            f"未能得逞：{drill.title.zh}",
            ok=drill.held,
            detail=f"{drill.came.en} {drill.inferred.en}",
        )


def refusal_of(
    client: Management, path: str, body: Mapping[str, Any]
) -> tuple[Failed | None, Text, Text, str]:
    """Send what has to be refused; return the refusal, its words, the next step and its code."""
    try:
        client.post(path, body)
    except Failed as error:
        why, following, code = words_of(error)
        return error, why, following, code
    return None, Text("it was not refused", "没有被拒绝"), Text("", ""), ""


def words_of(error: Failed) -> tuple[Text, Text, str]:
    """Say a refusal in both languages, from its reasons: why, what next, and the first code."""
    reasons = [Reason.from_json(item) for item in error.reasons]
    if not reasons:
        return (
            Text(error.message, error.message),
            Text(error.next_step, error.next_step),
            error.code,
        )
    bare = [Reason.from_json({**item, "next": ""}) for item in error.reasons]
    why = Text(
        " ".join(sentence(reason, "en") for reason in bare),
        "".join(sentence(reason, "zh") for reason in bare),
    )
    first = next((reason for reason in reasons if reason.next), None)
    if first is None:
        return why, Text("", ""), reasons[0].code
    step = Reason(code=first.next, params=first.params)
    return why, Text(render(step, "en"), render(step, "zh")), reasons[0].code
