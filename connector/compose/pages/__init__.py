"""A firm's pages that several areas stand behind: home, questions, the connector itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.compose.pages.answer import ANSWER
from connector.compose.pages.answer import FILE as ANSWER_FILE
from connector.compose.pages.answer import WORKBOOK as ANSWER_WORKBOOK
from connector.compose.pages.asking_now import AskingNow
from connector.compose.pages.away import Away
from connector.compose.pages.catalogue import CATALOGUE
from connector.compose.pages.connector import CONNECTOR
from connector.compose.pages.contract import CONTRACT, CONTRACT_TERMS
from connector.compose.pages.contracts import CONTRACTS, CONTRACTS_FILE
from connector.compose.pages.contracts_at_hand import Descriptions
from connector.compose.pages.dataset import DATASET, DATASET_TERMS
from connector.compose.pages.history import PAGE as HISTORY_PAGE
from connector.compose.pages.home import HOME
from connector.compose.pages.messages import MESSAGES
from connector.compose.pages.products import PAGES as PRODUCT_PAGES
from connector.compose.pages.provider import PROVIDER
from connector.compose.pages.questions import QUESTIONS, QUESTIONS_FILE
from connector.compose.pages.received import RECEIVED_FILE, RECEIVED_PAGE
from connector.compose.pages.workbench import WORKBENCH

if TYPE_CHECKING:
    from connector.console.page import Page
    from connector.party.node import Node
    from connector.process.job import Worker

PAGES: Final[tuple[Page, ...]] = (
    HOME, *PRODUCT_PAGES, CATALOGUE, PROVIDER, DATASET, DATASET_TERMS, CONTRACTS, CONTRACTS_FILE,
    CONTRACT, CONTRACT_TERMS, HISTORY_PAGE, QUESTIONS, QUESTIONS_FILE, WORKBENCH, ANSWER,
    ANSWER_FILE, ANSWER_WORKBOOK, RECEIVED_PAGE, RECEIVED_FILE, CONNECTOR, MESSAGES,
)  # fmt: skip


def services(node: Node) -> tuple[object, ...]:
    """Make what these pages share."""
    return (AskingNow(node), Descriptions(node), Away(node))


def jobs(node: Node) -> tuple[Worker, ...]:
    """Give what works in their background."""
    now = node.services[AskingNow]
    return (now.pool, now.quick, node.services[Descriptions].pool)
