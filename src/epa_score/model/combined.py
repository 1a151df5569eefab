"""The sheets of the assessors of one unit as one sheet."""

from epa_score.model.sheet import Score, ScoreSheet


class CombinedSheet(ScoreSheet):
    """The sheets of one unit as one, whose scores are the combined points.

    ``sheets`` are those of the assessors, by their names. ``open_items`` are those that not
    everybody has scored yet: what is missing counts 0 in them, as in every provisional result.
    """

    sheets: tuple[ScoreSheet, ...]
    open_items: tuple[str, ...] = ()

    def score(self, item: str) -> Score:
        """The combined points of an item with all evidence; each reason is in its own sheet."""
        evidence = tuple(one for sheet in self.sheets for one in sheet.score(item).evidence)
        return Score(score=self.points.get(item), evidence=evidence)


def sheets_in(sheet: ScoreSheet) -> tuple[ScoreSheet, ...]:
    """The sheets that people filled in: those of a combined one, else the sheet itself."""
    return sheet.sheets if isinstance(sheet, CombinedSheet) else (sheet,)
