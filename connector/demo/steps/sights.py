"""Step 10: what each party saw: bytes, kinds of message, and rows of others, which must be none."""

from connector.demo import wire
from connector.demo.results import Text
from connector.demo.stage import Stage


def run(stage: Stage) -> None:
    """Search everything that each of the five processes received."""
    known = wire.row_tokens(stage.plain)
    own = len(wire.tokens_in(stage.held[1].deliveries.read_bytes(), depth=0) & known)
    stage.check(
        f"the search finds rows where there are rows: {own:,} tokens in one firm's own file",
        f"检索方法有效：在一家企业自己的文件中找到 {own:,} 个标识",
        ok=own > 0,
    )
    for running in stage.processes.running.values():
        party = Text(running.party.en, running.party.zh)
        lines = running.manage.get("/v1/traffic")["lines"]
        seen = wire.what_it_saw(party, running.wire, lines, known)
        stage.findings.sights.extend(seen.sights)
        size = sum(sight.bytes for sight in seen.sights)
        rows = sum(sight.rows for sight in seen.sights)
        stage.check(
            f"{party.en} received {size:,} bytes from others, and rows: {rows}",
            f"{party.zh}从其他方收到 {size:,} 字节，数据行：{rows}",
            ok=rows == 0 and size > 0,
        )
        stage.check(
            f"{party.en}: every received byte was searched",
            f"{party.zh}：收到的每个字节都已检索",
            ok=seen.unrecorded == 0,
            detail=f"{seen.unrecorded} bytes were counted but not recorded",
        )
