"""The areas of the house by short names, for tests whose nodes have a few of them."""

from __future__ import annotations

from connector.areas import (
    audit,
    cohort,
    delivery,
    dsp,
    hub,
    membership,
    people,
    products,
    questions,
)
from connector.compose import own_routes, question_routes

OWN = own_routes.AREA
PEOPLE = people.AREA
MEMBERSHIP = membership.AREA
PRODUCTS = products.AREA
DSP = dsp.AREA
DELIVERY = delivery.AREA
QUESTIONS = questions.AREA
ASKING = question_routes.AREA
COHORT = cohort.AREA
AGGREGATION = cohort.AGGREGATION
AUDIT = audit.AREA
HUB = hub.AREA
APPROVALS = people.APPROVALS
