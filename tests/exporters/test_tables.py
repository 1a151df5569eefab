"""Tables as bytes and as lines: every figure whole, every text harmless, in each format."""

import csv
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from epa_score.diagnostics.terminal_text import is_hidden, visible
from epa_score.exporters import EXPORTERS, exporter
from epa_score.exporters.cell_text import text_of
from epa_score.exporters.csv import harmless
from epa_score.exporters.terminal import tab_separated, terminal
from epa_score.exporters.yaml import yaml_form
from epa_score.i18n import Words, plain
from epa_score.model import Rubric
from epa_score.readers import yaml
from epa_score.readers.rubrics import RubricFile, RubricLibrary, rubric_of
from epa_score.readers.sheets import SheetFile, sheet_of
from epa_score.reports.table import Cell, Column, Row, Table

WORDS = Words("en")
HOSTILE = [
    *["=1+1", "+1", "-1", "@x", "＝1", " =1", "'=1", "- a", "a: b", "null", "#x", "yes", "1e3"],
    *["2018", "'", '"', "\\", "a,b", "a;b", "[/]", "[bold]x[/bold]", "[link=x]y", ":smile:", "😀"],
    *[
        "|",
        "a|b",
        "`a`",
        "*a*",
        "_a_",
        "<b>",
        "&amp;",
        "~~a~~",
        "# a",
        "1. a",
        "甲镇",
        "é",
        "~",
        "{}",
    ],
]
HIDDEN = [
    "\x1b[31m",
    "a\nb",
    "a\rb",
    "a\tb",
    "\t=1",
    "\u202e镇",
    "a\u200bb",
    "\x00",
    "\x85",
    "\u2028",
]


def table(columns: Sequence[Column], *rows: Sequence[Cell], **more: Any) -> Table:
    """A table with the rows in a list."""
    made = [Row(tuple(row)) for row in rows]
    return Table("ranking", "排名", tuple(columns), lambda: made, **more)


def written(suffix: str, *tables: Table) -> str:
    file = BytesIO()
    exporter(suffix)(tables, file, WORDS)
    assert not file.closed
    return file.getvalue().decode()


SIMPLE = table(
    [
        Column("rubric", "Rubric", shown=False),
        Column("rank", "Rank", "number"),
        Column("unit", "Unit"),
        Column("sections.A", "甲 (10)", "points", 2),
        Column("sections.B", "乙 (20)", "points"),
        Column("total", "Total", "points", 2),
        Column("remark", "Remark", data=False),
    ],
    ["town", 1, "甲镇", Decimal("9.50"), Decimal(20), Decimal("29.5"), "tied"],
    ["town", None, "乙镇", None, Decimal(0), None, None],
    notes=("名次规则",),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from([*HOSTILE, *HIDDEN]) | st.text(max_size=8),
        st.decimals(0, 10**6, places=4) | st.decimals(0, 100, places=1) | st.none(),
        st.none() | st.sampled_from([*HOSTILE, *HIDDEN]),
    ),
    max_size=4,
)
THREE = [Column("unit", "Unit"), Column("total", "Total", "points"), Column("note", "Note")]


def test_formats_are_found_by_their_suffix() -> None:
    assert sorted(EXPORTERS) == [".csv", ".json", ".md", ".xlsx"]
    assert all(callable(exporter(suffix)) for suffix in EXPORTERS)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("甲", "甲"),
        (3, "3"),
        (0, "0"),
        (Decimal("2.50"), "2.5"),
        (Decimal(0), "0"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_a_cell_is_shown_exactly(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


# --- CSV -------------------------------------------------------------------------------------


def test_csv_holds_what_people_see() -> None:
    assert written(".csv", SIMPLE) == (
        "Rank,Unit,甲 (10),乙 (20),Total,Remark\r\n1,甲镇,9.5,20,29.5,tied\r\n,乙镇,,0,,\r\n"
    )


def test_csv_keeps_tables_apart_with_an_empty_line() -> None:
    one = table([Column("unit", "Unit")], ["甲镇"])
    assert written(".csv", one, one) == "Unit\r\n甲镇\r\n\r\nUnit\r\n甲镇\r\n"
    assert written(".csv", table([Column("unit", "Unit")])) == "Unit\r\n"


@given(ROWS)
def test_csv_is_read_back_as_it_was_and_starts_no_formula(rows: list[tuple[Cell, ...]]) -> None:
    read = list(csv.reader(StringIO(written(".csv", table(THREE, *rows)), newline="")))
    assert read[0] == ["Unit", "Total", "Note"]
    assert len(read) == 1 + len(rows)
    for cells, row in zip(read[1:], rows, strict=True):
        for text, cell in zip(cells, row, strict=True):
            assert text.removeprefix("'") == visible(text_of(cell)).removeprefix("'")
            assert not re.match("[ ]*[=+@\t\r\n＝＋－＠-]", text)
            if isinstance(cell, Decimal):
                assert Decimal(text) == cell


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "  =1"])
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "甲镇", "2.5", "#N/A", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\u200b=1", "\x1b=1", "\ufeff=1"])
def test_what_hides_a_formula_is_shown(text: str) -> None:
    assert harmless(text) == visible(text) != text


# --- JSON ------------------------------------------------------------------------------------


def test_json_is_one_flat_list_with_points_as_text() -> None:
    assert json.loads(written(".json", SIMPLE)) == [
        {
            "rubric": "town",
            "rank": 1,
            "unit": "甲镇",
            "sections": {"A": "9.5", "B": "20"},
            "total": "29.5",
        },
        {
            "rubric": "town",
            "rank": None,
            "unit": "乙镇",
            "sections": {"A": None, "B": "0"},
            "total": None,
        },
    ]


def test_json_of_several_rankings_is_one_list() -> None:
    assert len(json.loads(written(".json", SIMPLE, SIMPLE))) == 4


def test_json_of_tables_that_differ_is_a_list_for_each() -> None:
    other = Table("scores", "", (Column("unit", "Unit"),), lambda: [Row(("甲镇",))])
    data = json.loads(written(".json", SIMPLE, other, SIMPLE))
    assert list(data) == ["ranking", "scores"]
    assert (len(data["ranking"]), data["scores"]) == (4, [{"unit": "甲镇"}])


def test_json_keeps_a_section_id_with_a_dot_whole() -> None:
    dotted = table([Column("sections.A.1", "甲", "points")], [Decimal("2.5")])
    assert json.loads(written(".json", dotted)) == [{"sections": {"A.1": "2.5"}}]


def test_json_of_what_does_not_apply_is_left_out() -> None:
    empty = table(
        [Column("items.A1", "A1", "points"), Column("items.B1", "B1")], [None, "unscored"]
    )
    assert json.loads(written(".json", empty)) == [{"items": {"B1": "unscored"}}]
    assert json.loads(written(".json", table([Column("items.A1", "A1")], [None]))) == [
        {"items": {}}
    ]


@given(ROWS)
def test_json_is_read_back_as_it_was(rows: list[tuple[Cell, ...]]) -> None:
    data = json.loads(written(".json", table(THREE, *rows)))
    assert [list(one.values()) for one in data] == [
        [plain(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in rows
    ]
    for one, row in zip(data, rows, strict=True):
        assert row[1] is None or Decimal(one["total"]) == row[1]


# --- Markdown --------------------------------------------------------------------------------


def test_markdown_has_title_table_and_notes() -> None:
    assert written(".md", SIMPLE) == (
        "## 排名\n\n"
        "| Rank | Unit | 甲 (10) | 乙 (20) | Total | Remark |\n"
        "| ---: | --- | ---: | ---: | ---: | --- |\n"
        "| 1 | 甲镇 | 9.5 | 20 | 29.5 | tied |\n"
        "|  | 乙镇 |  | 0 |  |  |\n"
        "\n名次规则\n"
    )
    assert written(".md", SIMPLE, SIMPLE) == "\n\n".join([written(".md", SIMPLE)] * 2)


@given(ROWS)
def test_markdown_keeps_a_row_in_a_line_and_a_cell_in_its_column(
    rows: list[tuple[Cell, ...]],
) -> None:
    _, _, *lines = written(".md", table(THREE, *rows)).splitlines()
    assert len(lines) == 2 + len(rows)
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4
        assert not re.search(r"(?<!\\)(?:\\\\)*[`*_<>\[\]#~&{}]", line)
        assert line == visible(line)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_says_what_the_text_says(text: str) -> None:
    (*_, line) = written(".md", table([Column("unit", "Unit")], [text])).splitlines()
    assert re.sub(r"\\([\\`*_{}\[\]<>&|#~])", r"\1", line) == f"| {text.strip()} |"


# --- text ------------------------------------------------------------------------------------


def test_a_program_gets_tab_separated_cells() -> None:
    assert list(tab_separated([SIMPLE, SIMPLE])) == [
        "Rank\tUnit\t甲 (10)\t乙 (20)\tTotal\tRemark",
        "1\t甲镇\t9.5\t20\t29.5\ttied",
        "\t乙镇\t\t0\t\t",
        "",
        "Rank\tUnit\t甲 (10)\t乙 (20)\tTotal\tRemark",
        "1\t甲镇\t9.5\t20\t29.5\ttied",
        "\t乙镇\t\t0\t\t",
    ]


@given(ROWS)
def test_tabs_separate_nothing_but_cells(rows: list[tuple[Cell, ...]]) -> None:
    lines = list(tab_separated([table(THREE, *rows)]))
    assert len(lines) == 1 + len(rows)
    assert all(line.count("\t") == 2 for line in lines)
    for line, row in zip(lines[1:], rows, strict=True):
        assert line.split("\t") == [visible(text_of(cell)) for cell in row]


def test_a_terminal_shows_aligned_columns() -> None:
    assert list(terminal([SIMPLE, SIMPLE], 80))[:8] == [
        "排名",
        "",
        "Rank  Unit  甲 (10)  乙 (20)  Total  Remark",
        "   1  甲镇     9.50       20  29.50  tied",
        "      乙镇                 0",
        "",
        "名次规则",
        "",
    ]


def test_a_table_without_notes_ends_with_its_rows() -> None:
    lines = list(terminal([table([Column("unit", "Unit")], ["甲镇"])], 80))
    assert lines == ["排名", "", "Unit", "甲镇"]


def test_a_table_without_rows_has_its_titles() -> None:
    assert list(terminal([table([Column("unit", "Unit")])], 80)) == ["排名", "", "Unit"]


WIDE = [
    Column("rank", "名次", "number"),
    Column("unit", "单位"),
    Column("a", "电子商务人才培训（20）", "points", 2, priority=4),
    Column("b", "电子商务推进效果（40）", "points", 2, priority=4),
    Column("c", "很小的部分", "points", 2, priority=5),
    Column("total", "总分（100）", "points", 2),
    Column("remark", "备注", priority=1),
]
WIDE_ROW: tuple[Cell, ...] = (
    *(1, "示例甲镇", Decimal("19.25"), Decimal(40), Decimal(3), Decimal("98.25"), "并列"),
)


@pytest.mark.parametrize(
    ("width", "dropped"),
    [(200, ""), (80, ""), (58, ""), (50, "c"), (33, "abc"), (25, "abc备注"), (5, "abc备注")],
)
def test_a_narrow_terminal_folds_titles_then_drops_whole_kinds_of_columns(
    width: int, dropped: str
) -> None:
    lines = list(terminal([table(WIDE, WIDE_ROW)], width))[2:]
    shown = {"a": "19.25", "b": "40.00", "c": "3.00", "备注": "并列"}
    tokens = lines[-1].split()
    assert tokens == [
        *["1", "示例甲镇"],
        *[shown[name] for name in "abc" if name not in dropped],
        "98.25",
        *([] if "备注" in dropped else ["并列"]),
    ]
    assert width < 25 or all(cell_len(line) <= width for line in lines)


def test_long_texts_are_folded_and_not_cut() -> None:
    text = "提供电商精准扶贫档案，详细记录电商帮扶贫困村、贫困户信息。" * 3
    columns = [Column("item", "编号"), Column("text", "考核内容", "long text")]
    lines = list(terminal([table(columns, ["A3", text])], 40))[3:]
    assert len(lines) > 3
    assert "".join(line.removeprefix("A3").strip() for line in lines) == text
    assert all(cell_len(line) <= 40 for line in lines)


COLUMNS = st.lists(
    st.tuples(st.sampled_from(["text", "number", "points"]), st.integers(0, 4), st.integers(1, 9)),
    max_size=5,
)
CELLS: dict[str, st.SearchStrategy[Cell]] = {
    "text": st.sampled_from([one for one in [*HOSTILE, *HIDDEN] if " " not in one]),
    "number": st.integers(0, 99_999),
    "points": st.decimals(0, 10**6, places=3) | st.decimals(0, 100, places=0),
}


@given(COLUMNS, st.integers(1, 100), st.data())
@example([("points", 0, 9)] * 6, 1, None)
def test_a_terminal_never_loses_a_digit(
    kinds: list[tuple[Any, int, int]], width: int, data: st.DataObject | None
) -> None:
    columns = [
        Column(str(number), f"{'甲' * length}{number}", kind, 2, priority)
        for number, (kind, priority, length) in enumerate([("text", 0, 1), *kinds])
    ]
    count = data.draw(st.integers(1, 3)) if data else 2
    rows: list[list[Cell]] = [
        [data.draw(CELLS[one.kind]) if data else Decimal("123456.125") for one in columns]
        for _ in range(count)
    ]
    lines = list(terminal([table(columns, *rows)], width))[2:]
    kept = [column for column in columns if not column.priority]
    found = [line.split() for line in lines[-count:]]
    options = [[one for one in columns if one.priority < limit] for limit in range(5, 0, -1)]
    expected = [
        [[shown(column, row[int(column.name)]) for column in some] for row in rows]
        for some in options
    ]
    assert found in expected
    needed = sum(max(cell_len(shown(one, row[int(one.name)])) for row in rows) + 2 for one in kept)
    if needed + 20 * len(kept) <= width:
        assert all(cell_len(line) <= width for line in lines)


def shown(column: Column, cell: Cell) -> str:
    if not isinstance(cell, Decimal):
        return visible(text_of(cell))
    return f"{cell:.{max(column.decimals, len(plain(cell).partition('.')[2]))}f}"


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=2, max_size=5))
def test_points_stand_below_each_other(amounts: list[Decimal]) -> None:
    column = Column("total", "总分", "points", 2)
    lines = list(terminal([table([column], *([one] for one in amounts))], 80))[3:]
    assert len({line.index(".") for line in lines}) == 1
    assert [Decimal(line) for line in lines] == amounts


# --- forms -----------------------------------------------------------------------------------

RUBRIC = """
id: {id}
title: {title}
total: 5
sections:
  - id: A
    title: {title}
    max: 3
    sections:
      - {{id: B, title: 甲, max: 2, items: [{{id: A1, max: 2, text: {title}}}]}}
      - id: C
        title: 乙
        max: 1
        items: [{{id: N1, max: 0.5, text: 一}}, {{id: Y2, max: 0.5, text: 二}}]
  - id: own
    title: 丙
    max: 2
    per_unit:
      - {{units: [移动公司], items: [{{id: C1, max: 2, text: 网络}}]}}
      - {{units: [{unit}], items: [{{id: C1, max: 1, text: 牵头}}, {{id: C2, max: 1, text: 督促}}]}}
"""
CAPS = {"A1": 200, "N1": 50, "Y2": 50, "C1": 100, "C2": 100}


def quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08X}" for char in text) + '"'


def rubric_file(unit: str = "县商务局", title: str = "标题", name: str = "office") -> RubricFile:
    text = RUBRIC.format(id=quoted(name), unit=quoted(unit), title=quoted(title)).encode()
    found = rubric_of(text, yaml.read("rubric.yaml", text))
    assert found.rubric is not None, found.diagnostics
    return found


def rubric_in(found: RubricFile) -> Rubric:
    assert found.rubric is not None
    return found.rubric


def read_form(text: str, rubric: RubricFile, *, incomplete: bool = True) -> SheetFile:
    data = text.encode()
    return sheet_of(
        data, yaml.read("form.yaml", data), RubricLibrary(given=rubric), incomplete=incomplete
    )


def points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def fill(form: str, entries: dict[str, str]) -> str:
    """A form with an entry behind the colon of each item."""
    lines = form.splitlines(keepends=True)
    for item, entry in entries.items():
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"  {item}: "))
        lines[number] = lines[number].replace(": ", f": {entry} ", 1)
    return "".join(lines)


def test_a_form_shows_the_wording_and_the_cap_of_each_item() -> None:
    form = yaml_form(rubric_in(rubric_file()), "县商务局", Words("zh_CN"))
    lines = form.splitlines()
    assert lines[0] == "# 标题"
    assert lines[2:4] == ["rubric: office", "unit: 县商务局"]
    assert lines[4].startswith("period:   # ")
    assert lines[7:] == [
        "scores:",
        "  # 标题（3）",
        "  # 甲（2）",
        "  A1:   # 满分 2： 标题",
        "  # 乙（1）",
        "  N1:   # 满分 0.5： 一",
        "  Y2:   # 满分 0.5： 二",
        "  # 丙（2）",
        "  C1:   # 满分 1： 牵头",
        "  C2:   # 满分 1： 督促",
    ]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@given(
    st.fixed_dictionaries({item: st.none() | st.integers(0, cap) for item, cap in CAPS.items()}),
    st.booleans(),
)
def test_a_form_that_was_filled_in_is_read_as_it_was_filled_in(
    language: str, amounts: dict[str, int | None], braces: bool
) -> None:
    entries = {
        item: f"{{score: {points(one)}, note: 好}}" if braces else points(one)
        for item, one in amounts.items()
        if one is not None
    }
    rubric = rubric_file()
    form = yaml_form(rubric_in(rubric), "县商务局", Words(language))
    found = read_form(fill(form, entries), rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.points == {
        item: None if one is None else Decimal(points(one)) for item, one in amounts.items()
    }
    assert (found.sheet.period, found.sheet.assessor, found.sheet.date) == (None, None, None)


def test_a_form_lists_the_items_of_its_unit() -> None:
    rubric = rubric_in(rubric_file())
    for unit, items in (("移动公司", ["C1"]), ("县商务局", ["C1", "C2"]), ("", [])):
        form = yaml_form(rubric, unit, WORDS)
        assert re.findall(r"(?m)^  ([A-Z]\d):", form) == ["A1", "N1", "Y2", *items]
    assert "unit:\n" in yaml_form(rubric, "", WORDS)


QUOTES = "“”‘’「」『』\"'＂＇"
INVISIBLE: Any = ["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs", "M"]
NAMES = st.sampled_from([one for one in HOSTILE if one == one.strip()]) | st.text(
    st.characters(codec="utf-8", exclude_categories=INVISIBLE), min_size=1, max_size=8
).filter(lambda name: not any(map(is_hidden, name)) and name[-1] not in QUOTES)


@given(NAMES)
@example("NO")
@example("Null")
@example("a" * 200)
def test_any_name_of_a_unit_comes_back_from_its_form(name: str) -> None:
    rubric = rubric_file(unit=name)
    known = rubric_in(rubric).known_units[-1]
    form = yaml_form(rubric_in(rubric), known, WORDS)
    found = read_form(form, rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert found.sheet.unit == known


@pytest.mark.parametrize("name", ["2018", "null", "no", "1e3", "-", "_", "town-2", "0x1f", "y"])
def test_any_id_of_a_rubric_comes_back_from_its_form(name: str) -> None:
    rubric = rubric_file(name=name)
    found = read_form(yaml_form(rubric_in(rubric), "移动公司", WORDS), rubric)
    assert found.sheet is not None
    assert found.sheet.rubric == name


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip))
@example("甲\nscores: {A1: 2}")
@example("甲\r\n  A1: 2")
@example("\u2028unit: x")
@example("\x07\x85\u200b")
def test_no_wording_of_a_rubric_breaks_out_of_its_comment(title: str) -> None:
    rubric = rubric_file(title=title)
    form = yaml_form(rubric_in(rubric), "县商务局", WORDS)
    found = read_form(form, rubric)
    assert found.diagnostics == ()
    assert found.sheet is not None
    assert set(found.sheet.points.values()) == {None}
    assert len(form.splitlines()) == 17


def test_numbers_in_csv_stay_numbers_below_zero_and_text_that_looks_like_them_does_not() -> None:
    columns = (Column("unit", "单位"), Column("difference", "相差", "difference", 2))
    cells: list[tuple[Cell, Cell]] = [("-5", Decimal("-7.75")), ("+5", Decimal(5))]
    table = Table("gap", "差", columns, lambda: [Row(pair) for pair in cells])
    file = BytesIO()
    exporter(".csv")([table], file, Words("zh_CN"))
    assert file.getvalue().decode() == "单位,相差\r\n'-5,-7.75\r\n'+5,+5\r\n"
