"""Units that several assessors score: which sheets go together, and what only they show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from epa_score.checks.several_sheets import Opinion, enough_have_scored, opinions_are_near
from epa_score.cli.batch import ReadFile
from epa_score.cli.inputs import handed_in, paths_of, scored_twice
from epa_score.cli.sheet_store import SheetStore, restore_sheet
from epa_score.diagnostics import Diagnostic, Finding
from epa_score.model import Rubric, ScoreSheet, same_name_key
from epa_score.readers.files import locate_all
from epa_score.readers.rubrics import RubricLibrary
from epa_score.scoring.panel import combine, spreads

if TYPE_CHECKING:
    from epa_score.model.sheet import CombinedSheet


class PanelSheets(NamedTuple):
    """The sound sheets of one unit in one period, by assessor, and where they are kept."""

    rubric: Rubric
    entries: tuple[ReadFile, ...]
    kept: SheetStore | None

    @property
    def unit(self) -> str:
        """The name of the unit, as the first assessor wrote it."""
        return self.entries[0].unit

    def sheets(self) -> list[ScoreSheet]:
        """What the assessors handed in."""
        return [
            restore_sheet(one.sheet) if self.kept is None else self.kept.sheet(one.number)
            for one in self.entries
        ]

    def combined(self) -> "CombinedSheet":
        """The sheets as one."""
        return combine(self.rubric, self.sheets())

    def too_few(self) -> Iterator[tuple[str, Finding]]:
        """The finding that more assessors have to score the unit, with the file it stands in."""
        return enough_have_scored(map(handed_in, self.entries), self.rubric)

    def far_off(self) -> Iterator[tuple[str, Finding]]:
        """Points far from those of the panel, with the file they stand in.

        While points are missing, it is open what those of the panel are.
        """
        panel = self.rubric.panel
        if panel is None or panel.gap is None:
            return

        sheet = self.combined()
        paths = {one.assessor: one.path for one in self.entries}
        for one in spreads(self.rubric, sheet):
            if one.item not in sheet.open_items:
                opinions = [Opinion(paths[name], name, each) for name, each in one.given.items()]
                yield from opinions_are_near(one.item, one.combined, opinions, panel.gap)


def panel_sheets(
    entries: Iterable[ReadFile], library: RubricLibrary, kept: SheetStore | None = None
) -> list[PanelSheets]:
    """The sound sheets of panels by rubric, period and unit; those of others are left aside."""
    found: dict[tuple[str, str, str], list[ReadFile]] = {}
    for one in entries:
        if one.assessor:
            key = (one.rubric, one.period or "", same_name_key(one.unit))
            found.setdefault(key, []).append(one)
    return [
        PanelSheets(library.require(rubric)[1], tuple(sorted(them, key=_seat)), kept)
        for (rubric, _, _), them in found.items()
    ]


def _seat(entry: ReadFile) -> tuple[str, str]:
    return same_name_key(entry.assessor), entry.path


class AcrossSheets(NamedTuple):
    """What only sheets together show: what is wrong or odd, and the panels that are sound.

    ``faulty`` are the paths of the sheets that are not to be ranked; ``aside`` are those of them
    that are sound, but whose unit has too few others.
    """

    errors: list[Diagnostic]
    warnings: list[Diagnostic]
    faulty: set[str]
    aside: set[str]
    seats: list[PanelSheets]


def check_across_sheets(
    entries: Sequence[ReadFile],
    library: RubricLibrary,
    kept: SheetStore | None = None,
    *,
    need_all: bool,
) -> AcrossSheets:
    """Find units that are scored twice, and what is wrong with panels.

    Those are units with too few assessors, where ``need_all``, and assessors who are far from
    the others. A unit with a faulty sheet is not to be ranked, as what is left would be another
    panel; more is not said of it. A faulty sheet of no known rubric may be of any.
    """
    errors = scored_twice(entries)
    faulty = {one.path for one in entries if one.result is None} | paths_of(errors)
    found = panel_sheets((one for one in entries if one.path not in faulty), library, kept)
    if not found:
        return AcrossSheets(errors, [], faulty, set(), [])
    broken = {_broken(one, library) for one in entries if one.path in faulty}
    warnings: list[Diagnostic] = []
    seats: list[PanelSheets] = []
    aside: set[str] = set()
    for one in found:
        few = list(one.too_few()) if need_all else []
        key = same_name_key(one.unit)
        hit = not broken.isdisjoint({(one.rubric.id, key), ("", key)})
        if hit or few:
            aside |= {each.path for each in one.entries}
            errors += [] if hit else locate_all(few)
        else:
            seats.append(one)
            warnings += locate_all(one.far_off())
    return AcrossSheets(errors, warnings, faulty | aside, aside, seats)


def _broken(entry: ReadFile, library: RubricLibrary) -> tuple[str, str]:
    """The rubric, as far as it is known, and the unit of a faulty sheet."""
    known = library.find(entry.rubric) is not None
    return entry.rubric if known else "", same_name_key(entry.unit)


class CombinedByUnit(Mapping[str, ScoreSheet]):
    """Combined sheets by unit; each is made when it is asked for."""

    def __init__(self, seats: Sequence[PanelSheets]) -> None:
        """Give the sheets of some units in one period."""
        self._seats = {one.unit: one for one in seats}

    def __getitem__(self, unit: str) -> ScoreSheet:
        """The combined sheet of a unit. Raises `OutputError` where the disk fails."""
        return self._seats[unit].combined()

    def __iter__(self) -> Iterator[str]:
        """The units."""
        return iter(self._seats)

    def __len__(self) -> int:
        """How many units there are."""
        return len(self._seats)
