"""YAML as plain values: no aliases, no tags, no key twice, and not too much of it.

What is an alias in ten lines can be a billion values; a tag can be any object. Neither is needed to
write a contract. A date stays the text that it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from connector.areas.products import problems_contracts as problems
from connector.process.errors import BadRequest

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 1 << 18  # Python reads and checks that in some seconds
MOST_DEEP: Final = 40
_TIME: Final = "tag:yaml.org,2002:timestamp"


def read_yaml(path: Path) -> Any:
    """Reads a file of YAML, or of JSON, which is YAML.

    Raises:
        BadRequest: If it is too large, no text, no YAML, or uses more of YAML than values.
    """
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        _too_much()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(problems.NO_TEXT, path=str(path)) from error
    return _loaded(text)


def _loaded(text: str) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Values only."""

        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            loader: Any = self
            event = loader.peek_event()
            tag = getattr(event, "tag", None)
            if isinstance(event, yaml.AliasEvent) or tag not in (None, "!"):
                raise BadRequest(problems.ALIAS, line=event.start_mark.line + 1)
            self.depth += 1
            if self.depth > MOST_DEEP:
                _too_much()
            above: Any = yaml.SafeLoader
            node = above.compose_node(self, parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                name = str(key.value)
                if not isinstance(key, yaml.ScalarNode) or name in seen:
                    line = key.start_mark.line + 1
                    raise BadRequest(problems.TWICE, key=name[:60], line=line)
                seen.add(name)
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIME]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader, made safer
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = str(error.problem or error.context or "")[:120]
        raise BadRequest(problems.NO_YAML, line=line, why=f"`{why}`") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        why = str(error).splitlines()[0][:120] if str(error) else ""
        raise BadRequest(problems.NO_YAML, line=1, why=f"`{why}`") from error
    except RecursionError as error:
        raise BadRequest(problems.TOO_LARGE, most=MOST_BYTES, deep=MOST_DEEP) from error


def _too_much() -> NoReturn:
    raise BadRequest(problems.TOO_LARGE, most=MOST_BYTES, deep=MOST_DEEP)
