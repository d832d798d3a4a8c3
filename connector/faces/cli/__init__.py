"""The command line ``voile``: of its parts only that is imported whose command is run.

CLI modules do not use ``from __future__ import annotations``: Typer reads the annotations.
"""

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from connector.faces.cli import problems as problems_of_use
from connector.faces.cli.client import Lang, begin, escaped, harmless, printed
from connector.faces.cli.headings import head
from connector.faces.cli.helping import HelpingGroup, helping
from connector.faces.cli.parts import PARTS, Part
from connector.faces.cli.tongue import speaking, spoken
from connector.faces.cli.version import shown
from connector.faces.cli.words import ABORTED, NEXT
from crypto.errors import VoileError
from crypto.words import verbatim

AWAITS: Final = "approval-pending"  # code of `connector.client.errors.AwaitsApproval`
FAILED: Final = 1  # refused or failed
USAGE: Final = 2  # wrong use or configuration
WAITS: Final = 3  # kept until a second person agrees: nothing was done, nothing failed


def build(*more: Part, only: str = "") -> typer.Typer:
    """Make the application with the commands of all areas, and with more of who stands above.

    Args:
        more: parts that are no area's.
        only: the one command that will be run; all are there if it is none.
    """
    parts = (*PARTS, *more)
    wanted = tuple(part for part in parts if only in part.names) or parts
    app = typer.Typer(
        name="voile",
        cls=HelpingGroup,
        help="Answers private questions under contract: usable, not visible. 可用不可见",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_global)
    for part in wanted:
        part.register(app)
    head(app)
    helping(app)
    return app


def _global(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=shown, is_eager=True, help="Print versions and stop."),
    ] = False,
    _lang: Lang = "",
) -> None:
    """Take what stands before a command."""


def main(*more: Part) -> None:
    """Run the command line; print an error as one line and the next step, or as JSON."""
    begin()
    with speaking(spoken()):
        sys.exit(_run("--json" in sys.argv, *more))


def _run(as_json: bool, *more: Part) -> int:
    from connector.faces.cli.misuse import MISUSE, misused, usage

    # Typer prints errors of use itself, but in English, and in no JSON
    by_typer = not as_json and spoken() == "en"
    try:
        words = fronted(sys.argv[1:])
        code = build(*more, only=_command(words))(words, standalone_mode=by_typer)
    except MISUSE as error:
        if not as_json and type(error).__name__ == "NoArgsIsHelpError":
            return USAGE  # its help has been printed, and there is no more to say
        if not as_json and (line := usage(error)):
            sys.stderr.write(f"{line}\n")
        return report(misused(error), as_json=as_json)
    except typer.Abort:
        sys.stderr.write(f"{ABORTED.said(spoken())}\n")
        return FAILED
    except VoileError as error:
        if error.code == AWAITS:
            return waits(error, as_json=as_json)
        return report(error, as_json=as_json)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FAILED
    except OSError as error:
        if error.filename is None and not _full(error):  # about no file of the operator's: our bug
            raise
        return report(_unusable(error), as_json=as_json)
    return code if isinstance(code, int) else 0


def fronted(words: Sequence[str]) -> list[str]:
    """Put a language that stands behind names of commands before them: groups know none."""
    for place, word in enumerate(words):
        if word == "--lang" or word.startswith("--lang="):
            end = place + (2 if word == "--lang" else 1)
            said, others = words[place:end], [*words[:place], *words[end:]]
            if end > len(words):
                return ["--lang"]  # of which nothing is said
            return [*said, *(others or ["--help"])]
        if word.startswith("-") and word not in ("--help", "--json"):
            break  # what follows may be its value
    return [*words]


def _command(words: Sequence[str]) -> str:
    """Find the command in what was typed: the first word that is no option, and no value of one."""
    rest = iter(words)
    for word in rest:
        if word == "--lang":
            next(rest, "")
        elif not word.startswith("-"):
            return word
    return ""


def _full(error: OSError) -> bool:
    from connector.process.room import lacks_room

    return lacks_room(error)


def _unusable(error: OSError) -> VoileError:
    """Make the error for a file or folder that the system does not let us use."""
    from connector.process import problems
    from connector.process.errors import SettingsError
    from connector.process.system_words import system_words

    if _full(error):
        if error.filename:
            return SettingsError(problems.DISK_OF_FILE_FULL, path=error.filename)
        return SettingsError(problems.DISK_WRITTEN_FULL)
    why = verbatim(system_words(error).said("zh"), (error.strerror or "unknown").lower())
    return SettingsError(problems_of_use.FILE_UNUSABLE, path=error.filename, why=why)


def waits(error: VoileError, *, as_json: bool) -> int:
    """Say that what was asked waits for a second person: an answer, and no error."""
    tongue = spoken()
    if as_json:
        body = getattr(error, "body", {})
        sys.stdout.write(escaped(json.dumps(body, ensure_ascii=False)) + "\n")
    else:
        sys.stdout.write(f"{harmless(error.said(tongue))}\n")
        sys.stdout.write(f"  {NEXT.filled(tongue, {'step': harmless(error.following(tongue))})}\n")
    return WAITS


def report(error: VoileError, *, as_json: bool) -> int:
    """Print an error; give the exit code. As JSON after a result it goes to standard error."""
    from connector.process.errors import SettingsError, error_json

    tongue = spoken()
    if as_json:
        stream = sys.stderr if printed() else sys.stdout
        stream.write(escaped(json.dumps(error_json(error, tongue), ensure_ascii=False)) + "\n")
    else:
        sys.stderr.write(f"voile: {harmless(error.said(tongue))}\n")
        if step := error.following(tongue):
            sys.stderr.write(f"  {NEXT.filled(tongue, {'step': harmless(step)})}\n")
    return USAGE if isinstance(error, SettingsError) else FAILED
