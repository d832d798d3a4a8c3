"""Routes of private questions: asked of us by other parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from connector.areas.questions.answering import Answering
from connector.areas.questions.messages import read_question
from connector.areas.questions.mode import modes_of
from connector.evidence.replies import ROUTE
from connector.evidence.reply_promises import take
from connector.identity.auth import authenticate
from connector.party.web import json_object, reply
from policies.profile import MODES

if TYPE_CHECKING:
    from connector.party.node import Node


def protocol_routes(node: Node) -> Blueprint:
    """Routes for consumers who hold an agreement."""
    routes = Blueprint("questions", __name__, url_prefix="/voile/v1")
    service = Answering(node)
    modes = tuple(dict.fromkeys((*MODES, *(mode.terms.name for mode in modes_of(node)))))

    @routes.post("/questions")
    def ask() -> Response:
        caller = authenticate(node)
        question = read_question(json_object(), modes)
        if question.explain:
            return reply({"explain": service.explain(caller, question)})
        return reply(service.answer(caller, question).to_json())

    @routes.post(ROUTE)
    def acknowledge() -> Response:
        caller = authenticate(node)
        return reply({"kept": take(node, caller, json_object())})

    return routes
