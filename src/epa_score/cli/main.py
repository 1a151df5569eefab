"""The entry point: whatever happens ends with one clear line and the right exit code."""

import gc
import locale
import os
import sys
from collections.abc import Sequence

from epa_score import __version__
from epa_score.cli.session import (
    BUG,
    FINDINGS,
    FINE,
    INTERRUPTED,
    NOT_WRITTEN,
    PIPE_CLOSED,
    WRONG_USAGE,
    OutputError,
    PipeClosedError,
    Session,
)
from epa_score.diagnostics.terminal_text import TerminalLine, shortened
from epa_score.i18n import Words, choose_language, find_language

_VALUED = ("--lang", "--color")
_FLAGS = ("-q", "--quiet", "--version")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        session = _session(given)
    except KeyboardInterrupt:  # before there are words to say so
        return INTERRUPTED
    try:
        return _run(session, given)
    except OutputError as error:
        from epa_score.diagnostics.rendering import concise  # noqa: PLC0415 -- most runs write what they should

        session.complain([concise(found, session.words) for found in error.diagnostics])
        return NOT_WRITTEN
    except PipeClosedError:
        return PIPE_CLOSED
    except KeyboardInterrupt:
        session.complain([TerminalLine(session.words("cli.interrupted"), "error")])
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001
        return _report_failure(session, error)


def _report_failure(session: Session, error: Exception) -> int:
    """Show the findings of an `InputError`; anything else is a defect of the tool."""
    from epa_score.diagnostics import InputError  # noqa: PLC0415 -- most runs raise nothing

    if isinstance(error, InputError):
        session.show(error.diagnostics)
        return BUG if session.met_defect else FINDINGS
    session.complain([TerminalLine(_describe_bug(error, session.words), "error")])
    return BUG


def _session(arguments: Sequence[str]) -> Session:
    language = choose_language(_language_option(arguments), os.environ, _system_locale())
    _make_printable()
    _disable_plugins()
    return Session(Words(language))


def _language_option(arguments: Sequence[str]) -> str | None:
    """The value of ``--lang``, known before anything else so that its errors are understood."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang":
            return next(iter(arguments[index + 1 :]), None)
    return None


def _system_locale() -> str | None:
    try:
        return locale.getlocale()[0]
    except ValueError:  # a locale that Python does not know, such as macOS's plain UTF-8
        return None


def options_first(arguments: Sequence[str]) -> list[str]:
    """The command line with the options in front that may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        if argument == "--":
            rest += [argument, *waiting]
            break
        if argument in _FLAGS or argument.partition("=")[0] in _VALUED:
            front.append(argument)
            front += [waiting.pop(0)] if argument in _VALUED and waiting else []
        else:
            rest.append(argument)
    return [*front, *rest]


def _disable_plugins() -> None:
    """Let no plugin of another package take part in validation; looking for them takes 25 ms."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


def _run(session: Session, arguments: Sequence[str]) -> int:
    if "--version" in arguments[: 1 + [*arguments, "--"].index("--")]:
        session.write([f"epa-score {__version__}"])
        return FINE
    instruction = os.environ.get("_EPA_SCORE_COMPLETE", "")
    if instruction.startswith("complete_"):
        from epa_score.cli.completion import complete  # noqa: PLC0415 -- asked for by shells alone

        return complete(instruction.removeprefix("complete_"), session)
    gc.disable()  # what is imported is no garbage: `Command` collects again once it runs
    try:
        return _run_command(session, arguments)
    finally:
        gc.enable()


def _run_command(session: Session, arguments: Sequence[str]) -> int:
    import typer  # noqa: PLC0415 -- `--version` needs no typer

    from epa_score.cli.app import program  # noqa: PLC0415 -- `--version` needs no typer
    from epa_score.cli.help import help_page, usage_message  # noqa: PLC0415 -- `--version` needs no typer

    try:
        _refuse_unknown_language(session, arguments)
        command = program(session.words)
        if not arguments and "_EPA_SCORE_COMPLETE" not in os.environ:
            session.complain(help_page(command, session))
            return WRONG_USAGE
        code = command.main(
            options_first(arguments),
            prog_name="epa-score",
            standalone_mode=False,
            obj=session,
        )
    except typer.TyperException as error:
        said = usage_message(error, session.words)
        session.complain([TerminalLine(session.words("usage.wrong", problem=said), "error")])
        return WRONG_USAGE
    except SystemExit as error:  # typer's own way to end, which it has for a closed pipe as well
        if isinstance(error.__context__, BrokenPipeError):
            return PIPE_CLOSED
        raise
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return BUG if session.met_defect else code or FINE


def _refuse_unknown_language(session: Session, arguments: Sequence[str]) -> None:
    from epa_score.cli.help import WrongUsage  # noqa: PLC0415 -- `--version` needs no typer

    language = _language_option(arguments)
    if language is not None and find_language(language) is None:
        raise WrongUsage(session.words("usage.choice", name="--lang", choices="zh, en"))
    if arguments and arguments[-1] in _VALUED and "--" not in arguments:
        raise WrongUsage(session.words("usage.option_value", option=arguments[-1]))


def _make_printable() -> None:
    """Show as an escape what an old terminal's encoding lacks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _describe_bug(error: Exception, words: Words) -> str:
    """One line for a defect of the tool itself: what, and where in its code."""
    if os.environ.get("EPA_SCORE_DEBUG"):
        raise error
    from epa_score.diagnostics import origin_of  # noqa: PLC0415 -- most runs raise nothing

    said = shortened(f"{type(error).__name__}: {error}", 200)
    return words("cli.bug", error=said, where=origin_of(error))
