"""A score sheet file: read, shaped, and checked against the rubric that it names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import ValidationError

from epa_score.checks import (
    Exemptions,
    check_sheet,
    deductions_have_reasons,
    self_scores_are_near,
    with_hints_of_rubric,
    with_kinds_of_adjustments,
    without_self_scores,
)
from epa_score.diagnostics import (
    Diagnostic,
    Finding,
    Kind,
    Parameter,
    Place,
    Spot,
    errors_of,
    in_order,
)
from epa_score.model import Rubric, ScoreSheet
from epa_score.model.form_record import FormRecord
from epa_score.model.item_options import UNREAD_REASON
from epa_score.model.item_units import with_items_of_others
from epa_score.model.sheet import read_plain
from epa_score.readers.files import read_file, sha256_of
from epa_score.readers.rubrics import RubricLibrary
from epa_score.readers.source import SELF_SCORE, SELF_SCORES, Source
from epa_score.readers.to_model import to_model, with_mistakes_first
from epa_score.scoring import Result, score
from epa_score.scoring.points import points_of
from epa_score.scoring.score import score_plain


class PlainResult(NamedTuple):
    """The values of a sheet that took the short way, and its result."""

    values: Any
    result: Result


_PARTS = frozenset({("unit",), ("scores",), ("adjustments",), ("veto",), ("period",), ("date",)})
"""Parts that can be looked at although something in them could not be read."""
_NOBODY = "-"
"""The unit of a sheet that gives none that can be read."""


@dataclass
class SheetFile:
    """A score sheet with its file and its rubric."""

    path: str
    """The path under which the file is reported."""
    data: bytes
    """The bytes of the file; none where it could not be read."""
    rubric: Rubric | None
    """The rubric that the sheet names, if there is a sound one."""
    known: ScoreSheet | PlainResult | None
    """The sheet, or the values and the result of a plain one; ``None`` where there is an error."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """All that is wrong with the sheet and its rubric, in the order of the places."""
    rubric_name: str = ""
    """The name of the rubric, of a faulty sheet as far as it can be read."""
    unit: str = ""
    """The unit, of a faulty sheet as far as it can be read."""
    period: str | None = None
    """The period, of a faulty sheet as far as it can be read."""
    part: str = ""
    """The part of the file that holds the sheet, where it holds several."""
    assessor: str = ""
    """The assessor, of a faulty sheet as far as it can be read; empty where nobody is named."""

    @cached_property
    def sheet(self) -> ScoreSheet | None:
        """The sheet; ``None`` where there is any error."""
        if isinstance(self.known, PlainResult):
            return ScoreSheet.model_validate(self.known.values)
        return self.known

    @property
    def result(self) -> Result | None:
        """The points of the sheet; ``None`` where there is any error."""
        if isinstance(self.known, PlainResult):
            return self.known.result
        if self.rubric is None or self.sheet is None:
            return None
        own = self.rubric.part(self.sheet.assessor)
        return None if own is None else score(own, self.sheet)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file, in hexadecimal."""
        return sha256_of(self.data)


def read_sheet(path: str, library: RubricLibrary, *, incomplete: bool = False) -> SheetFile:
    """Read the only sheet of a file; ``incomplete`` allows items without points."""
    data, sources = read_file(path)
    source = sources[0]
    if len(sources) > 1:
        about: dict[str, Parameter] = {"sheets": tuple(source.part for source in sources)}
        source = Source(path, findings=[Finding(Kind.SEVERAL_FORMS, Place(), about, "file")])
    return sheet_of(data, source, library, incomplete=incomplete)


def sheet_of(
    data: bytes,
    source: Source,
    library: RubricLibrary,
    *,
    incomplete: bool,
    asks_reasons: bool = False,
) -> SheetFile:
    """The sheet in a source that was read; what is wrong with any part of it is said at once.

    A plain and sound one takes a short way, which gives the same and explains nothing. Where the
    caller ``asks_reasons``, a sound sheet is told of deductions without one.
    """
    if source.read_as is not None:
        source = source.read_as(_records_at_hand(library, _text_of(source, "unit")))
    if source.form is not None:
        _leave_out_self_scores(source, library)
    file = _plain_sheet_of(data, source, library) or _any_sheet_of(
        data, source, library, incomplete=incomplete
    )
    if asks_reasons and file.rubric is not None and file.sheet is not None:
        found = source.diagnose(list(deductions_have_reasons(file.sheet, file.rubric)))
        file.diagnostics = in_order((*file.diagnostics, *found))
    return file


def _plain_sheet_of(data: bytes, source: Source, library: RubricLibrary) -> SheetFile | None:
    """A sheet of points, notes and evidence in which all is well; ``None`` for any other.

    (See decision: plain-sheets-take-a-short-way.)
    """
    plain = None if source.findings or source.cells is not None else read_plain(source.value)
    found = None if plain is None else library.find(plain["rubric"])
    if plain is None or found is None or found.rubric is None or found.diagnostics:
        return None
    result = score_plain(found.rubric, plain, source.value["scores"])
    if result is None or _find_wrong_rubric(found.rubric, plain["unit"], library):
        return None
    return SheetFile(
        path=source.path,
        data=data,
        rubric=found.rubric,
        known=PlainResult(source.value, result),
        rubric_name=result.rubric,
        unit=result.unit,
        period=result.period,
        assessor=plain.get("assessor") or "",
    )


def _any_sheet_of(
    data: bytes, source: Source, library: RubricLibrary, *, incomplete: bool
) -> SheetFile:
    sheet, findings = to_model(source, ScoreSheet)
    about_rubric: tuple[Diagnostic, ...] = ()
    rubric = None
    readable, unread = (sheet, frozenset()) if sheet else _readable_part(source, findings)
    if readable is not None:
        found = library.find(readable.rubric)
        if found is None:
            findings = [*findings, library.not_found(readable.rubric, Place(("rubric",)))]
        else:
            rubric, about_rubric = found.rubric, found.diagnostics
        if rubric is not None and sheet is None and readable.unit == _NOBODY:
            readable = _as_of_some_unit(source, readable, rubric)
        if rubric is not None and readable is not None:
            own = rubric.part(readable.assessor) or rubric
            readable = with_items_of_others(readable, own)
            sheet = readable if sheet is not None else None
            if findings:
                findings = list(without_self_scores(findings, rubric))
                findings = list(with_kinds_of_adjustments(findings, rubric))
                findings = list(with_hints_of_rubric(findings, rubric, readable.unit))
            unread |= source.unread
            exemptions = Exemptions(frozenset(source.repeated), unread, unscored=incomplete)
            changed = _find_changes(source, readable, own, rubric)
            findings = [*findings, *changed]
            exemptions = exemptions.with_faulty_items(changed)
            wrong = _without_consequences(check_sheet(readable, rubric, exemptions), changed)
            other = _find_wrong_rubric(rubric, readable.unit, library, wrong, readable.scores)
            findings = [*findings, *([other] if other else _place_at_empty_cell(source, wrong))]
            shows_sums = source.sums or source.points_beside
            if shows_sums and sheet is not None and not _has_errors(findings):
                from epa_score.readers.excel.form import sums_agree  # noqa: PLC0415 -- most runs read no workbook

                findings = [*findings, *sums_agree(source, sheet, own)]
            if rubric.self_score is not None and sheet is not None and not _has_errors(findings):
                points = points_of(own, sheet)
                findings = [*findings, *self_scores_are_near(sheet, rubric, points)]
    about_sheet = source.diagnose(with_mistakes_first(source, findings)) if findings else ()
    diagnostics = in_order((*about_sheet, *about_rubric)) if about_sheet else about_rubric
    if sheet is not None and not errors_of(diagnostics):
        return SheetFile(
            path=source.path,
            data=data,
            rubric=rubric,
            known=sheet,
            diagnostics=diagnostics,
            rubric_name=sheet.rubric,
            unit=sheet.unit,
            period=sheet.period,
            part=source.part,
            assessor=sheet.assessor or "",
        )
    return SheetFile(
        path=source.path,
        data=data,
        rubric=rubric,
        known=None,
        diagnostics=diagnostics,
        rubric_name=_text_of(source, "rubric"),
        unit=_text_of(source, "unit"),
        period=_text_of(source, "period"),
        part=source.part,
        assessor=_text_of(source, "assessor"),
    )


def _leave_out_self_scores(source: Source, library: RubricLibrary) -> None:
    """A form may have gone out with self scores that its rubric no longer has: that is said once.

    What stands in their column is not read then, as in any other that the form does not have.
    """
    form, found = source.form, library.find(_text_of(source, "rubric"))
    if form is None or SELF_SCORE not in form.labels or found is None or found.rubric is None:
        return
    if found.rubric.self_score is not None:
        return
    kept = {item: _without_self_score(given) for item, given in source.value["scores"].items()}
    places = [finding.place for finding in source.findings]
    faulty = [place for place in places if _is_self_score(place)]
    if kept != source.value["scores"] or faulty:
        about: dict[str, Parameter] = {"title": form.labels[SELF_SCORE]}
        others = [finding for finding in source.findings if finding.place not in faulty]
        column = Finding(Kind.CELL_NOT_READ, Place(SELF_SCORES), about, "self")
        source.findings = [*others, column]
        source.value = {**source.value, "scores": kept}


def _without_self_score(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {name: value for name, value in given.items() if name != SELF_SCORE}


def _is_self_score(place: Place | Spot) -> bool:
    return isinstance(place, Place) and place.keys[2:] == (SELF_SCORE,)


def _records_at_hand(library: RubricLibrary, unit: str) -> list[FormRecord]:
    """The records of blank forms of a unit, by every sound rubric, or by the given one alone."""
    from epa_score.reports.blank_record import blank_record  # noqa: PLC0415 -- most runs read no workbook

    files = [library.given] if library.given else map(library.find, library.names())
    rubrics = [file.rubric for file in files if file is not None and file.rubric is not None]
    parts = [part for rubric in rubrics for part in (rubric.parts.values() or [rubric])]
    return [blank_record(part, unit) for part in parts]


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.kind.severity == "error" for finding in findings)


def _readable_part(
    source: Source, findings: Sequence[Finding]
) -> tuple[ScoreSheet | None, frozenset[str]]:
    """A sheet without the fields of items that could not be read, and the names of these items.

    Adjustments or vetoes of which any could not be read are left out as a whole. It serves to find
    what else is wrong, never to add up.
    """
    errors = [finding for finding in findings if finding.kind.severity == "error"]
    places = [finding.place.keys for finding in errors if isinstance(finding.place, Place)]
    unread = frozenset(str(keys[1]) for keys in places if keys[:1] == ("scores",) and keys[1:])
    elsewhere = any(keys[:1] not in _PARTS or keys == ("scores",) for keys in places)
    misaligned = any(finding.kind is Kind.INDENTATION_OFF for finding in errors)
    if source.value is None or not places or elsewhere or misaligned:
        return None, unread
    scores = dict(source.value["scores"])
    for item, *fields in (keys[1:] for keys in places if keys[0] == "scores"):
        if fields and isinstance(scores.get(item), dict):
            kept = {key: one for key, one in scores[item].items() if key != fields[0]}
            reason = {"not_applicable": UNREAD_REASON} if fields == ["not_applicable"] else {}
            scores[item] = kept | reason
        elif not fields or fields == ["score"]:
            scores.pop(item, None)
    left_out = {keys[0] for keys in places}
    known = {name: value for name, value in source.value.items() if name not in left_out}
    known.setdefault("unit", _NOBODY)
    try:
        return ScoreSheet.model_validate(known | {"scores": scores}), unread
    except ValidationError:
        return None, unread


def _as_of_some_unit(source: Source, sheet: ScoreSheet, rubric: Rubric) -> ScoreSheet | None:
    """The sheet as that of a unit with the same items; ``None`` where units have their own.

    A blank sheet is none: it lacks a unit and everything else.
    """
    printed = source.form.unit if source.form is not None else None
    if not any(sheet.scores.values()) or (rubric.duty_units and not printed):
        return None
    unit = printed or next(iter(rubric.known_units), _NOBODY)
    return sheet.model_copy(update={"unit": unit})


def _find_wrong_rubric(
    rubric: Rubric,
    unit: str,
    library: RubricLibrary,
    wrong: Iterable[Finding] = (),
    items: Iterable[str] = (),
) -> Finding | None:
    """Find that another rubric lists the unit, while the sheet's own rubric does not.

    That explains everything else that is ``wrong``. Where all fits, only the shipped rubrics
    are compared, which are made for each other: a county may score a unit by several of its own.
    A rubric for any unit has this one as well: there unscored items tell nothing, and a rubric
    that is not shipped with it must have all ``items`` of the sheet.
    """
    here = library.find(rubric.id)
    shipped = here is not None and here.shipped
    lists_units = bool(rubric.known_units)
    faults = {finding.kind for finding in wrong if finding.kind.severity == "error"}
    shipped_only = not (faults if lists_units else faults - {Kind.ITEMS_UNSCORED})
    if (shipped_only and not shipped) or (lists_units and rubric.scope(unit)):
        return None
    for name in library.that_list(unit, shipped_only=shipped_only):
        found = library.find(name)
        other = found.rubric if found is not None else None
        scope = other.scope(unit) if other is not None else None
        has_items = scope is not None and scope.items.keys() >= set(items)
        is_made_beside = shipped and found is not None and found.shipped
        if lists_units or is_made_beside or has_items:
            about: dict[str, Parameter] = {"rubric": rubric.id, "unit": unit, "other": name}
            return Finding(Kind.WRONG_RUBRIC, Place(("rubric",)), about)
    return None


def _find_changes(source: Source, sheet: ScoreSheet, own: Rubric, rubric: Rubric) -> list[Finding]:
    """Find what of a form the rubric in force says otherwise.

    What is no longer among the ``own`` items of its assessor is somebody else's, or was removed.
    """
    if source.form is None:
        return []
    from epa_score.readers.excel.form import lines_agree  # noqa: PLC0415 -- most runs read no workbook

    found = lines_agree(source.form, sheet.unit, own)
    theirs = rubric.assessors_by_item.keys() - own.assessors_by_item.keys()
    return [finding for finding in found if finding.parameters.get("item") not in theirs]


def _without_consequences(findings: Iterable[Finding], changed: Sequence[Finding]) -> list[Finding]:
    """Leave out what only follows from an item that the rubric in force has otherwise."""
    items = {finding.parameters.get("item") for finding in changed}
    return [
        finding
        for finding in findings
        if not (isinstance(finding.place, Place) and items.intersection(finding.place.keys[1:2]))
    ]


def _place_at_empty_cell(source: Source, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Put the finding of a single unscored item at its own cell of a form."""
    for finding in findings:
        items = finding.parameters.get("items")
        unscored = finding.kind is Kind.ITEMS_UNSCORED
        single = unscored and isinstance(items, tuple) and len(items) == 1
        if source.cells is not None and single:
            yield replace(finding, place=Place(("scores", str(finding.parameters["first"]))))
        else:
            yield finding


def _text_of(source: Source, key: str) -> str:
    """A field of a faulty sheet, as far as it can be read: for messages, never for scores."""
    value = source.value.get(key) if isinstance(source.value, dict) else None
    return value if isinstance(value, str) else ""
