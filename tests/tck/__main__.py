"""`python -m tests.tck`: the 65 cases of the official kit, replayed; see docs/tck.md.

Exit code 0 only if every case that was asked for passed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from connector.process.signals import until_stopped
from tests.tck import real, schemas
from tests.tck.cases import CASES
from tests.tck.connector import Connector
from tests.tck.ears import Ears
from tests.tck.run import Outcome, failed, last_line, run, say, stage_of


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tck", description=__doc__)
    parser.add_argument("--kit", type=Path, help="run the real kit from this folder of jars")
    parser.add_argument("--config", type=Path, help="properties file for the real kit")
    parser.add_argument("--serve", action="store_true", help="only serve, on the kit's ports")
    parser.add_argument("--url", help="public URL of a connector that runs already")
    parser.add_argument("--port", type=int, default=0, help="the replay's callback port")
    parser.add_argument("--only", help="cases, by name or beginning, separated by commas")
    parser.add_argument("--jobs", type=int, default=8, help="cases at a time; 1 is as the kit does")
    parser.add_argument("--wait", type=float, default=15.0, help="seconds to wait for a message")
    parser.add_argument("--reaction-ms", type=int, default=500, help="delay of the connector")
    parser.add_argument("--json", action="store_true", help="one object instead of lines")
    return parser.parse_args()


def main() -> int:
    """Run what was asked for."""
    told = _arguments()
    if told.kit is not None:
        return real.main(told.kit, config=told.config, reaction_ms=told.reaction_ms, wait=told.wait)
    if told.serve:
        return _serve(told.reaction_ms)
    wanted = tuple(told.only.split(",")) if told.only else ("",)
    cases = [case for case in CASES if case.name.startswith(wanted)]
    if not cases:
        say(f"no case is called `{told.only}`; they are called like `CN:01-02`")
        return 2
    if not schemas.published() and not told.json:
        say("the published schemas are not beside the project: own shapes are checked only")
    with ExitStack() as stack:
        ears = Ears(told.port)
        stack.callback(ears.close)
        url = told.url
        if url is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voile-tck-")))
            made = Connector(folder / "home", reaction_ms=told.reaction_ms)
            url = stack.enter_context(made).url
        stage = stage_of(url.rstrip("/"), callback=f"http://localhost:{ears.port}", wait=told.wait)

        def tell(outcome: Outcome) -> None:
            if not told.json:
                say(outcome.line())

        outcomes = run(cases, stage, ears, jobs=max(told.jobs, 1), tell=tell)
    if told.json:
        bad = len(failed(outcomes))
        listed = [outcome.as_json() for outcome in outcomes]
        say(json.dumps({"passed": len(outcomes) - bad, "failed": bad, "cases": listed}, indent=1))
    else:
        say(last_line(outcomes))
    return 1 if failed(outcomes) else 0


def _serve(reaction_ms: int) -> int:
    """Serve on the ports of the kit's properties file until somebody says stop."""
    with until_stopped() as wait, tempfile.TemporaryDirectory(prefix="voile-tck-") as folder:
        home = Path(folder) / "home"
        with Connector(home, port=real.PORT, reaction_ms=reaction_ms) as connector:
            say(f"ready for the kit at {connector.url}; Ctrl-C ends it")
            wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
