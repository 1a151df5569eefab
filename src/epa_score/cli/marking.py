"""Marked copies of faulty forms: each fault at its cell, for whoever filled the form in."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO

from epa_score.cli.existing import refuse_worked_copy
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import names_of
from epa_score.cli.output import folders_among, paths_in_folder, refuse_no_folder
from epa_score.cli.session import OutputError, Session
from epa_score.cli.targets import OutputFiles, file_identity, make_folder, output_error
from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    Kind,
    Parameter,
    Place,
    errors_of,
)
from epa_score.diagnostics.rendering import wording
from epa_score.diagnostics.terminal_text import TerminalLine, shortened, visible
from epa_score.i18n import Words
from epa_score.readers.files import read_file
from epa_score.readers.source import Source

_CLOSED = frozenset(
    {
        *(Kind.FILE_UNREADABLE, Kind.NOT_A_WORKBOOK, Kind.DEFECT),
        *(Kind.WORKBOOK_DAMAGED, Kind.WORKBOOK_TOO_LARGE),
    }
)
"""Faults that keep a workbook from being opened, and so from being marked."""


def plan_copies(
    session: Session, folder: str, named: Sequence[str], paths: Sequence[str]
) -> dict[str, str]:
    """The copy of each form: in ``folder`` as the form lies in the folder that was ``named``.

    Raises `WrongUsage` for what is no folder, and where copies would lie among the originals,
    which may be the same files.
    """
    refuse_no_folder(session, "--mark", folder)
    forms = [path for path in paths if PurePath(path).suffix.lower() == ".xlsx"]
    copies = paths_in_folder(folder, named, forms)
    target = PurePath(os.path.realpath(folder))
    inside = any(target.is_relative_to(os.path.realpath(root)) for root in folders_among(named))
    originals = {file_identity(path) for path in paths} - {None}
    if inside or not originals.isdisjoint(map(file_identity, copies.values())):
        raise WrongUsage(session.words("usage.mark_among", path=shortened(folder)))
    return copies


def mark_forms(
    session: Session, copies: Mapping[str, str], diagnostics: Sequence[Diagnostic]
) -> None:
    """Write a marked copy of each faulty form; name what cannot be marked or replaced.

    The copy of a form that is sound by now loses its marks. Raises `OutputError` for a copy that
    cannot be written, and when all is done for those in whose place stands something else.
    """
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        by_path[diagnostic.location.path].append(diagnostic)
    remarks = {path: own for path, own in by_path.items() if errors_of(own)}
    opened = [path for path, own in remarks.items() if path in copies and not _is_closed(own)]
    unmarked = [path for path in remarks if path not in opened and os.path.isfile(path)]
    sound = [path for path in copies if path not in remarks and _had_marks(path, copies[path])]
    targets = OutputFiles(force=True, inputs=copies)
    kept: list[OutputError] = []
    for path in (*opened, *sound):
        try:
            if not _mark(session, path, copies[path], remarks.get(path, []), targets):
                unmarked.append(path)
        except OutputError as error:
            if error.diagnostics[0].kind is not Kind.OUTPUT_IS_WORK:
                raise
            kept.append(error)
    if unmarked:
        names = names_of(session, unmarked)
        text = session.words("cli.unmarked", number=len(unmarked), names=names)
        session.complain([TerminalLine(text, "warning")])
    if kept:
        raise OutputError.joined(kept)


def remove_copies(session: Session, folder: str, keep: Iterable[str]) -> None:
    """Remove the marked copies in a folder but for those to ``keep``.

    Those in which somebody has worked stay, and are named. Raises `OutputError`.
    """
    from epa_score.exporters.xlsx import marks  # noqa: PLC0415 -- few runs mark forms

    kept = set(map(os.path.abspath, keep))
    worked: list[str] = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            is_copy = name.lower().endswith(".xlsx") and not name.startswith("~$")
            if not is_copy or os.path.abspath(path) in kept:
                continue
            try:
                if marks.find_marks(Path(path).read_bytes()).untouched:
                    Path(path).unlink()
                else:
                    worked.append(path)
            except OSError as error:
                raise output_error(path, error) from error
    if worked:
        text = session.words("cli.copies_kept", names=names_of(session, worked))
        session.complain([TerminalLine(text, "warning")])


def _had_marks(form: str, copy: str) -> bool:
    """True where a form or its copy has marks, which it is to lose when it is sound."""
    from epa_score.exporters.xlsx import marks  # noqa: PLC0415 -- few runs mark forms

    files = [Path(path) for path in (form, copy) if os.path.isfile(path)]
    return any(marks.find_marks(file.read_bytes()).marked for file in files)


def _mark(
    session: Session, path: str, copy: str, diagnostics: Sequence[Diagnostic], targets: OutputFiles
) -> bool:
    """Write the marked copy of a form; ``False`` for a form that takes no marks.

    Raises `OutputError`.
    """
    from epa_score.exporters.xlsx import marks  # noqa: PLC0415 -- few runs mark forms

    data, sources = read_file(path)
    if any(_is_closed(source.findings) for source in sources):  # it has changed meanwhile
        return False
    remarks = [marks.Remark(*remark) for remark in _remarks(diagnostics, sources, session.words)]
    try:
        marked = marks.marked_copy(data, remarks)
    except marks.UnmarkableError:
        return False
    targets.claim({copy: partial(refuse_worked_copy, new=marked.data)})
    make_folder(os.path.dirname(copy))
    targets.write(copy, partial(_write, marked.data))
    said = "cli.marked" if remarks else "cli.marks_taken_off"
    session.say(session.words(said, path=visible(copy)))
    if marked.signed:
        session.complain(
            [TerminalLine(session.words("cli.mark_signed", path=visible(copy)), "warning")]
        )
    if marked.threads:
        cells = session.words("list.separator").join(marked.threads)
        text = session.words("cli.mark_threads", path=visible(copy), cells=cells)
        session.complain([TerminalLine(text, "warning")])
    return True


def _write(data: bytes, file: BinaryIO) -> None:
    file.write(data)


def _remarks(
    diagnostics: Sequence[Diagnostic], sources: Sequence[Source], words: Words
) -> Iterator[tuple[str, int, int, str]]:
    """Sheet, row, column and text of each remark; those on the whole file are in the first cell."""
    cells = (diagnostic.location.cell for diagnostic in diagnostics)
    form = next(filter(None, cells), "")
    by_part = {source.part: source for source in sources}
    for diagnostic in diagnostics:
        for remark in _split_by_item(diagnostic, by_part.get(diagnostic.location.part, sources[0])):
            said, where = wording(remark, words), remark.location
            sheet = (where.cell or where.part or form).rpartition("!")[0] or where.part
            text = "\n".join(filter(None, (said.title, said.help)))
            yield sheet, where.line or 1, where.column or 1, text


_EMPTY_CELLS: dict[Kind, tuple[str, ...]] = {
    Kind.ITEMS_UNSCORED: (),
    Kind.DEDUCTION_WITHOUT_REASON: ("note",),
}
"""What is said of several items at once, and which cell of each is empty."""


def _split_by_item(diagnostic: Diagnostic, source: Source) -> Iterator[Diagnostic]:
    """Take apart what is said of several items, each at the cell that is empty."""
    items, keys = diagnostic.parameters.get("items"), _EMPTY_CELLS.get(diagnostic.kind)
    if keys is None or not isinstance(items, tuple) or len(items) == 1:
        yield diagnostic
        return
    for item in items:
        own: dict[str, Parameter] = {"items": (item,), "number": 1, "first": item}
        place, parameters = Place(("scores", item, *keys)), diagnostic.parameters | own
        finding = Finding(diagnostic.kind, place, parameters, diagnostic.variant)
        yield from source.diagnose([finding])


def _is_closed(found: Iterable[Diagnostic] | Iterable[Finding]) -> bool:
    return any(fault.kind in _CLOSED for fault in found)
