"""Step 2: each supplier publishes two products; the owner reads what became of its cells."""

import time
from typing import Any, Final

from connector.demo.data import FirmData
from connector.demo.processes import Running
from connector.demo.products import delivery_product, stock_product
from connector.demo.results import TableReport, Text
from connector.demo.stage import Stage

_POLL_SECONDS: Final = 0.05
_WAIT_SECONDS: Final = 600.0


def run(stage: Stage) -> None:
    """Publish six products and keep the reports on their protected tables."""
    stock = stock_product(
        buyer=stage.buyer.did,
        aggregator=stage.hub.did,
        cohort=tuple(supplier.did for supplier in stage.suppliers),
    )
    jobs = []
    for supplier, data in zip(stage.suppliers, stage.held, strict=True):
        _keep_product_files(supplier, stock)
        for text, path in ((delivery_product(), data.deliveries), (stock, data.stock)):
            body = {"product": text, "data": str(path.resolve())}
            job = supplier.manage.post("/v1/products", body)
            jobs.append((supplier, data, job, time.monotonic()))
    for supplier, data, job, begun in jobs:
        report = _await_report(supplier, job)
        _note(stage, supplier, data, report, time.monotonic() - begun)


def _keep_product_files(supplier: Running, stock: str) -> None:
    """Leave the product files in the party's home, to be read and changed by hand."""
    folder = supplier.home / "products"
    folder.mkdir(exist_ok=True)
    (folder / "delivery-records.toml").write_text(delivery_product(), encoding="utf-8")
    (folder / "stock-on-hand.toml").write_text(stock, encoding="utf-8")


def _await_report(supplier: Running, job: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + _WAIT_SECONDS
    while job["state"] in ("waiting", "running") and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
        job = supplier.manage.get(f"/v1/products/jobs/{job['job']}")
    found: dict[str, Any] = job.get("report") or {"error": job.get("error", job["state"])}
    return {"product": job["product"], **found}


def _note(
    stage: Stage, supplier: Running, data: FirmData, report: dict[str, Any], seconds: float
) -> None:
    firm = Text(supplier.party.en, supplier.party.zh)
    product = str(report["product"])
    expected = {"delivery-records": data.delivery_rows, "stock-on-hand": data.stock_rows}
    if not stage.check(
        f"{firm.en} published {product}: {report.get('rows', 0):,} rows, none lost",
        f"{firm.zh}发布了 {product}：{report.get('rows', 0):,} 行，无丢失",
        ok="cells" in report and report.get("rows") == expected[product],
        detail=str(report.get("error", report.get("rows"))),
    ):
        return
    cells, finest = report["cells"], report["rowsAtFinest"]
    stage.check(
        f"{firm.en}, {product}: no value had to be clamped",
        f"{firm.zh}，{product}：没有截断任何值",
        ok=not any(report["clamped"].values()),
        detail=str(report["clamped"]),
    )
    stage.findings.tables.append(
        TableReport(
            firm=firm,
            product=product,
            rows=report["rows"],
            finest_cells=cells["finest"],
            unsafe_cells=cells["unsafe"],
            safe_cells=cells["safe"],
            finest_row_share=finest["rows"] / max(report["rows"], 1),
            clamped_values=sum(report["clamped"].values()),
            margins=tuple(
                " × ".join(margin["dimensions"])
                for margin in report["margins"]
                if margin["dimensions"] and margin["released"] == margin["groups"]
            ),
            seconds=seconds,
        )
    )
