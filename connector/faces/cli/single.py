"""A command that is one request: its parameters, help and call follow from the operation.

What is left to say is how its answer is printed, and where a field is written otherwise.
"""

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

import typer

from connector.faces.cli.client import Home, Json, Lang, Management, management, part, show
from connector.faces.cli.declared import Declared, Field, declared
from connector.faces.cli.does import does
from connector.faces.cli.tongue import spoken
from crypto.words import NOTHING, Words

_PLAIN: Final[Mapping[str, type]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
}
_WIDEST: Final = 2**53 - 1  # a bound that every integer of JSON has: none worth naming


@dataclass(frozen=True, slots=True)
class Spelled:
    """How a field is written, where its name and its schema do not say it.

    Attributes:
        name: the argument `NAME` as usage shows it, or the option `--name`.
        kind: its type.
    """

    name: str = ""
    kind: Any = None


def single(
    operation: str,
    prints: Callable[[Any], None],
    more: Words = NOTHING,
    *,
    spelled: Mapping[str, Spelled] | None = None,
    without: Collection[str] = (),
    failed: Callable[[Any], bool] | None = None,
) -> Callable[..., None]:
    """Make the function of a command that Typer registers.

    What stands in the path is an argument, a field of body or query an option, `lang` the language
    of the command. An id in a path is called as what it is of: `product_id` is `product`.

    Args:
        operation: its name.
        prints: prints the answer, in the language of the command.
        more: what the words of the operation do not say of the command.
        spelled: how fields are written, by their names; a name in capitals makes an argument.
        without: names of fields that the command does not take.
        failed: whether an answer is a failure, for the exit code; it never is without.
    """
    one, spelled = declared()[operation], spelled or {}
    taken = {_name(each): each for each in one.fields if each.name not in {*without, "lang"}}

    def run(**values: Any) -> None:
        home, as_json, _ = (values.pop(name) for name in ("home", "as_json", "_lang"))
        # a list of which nothing was given is none; Typer has both for it
        given = {taken[name].name: one for name, one in values.items() if one not in (None, [])}
        found = _call(one, management(home), given)
        show(found, as_json=as_json, human=lambda: prints(found))
        if failed is not None and failed(found):
            raise typer.Exit(1)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("home", keyword, annotation=Home),
        *(_parameter(name, each, spelled.get(each.name)) for name, each in taken.items()),
        inspect.Parameter("_lang", keyword, annotation=Lang, default=""),
        inspect.Parameter("as_json", keyword, annotation=Json, default=False),
    ]
    vars(run)["__signature__"] = inspect.Signature(parameters)
    fields = {name: each.name for name, each in taken.items()}
    return does(operation, more, fields=fields)(run)


def _call(one: Declared, client: Management, given: Mapping[str, Any]) -> Any:
    """Send what is given; give the answer."""
    sent: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
    for each in one.fields:
        value = spoken() if each.name == "lang" else given.get(each.name)
        if value is not None:
            sent[each.place][each.key] = value
    path = one.path.format_map({name: part(str(value)) for name, value in sent["path"].items()})
    query = f"?{urlencode(sent['query'], doseq=True)}" if sent["query"] else ""
    # what is given goes along, or is refused: never left out in silence
    body = sent["body"] if one.method == "POST" or sent["body"] else None
    return client.call(one.method, path + query, body)


def _name(field: Field) -> str:
    return field.name.removesuffix("_id") if field.place == "path" else field.name


def _parameter(name: str, field: Field, spelled: Spelled | None) -> inspect.Parameter:
    """Make the parameter of a function that Typer reads."""
    spelled = spelled or Spelled()
    schema = _one_of(field.schema)
    kind = spelled.kind or _kind(schema, field)
    bounds = {
        bound: schema[key]
        for bound, key in (("min", "minimum"), ("max", "maximum"))
        if abs(schema.get(key, _WIDEST)) < _WIDEST
    }
    info: Any
    if field.place == "path" or (spelled.name and spelled.name.isupper()):
        info = typer.Argument(metavar=spelled.name or None, **bounds)
    else:
        info = typer.Option(spelled.name or f"--{name.replace('_', '-')}", **bounds)
    missing = inspect.Parameter.empty if field.required else field.default
    if not field.required and missing is None:
        kind |= None
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, keyword, annotation=Annotated[kind, info], default=missing)


def _one_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the sort that a command takes of a field: a text, where it may be one."""
    sorts = [each for each in schema.get("anyOf", (schema,)) if each.get("type") != "null"]
    return next((each for each in sorts if each.get("type") == "string"), sorts[0])


def _kind(schema: Mapping[str, Any], field: Field) -> Any:
    if choices := schema.get("enum"):
        return Literal[tuple(choices)]
    if schema.get("type") == "array":
        return list[_PLAIN.get(schema["items"].get("type", "string"), str)]  # type: ignore[misc]
    if plain := _PLAIN.get(schema.get("type", "")):
        return plain
    raise TypeError(f"{field.name} is no plain value: its command is written by hand")
