"""Input cells of a form: points, facts, adjustments and vetoes, with what Excel lets in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from epa_score.exporters.xlsx.cells import exact_number
from epa_score.exporters.xlsx.form.content import Form, FormSum, Position
from epa_score.exporters.xlsx.form.page import (
    CAP,
    ID,
    LEAST,
    SCORE,
    SELF_SCORE,
    TEXT,
    FormPage,
)
from epa_score.i18n import Words, plain
from epa_score.model import Item, Score
from epa_score.model.rubric_options import Adjustment
from epa_score.model.sheet import AdjustmentScore, FactNames
from epa_score.reports.form_lines import (
    AdjustmentLines,
    FactLine,
    VetoLines,
    adjustment_text,
    fact_lines,
    fact_text,
    is_judged,
)
from epa_score.reports.workings import note_text
from epa_score.rules.rule import Working
from epa_score.scoring.adjustments import AdjustmentSum, CountedAdjustment, adjustments_of

_MOST_LISTED = 255
"""Characters that Excel takes for the words of a list, with a comma between each two."""

_NUMBER = "AND(ISNUMBER({cell}),{cell}>=0)"
_WHOLE = "AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))"
_KINDS = {
    "count": _WHOLE,
    "whole": _WHOLE,
    "number": _NUMBER,
    "deduction": _NUMBER,
}
"""The condition of a number that may stand in a cell, by the kind of fact."""


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
        page.sheet.data_validation(row, SCORE, row, SCORE, fact_validation(line, cells, words))
        if line.fact.kind in _KINDS:
            cell = f"${cells[line.fact.name]}"
            wrong = f'=AND({cell}<>"",NOT({_KINDS[line.fact.kind].format(cell=cell)}))'
            red = {
                "type": "formula",
                "criteria": wrong,
                "format": page.cell_format("alarm", TEXT, TEXT),
            }
            page.sheet.conditional_format(row, ID, row, page.note, red)


def _write_fact(page: FormPage, line: FactLine, value: object, words: Words) -> None:
    page.write(ID, line.id, "center")
    text = fact_text(line.fact, words)
    page.write(TEXT, text, "fact")
    if value is not None and line.fact.kind in _KINDS:
        cell_format = page.cell_format("score", SCORE, SCORE)
        page.sheet.write_number(page.row, SCORE, exact_number(Decimal(str(value))), cell_format)
    else:
        page.write(SCORE, "" if value is None else str(value), "score")
    page.write(CAP, "", "center")
    page.write_note("", "center")
    page.next_text_row(text, stays=True)


def fact_validation(line: FactLine, cells: dict[str, str], words: Words) -> dict[str, object]:
    """The data validation of a fact, with the words that say what may be typed."""
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
        within += f",{cell}>={plain(fact.least)}" if fact.least else ""
        return said | {
            "validate": "custom",
            "value": f"=AND({_KINDS[fact.kind].format(cell=cell)}{within})",
        }
    listed = list(fact.choices) or [words("form.yes"), words("form.no")]
    if len(",".join(listed)) > _MOST_LISTED or any("," in choice for choice in listed):
        return said | {"validate": "any"}
    return said | {"validate": "list", "source": listed}


def item_validation(item: Item, score: Position, words: Words) -> dict[str, object]:
    """The data validation beside an item, with the words that say what may be typed."""
    cap, word = plain(item.max), words("form.not_applicable")
    if not is_judged(item):
        return {
            "validate": "list",
            "source": [words("form.computed"), word],
            "input_title": item.id,
            "input_message": words("form.prompt_word", word=word),
            "error_title": item.id,
            "error_message": words("form.prompt_word", word=word),
        }
    points, prompt, refused = xl_rowcol_to_cell(*score), "form.prompt", "form.refused"
    rule: dict[str, object] = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": exact_number(item.max),
    }
    if item.not_applicable is not None:
        prompt, refused = "form.prompt_or_word", "form.refused_or_word"
        number = f"AND(ISNUMBER({points}),{points}>=0,{points}<={cap})"
        rule = {"validate": "custom", "value": f'=OR({points}="{word}",{number})'}
    return rule | {
        "input_title": item.id,
        "input_message": words(prompt, cap=cap, word=word),
        "error_title": item.id,
        "error_message": words(refused, cap=cap, word=word),
    }


def write_self_score(page: FormPage, item: Item, given: Score, words: Words, *, asks: bool) -> None:
    """Write the self score of an item in the current row, on a form that ``asks`` as an input."""
    row, column = page.row, SELF_SCORE
    cell_format = page.cell_format("score" if asks else "center", column, column)
    if given.self_score is None:
        page.sheet.write_blank(row, column, None, cell_format)
    else:
        page.sheet.write_number(row, column, exact_number(given.self_score), cell_format)
    if not asks:
        return
    most = item.max if item.rule is None else item.rule.most(item.max)
    about = words("form.prompt_self", cap=plain(most))
    rule = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": exact_number(most),
        "input_title": item.id,
        "input_message": about,
        "error_title": item.id,
        "error_message": words("form.refused", cap=plain(most)),
    }
    page.sheet.data_validation(row, column, row, column, rule)
    cell = xl_rowcol_to_cell(row, column)
    wrong = f"OR(NOT(ISNUMBER({cell})),{cell}>{plain(most)},{cell}<0)"
    red = {
        "type": "formula",
        "criteria": f'=AND({cell}<>"",{wrong})',
        "format": page.cell_format("alarm", TEXT, TEXT),
    }
    page.sheet.conditional_format(row, column, row, column, red)


def wrong_points_formula(points: str, limit: str, word: str) -> str:
    """The formula that is true where something was pasted that may not be typed.

    The cell of the ``points`` is that of the first of some rows, and moves along to the others. A
    ``word``, if any, may be typed as well.
    """
    other = f'{points}<>"{word}",' if word else ""
    return f'=AND({points}<>"",{other}OR(NOT(ISNUMBER({points})),{points}>{limit},{points}<0))'


def write_adjustments(page: FormPage, lines: AdjustmentLines, form: Form, words: Words) -> int:
    """Write the adjustments of one way and their sum; gives the row of the sum."""
    sheet = form.sheet
    if form.asks:
        return _write_adjustment_inputs(page, lines, sheet.adjustments if sheet else {}, words)
    sums = {added.way: added for added in adjustments_of(form.rubric, sheet)} if sheet else {}
    nothing = AdjustmentSum(lines.way, (), Decimal(0), Working(Decimal(0), ()))
    return _write_counted_adjustments(page, lines, sums.get(lines.way, nothing), words)


def _write_counted_adjustments(
    page: FormPage, lines: AdjustmentLines, added: AdjustmentSum, words: Words
) -> int:
    """Write adjustments with the points of their facts; gives the row of the sum."""
    first = page.row
    _write_section_title(page, len(lines.items) + 1, words(f"report.{lines.way}"))
    counted = {adjustment.item.id: adjustment for adjustment in added.items}
    for item in lines.items:
        _write_adjustment(page, item, counted.get(item.id), words)
    page.write_merged(ID, TEXT, words("form.subtotal", title="").strip(), "sum")
    _write_points(page, CAP, lines.cap, "sum")
    rows = {item.id: first + number for number, item in enumerate(lines.items)}
    formula = FormSum(lines.sum, rows, words).formula()
    cell_format = page.cell_format("sum", SCORE, SCORE)
    page.sheet.write_formula(page.row, SCORE, formula, cell_format, exact_number(added.points))
    page.write_note(note_text(added.working, None, words), "note", "sum")
    page.next_row(LEAST, stays=True)
    return page.row - 1


def _write_adjustment_inputs(
    page: FormPage,
    lines: AdjustmentLines,
    given: Mapping[str, FactNames | AdjustmentScore],
    words: Words,
) -> int:
    """Write cells for what is given of each adjustment; gives the row of the sum."""
    _write_section_title(page, len(lines.items) + 1, words(f"report.{lines.way}"))
    for item in lines.items:
        text = adjustment_text(item, words)
        page.write(ID, item.id, "center")
        page.write(TEXT, text, "text")
        _write_points(page, CAP, item.max, "center")
        note = _write_given_adjustment(page, item, given.get(item.id, ()), words)
        page.next_text_row(text, note)
    for column, label in ((ID, ""), (TEXT, words("form.subtotal", title="").strip())):
        page.write(column, label, "sum")
    _write_points(page, CAP, lines.cap, "sum")
    page.write(SCORE, words("form.computed"), "sum")
    page.write_note("", "sum")
    page.next_row(LEAST, stays=True)
    return page.row - 1


def _write_given_adjustment(
    page: FormPage, item: Adjustment, given: FactNames | AdjustmentScore, words: Words
) -> str:
    """Write cells for names of facts, one in a line, or for a number or points and the reason."""
    if item.kind == "adjustment":
        page.write(SCORE, "", "center")
        names = names_in_cell(given if isinstance(given, tuple) else ())
        _write_text_input(page, item.id, names, "form.prompt_facts", words)
        return names
    score = given if isinstance(given, AdjustmentScore) else AdjustmentScore()
    points = score.value if item.kind == "count" else score.score
    if points is None:
        page.write(SCORE, "", "score")
    else:
        number = exact_number(Decimal(points))
        page.sheet.write_number(page.row, SCORE, number, page.cell_format("score", SCORE, SCORE))
    rule, wrong = adjustment_validation(item, xl_rowcol_to_cell(page.row, SCORE), words)
    page.sheet.data_validation(page.row, SCORE, page.row, SCORE, rule)
    alarm = page.cell_format("alarm", TEXT, TEXT)
    red = {"type": "formula", "criteria": wrong, "format": alarm}
    page.sheet.conditional_format(page.row, ID, page.row, page.note, red)
    _write_text_input(page, item.id, score.note or "", "form.prompt_reason", words)
    return score.note or ""


def adjustment_validation(
    item: Adjustment, cell: str, words: Words
) -> tuple[dict[str, object], str]:
    """The data validation of a number or of points, and the formula that is true where it fails."""
    about, condition = words("form.prompt_number"), _KINDS["count"]
    if item.kind == "judged":
        most = plain(item.max or item.each)
        about, condition = words("form.prompt_judged", max=most), f"AND({_NUMBER},{{cell}}<={most})"
    said: dict[str, object] = {
        "validate": "custom",
        "value": f"={condition.format(cell=cell)}",
        "input_title": item.id,
        "input_message": about,
        "error_title": item.id,
        "error_message": about,
    }
    return said, f'=AND(${cell}<>"",NOT({condition.format(cell=f"${cell}")}))'


def _write_text_input(page: FormPage, line: str, text: str, prompt: str, words: Words) -> None:
    """Write an input cell for words in the current row, with a prompt that says which."""
    page.write_note(text, "names", "center")
    prompted = prompt_at(line, prompt, words)
    page.sheet.data_validation(page.row, page.note, page.row, page.note, prompted)


def prompt_at(line: str, prompt: str, words: Words) -> dict[str, object]:
    """A prompt at a cell that takes any words."""
    return {"validate": "any", "input_title": line, "input_message": words(prompt)}


def names_in_cell(names: Iterable[str]) -> str:
    """Names of facts as they stand in a cell, one in a line."""
    return "\n".join(names)


def write_vetoes(page: FormPage, lines: VetoLines, form: Form, words: Words) -> None:
    """Write the facts that there could be a veto for.

    A form asks whether each happened and, beside that, what it was; any other one shows the latter.
    """
    given = form.sheet.veto if form.sheet else {}
    _write_section_title(page, len(lines.items), words("report.veto"))
    for veto in lines.items:
        page.write(ID, veto.id, "center")
        page.write(TEXT, veto.text, "text")
        page.write(CAP, "", "center")
        reason = given.get(veto.id) or ""
        if form.asks:
            _write_answer(page, veto.id, words("form.yes") if reason else "", words)
            _write_text_input(page, veto.id, reason, "form.prompt_veto", words)
        else:
            page.write(SCORE, "", "center")
            page.write_note(reason, "note", "center")
        page.next_text_row(veto.text, reason)


def _write_answer(page: FormPage, line: str, answer: str, words: Words) -> None:
    """Write an input cell for yes or no in the current row."""
    page.write(SCORE, answer, "score")
    page.sheet.data_validation(page.row, SCORE, page.row, SCORE, answer_validation(line, words))


def answer_validation(line: str, words: Words) -> dict[str, object]:
    """The data validation of a cell for yes or no."""
    about = words("form.prompt_answer")
    said = {"input_title": line, "input_message": about}
    said |= {"error_title": line, "error_message": about}
    return {"validate": "list", "source": [words("form.yes"), words("form.no")], **said}


def _write_section_title(page: FormPage, rows: int, title: str) -> None:
    """Write a title beside so many rows, of which the current one is the first."""
    page.begin_block()
    page.write_section(page.row, page.row + rows - 1, title)


def _write_adjustment(
    page: FormPage, item: Adjustment, counted: CountedAdjustment | None, words: Words
) -> None:
    page.write(ID, item.id, "center")
    page.write(TEXT, item.text, "text")
    _write_points(page, CAP, item.max, "center")
    _write_points(page, SCORE, counted.points if counted else Decimal(0), "center")
    note = note_text(counted.working if counted else None, None, words)
    page.write_note(note, "note", "center")
    page.next_text_row(item.text, note)


def _write_points(page: FormPage, column: int, points: Decimal | None, style: str) -> None:
    cell_format = page.cell_format(style, column, column)
    if points is None:
        page.sheet.write_blank(page.row, column, None, cell_format)
    else:
        page.sheet.write_number(page.row, column, exact_number(points), cell_format)
