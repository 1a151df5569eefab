"""One run of the program: language, streams, colours, how much to say, progress."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from epa_score.diagnostics.terminal_text import TerminalLine
from epa_score.diagnostics.wrapping import count_cells, wrap
from epa_score.i18n import Words

if TYPE_CHECKING:
    from epa_score.diagnostics import Diagnostic, Kind

FINE, FINDINGS, WRONG_USAGE, NOT_WRITTEN, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
PIPE_CLOSED = 141
"""What other programs end with that are stopped by a closed pipe: 128 and the signal's number."""

_STYLES = {"error": "red", "warning": "yellow", "label": "yellow", "note": "blue", "source": ""}


class OutputError(Exception):
    """A result that could not be written; the diagnostics say which and why."""

    def __init__(self, kind: "Kind", path: str, reason: str = "", variant: str = "") -> None:
        """Say which output failed."""
        from epa_score.diagnostics import Diagnostic, Location  # noqa: PLC0415 -- `--version` and `--help` diagnose nothing

        location = Location(path)
        about = {"path": path, "reason": reason}
        self.diagnostics = [Diagnostic(kind, location, dict(about), variant)]
        super().__init__(path)

    @staticmethod
    def joined(errors: "Sequence[OutputError]") -> "OutputError":
        """One error that says all that several say."""
        errors[0].diagnostics = [found for error in errors for found in error.diagnostics]
        return errors[0]


class PipeClosedError(Exception):
    """Whoever was to read the result reads no more: the run ends, and nothing is wrong."""


@dataclass(slots=True)
class Session:
    """The words and the streams of one run."""

    words: Words
    """The catalogue of the language of the run."""
    color: str = "auto"
    """``auto``, ``always`` or ``never``."""
    quiet: bool = False
    """Messages are left out, but not what must be known of the result."""
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    """The environment, in which ``NO_COLOR`` and ``TERM`` count."""
    said: set[str] = field(default_factory=set)
    """Messages that were shown and that the note of a table may repeat."""
    met_defect: bool = False
    """A file met a defect of the tool: the run goes on, and ends with the exit code of one."""

    def say(self, text: str) -> None:
        """Show a message for people, on stderr."""
        if not self.quiet and text not in self.said:
            self.complain([TerminalLine(text, "source")])

    def complain(self, lines: Iterable[TerminalLine | str]) -> None:
        """Show lines on stderr, even with ``--quiet``; a closed stderr loses them."""
        if sys.stderr is not None:
            try:
                self._print(lines, sys.stderr)
            except (OSError, ValueError):
                sys.stderr = None

    def show(self, diagnostics: "Iterable[Diagnostic]") -> None:
        """Show diagnostics in full, on stderr."""
        from epa_score.diagnostics.rendering import full  # noqa: PLC0415 -- `--version` and `--help` diagnose nothing

        width = self.width_of(sys.stderr)
        for diagnostic in diagnostics:
            self.complain([*full(diagnostic, self.words, width), TerminalLine("", "source")])

    def write(self, lines: Iterable[TerminalLine | str]) -> None:
        """Write the result to stdout. Raises `OutputError`."""
        try:
            if sys.stdout is None:
                raise _no_stdout()
            self._print(lines, sys.stdout)
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            raise self._discard_stdout(error) from error

    def write_bytes(self, data: bytes) -> None:
        """Write a result in a format of its own to stdout, as it is. Raises `OutputError`."""
        try:
            if sys.stdout is None:
                raise _no_stdout()
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except (OSError, ValueError) as error:
            raise self._discard_stdout(error) from error

    def is_terminal(self, stream: TextIO | None) -> bool:
        """Say if people look at a stream directly."""
        return stream is not None and not stream.closed and stream.isatty()

    def width(self) -> int:
        """The cells of a line of the terminal."""
        return max(shutil.get_terminal_size().columns, 1)

    def width_of(self, stream: TextIO | None) -> int | None:
        """The cells of a line of a stream that people look at, ``None`` of any other."""
        return self.width() if self.is_terminal(stream) else None

    def _uses_color(self, stream: TextIO) -> bool:
        if self.color != "auto":
            return self.color == "always"
        plain = self.environment.get("NO_COLOR") or self.environment.get("TERM") == "dumb"
        return not plain and self.is_terminal(stream)

    def _print(self, lines: Iterable[TerminalLine | str], stream: TextIO) -> None:
        width = self.width_of(stream)
        broken = chain.from_iterable(_broken_lines(line, width) for line in lines)
        if not self._uses_color(stream):
            stream.writelines(f"{line.text}\n" for line in broken)
            return
        from rich.console import Console  # noqa: PLC0415 -- nothing is coloured in a pipe
        from rich.text import Text  # noqa: PLC0415 -- nothing is coloured in a pipe

        console = Console(
            file=stream,
            force_terminal=True,
            color_system="standard",
            no_color=False,
            highlight=False,
        )
        for line in broken:
            console.print(Text(line.text, style=_STYLES[line.style]), soft_wrap=True)

    def _discard_stdout(self, error: OSError | ValueError) -> OutputError | PipeClosedError:
        """Point stdout at nothing, so that the interpreter does not fail on it once more."""
        from epa_score.diagnostics import Kind  # noqa: PLC0415 -- `--version` and `--help` diagnose nothing

        number = error.errno if isinstance(error, OSError) else None
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stdout = None
        if number in _PIPE_CLOSED:
            return PipeClosedError()
        if isinstance(error, OSError):
            reason = os.strerror(number) if number else ""
            return OutputError(Kind.OUTPUT_NOT_WRITTEN, "<stdout>", reason)
        return OutputError(Kind.OUTPUT_CLOSED, "<stdout>")


def _broken_lines(line: TerminalLine | str, width: int | None) -> Iterator[TerminalLine]:
    """A message in lines of a terminal; the lines of a table or a document are what they are."""
    if isinstance(line, str):
        yield TerminalLine(line, "source")
    elif width is None or count_cells(line.text) <= width:
        yield line
    else:
        begin = line.text[: len(line.text) - len(line.text.lstrip(" ="))]
        texts = wrap(line.text[len(begin) :], width - len(begin), keep=line.keep - len(begin))
        for number, text in enumerate(texts):
            yield line._replace(text=(" " * len(begin) if number else begin) + text)


_PIPE_CLOSED = {errno.EPIPE, *([errno.EINVAL] if sys.platform == "win32" else [])}
"""The numbers of the error that a pipe gives which nobody reads: Windows has one of its own."""


def _no_stdout() -> OutputError:
    from epa_score.diagnostics import Kind  # noqa: PLC0415 -- `--version` and `--help` diagnose nothing

    return OutputError(Kind.OUTPUT_CLOSED, "<stdout>", variant="absent")


WORTH_A_BAR = 50


@contextmanager
def progress(session: Session, files: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr above `WORTH_A_BAR` files; yields what to call with each few done.

    It begins with the first of them: it has a thread, and where there is one no process is forked.
    """
    if files <= WORTH_A_BAR or session.quiet or not session.is_terminal(sys.stderr):
        yield lambda _more: None
        return
    with ExitStack() as shown:
        bars: list[Callable[[int], None]] = []

        def advance(more: int) -> None:
            if not bars:
                bars.append(shown.enter_context(_bar(session, files)))
            bars[0](more)

        yield advance


@contextmanager
def _bar(session: Session, files: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console  # noqa: PLC0415 -- few runs show a bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 -- few runs show a bar

    columns = TextColumn(session.words("cli.reading")), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=files)
        yield lambda more: bar.advance(task, more)
