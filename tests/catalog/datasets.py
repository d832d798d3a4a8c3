"""Datasets as a provider's catalogue shows them, small but whole."""

from __future__ import annotations

from typing import Any

from policies.odrl import to_wire
from policies.offers import QuestionTerms, question_offer

V = "https://w3id.org/voile/ns/"
TERMS = QuestionTerms(purposes=("deliveryReliability",))


def dataset(
    identifier: str = "urn:product:delivery",
    *,
    zh: str = "交付记录",
    en: str = "Delivery records",
    terms: QuestionTerms = TERMS,
    domain: str = "production",
    level: int = 1,
    version: int = 1,
    keywords: tuple[str, ...] = ("准时率", "logistics"),
) -> dict[str, Any]:
    return {
        "@id": identifier,
        "@type": "Dataset",
        "dct:title": [{"@language": "zh", "@value": zh}, {"@language": "en", "@value": en}],
        "dct:description": [{"@language": "en", "@value": "Order lines\nand when they came."}],
        "dcat:keyword": list(keywords),
        "dcat:version": str(version),
        V + "dataDomain": f"miit-2020/{domain}",
        V + "dataLevel": str(level),
        V + "table": {
            "@type": "@json",
            "@value": {
                "name": "delivery_records",
                "dimensions": [{"name": "ship_mode", "title": {"zh": "运输方式", "en": "mode"}}],
                "measures": [{"name": "delay_days", "title": {"zh": "延误天数", "en": "delay"}}],
            },
        },
        "hasPolicy": [to_wire(question_offer(f"{identifier}:offer", terms))],
        "distribution": [
            {
                "@type": "Distribution",
                "format": "Voile-Question",
                "accessService": {
                    "@id": "urn:service",
                    "@type": "DataService",
                    "endpointURL": "https://alder.example/dsp/2025-1",
                },
            }
        ],
    }
