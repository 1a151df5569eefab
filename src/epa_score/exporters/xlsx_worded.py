"""Formulas that give words: the band of a total, and the remark that a rank is shared."""

from epa_score.exporters.xlsx.cells import text_for_cell
from epa_score.exporters.xlsx.formulas import LONGEST, Block, quoted
from epa_score.i18n import plain
from epa_score.reports.table import BandOf, Cell, TiedIn


def band_formula(live: BandOf, here: Block, row: int) -> str:
    """The band that a figure of the row is in, or nothing where a name is too long for formulas."""
    names = [text_for_cell(name) for _, name in reversed(live.bands)]
    if max(map(len, names)) > LONGEST:
        return ""
    bounds = ",".join(plain(bound) for bound, _ in reversed(live.bands))
    texts = ",".join(map(quoted, names))
    return f"=LOOKUP({here.cell(live.column, row)},{{{bounds}}},{{{texts}}})"


def tied_formula(live: TiedIn, cell: Cell, here: Block, row: int) -> str:
    """The remark of a row, or nothing where it is too long for formulas."""
    said = text_for_cell(str(cell or ""))
    rest = said.removeprefix(live.word).removeprefix(live.joiner) if said else ""
    if len(rest) > LONGEST:
        return ""
    tied = quoted(live.word + (live.joiner + rest if rest else ""))
    number = f"COUNTIF({here.column(live.column)},{here.cell(live.column, row)})"
    return f"=IF({number}>1,{tied},{quoted(rest)})"
