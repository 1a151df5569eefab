"""The facts that a form asks for: each in a line of its own below the item that follows from it."""

from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact
from epa_score.exporters.xlsx.form.page import (
    CAP,
    ID,
    NOTE,
    SCORE,
    TEXT,
    FormPage,
)
from epa_score.i18n import Words, plain
from epa_score.model import Item, Score
from epa_score.model.fact import Fact
from epa_score.reports.form import FactLine, fact_lines

_MOST_LISTED = 255
"""Characters that Excel takes for the words of a list, with a comma between each two."""

_NUMBER = "AND(ISNUMBER({cell}),{cell}>=0)"
_KINDS = {"count": "AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))", "number": _NUMBER}
"""What is true of a number that may stand in a cell, by the kind of fact."""


def fact_text(fact: Fact, words: Words) -> str:
    """What a form asks: the name of a fact, and how it is written."""
    choices = words("list.separator").join(fact.choices)
    name = words.get(f"fact.{fact.name}_{fact.kind}") or fact.name
    return words("form.fact", name=name, about=words(f"form.about_{fact.kind}", choices=choices))


def write_facts(page: FormPage, item: Item, given: Score, words: Words) -> None:
    """Write a line for each fact of an item, filled in as far as it is ``given``."""
    lines = fact_lines(item)
    cells = {
        line.fact.name: xl_rowcol_to_cell(page.row + number, SCORE)
        for number, line in enumerate(lines)
    }
    for line in lines:
        _write_fact(page, line, given.facts.get(line.fact.name), words)
        row = page.row - 1
        page.sheet.data_validation(row, SCORE, row, SCORE, _validation(line, cells, words))
        if line.fact.kind in _KINDS:
            cell = f"${cells[line.fact.name]}"
            wrong = f'=AND({cell}<>"",NOT({_KINDS[line.fact.kind].format(cell=cell)}))'
            red = {"type": "formula", "criteria": wrong, "format": page.look("alarm", TEXT, TEXT)}
            page.sheet.conditional_format(row, ID, row, NOTE, red)


def _write_fact(page: FormPage, line: FactLine, value: object, words: Words) -> None:
    page.write(ID, line.id, "center")
    text = fact_text(line.fact, words)
    page.write(TEXT, text, "fact")
    if value is not None and line.fact.kind in _KINDS:
        look = page.look("score", SCORE, SCORE)
        page.sheet.write_number(page.row, SCORE, exact(Decimal(str(value))), look)
    else:
        page.write(SCORE, "" if value is None else str(value), "score")
    for column in (CAP, NOTE):
        page.write(column, "", "center")
    page.next_after(text)


def _validation(line: FactLine, cells: dict[str, str], words: Words) -> dict[str, object]:
    """What may be typed for a fact, with the words that say so."""
    fact = line.fact
    about = words(f"form.about_{fact.kind}", choices=words("list.separator").join(fact.choices))
    said: dict[str, object] = {
        "input_title": line.id,
        "input_message": about[:_MOST_LISTED],
        "error_title": line.id,
        "error_message": about[:_MOST_LISTED],
    }
    if fact.kind in _KINDS:
        cell = cells[fact.name]
        most = cells.get(fact.part_of) or (None if fact.most is None else plain(fact.most))
        within = f",{cell}<={most}" if most else ""
        return said | {
            "validate": "custom",
            "value": f"=AND({_KINDS[fact.kind].format(cell=cell)}{within})",
        }
    listed = list(fact.choices) or [words("form.yes"), words("form.no")]
    if len(",".join(listed)) > _MOST_LISTED or any("," in one for one in listed):
        return said | {"validate": "any"}
    return said | {"validate": "list", "source": listed}
