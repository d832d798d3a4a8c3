"""A product file for tests, and ways to change one line of it."""

from __future__ import annotations

DELIVERIES = """
id = "delivery-records"
table = "deliveries"
domain = "maintenance"
level = 1
contributor = "customer"
keywords = ["delivery", "交付"]

[title]
zh = "交付记录"
en = "Delivery records"

[description]
zh = "每一订单行的承诺与实际交付"
en = "Promised and real delivery of every order line"

[rules]
minimum_contributors = 3

[[column]]
name = "customer"
type = "text"
disclosure = "never"

[[column]]
name = "year"
type = "integer"
disclosure = "group_key"

[[column]]
name = "mode"
source = "Ship Mode"
type = "text"
disclosure = "group_key"

[[column]]
name = "promised"
type = "date"
disclosure = "aggregate"

[[column]]
name = "received"
type = "date"
disclosure = "aggregate"

[[column]]
name = "price"
type = "decimal(12, 2)"
disclosure = "aggregate"

[[column]]
name = "weight"
type = "integer"
disclosure = ["filter", "aggregate"]

[[column]]
name = "cost"
type = "decimal(12, 2)"
disclosure = "never"

[[dimension]]
name = "year"
range = [2024, 2026]

[[dimension]]
name = "mode"
title = {zh = "运输方式", en = "Ship mode"}
codes = ["AIR", "RAIL", "ROAD"]

[[dimension]]
name = "weight_band"
expression = "weight"
bins = [0, 10, 100, inf]
whole = true
unit = "kg"

[[measure]]
name = "price"
scale = 2
unit = "CNY"
bounds = [0, 1000]

[[measure]]
name = "late"
expression = "received > promised"
bounds = [0, 1]

[[measure]]
name = "delay"
expression = "received - promised"
unit = "d"
bounds = [-30, 30]

[[offer]]
name = "reliability"
purposes = ["deliveryReliability", "https://example.org/purpose/audit"]
modes = ["homomorphic", "masked"]
count = 40
valid_until = "2027-12-31Z"
members_of = "https://example.org/space"
min_cohort = 3
aggregator = "did:web:hub.example"
cohort = ["did:web:a.example", "did:web:b.example", "did:web:c.example"]
min_group_size = 5
measures = ["late:sum", "*:count"]
dimensions = ["year", "mode"]
"""


def changed(old: str, new: str, *, text: str = DELIVERIES) -> str:
    """The product file with one passage replaced."""
    assert old in text, old
    return text.replace(old, new, 1)
