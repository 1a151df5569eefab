"""Help pages and wrong usage in the language of the run.

Help texts of commands and options are catalogue keys.
"""

import gc
import shutil
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from epa_score.cli.session import Session
from epa_score.diagnostics.terminal_text import shortened
from epa_score.diagnostics.wrapping import count_cells, wrap
from epa_score.i18n import Words


class WrongUsage(typer.BadParameter):
    """Wrong usage that is already in words."""


def usage_message(error: Any, words: Words) -> str:
    """The fault of a command line in words, by the kind of typer's error and its fields."""
    if isinstance(error, WrongUsage):
        return error.message
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    choices = str(getattr(parameter, "metavar", "")).replace("|", ", ")
    possible = ", ".join(getattr(error, "possibilities", None) or ())
    command = getattr(error.ctx, "command", None)
    key = {
        "NoSuchOption": "no_such_option_nearest" if possible else "no_such_option",
        "MissingParameter": "missing",
        "BadOptionUsage": "option_value",
        "BadParameter": "choice" if ", " in choices else "other",
        "UsageError": "no_command" if hasattr(command, "commands") else "extra",
    }.get(kind, "other")
    return words(
        f"usage.{key}",
        name=_parameter_name(parameter),
        option=shortened(str(getattr(error, "option_name", ""))),
        possible=possible,
        choices=choices,
        command=getattr(error.ctx, "command_path", "epa-score"),
        problem=shortened(error.format_message(), 200),
    )


def _parameter_name(parameter: Any) -> str:
    if parameter is None:
        return ""
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.metavar)


_WIDEST = 100
_FIRST_COLUMN = 24
_OF_TYPER = ("install_completion", "show_completion")


class Command(TyperCommand):
    """A command whose help speaks the language of the session."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. All is imported now, so that garbage is collected again.

        What was imported is put aside for good: the first collection and those at the end of the
        process would look at all of it in vain.
        """
        gc.freeze()
        gc.enable()
        return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- typer gives both
        """Write the help page to stdout and end the run."""
        ctx.obj.write(_page(self, ctx))
        raise typer.Exit


class CommandGroup(TyperGroup):
    """A group of commands whose help and errors speak the language of the session."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 -- typer gives both
        """Write the help page to stdout and end the run."""
        ctx.obj.write(_page(self, ctx))
        raise typer.Exit

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of a name. Raises `WrongUsage` that names the nearest one."""
        known = self.list_commands(ctx)
        if args[0] not in known:
            alike = get_close_matches(args[0], known, 1)
            key = "usage.no_such_command_nearest" if alike else "usage.no_such_command"
            names = ", ".join(known)
            nearest = alike[0] if alike else ""
            text = ctx.obj.words(key, name=shortened(args[0]), nearest=nearest, names=names)
            raise WrongUsage(text, ctx)
        return super().resolve_command(ctx, args)

    def about(self, name: str, words: Words) -> str:  # noqa: ARG002 -- `Program` needs the words
        """The description of a command of the group."""
        return str(self.commands[name].help)


def translate(command: Any, words: Words) -> Any:
    """Look up the texts of all parts of a command, for help and completion."""
    command.help = words(command.help).strip()
    for parameter in command.params:
        key = f"help.{parameter.name}" if parameter.name in _OF_TYPER else parameter.help or ""
        parameter.help = words(key) if key else ""
    for inner in getattr(command, "commands", {}).values():
        translate(inner, words)
    return command


def help_page(command: Any, session: Session) -> list[str]:
    """The help of the whole program, without a command line to ask for it."""
    context = command.make_context("epa-score", [], resilient_parsing=True, obj=session)
    return _page(command, context)


def _page(command: Any, ctx: typer.Context) -> list[str]:
    words: Words = ctx.obj.words
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    pieces: list[str] = []
    for parameter in command.get_params(ctx):
        if getattr(parameter, "hidden", False):
            continue
        about = words("help.help") if parameter.name == "help" else parameter.help
        if parameter.param_type_name == "option":
            options.append((_option_names(parameter), about))
        else:
            arguments.append((parameter.metavar, about))
            many = "..." if parameter.nargs == -1 else ""
            required = parameter.required
            pieces.append(
                f"{parameter.metavar}{many}" if required else f"[{parameter.metavar}{many}]"
            )
    inner = command.list_commands(ctx) if isinstance(command, CommandGroup) else []
    commands = [(name, command.about(name, words).partition("\n")[0]) for name in inner]
    pieces += [words("help.command_piece")] if inner else []
    usage = " ".join([ctx.command_path, words("help.options_piece"), *pieces])
    lines = [*wrap(words("help.usage", usage=usage), width), ""]
    lines += [line for text in command.help.splitlines() for line in wrap(text, width)]
    listed = {"arguments": arguments, "options": options, "commands": commands}
    for title, rows in listed.items():
        if rows:
            lines += ["", words(f"help.{title}"), *_definitions(rows, width)]
    if ctx.parent is not None:
        lines += ["", *wrap(words("help.everywhere"), width)]
    return lines


def _option_names(parameter: Any) -> str:
    names = ", ".join(sorted(parameter.opts, key=len))
    return names if parameter.is_flag else f"{names} {parameter.metavar}"


def _definitions(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    first = min(max(count_cells(name) for name, _ in rows), _FIRST_COLUMN) + 2
    if width < first + 20:
        first = 2
    for name, about in rows:
        lines = wrap(about, max(width - first - 2, 10))
        fits = count_cells(name) + 2 <= first
        if fits:
            gap = " " * (first - count_cells(name))
            yield f"  {name}{gap}{lines[0] if lines else ''}".rstrip()
        elif count_cells(name) + 2 > width:
            option, _, values = name.rpartition(" ")
            yield from filter(str.strip, (f"  {option}", f"    {values}"))
        else:
            yield f"  {name}"
        yield from (f"  {' ' * first}{line}" for line in lines[fits:])
