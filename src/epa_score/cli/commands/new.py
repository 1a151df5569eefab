"""``epa-score new``: the folder of an assessment, with blank forms to hand out."""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import typer
from pydantic import TypeAdapter

from epa_score.cli.assessment_folder import AssessmentFolder, find_assessment
from epa_score.cli.existing import refuse_but_result
from epa_score.cli.forms import FormChoice, read_field, unit_names, write_forms
from epa_score.cli.help import WrongUsage
from epa_score.cli.inputs import name_hidden_rubric
from epa_score.cli.options import RosterOption
from epa_score.cli.output import refuse_no_folder
from epa_score.cli.roster import take_roster
from epa_score.cli.session import OutputError, Session
from epa_score.cli.targets import OutputFiles, make_folder
from epa_score.diagnostics import InputError, Kind
from epa_score.diagnostics.terminal_text import TerminalLine, visible
from epa_score.exporters.yaml import yaml_assessment
from epa_score.i18n import Words
from epa_score.model import Rubric
from epa_score.model.assessment import Assessment
from epa_score.readers.files import STDIN
from epa_score.readers.roster import read_roster
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.unread import unreadable_as
from epa_score.values.fields import Text
from epa_score.values.names import Period


def new(
    context: typer.Context,
    folder: Annotated[
        str | None, typer.Argument(metavar="FOLDER", help="help.new_folder", show_default=False)
    ] = None,
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="NAME|FILE", help="help.new_rubric")
    ] = None,
    roster: RosterOption = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="help.new_period")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="help.new_title")
    ] = None,
) -> None:
    """Make the folder of an assessment."""
    session = context.obj
    if folder is None:
        if rubric is not None or roster is not None or not session.is_terminal(sys.stdin):
            raise WrongUsage(session.words("usage.new_folder"))
        wanted = ask(session)
    else:
        refuse_no_folder(session, "FOLDER", folder)
        if rubric is None:
            raise WrongUsage(session.words("usage.new_rubric"))
        checked = period and _checked_period(session, "--period", period)
        wanted = NewAssessment(folder, rubric, roster, checked)
    if title is not None:
        wanted = wanted._replace(title=read_field(session, "--title", title, TypeAdapter(Text)))
    make_assessment(session, wanted)


class NewAssessment(NamedTuple):
    """The assessment that is to be made."""

    folder: str
    rubric: str
    roster: str | None = None
    period: str | None = None
    title: str | None = None


def make_assessment(session: Session, wanted: NewAssessment) -> None:
    """Make the folder, copy into it what it needs, and write its blank forms.

    What is there already is left alone. Raises `WrongUsage`, `InputError` and `OutputError`.
    """
    _refuse_stdin(session, wanted.roster)
    library = RubricLibrary()
    chosen = library.select(wanted.rubric)
    name_hidden_rubric(session, library, chosen.rubric.id)
    words = Words(chosen.rubric.lang)
    roster = take_roster(session, wanted.roster)
    if roster is None and not chosen.rubric.known_units:
        raise WrongUsage(session.words("usage.new_roster"))
    units = unit_names(session, chosen.rubric, roster.names if roster is not None else ())
    copies: dict[str, bytes] = {}
    rubric_name = chosen.rubric.id
    if not chosen.file.shipped:
        rubric_name = words("folder.rubric") + ".yaml"
        copies[rubric_name] = chosen.file.data
    roster_name = None
    if wanted.roster is not None:
        roster_name = words("folder.roster") + Path(wanted.roster).suffix.lower()
        copies[roster_name] = Path(wanted.roster).read_bytes()
    given = {"period": wanted.period, "roster": roster_name, "title": wanted.title}
    given = {name: text for name, text in given.items() if text is not None}
    assessment = Assessment.model_validate({"rubric": rubric_name, **given})
    copies[words("folder.file") + ".yaml"] = yaml_assessment(assessment, words).encode()
    _write_missing(wanted.folder, copies)
    made = AssessmentFolder(wanted.folder, assessment, chosen.rubric)
    make_folder(made.place("collected"))
    choice = FormChoice(
        roster=None,
        units=units,
        xlsx=True,
        output=made.place("forms"),
        period=assessment.period or "",
        lists=False,
    )
    write_forms(session, chosen.rubric, choice)
    session.write([visible(wanted.folder)])
    about = {"forms": words("folder.forms"), "collected": words("folder.collected")}
    session.say(session.words("cli.new_made", folder=visible(wanted.folder), **about))


def _refuse_stdin(session: Session, roster: str | None) -> None:
    """Raise `WrongUsage` for a roster that no file holds, which could not be copied."""
    if roster == STDIN:
        raise WrongUsage(session.words("usage.new_roster_file"))


def _write_missing(folder: str, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder where there are none; the same ones may be there.

    Raises `OutputError` with all the others that are in the way.
    """
    files = {os.path.join(folder, name): data for name, data in contents.items()}
    missing = {path: data for path, data in files.items() if not _holds(path, data)}
    others = [path for path in missing if os.path.lexists(path)]
    assessment = find_assessment(folder)
    if assessment and assessment not in files:  # that of a rubric in another language
        others.append(assessment)
    if others:
        raise OutputError.joined(
            [OutputError(Kind.OUTPUT_EXISTS, path, variant="assessment") for path in others]
        )
    make_folder(folder)
    targets = OutputFiles(force=False)
    targets.claim(dict.fromkeys(missing, refuse_but_result))
    for path, data in missing.items():
        targets.write(path, partial(_write, data))


def _holds(path: str, data: bytes) -> bool:
    try:
        return Path(path).read_bytes() == data
    except OSError:
        return False


def _write(data: bytes, file: BinaryIO) -> None:
    file.write(data)


_YEAR = re.compile("[0-9]{4}")


def ask(session: Session) -> NewAssessment:
    """What is to be made, by three questions; each is asked until its answer will do."""
    session.complain([TerminalLine(session.words("ask.begin"), "source")])
    period = _ask(
        session, "period", partial(_checked_period, session, session.words("report.period"))
    )
    library = RubricLibrary()
    titles = {
        name: file.rubric.title
        for name in library.names()
        if (file := library.find(name)) is not None and file.rubric is not None
    }
    names = list(titles)
    for number, (name, title) in enumerate(titles.items(), 1):
        line = session.words("ask.choice", number=number, title=visible(title), name=name)
        session.complain([TerminalLine(line, "source")])
    rubric = _ask(session, "rubric", partial(_checked_rubric, session, library, names))
    chosen = library.select(rubric).rubric
    key = "roster_or_none" if chosen.known_units else "roster"
    roster = _ask(session, key, partial(_checked_roster, session, chosen))
    key = "folder_of_year" if _YEAR.fullmatch(period) else "folder"
    folder = session.words(f"ask.{key}", period=period)
    return NewAssessment(_free_folder(folder), rubric, roster or None, period)


def _ask(session: Session, question: str, check: Callable[[str], str]) -> str:
    while True:
        session.complain([TerminalLine(session.words(f"ask.{question}"), "source")])
        try:
            answer = input("> ").strip()
        except EOFError:
            raise WrongUsage(session.words("usage.new_folder")) from None
        answer = answer[1:-1] if answer[:1] in ("'", '"') and answer[-1:] == answer[:1] else answer
        try:
            return check(answer)
        except InputError as error:
            session.show(error.diagnostics)
        except WrongUsage as error:
            session.complain([TerminalLine(error.message, "error")])


def _checked_period(session: Session, name: str, answer: str) -> str:
    return read_field(session, name, answer, TypeAdapter(Period))


def _checked_rubric(
    session: Session, library: RubricLibrary, names: Sequence[str], answer: str
) -> str:
    """The name or path of a rubric, which may be given by its number in the list."""
    if answer.isdecimal() and 1 <= int(answer) <= len(names):
        answer = names[int(answer) - 1]
    if unreadable_as(answer) or answer.lower().endswith(".xlsx"):
        raise WrongUsage(session.words("ask.rubric_is_table"))
    if answer not in names and not os.path.isfile(answer):
        raise WrongUsage(session.words("ask.rubric_needed"))
    library.select(answer)
    return answer


def _checked_roster(session: Session, rubric: Rubric, answer: str) -> str:
    """The path of a roster of units of the rubric; nothing where this lists them itself."""
    if answer:
        _refuse_stdin(session, answer)
        unit_names(session, rubric, read_roster(answer).names)
    elif not rubric.known_units:
        raise WrongUsage(session.words("ask.roster_needed"))
    return answer


def _free_folder(name: str) -> str:
    """A folder of that name beside you in which there is no other assessment."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(folder for folder in chain([name], numbered) if not find_assessment(folder))
