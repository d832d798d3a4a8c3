"""The words of a command that does an operation: those of the operation and of its fields.

A command says which operation it does, and in `more` only what the operation does not say. Its
parameters are the fields of the same names; they need no words of their own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from connector.faces.cli.declared import Declared, Field, declared
from crypto.words import NOTHING, Words

_FIRST: Final = re.compile(r"[a-z]+[,;:]?(?=\s|$)")  # a plain word, no name as did:web or @id

F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Does:
    """What a command does.

    Attributes:
        operation: which it does; a command may do more, as to wait for what comes of it.
        also: which it does instead, where it is asked to.
        words: what it does, of the whole command.
        fields: names of the fields that parameters of other names are, by the parameter.
        more: what is to be said of a field besides, by the parameter.
    """

    operation: Declared
    also: Declared | None
    words: Words
    fields: Mapping[str, str]
    more: Mapping[str, Words]

    def field(self, parameter: str) -> Field | None:
        """Give the field that a parameter is, if it is one."""
        name = self.fields.get(parameter, parameter)
        return self.operation.field(name) or (self.also.field(name) if self.also else None)

    def of(self, parameter: str) -> Words | None:
        """Give the words of a parameter that is a field."""
        field = self.field(parameter)
        if field is None:
            return None
        return field.words.then(self.more.get(parameter, NOTHING))


def does(
    operation: str,
    more: Words = NOTHING,
    *,
    also: str = "",
    words: Words | None = None,
    fields: Mapping[str, str] | None = None,
    of: Mapping[str, Words] | None = None,
) -> Callable[[F], F]:
    """Say which operation a command does.

    Args:
        operation: its name.
        more: what its words do not say of the command; paragraphs after a blank line.
        also: the operation that it does instead where an option says so; its fields are
            parameters, too.
        words: of a command that is another thing than the operation, in place of all that.
        fields: names of the fields that parameters of other names are, by the parameter.
        of: what the words of a field do not say, by the parameter.
    """
    one = declared()[operation]
    other = declared()[also] if also else None
    made = Does(one, other, words or one.words.then(more), fields or {}, of or {})

    def mark(function: F) -> F:
        vars(function)["does"] = made
        return function

    return mark


def sentence(text: str) -> str:
    """Write English words as a sentence; paragraphs after the first one are sentences already."""
    head, *rest = text.split("\n\n")
    begun = head[:1].upper() + head[1:] if _FIRST.match(head) else head
    ended = begun if begun.endswith(("…", ".")) else f"{begun}."
    return "\n\n".join((ended, *rest))


@dataclass(frozen=True, slots=True)
class Said:
    """What is declared of a command of Typer, and thus not said by it.

    Attributes:
        does: what it does; None for a command that is no operation.
        of: words of the parameters that are fields, by the parameter.
    """

    does: Words | None
    of: Mapping[str, Words]


def declare(command: Any) -> Said:
    """Give a command of Typer its English words, where they are declared; its own words stay."""
    done: Does | None = vars(command.callback).get("does") if command.callback else None
    if done is None:
        return Said(None, {})
    command.help = sentence(done.words.said("en"))
    found = {}
    for each in command.params:
        if not each.help and (words := done.of(each.name)):
            each.help = sentence(words.said("en"))
            found[each.name] = words
    return Said(done.words, found)
