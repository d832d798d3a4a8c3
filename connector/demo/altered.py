"""Two attackers of the demonstration: connectors of Voile that their own firms have altered.

The operator's and the buyer's connector are started by this file. While no file `altered` lies in
the home they work as published; while one does, its word says what the firm does instead. A firm
may run what it likes at home: what protects the others has to hold in *their* connectors, which
are started as they are.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.demo.bound import bind

if TYPE_CHECKING:
    from crypto.paillier.ciphertext import Stale

PROGRAM: Final = (sys.executable, "-c", "from connector.demo.altered import main; main()")
ALTERED: Final = "altered"  # the file's name

# what an operator does with the encrypted parts instead of adding up each once
LEFT_OUT: Final = "left-out"
TWICE: Final = "twice"
# what a buyer does with the checks of its own connector, and with the session that it signs
UNCHECKED: Final = "unchecked"
ITSELF: Final = "itself"

_PARTS: Final[Mapping[str, Callable[[Sequence["Stale"]], Sequence["Stale"]]]] = {
    LEFT_OUT: lambda parts: parts[1:],
    TWICE: lambda parts: [parts[1], *parts[1:]],
}


@contextmanager
def doing(home: Path, word: str) -> Iterator[None]:
    """Have the firm of a home do something else, for a while."""
    file = home / ALTERED
    file.write_text(word, encoding="ascii")
    try:
        yield
    finally:
        file.unlink()


def main() -> None:
    """Run `voile` as altered, with the arguments of this process."""
    from connector.faces.cli import main as voile

    bind()
    word = _Word(Path(sys.argv[sys.argv.index("--home") + 1]) / ALTERED)
    _adding(word)
    _asking(word)
    voile()


class _Word:
    """What the firm does now; empty while it does what it should."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> str:
        try:
            return self._file.read_text(encoding="ascii")
        except FileNotFoundError:
            return ""


def _adding(word: _Word) -> None:
    """The operator: other parts are added up than came."""
    aggregation: Any = import_module("connector.areas.cohort.aggregation")
    honest = aggregation.add

    def add(parts: Sequence["Stale"]) -> Any:
        return honest(_PARTS.get(word(), list)(parts))

    aggregation.add = add


def _asking(word: _Word) -> None:
    """The buyer: nothing is refused at home, and the encrypted parts shall come to itself."""
    from policies.planner import Choice

    several: Any = import_module("connector.areas.cohort.opening")
    choosing: Any = import_module("connector.areas.questions.choosing")

    choose, ready, propose = choosing.choose_mode, several.ready, several.propose
    tables: list[str] = []

    def any_mode(policies: Sequence[Any], wanted: str | None, *modes: Any) -> Any:
        if not word():
            return choose(policies, wanted, *modes)
        return Choice("masked" if len(policies) == 1 else "homomorphic", "plan.asked")

    def any_roster(node: Any, providers: Any) -> str:
        if not word():
            tables.append(ready(node, providers))
        return tables[-1]  # of the last honest total

    def any_aggregator(*arguments: Any, **named: Any) -> Any:
        if word() == ITSELF:
            named["aggregator"] = named["consumer"]
        return propose(*arguments, **named)

    choosing.choose_mode = any_mode
    several.ready, several.propose = any_roster, any_aggregator
