"""Units that several assessors score: which sheets go together, and what only they show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from epa_score.checks import check_joined
from epa_score.checks.assessors import every_assessor_has_scored
from epa_score.checks.several_sheets import Opinion, enough_have_scored, opinions_are_near
from epa_score.cli.batch import ReadFile
from epa_score.cli.inputs import find_units_scored_twice, sheet_key
from epa_score.cli.sheet_store import SheetStore, restore_sheet, with_unit
from epa_score.diagnostics import Diagnostic, Place
from epa_score.diagnostics.finding import FileFinding, SheetPlace
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.model.assessors import join_sheets
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricLibrary
from epa_score.scoring import Result, score
from epa_score.scoring.panel import combine, score_panel, spread_of_totals, spreads

if TYPE_CHECKING:
    from epa_score.model.sheet import CombinedSheet


class PanelSheets(NamedTuple):
    """The sound sheets of one unit in one period, by assessor, and where they are kept."""

    rubric: Rubric
    files: tuple[ReadFile, ...]
    store: SheetStore | None

    @property
    def unit(self) -> str:
        """The name of the unit, as the first assessor wrote it."""
        return self.files[0].unit

    @property
    def places(self) -> set[SheetPlace]:
        """The places of the sheets."""
        return {file.place for file in self.files}

    def sheets(self) -> list[ScoreSheet]:
        """The sheets that the assessors handed in."""
        return [
            restore_sheet(file.sheet) if self.store is None else self.store.sheet(file.number)
            for file in self.files
        ]

    def combine(self) -> ScoreSheet:
        """Bring the sheets together into one: by panel, or each with items of its own."""
        if self.rubric.panel is None:
            return with_unit(join_sheets(self.rubric, self.sheets()), self.unit)
        return self._combine()

    def _combine(self) -> "CombinedSheet":
        """Combine the sheets of a panel."""
        return with_unit(combine(self.rubric, self.sheets()), self.unit)

    def result(self) -> Result:
        """What the sheets come to together."""
        if self.rubric.panel is None:
            return score(self.rubric, self.combine())
        return score_panel(self.rubric, self.sheets())._replace(unit=self.unit)

    def find_too_few(self) -> Iterator[FileFinding]:
        """Find that more assessors have to score the unit, with the file to say it in."""
        keys = map(sheet_key, self.files)
        if self.rubric.panel is None:
            return every_assessor_has_scored(keys, self.rubric)
        return enough_have_scored(keys, self.rubric)

    def find_together(self) -> Iterator[FileFinding]:
        """Find what is wrong with sheets of items that are right alone, with the file it is in.

        One fact may be named by two assessors, and no item of any of them may apply to the unit.
        """
        if self.rubric.panel is None:
            files = {same_name_key(file.assessor): file.place for file in self.files}
            for finding in check_joined(self.combine(), self.rubric):
                keys = finding.place.keys if isinstance(finding.place, Place) else ()
                owner = self.rubric.assessors_by_item.get(str(keys[1]), "") if keys[1:] else ""
                place = files.get(same_name_key(owner), self.files[0].place)
                yield FileFinding(place, finding)

    def find_far_off(self) -> Iterator[FileFinding]:
        """Find points far from those of the panel, with the file they stand in.

        While points are missing, it is open what those of the panel are.
        """
        panel = self.rubric.panel
        if panel is None or panel.gap is None:
            return

        sheet = self._combine()
        places = {file.assessor: file.place for file in self.files}
        whole = None if sheet.open_items else spread_of_totals(self.rubric, sheet)
        by_item = spreads(self.rubric, sheet) if panel.by != "total" else ()
        for spread in by_item if whole is None else [whole]:
            if spread.item not in sheet.open_items:
                opinions = [
                    Opinion(places[assessor], assessor, points)
                    for assessor, points in spread.given.items()
                ]
                yield from opinions_are_near(spread.item, spread.combined, opinions, panel.gap)


def panel_sheets(
    files: Iterable[ReadFile], library: RubricLibrary, store: SheetStore | None = None
) -> list[PanelSheets]:
    """The sound sheets of panels by rubric, period and unit; those of others are left aside."""
    panels: dict[tuple[str, str, str], list[ReadFile]] = {}
    for file in files:
        if file.assessor:
            key = (file.rubric, file.period or "", same_name_key(file.unit))
            panels.setdefault(key, []).append(file)
    return [
        PanelSheets(library.require(rubric).rubric, tuple(sorted(own, key=_assessor_key)), store)
        for (rubric, _, _), own in panels.items()
    ]


def _assessor_key(file: ReadFile) -> tuple[str, SheetPlace]:
    return same_name_key(file.assessor), file.place


class AcrossSheets(NamedTuple):
    """The facts that only sheets together show: what is wrong or odd, and the sound panels.

    ``faulty`` are the places of the sheets that are not to be ranked; ``aside`` are those of them
    that are sound, but whose unit has too few others.
    """

    errors: list[Diagnostic]
    warnings: list[Diagnostic]
    faulty: set[SheetPlace]
    aside: set[SheetPlace]
    panels: list[PanelSheets]


def check_across_sheets(
    files: Sequence[ReadFile],
    library: RubricLibrary,
    store: SheetStore | None = None,
    *,
    need_all: bool,
) -> AcrossSheets:
    """Find units that are scored twice, and what is wrong with panels.

    Those are units with too few assessors, where ``need_all``, and assessors who are far from
    the others. A unit with a faulty sheet is not to be ranked, as what is left would be another
    panel; more is not said of it. A faulty sheet of no known rubric may be of any.
    """
    errors, twice = find_units_scored_twice(files)
    faulty = {file.place for file in files if file.result is None} | twice
    panels = panel_sheets((file for file in files if file.place not in faulty), library, store)
    errors += locate_all(find_owed(files, library)) if need_all else []
    if not panels:
        return AcrossSheets(errors, [], faulty, set(), [])
    faulty_units = {_unit_key(file, library) for file in files if file.place in faulty}
    warnings: list[Diagnostic] = []
    sound: list[PanelSheets] = []
    aside: set[SheetPlace] = set()
    for panel in panels:
        few = list(panel.find_too_few()) if need_all else []
        unit = same_name_key(panel.unit)
        hit = not faulty_units.isdisjoint({(panel.rubric.id, unit), ("", unit)})
        if hit or few:
            aside |= {file.place for file in panel.files}
            errors += [] if hit or panel.rubric.assessors else locate_all(few)
        elif wrong := list(panel.find_together()):
            aside |= {file.place for file in panel.files}
            errors += locate_all(wrong)
        else:
            sound.append(panel)
            warnings += locate_all(panel.find_far_off())
    return AcrossSheets(errors, warnings, faulty | aside, aside, sound)


def find_owed(files: Iterable[ReadFile], library: RubricLibrary) -> Iterator[FileFinding]:
    """Find the assessors who owe sheets of units that others have handed in.

    A faulty sheet is one that is there. Where it does not say whose it is, nobody can tell who owes
    one. Of a unit without any sheet that is not said: all of it is missing.
    """
    units: dict[tuple[str, str, str], list[ReadFile]] = {}
    for file in files:
        found = library.find(file.rubric) if file.unit else None
        if found is not None and found.rubric is not None and found.rubric.assessors:
            key = (found.rubric.id, file.period or "", same_name_key(file.unit))
            units.setdefault(key, []).append(file)
    for (rubric, _, _), own in units.items():
        whole = library.require(rubric).rubric
        if all(file.assessor and whole.part(file.assessor) is not None for file in own):
            yield from every_assessor_has_scored(map(sheet_key, own), whole)


def _unit_key(file: ReadFile, library: RubricLibrary) -> tuple[str, str]:
    """The rubric, as far as it is known, and the unit of a faulty sheet."""
    known = library.find(file.rubric) is not None
    return file.rubric if known else "", same_name_key(file.unit)


class CombinedByUnit(Mapping[str, ScoreSheet]):
    """Combined sheets by unit; each is made when it is asked for."""

    def __init__(self, panels: Sequence[PanelSheets]) -> None:
        """Give the sheets of some units in one period."""
        self._panels = {panel.unit: panel for panel in panels}

    def __getitem__(self, unit: str) -> ScoreSheet:
        """The combined sheet of a unit. Raises `OutputError` where the disk fails."""
        return self._panels[unit].combine()

    def __iter__(self) -> Iterator[str]:
        """The units."""
        return iter(self._panels)

    def __len__(self) -> int:
        """The number of units."""
        return len(self._panels)
