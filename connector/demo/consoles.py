"""Who may look at what `voile demo --keep` leaves running: one link per role, each good once.

Links are secrets: they are printed, and written into no file.
"""

import http.client
from dataclasses import dataclass
from typing import Final

from connector.demo.parties import ALDER, BUYER, OPERATOR, Party
from connector.demo.processes import Running
from connector.demo.results import Text
from connector.demo.stage import Stage
from connector.process.actor import Role
from connector.process.ports import SystemClock, unix_ms
from connector.process.settings import load
from crypto.words import Language, Words

DAYS: Final = 7  # that a link is good, and the auditor's grant
_DAY_MS: Final = 24 * 60 * 60_000
_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody who is invited.

    Attributes:
        party: at whose console.
        name: under which the person signs in.
        roles: what the person may do.
        first: path of the page to look at first.
        look: what is to be seen there.
    """

    party: Party
    name: Words
    roles: tuple[Role, ...]
    first: str
    look: Words


DESKS: Final = (
    Desk(
        party=ALDER,
        name=Words("赤杨业务台", "Alder desk"),
        roles=("steward", "cdo", "security"),
        first="/products",
        look=Words(
            "企业，提供数据：自己的产品、哪些格子被合并及原因；“新产品”从一个文件开始",
            "a firm that offers data: its products, which cells were merged and why; a new product"
            " begins with a file",
        ),
    ),
    Desk(
        party=BUYER,
        name=Words("红枫业务台", "Maple desk"),
        roles=("steward", "cdo", "security"),
        first="/questions/new",
        look=Words(
            "企业，提出问题：提问之前先看谁会看到什么、要用掉什么",
            "a firm that asks: who will see what, and what it costs, before a question runs",
        ),
    ),
    Desk(
        party=OPERATOR,
        name=Words("运营台", "Operator desk"),
        roles=("certifier", "security"),
        first="/participants",
        look=Words(
            "运营方：参与方及其认证状态，暂停或撤销会停下什么",
            "the operator: participants and their standing, and what a suspension would stop",
        ),
    ),
    Desk(
        party=BUYER,
        name=Words("审计员", "Auditor"),
        roles=("auditor",),
        first="/dossiers",
        look=Words(
            "审计员，只读且有期限：每份合约的卷宗，从认证到最后一次提问；“核验”在浏览器内核对证据包",
            "an auditor, read-only and for a time: the dossier of each agreement, from"
            " certification to the last question; Verify checks a bundle in the browser",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One link.

    Attributes:
        desk: who is invited.
        name: under which the person signs in, in the language of its pages.
        address: origin of the console.
        link: good once.
        expires: milliseconds since 1970.
    """

    desk: Desk
    name: str
    address: str
    link: str
    expires: int

    def as_json(self, language: Language) -> dict[str, object]:
        """Give it for machines."""
        return {
            "party": self.desk.party.slug,
            "name": self.name,
            "roles": list(self.desk.roles),
            "address": self.address,
            "link": self.link,
            "expires": self.expires,
            "first": self.address + self.desk.first,
            "look": self.desk.look.said(language),
        }


TITLE: Final = Text("Invite one person per role to the consoles", "为每种角色邀请一人使用控制台")


def invite(stage: Stage, language: Language) -> None:
    """Invite everybody, in the language of whoever runs the demonstration.

    Raises:
        VoileError: a party does not answer, or refuses.
    """
    answering = [_answers(running) for running in stage.processes.running.values()]
    stage.check(
        "every party has a console that asks who comes",
        "每一方都有控制台，且要求先登录",
        ok=all(answering),
    )
    for desk in DESKS:
        running = stage.processes.running[desk.party.slug]
        body = {
            "name": desk.name.said(language),
            "roles": list(desk.roles),
            "language": language,
            "days": DAYS,
        }
        if desk.roles == ("auditor",):
            body["until"] = unix_ms(SystemClock().now()) + DAYS * _DAY_MS
        made = running.manage.post("/v1/people", body)
        address, _, _ = made["link"].partition("/invitation/")
        stage.invited.append(
            Invited(
                desk=desk,
                name=made["person"]["name"],
                address=address,
                link=made["link"],
                expires=made["expires"],
            )
        )
    roles = {role for one in stage.invited for role in one.desk.roles}
    stage.check(
        f"{len(stage.invited)} links, each good once, for {len(roles)} roles",
        f"{len(stage.invited)} 个链接，各能使用一次，共 {len(roles)} 种角色",
        ok=len({one.link for one in stage.invited}) == len(DESKS),
    )


def _answers(running: Running) -> bool:
    """Whether a party's console shows a stranger where to sign in, and nothing else."""
    console = load(running.home, {}).console
    if console is None:
        return False
    asked = http.client.HTTPConnection("localhost", console.port, timeout=_SECONDS)
    try:
        asked.request("GET", "/")
        answer = asked.getresponse()
        place = answer.getheader("Location", "")
    except OSError:
        return False
    finally:
        asked.close()
    return answer.status in {302, 303} and place.startswith("/sign-in")
