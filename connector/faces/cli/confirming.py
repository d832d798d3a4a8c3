"""Asking the owner at the terminal for a yes, in the language of the command."""

import sys
from typing import Final

import typer

from connector.faces.cli.client import said
from crypto.words import Words

_YES: Final = frozenset({"y", "yes", "是"})
_NO: Final = frozenset({"", "n", "no", "否"})
_QUESTION: Final = Words("{what} [y/N]：", "{what} [y/N]: ")
_ANSWER: Final = Words("请回答 y（是）或 n（否）", "answer y (yes) or n (no)")


def confirmed(what: Words, **facts: object) -> bool:
    """Ask until the answer is yes or no; nothing but Enter is no.

    Question and hints go to standard error, so that what is printed can go elsewhere.

    Raises:
        Abort: the input ended, or Ctrl-C.
    """
    question = said(_QUESTION, what=said(what, **facts))
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        try:
            answer = input().strip().casefold()
        except (EOFError, KeyboardInterrupt) as error:
            sys.stderr.write("\n")
            raise typer.Abort from error
        if answer in _YES | _NO:
            return answer in _YES
        sys.stderr.write(f"{said(_ANSWER)}\n")
