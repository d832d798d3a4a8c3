"""Routes of private questions: asked of us by other parties, and asked by our owner of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from connector.areas.cohort.entry import asked_totals
from connector.areas.questions.masked import MaskedService
from connector.areas.questions.messages import read_question
from connector.compose.asking import ask_any, explain_any, listed, read_ask
from connector.evidence.replies import ROUTE
from connector.evidence.reply_promises import take
from connector.identity.auth import authenticate
from connector.party.web import json_object, reply

if TYPE_CHECKING:
    from connector.party.node import Node, Worker


def protocol_routes(node: Node) -> Blueprint:
    """Routes for consumers who hold an agreement."""
    routes = Blueprint("questions", __name__, url_prefix="/voile/v1")
    service = MaskedService(node)

    @routes.post("/questions")
    def ask() -> Response:
        caller = authenticate(node)
        question = read_question(json_object())
        if question.explain:
            return reply({"explain": service.explain(caller, question)})
        return reply(service.answer(caller, question).to_json())

    @routes.post(ROUTE)
    def acknowledge() -> Response:
        caller = authenticate(node)
        return reply({"kept": take(node, caller, json_object())})

    return routes


def management_routes(node: Node) -> Blueprint:
    """Routes for the owner's commands."""
    routes = Blueprint("questions_management", __name__, url_prefix="/v1/questions")

    @routes.post("")
    def ask_others() -> Response:
        wanted = read_ask(json_object())
        return reply(explain_any(node, wanted) if wanted.explain else ask_any(node, wanted))

    @routes.get("")
    def asked() -> Response:
        return reply({"questions": listed(node), "totals": asked_totals(node)})

    return routes


def background(node: Node) -> list[Worker]:
    """Send what we promise of answers that we got."""
    return [node.replies]
