"""A progress bar where there is enough to do and somebody to see it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from epa_score.cli.session import Session

WORTH_A_BAR = 50


@contextmanager
def progress(session: Session, files: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr above `WORTH_A_BAR` files; yields what to call with each few more done."""
    if files <= WORTH_A_BAR or session.quiet or not session.is_terminal(sys.stderr):
        yield lambda _more: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn(session.words("cli.reading")), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=files)
        yield lambda more: bar.advance(task, more)
