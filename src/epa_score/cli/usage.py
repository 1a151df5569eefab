"""Wrong usage in the words of the session's language."""

from typing import Any

import typer

from epa_score.i18n import Words


class WrongUsage(typer.BadParameter):
    """Wrong usage that is already in words."""


def usage_message(error: Any, words: Words) -> str:
    """What is wrong with a command line, by the kind of typer's error and its fields."""
    if isinstance(error, WrongUsage):
        return error.message
    from epa_score.diagnostics.visible import shortened

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
        name=_name(parameter),
        option=shortened(str(getattr(error, "option_name", ""))),
        possible=possible,
        choices=choices,
        command=getattr(error.ctx, "command_path", "epa-score"),
        problem=shortened(error.format_message(), 200),
    )


def _name(parameter: Any) -> str:
    if parameter is None:
        return ""
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.metavar)
