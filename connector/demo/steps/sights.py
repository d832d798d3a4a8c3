"""Step 10: what each party saw: bytes, kinds of message, and rows of others, which must be none."""

from connector.demo import wire
from connector.demo.results import Sight, Text
from connector.demo.stage import Stage


def run(stage: Stage) -> None:
    """Search everything that each of the five processes received."""
    known = wire.row_tokens(stage.plain)
    csv = next(data.deliveries for data in stage.held if data.deliveries.suffix == ".csv")
    own = len(wire.tokens_in(csv.read_bytes(), depth=0) & known)
    stage.check(
        f"the search finds rows where there are rows: {own:,} tokens in one firm's own file",
        f"检索方法有效：在一家企业自己的文件中找到 {own:,} 个标识",
        ok=own > 0,
    )
    for running in stage.processes.running.values():
        party = Text(running.party.en, running.party.zh)
        lines = running.manage.get("/v1/traffic")["lines"]
        kinds, unrecorded = wire.what_it_saw(running.wire, lines, known)
        sight = Sight(party=party, kinds=kinds)
        stage.findings.sights.append(sight)
        stage.check(
            f"{party.en} received {sight.bytes:,} bytes from others; rows of others: {sight.rows}",
            f"{party.zh}从其他方收到 {sight.bytes:,} 字节；其他方的数据行：{sight.rows}",
            ok=sight.rows == 0 and sight.bytes > 0,
        )
        stage.check(
            f"{party.en}: every received byte was searched",
            f"{party.zh}：收到的每个字节都已检索",
            ok=unrecorded == 0,
            detail=f"{unrecorded} bytes were counted but not recorded",
        )
