"""``epa-score run``: a whole assessment in one folder, from what was collected to the results."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Annotated, NamedTuple

import typer

from epa_score import __version__
from epa_score.cli.assess import Group, assess_sheets
from epa_score.cli.assessment_folder import AssessmentFolder, open_assessment
from epa_score.cli.collection import LACKS, Collection, collection_of, faults_of
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.inputs import Selection
from epa_score.cli.marking import mark_forms, plan_copies, remove_copies
from epa_score.cli.publishing import has_results, publish
from epa_score.cli.results import Circumstances, Content, content_of_groups, verify_options
from epa_score.cli.roster import SheetsAtHand, read_sheets
from epa_score.cli.session import OutputError, Session
from epa_score.cli.sheet_store import SheetStore, dump_sheet, open_sheet_store
from epa_score.cli.targets import OutputFiles, make_folder, output_error
from epa_score.diagnostics import Diagnostic, InputError, Kind, errors_of
from epa_score.diagnostics.rendering import concise, wording
from epa_score.diagnostics.terminal_text import visible
from epa_score.i18n import Words
from epa_score.reports.collection import (
    Collected,
    CollectionPage,
    collection_page,
    returned_page,
)
from epa_score.reports.coverage import unread_note
from epa_score.reports.status import is_all_in, states_of


def run(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="help.run_folder")],
    opens: Annotated[bool, typer.Option("--open", help="help.run_open")] = False,
) -> int:
    """Do all that can be done with what was collected in the folder of an assessment."""
    session = context.obj
    assessment = open_assessment(session, folder)
    make_folder(assessment.place("collected"))
    now = datetime.now().astimezone()
    with open_sheet_store() as store:
        choice = assessment.selection(store)
        sheets = read_sheets(session, choice)
        state = collection_of(sheets, assessment.assessment.period, assessment.words, store)
        made, others = _content_of(session, assessment, choice, sheets, state, store)
        if made is None:
            page = _OpenCollection(assessment, sheets, state, others, now)
            code, shown = 1, page.path
            page.write_all(session)
        else:
            code, shown = 0, _publish(session, assessment, *made, now)
    if opens:
        _show(shown)
    return code


def _show(path: str) -> None:
    """Open a file in the program that the system has for it, if it has one; its path is printed."""
    if sys.platform == "win32":  # where typer (0.29) looks for `start`, which is no program
        with suppress(OSError):
            os.startfile(path)  # noqa: S606 -- the file was written just now
    else:
        typer.launch(path)


def _content_of(
    session: Session,
    assessment: AssessmentFolder,
    choice: Selection,
    sheets: SheetsAtHand,
    state: Collection,
    store: SheetStore,
) -> tuple[tuple[Content, str] | None, Sequence[Diagnostic]]:
    """The content of the results where nothing is open, with a digest over all sheets.

    Else what is wrong between the sheets.
    """
    states = states_of(state.units, state.lines)
    if not is_all_in(states.values(), state.lines):
        return None, ()
    options = verify_options(assessment.selection_from_inside(choice), None, forms=True)
    try:
        groups = assess_sheets(session, choice, sheets)
        content = content_of_groups(session, groups, choice, Circumstances(options))
    except InputError as error:
        return None, error.diagnostics
    return (content, _digest_of(groups, store)), ()


def _digest_of(groups: Sequence[Group], store: SheetStore) -> str:
    """A digest over all that the sheets say, whatever their files."""
    numbers = (file.number for group in groups for file in group.files)
    dumps = sorted(dump_sheet(store.sheet(number)) for number in numbers)
    return sha256(b"\n".join(dumps)).hexdigest()


def _publish(
    session: Session, assessment: AssessmentFolder, content: Content, digest: str, now: datetime
) -> str:
    """Publish the results and take away what was about the collection; the path of the report."""
    results, returned = assessment.place("results"), assessment.place("returned")
    published = publish(session, content, digest, results, now.date())
    number = sum(1 for table in content.rankings for _ in table.rows())
    said = "cli.run_published" if published.is_new else "cli.run_unchanged"
    said = "cli.run_published_beside" if published.is_new and published.has_earlier else said
    name = visible(os.path.basename(published.paths[0]))
    session.say(session.words(said, number=number, name=name))
    session.write(map(visible, published.paths))
    for path in (_page_path(assessment), _list_path(assessment)):
        _remove_page(path)
    remove_copies(session, returned, keep=())
    return published.paths[0]


def _page_path(assessment: AssessmentFolder) -> str:
    return os.path.join(assessment.place("results"), assessment.words("folder.page") + ".html")


def _list_path(assessment: AssessmentFolder) -> str:
    return os.path.join(assessment.place("returned"), assessment.words("folder.list") + ".html")


def _remove_page(path: str) -> None:
    """Remove a page of an earlier run, which nobody has put anything else in the place of."""
    if os.path.isfile(path) and not refuse_but_result(path):
        try:
            os.unlink(path)
        except OSError as error:
            raise output_error(path, error) from error


class _OpenCollection(NamedTuple):
    """What is written while something is open."""

    assessment: AssessmentFolder
    sheets: SheetsAtHand
    state: Collection
    others: Sequence[Diagnostic]
    now: datetime

    @property
    def path(self) -> str:
        """The path of the page on the collection."""
        return _page_path(self.assessment)

    def write_all(self, session: Session) -> None:
        """Write marked copies, their list, and the page on the collection.

        One that cannot be written keeps no other from it; then raises `OutputError`.
        """
        problems = list(map(self._told_inside, (*self.state.problems, *self.others)))
        session.complain(concise(about, session.words) for about in problems)
        copies = self._plan_copies(session)
        returned = self.assessment.place("returned")
        odd = (own for own in self.sheets.selected.warnings if own.kind is not Kind.FORM_OPEN)
        marks = [*(own for own in problems if own.kind not in LACKS), *odd]
        errors: list[OutputError] = []
        _try(errors, lambda: mark_forms(session, copies, marks))
        _try(errors, lambda: remove_copies(session, returned, keep=copies.values()))
        written = {path: copy for path, copy in copies.items() if os.path.isfile(copy)}
        words, title = self.assessment.words, self.assessment.title
        collected, caption = self._collected(written), self._caption()
        listed = returned_page(title, caption, collected, words)
        page = collection_page(title, caption, collected, words)
        if listed.groups:
            path = _list_path(self.assessment)
            _try(errors, lambda: _write_page(path, listed))
        else:
            _remove_page(_list_path(self.assessment))
        number = len(errors)
        _try(errors, lambda: _write_page(self.path, page))
        session.say(collection_page(title, caption, collected, session.words).verdict)
        if len(errors) == number:
            session.write([visible(self.path)])
        if errors:
            raise OutputError.joined(errors)

    def _told_inside(self, about: Diagnostic) -> Diagnostic:
        """A diagnostic that names other files as they lie in the folder, as it is sent out."""
        begins = os.path.join(self.assessment.folder, "")
        own = {
            name: value.removeprefix(begins) if isinstance(value, str) else value
            for name, value in about.parameters.items()
        }
        return replace(about, parameters=own)

    def _plan_copies(self, session: Session) -> dict[str, str]:
        """The marked copy of each faulty form."""
        own = (about for about in self.state.problems if about.kind not in LACKS)
        faulty = {about.location.path for about in errors_of(own)}
        selected = self.sheets.selected
        files = (*selected.files, *selected.other_periods)
        paths = [file.path for file in files if file.path in faulty]
        folder = self.assessment.place("returned")
        return plan_copies(session, folder, [self.assessment.place("collected")], paths)

    def _caption(self) -> str:
        words, now = self.assessment.words, self.now
        when = words("collection.when", month=now.month, day=now.day, time=f"{now:%H:%M}")
        return words("collection.caption", number=len(self.state.units), when=when)

    def _collected(self, copies: dict[str, str]) -> Collected:
        """What the page tells, with paths as they are in the folder of the assessment."""
        words, state = self.assessment.words, self.state
        inside = self._inside
        others = faults_of(self.sheets.attendance, self.others, words)
        return Collected(
            units=state.units,
            lines=[
                line._replace(file=inside(line.file), path=inside(line.path))
                for line in state.lines
            ],
            faults=[
                fault._replace(path=inside(fault.path))
                for fault in faults_of(
                    self.sheets.attendance, map(self._told_inside, state.problems), words
                )
            ],
            others=[fault._replace(path=inside(fault.path)) for fault in others],
            remarks=list(self._remarks(words)),
            returned={inside(path): inside(copy) for path, copy in copies.items()},
            meant=self._meant_units(),
            foot=words("collection.foot", collected=words("folder.collected")),
        )

    def _meant_units(self) -> set[str]:
        """The units for which sheets under similar names were probably meant."""
        unknown = (own for own in self.state.problems if own.kind is Kind.UNKNOWN_UNIT)
        nearest = {str(own.parameters.get("nearest", "")) for own in unknown}
        return self.sheets.attendance.likely_units | nearest - {""}

    def _inside(self, path: str) -> str:
        return os.path.relpath(path, self.assessment.folder) if path else ""

    def _remarks(self, words: Words) -> Iterator[str]:
        selected = self.sheets.selected
        for about in selected.warnings:
            said = wording(about, words)
            where = self._inside(str(about.location))
            yield words("collection.remark", title=said.title, place=visible(where))
        for key, files in (
            ("other_rubrics", selected.other_rubrics),
            ("other_periods", selected.other_periods),
        ):
            if files:
                names = dict.fromkeys(self._inside(visible(file.path)) for file in files)
                listed = words("list.separator").join(names)
                yield words(f"collection.{key}", number=len(files), files=listed)
        if selected.unread:
            yield unread_note(words, [visible(os.path.basename(own)) for own in selected.unread])
        if has_results(self.assessment.place("results")):
            yield words("collection.earlier_result", results=words("folder.results"))


def _try(errors: list[OutputError], write: Callable[[], object]) -> None:
    """Write something, and keep why it cannot be."""
    try:
        write()
    except OutputError as error:
        errors.append(error)


def _write_page(path: str, page: CollectionPage) -> None:
    from epa_score.exporters.html.collection import write_collection  # noqa: PLC0415 -- a complete run has no such page

    make_folder(os.path.dirname(path))
    targets = OutputFiles(force=True)
    targets.claim({path: refuse_but_result})
    generator = f"epa-score {__version__}"
    targets.write(path, partial(write_collection, page, generator=generator))
