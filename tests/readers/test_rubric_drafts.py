"""Rubrics made from tables and from text: nothing is lost, nothing is guessed."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.paths import ROOT
from tests.support.rubric_tables import (
    LAYOUTS,
    Cells,
    Line,
    Part,
    expected_of,
    lines_of,
    parts_of,
    points,
    save_table,
)

from epa_score import load_rubric
from epa_score.diagnostics import Kind
from epa_score.i18n import plain
from epa_score.model import Rubric
from epa_score.model.rubric_draft import DraftSection, RubricDraft
from epa_score.readers.rubric_drafts import DraftFile, read_drafts

SOURCE = ROOT / "tests" / "data" / "source.txt"
HEAD = ("考核指标", "考核内容", "分值")


def found_in(made: DraftFile) -> list[str]:
    """The label and the place of all that was said, but for a total that no small table has."""
    return [
        f"{said.kind.label}{'-' if said.variant else ''}{said.variant} "
        f"{said.location.cell.rpartition('!')[2] or said.location.line}"
        for said in made.diagnostics
        if said.variant != "total"
    ]


def read_rows(
    folder: Path, *rows: Cells, merged: tuple[str, ...] = (), change: Any = lambda _: None
) -> DraftFile:
    return read_drafts(str(save_table(folder / "细则.xlsx", rows, merged, change)))


def read_text(folder: Path, text: str, encoding: str = "utf-8") -> DraftFile:
    path = folder / "细则.txt"
    path.write_bytes(text.encode(encoding))
    return read_drafts(str(path))


def of_draft(section: DraftSection) -> dict[str, Any]:
    """A section of a draft as the file of a rubric has it, ids, points and wordings."""
    return {
        "id": section.id,
        "title": section.title,
        "max": points(section.max),
        "items": [(item.id, points(item.max), item.text) for item in section.items],
        "sections": [of_draft(inner) for inner in section.sections],
        "per_unit": [
            (duty.units, [(item.id, points(item.max), item.text) for item in duty.items])
            for duty in section.per_unit
        ],
    }


def of_rubric(section: Any) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "max": plain(section.max),
        "items": [(item.id, plain(item.max), item.text) for item in section.items],
        "sections": [of_rubric(inner) for inner in section.sections],
        "per_unit": [
            (duty.units, [(item.id, plain(item.max), item.text) for item in duty.items])
            for duty in section.per_unit
        ],
    }


def assert_equal(draft: RubricDraft, rubric: Rubric) -> None:
    assert (draft.title, draft.total) == (rubric.title, rubric.total)
    assert [of_draft(s) for s in draft.sections] == [of_rubric(s) for s in rubric.sections]


def test_the_shipped_rubrics_come_out_of_their_source_with_these_doubts_alone() -> None:
    made = read_drafts(str(SOURCE))
    township, departments = made.drafts
    assert_equal(township, load_rubric("township"))
    (open_duty,) = [duty for duty in departments.sections[1].per_unit if not duty.units]
    assert open_duty.label == "移动、联通、电信公司"
    open_duty.units = ("移动公司", "联通公司", "电信公司")
    assert_equal(departments, load_rubric("departments"))
    assert found_in(made) == [
        "title_repeated 34",
        "units_taken 134",
        "title_repeated 155",
        "title_repeated 180",
        "units_unclear 249",
    ]
    assert not any(draft.blocked for draft in made.drafts)


PIECES = [
    "专人",
    "方案",
    "宣传",
    "台账",
    "，",
    "；",
    "、",
    "“一村一品”",
    "（镇）",
    " ",
    "4G",
    "89个村",
    "e-",
]
WORDINGS = st.lists(st.sampled_from(PIECES), max_size=8).map(lambda p: f"有{''.join(p).strip()}。")
POINTS = st.decimals("0.01", 60, places=2).map(lambda number: Decimal(plain(number)))
LINES = st.lists(st.builds(Line, WORDINGS, POINTS), min_size=1, max_size=4).map(tuple)
TITLES = st.lists(
    st.sampled_from(
        ["领导重视", "人才培训", "推进效果", "宣传", "台账（资料）", "ICT 应用", "其他"]
    ),
    min_size=2,
    max_size=5,
    unique=True,
)


@st.composite
def all_parts(draw: st.DrawFn) -> list[Part]:
    return [Part(title, draw(LINES)) for title in draw(TITLES)]


WORDING_TITLES = ("考核内容", "评分标准", "评分细则")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@settings(max_examples=15)
@given(parts=all_parts(), titled=st.booleans(), summed=st.booleans())
def test_a_table_comes_back_whatever_its_layout(
    layout: Callable[[list[Part]], tuple[list[Cells], list[str]]],
    parts: list[Part],
    titled: bool,
    summed: bool,
) -> None:
    rows, merged = layout(parts)
    total = sum((part.points for part in parts), Decimal(0))
    if summed and "分" in str(rows[0][-1]) + str(rows[0][-2]):
        place = next(i for i, cell in enumerate(rows[0]) if cell in WORDING_TITLES)
        rows.append((*("" for _ in range(place)), "合计", total))
    elif summed:
        rows.append((f"合计（{plain(total)}分）",))
    if titled:
        rows.insert(0, ("某县考核评分细则",))

        def below(area: str) -> str:
            return ":".join(f"{cell[0]}{int(cell[1:]) + 1}" for cell in area.split(":"))

        merged = [below(area) for area in merged]
    with TemporaryDirectory() as folder:
        made = read_drafts(str(save_table(Path(folder) / "mine.xlsx", rows, merged)))
    (draft,) = made.drafts
    assert draft.title == ("某县考核评分细则" if titled else "mine")
    assert parts_of(draft) == expected_of(parts)
    assert draft.total == total
    assert {said.kind.label for said in made.diagnostics} <= {
        "title_from_name",
        "section_points_added",
    }


def title_of(parts: list[Part]) -> str:
    """A title that states the total, as it need not be 100."""
    total = sum((part.points for part in parts), Decimal(0))
    return f"某县考核评分细则（{plain(total)}分）"


@given(parts=all_parts(), marked=st.booleans())
def test_pasted_text_comes_back(parts: list[Part], marked: bool) -> None:
    lines = [title_of(parts)]
    for chinese, part in zip("一二三四五", parts, strict=False):
        lines.append(f"{f'{chinese}、' if marked else ''}{part.title}（{plain(part.points)}分）")
        lines += [
            f"{f'{number}.' if marked else ''}{line.text}（{plain(line.points)}）"
            for number, line in enumerate(part.lines, 1)
        ]
    with TemporaryDirectory() as folder:
        made = read_text(Path(folder), "\n".join(lines), "gb18030")
    (draft,) = made.drafts
    assert parts_of(draft) == expected_of(parts)
    assert made.diagnostics == ()


@given(parts=all_parts())
def test_rows_and_cells_of_pasted_tables_come_back(parts: list[Part]) -> None:
    rows = [title_of(parts), "考核指标\t考核内容"]
    cells = [f"{title_of(parts)}\n", "\t考核指标\n\t考核内容\n"]
    for part in parts:
        for number, line in enumerate(part.lines):
            title = "" if number else f"{part.title}（{plain(part.points)}）"
            text = f"{line.text}（{plain(line.points)}）"
            rows.append(f"{title}\t{text}")
            cells.append(f"\t{title}\n\t{text[:3]}\n{text[3:]}\n")
    with TemporaryDirectory() as folder:
        for pasted in ("\n".join(rows), "\n".join(cells)):
            made = read_text(Path(folder), pasted)
            (draft,) = made.drafts
            assert made.diagnostics == ()
            assert draft.total == sum((part.points for part in parts), Decimal(0))
            if pasted == "\n".join(rows):
                assert parts_of(draft) == expected_of(parts)


def test_one_section_without_a_column_has_the_title_of_the_rubric(tmp_path: Path) -> None:
    made = read_rows(
        tmp_path, ("某县细则",), ("考核内容", "分值"), ("有方案。", 3), ("有专人。", "7分")
    )
    (draft,) = made.drafts
    assert parts_of(draft) == [("某县细则", "10", [("有方案。", "3"), ("有专人。", "7")])]
    assert found_in(made) == []


def test_each_worksheet_is_a_rubric(tmp_path: Path) -> None:
    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet("部门细则")
        for row in (HEAD, ("宣传（5分）", "有宣传。", 5)):
            other.append(row)
        sheet.parent.create_sheet("说明").append(["填表说明"])

    made = read_rows(tmp_path, ("乡镇细则",), HEAD, ("组织（5分）", "有方案。", 5), change=add)
    assert [draft.title for draft in made.drafts] == ["乡镇细则", "部门细则"]
    assert found_in(made) == ["text_of_no_item A1", "title_from_name A1"]


def test_a_head_printed_again_begins_no_rubric_and_a_title_does(tmp_path: Path) -> None:
    rows: list[Cells] = [
        ("甲细则",),
        HEAD,
        ("组织（5分）", "有方案。", 3),
        HEAD,
        (None, "有人。", 2),
    ]
    made = read_rows(tmp_path, *rows, ("附件2",), ("乙细则",), HEAD, ("宣传（5分）", "有宣传。", 5))
    assert [draft.title for draft in made.drafts] == ["甲细则", "乙细则"]
    assert parts_of(made.drafts[0]) == [("组织", "5", [("有方案。", "3"), ("有人。", "2")])]
    assert found_in(made) == []


def test_points_of_sections_stand_in_many_places(tmp_path: Path) -> None:
    made = read_rows(
        tmp_path,
        ("细则（100分）",),
        ("考核指标", "考核内容", "分值（100分）"),
        ("组织", None, 20),
        (None, "有方案。", 20),
        ("宣传", "有宣传（30分）", 80),
        (None, "有网站（50分）", None),
        ("总计", None, "100分"),
        merged=("A5:A6", "C5:C6"),
    )
    (draft,) = made.drafts
    assert parts_of(draft) == [
        ("组织", "20", [("有方案。", "20")]),
        ("宣传", "80", [("有宣传", "30"), ("有网站", "50")]),
    ]
    assert found_in(made) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("组织（5分）", "有方案。", 3), (None, "有人。", 3)], ["sum_mismatch A3"]),
        ([("组织（5分）", "有方案。", 5), ("合计", None, 6)], ["sum_mismatch A4"]),
        ([("组织（5分）", "有方案。", 5), ("小计", None, 6)], ["sum_mismatch A4"]),
        ([("组织（5分）", "有方案。", 5), ("小计", None, 5), ("合计", "共1项", 5)], []),
        ([("组织（5分）", "有方案。", 5), ("合计", None, "见上")], ["text_of_no_item A4"]),
        ([("组织", "有方案。", 5), ("小计", None, 6)], ["sum_mismatch A3"]),
        ([("组织（5分）", "有方案。", 5), ("合计（6分）", None, None)], ["sum_mismatch A4"]),
        ([("组织（5分）", "有方案。", 5), ("合计", None, None)], []),
        ([("组织（5分）", "有方案。", "25%")], ["cap_unclear C3"]),
        ([("组织（5分）", "有方案（4分）", 5)], ["cap_unclear C3"]),
        ([("组织（5分）", "有方案（5分）", 5)], []),
        ([("组织（2018）", "有方案。", 5)], ["cap_unclear A3"]),
        ([("组织（5分）", "有方案。", 5), (None, None, 3)], ["text_of_no_item C4"]),
        ([("组织（5分）", "有方案。", 5), ("宣传", None, 3), ("宣传", None, 4)],
         ["rubric_part_unclear-empty A4", "text_of_no_item C5"]),
        ([("组织（5分）", "有方案。", 5), ("注：解释权归县局。",)], ["text_of_no_item A4"]),
        ([("组织（5分）", "有方案。", 5), ("一票否决", "出事故的。", 3), (None, "造假的。", None)],
         ["rubric_part_unclear-bonus A4"]),
    ],
)  # fmt: skip
def test_doubts_of_a_table(tmp_path: Path, rows: list[Cells], expected: list[str]) -> None:
    assert found_in(read_rows(tmp_path, ("某县细则",), HEAD, *rows)) == expected


def test_sums_that_no_rubric_has_keep_it_from_being_written(tmp_path: Path) -> None:
    rows = [("组织（5分）", "有方案。", 5), ("小计", None, 6)]
    (draft,) = read_rows(tmp_path, ("某县细则",), HEAD, *rows).drafts
    assert draft.blocked
    head = [("某县细则（7分）",), ("考核内容", "分值")]
    made = read_rows(tmp_path, *head, ("有方案。", 3), ("小计", 4), ("有人。", 4), ("合计", 8))
    assert found_in(made) == ["sum_mismatch A4", "sum_mismatch A6"]


def test_inner_bonuses_are_left_out_with_the_outer_ones(tmp_path: Path) -> None:
    head = ("一级指标", "二级指标", "考核内容", "分值")
    made = read_rows(
        tmp_path,
        ("某县细则",),
        head,
        ("组织", "机构", "有机构。", 5),
        ("加分项", "获奖", "获省级奖。", 3),
        (None, "经验", "经验推广。", 2),
    )
    (draft,) = made.drafts
    assert parts_of(draft) == [("机构", "5", [("有机构。", "5")])]
    assert draft.has_adjustments
    assert [said for said in found_in(made) if "bonus" in said] == ["rubric_part_unclear-bonus A4"]


@pytest.mark.parametrize("title", ["加分项", "扣分项", "一票否决"])
@pytest.mark.parametrize("points", [5, "+5"])
@pytest.mark.parametrize("place", [1, 2])
def test_what_counts_outside_the_total_is_found_inside_a_section(
    tmp_path: Path, title: str, points: object, place: int
) -> None:
    rows: list[Cells] = [
        ("组织", "机构", "有机构。", 5),
        (None, "会议", "开会议。", 5),
        (None, "宣传", "有报道。", 5),
    ]
    rows.insert(place, (None, title, "获省级表彰的加5分。", points))
    head = ("一级指标", "二级指标", "考核标准", "标准分")
    made = read_rows(tmp_path, ("某县细则",), head, *rows, merged=("A3:A6",))
    (draft,) = made.drafts
    assert parts_of(draft) == [
        ("机构", "5", [("有机构。", "5")]),
        ("会议", "5", [("开会议。", "5")]),
        ("宣传", "5", [("有报道。", "5")]),
    ]
    assert draft.has_adjustments
    assert [said for said in found_in(made) if "bonus" in said] == [
        f"rubric_part_unclear-bonus B{place + 3}"
    ]


def hide_column(sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def show_percent(sheet: Any) -> None:
    sheet["C3"].number_format = "0%"


def put_error(sheet: Any) -> None:
    sheet["A3"] = "#REF!"
    sheet["A3"].data_type = "e"


@pytest.mark.parametrize(
    ("change", "expected", "is_blocked"),
    [
        (hide_column, "rubric_part_unclear-hidden C2", True),
        (show_percent, "cap_unclear C3", False),
        (put_error, "rubric_part_unclear-unseen A3", True),
    ],
)
def test_what_is_not_seen_is_not_read(
    tmp_path: Path,
    change: Callable[[Any], None],
    expected: str,
    is_blocked: bool,
) -> None:
    rows = [("组织（1分）", "有方案。", Decimal("0.5")), (None, "有人。", Decimal("0.5"))]
    made = read_rows(tmp_path, ("某县细则",), HEAD, *rows, change=change)
    assert found_in(made)[0] == expected
    assert [draft.blocked for draft in made.drafts] in ([is_blocked], [])


def test_hidden_columns_that_nobody_needs_are_passed_over(tmp_path: Path) -> None:
    head = ("序号", *HEAD, "备注")

    def hide(sheet: Any) -> None:
        sheet.column_dimensions["A"].hidden = sheet.column_dimensions["E"].hidden = True

    rows = [(1, "组织（5分）", "有方案。", 5, "甲")]
    assert found_in(read_rows(tmp_path, ("某县细则",), head, *rows, change=hide)) == [
        "text_of_no_item-column E2"
    ]


def test_a_row_with_remarks_alone_is_no_item(tmp_path: Path) -> None:
    head = (*HEAD, "备注")
    rows = [("组织（5分）", "有方案。", 5, None), (None, None, None, "另查")]
    made = read_rows(tmp_path, ("某县细则",), head, *rows)
    assert found_in(made) == ["text_of_no_item-column D2"]


def test_a_wording_merged_over_others_is_a_section(tmp_path: Path) -> None:
    made = read_rows(
        tmp_path,
        ("某县细则",),
        ("考核内容", "评分标准", "分值", "数据来源"),
        ("机构", "有机构。", 3, "台账"),
        (None, "有人员。", 2, "台账"),
        merged=("A3:A4",),
    )
    (draft,) = made.drafts
    assert parts_of(draft) == [("机构", "5", [("有机构。", "3"), ("有人员。", "2")])]
    assert [item.source for item in draft.sections[0].items] == ["台账", "台账"]
    rows = [("有机构（3分）", "没有的不得分。", 3), ("有人员", "缺1人扣1分。", 2)]
    (beside,) = read_rows(tmp_path, ("细则",), ("考核内容", "评分标准", "分值"), *rows).drafts
    assert lines_of(beside.sections[0]) == [
        ("有机构 评分标准：没有的不得分。", "3"),
        ("有人员 评分标准：缺1人扣1分。", "2"),
    ]


def test_titles_in_rows_of_their_own_begin_sections(tmp_path: Path) -> None:
    rows: list[Cells] = [("组织",), (None, "有方案。", 5), ("宣传", "有宣传。", 5), ("培训",)]
    made = read_rows(tmp_path, ("某县细则",), HEAD, *rows, (None, "有培训。", 5), ("考核组签字",))
    assert parts_of(made.drafts[0]) == [
        ("组织", "5", [("有方案。", "5")]),
        ("宣传", "5", [("有宣传。", "5")]),
        ("培训", "5", [("有培训。", "5")]),
    ]
    assert found_in(made) == ["section_points_added A3", "text_of_no_item A8"]


def test_rows_of_their_own_go_two_deep(tmp_path: Path) -> None:
    rows: list[Cells] = [
        ("一、组织（10分）",),
        ("（一）机构（4分）",),
        (1, "有机构。", 4),
        ("（二）人员（6分）",),
        (2, "有人员。", 6),
        ("二、宣传（5分）",),
        (3, "有宣传。", 5),
        (4, None, None),
        (5, None, 7),
    ]
    made = read_rows(tmp_path, ("某县细则",), ("序号", "考核内容", "分值"), *rows)
    assert [(s.id, s.title, points(s.max)) for s in made.drafts[0].walk()] == [
        ("S1", "组织", "10"),
        ("A", "机构", "4"),
        ("B", "人员", "6"),
        ("C", "宣传", "5"),
    ]
    assert found_in(made) == ["text_of_no_item C11"]


@pytest.mark.parametrize(
    ("title", "cap", "expected"),
    [("组织", 5, []), ("组织", "五", ["cap_unclear B4"]), ("组织（4分）", 5, ["cap_unclear B4"])],
)
def test_points_of_numbered_titles(
    tmp_path: Path, title: str, cap: object, expected: list[str]
) -> None:
    rows: list[Cells] = [
        ("序号", "考核内容", "分值"),
        (None,),
        ("一", title, cap),
        (1, "有方案。", 5),
    ]
    made = read_rows(tmp_path, ("某县细则",), *rows, ("二", "宣传", None), ("2", "有宣传。", 5))
    assert [said for said in found_in(made) if "added" not in said] == expected


def test_heads_of_two_rows(tmp_path: Path) -> None:
    rows: list[Cells] = [("考核指标", "考核内容", None, "分值"), (None, "内容", "标准", None)]
    body: list[Cells] = [("组织（5分）", "有方案", "没有的\n不得分", 5)]
    merged = ("A2:A3", "B2:C2", "D2:D3")
    made = read_rows(tmp_path, ("某县细则",), *rows, *body, merged=merged)
    assert found_in(made) == ["text_of_no_item-column C3"]
    (named,) = read_rows(tmp_path, ("某县细则",), rows[0], (None, "要点", "评分标准"), *body).drafts
    assert lines_of(named.sections[0]) == [("有方案 评分标准：没有的 不得分", "5")]


def test_one_standard_for_several_items_stands_at_each(tmp_path: Path) -> None:
    rows: list[Cells] = [
        ("考核内容", "评分标准", "分值"),
        ("有方案", "酌情给分。", 3),
        ("有人", None, 2),
    ]
    made = read_rows(tmp_path, ("细则",), *rows, merged=("B3:B4",))
    assert [text for text, _ in lines_of(made.drafts[0].sections[0])] == [
        "有方案 评分标准：酌情给分。",
        "有人 评分标准：酌情给分。",
    ]


def test_points_count_and_not_the_weights_beside_them(tmp_path: Path) -> None:
    rows: list[Cells] = [("类别", "内容", "标准分", "权重"), ("党建（60分）", "党员教育", 60, 0.6)]
    made = read_rows(tmp_path, ("细则",), *rows)
    assert parts_of(made.drafts[0]) == [("党建", "60", [("党员教育", "60")])]
    assert found_in(made) == ["text_of_no_item-column D2"]
    two = read_rows(tmp_path, ("细则",), ("内容", "满分", "分值"), ("党员教育", 50, 60))
    assert found_in(two) == ["cap_unclear B2"]
    assert two.drafts[0].blocked


def test_a_section_column_behind_the_wordings_is_none(tmp_path: Path) -> None:
    rows: list[Cells] = [("考核内容", "分值", "单位"), ("党员教育", 60, "党办")]
    assert found_in(read_rows(tmp_path, ("细则",), *rows)) == ["text_of_no_item-column C2"]


def test_totals_that_differ_are_said(tmp_path: Path) -> None:
    rows: list[Cells] = [("考核内容", "分值（100）"), ("党员教育", 60)]
    made = read_rows(tmp_path, ("细则（60分）",), *rows)
    assert found_in(made) == ["sum_mismatch A1"]
    assert made.drafts[0].blocked


def test_an_empty_table_and_untitled_columns(tmp_path: Path) -> None:
    rows: list[Cells] = [
        ("甲细则",),
        HEAD,
        ("乙细则",),
        HEAD,
        ("组织（5分）", "有方案。", 5, "另查"),
    ]
    made = read_rows(tmp_path, *rows)
    assert [draft.title for draft in made.drafts] == ["乙细则"]
    assert found_in(made) == ["text_of_no_item D5"]


def test_a_table_without_wordings_has_items_in_its_last_sections(tmp_path: Path) -> None:
    head = ("一级指标", "二级指标", "分值")
    made = read_rows(tmp_path, ("细则",), head, ("组织（5分）", "有方案", 3), (None, "有人", 2))
    assert parts_of(made.drafts[0]) == [("组织", "5", [("有方案", "3"), ("有人", "2")])]


def test_items_and_sections_side_by_side_are_said(tmp_path: Path) -> None:
    head = ("一级指标", "二级指标", "考核内容", "分值")
    rows: list[Cells] = [(None, None, "有方案。", 1), ("组织（5分）", None, "有人。", 3)]
    made = read_rows(tmp_path, ("细则",), head, *rows, (None, "机构（2分）", "有机构。", 2))
    assert found_in(made) == ["rubric_part_unclear C3", "rubric_part_unclear-mixed C4"]
    assert [section.title for section in made.drafts[0].sections] == ["", "组织"]


def test_points_that_stand_once_for_several_items_are_said_once(tmp_path: Path) -> None:
    rows: list[Cells] = [
        ("组织（5分）", "有方案。", 5),
        (None, "有人。", None),
        (None, "有车。", None),
    ]
    made = read_rows(tmp_path, ("细则",), HEAD, *rows, merged=("C3:C5",))
    assert found_in(made) == ["cap_missing-shared B3"]


def test_bonuses_in_a_row_of_their_own_take_their_points_along(tmp_path: Path) -> None:
    rows: list[Cells] = [("组织（5分）", "有方案。", 5), ("加分项", None, 3), (None, "获奖。", 3)]
    made = read_rows(tmp_path, ("细则",), HEAD, *rows)
    assert found_in(made) == ["rubric_part_unclear-bonus A4"]


def test_titles_alone_hold_no_rubric(tmp_path: Path) -> None:
    assert found_in(read_rows(tmp_path, ("某县细则",), HEAD)) == ["rubric_table_missing None"]
    assert found_in(read_text(tmp_path, "某县细则\n\t\n")) == ["rubric_table_missing-text None"]


def test_room_for_signatures_is_no_section(tmp_path: Path) -> None:
    item, signatures = ("组织（5分）", "会议有签字", 5), ("组长（签字）", None, "组员（签字）：")
    made = read_rows(tmp_path, ("某县细则",), HEAD, item, signatures)
    assert found_in(made) == ["text_of_no_item A4", "text_of_no_item C4"]
    assert parts_of(made.drafts[0]) == [("组织", "5", [("会议有签字", "5")])]


def test_blank_lines_above_a_pasted_table_are_nothing(tmp_path: Path) -> None:
    made = read_text(tmp_path, "\n \n\t组织（5分）\n\t有方案。（5分）\n")
    assert parts_of(made.drafts[0]) == [("组织", "5", [("有方案。", "5")])]
    assert found_in(made) == ["title_from_name 3"]


def test_a_table_of_any_length_is_read_to_its_end(tmp_path: Path) -> None:
    rows: list[Cells] = [("组织", f"有内容{number}。", 1) for number in range(2100)]
    made = read_rows(tmp_path, ("某县细则",), HEAD, *rows)
    assert (points(made.drafts[0].total), found_in(made)) == ("2100", ["section_points_added A3"])


def test_a_hidden_column_without_a_title_is_not_read(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.column_dimensions["B"].hidden = True

    rows: list[Cells] = [("指标", None, "内容", "分值"), ("组织（5分）", "机构", "有人。", 5)]
    made = read_rows(tmp_path, ("某县细则",), *rows, change=hide)
    assert found_in(made) == ["rubric_part_unclear-hidden B3", "section_points_added B3"]
    assert made.drafts[0].blocked


def test_a_pasted_table_without_head_is_read_by_its_brackets(tmp_path: Path) -> None:
    pasted = "某县细则\n说明\n组织（5分）\t有方案。（3分）\n\t有人。（2分）\n"
    made = read_text(tmp_path, pasted)
    (draft,) = made.drafts
    assert (draft.title, found_in(made)) == ("某县细则", ["text_of_no_item 2"])
    assert parts_of(draft) == [("组织", "5", [("有方案。", "3"), ("有人。", "2")])]


def test_units_in_a_table_are_scored_on_their_own_items(tmp_path: Path) -> None:
    head = ("考核指标", "单位", "考核内容", "分值")
    made = read_rows(
        tmp_path,
        ("部门细则",),
        head,
        ("共性指标（40分）", None, "有方案。", 40),
        ("个性指标（60分）", "县商务局", "牵头。", 35),
        (None, None, "通报。", 25),
        (None, "县妇联、团县委", "宣传。", 60),
    )
    common, own = made.drafts[0].sections
    assert (common.id, own.id, own.sections) == ("common", "own", [])
    assert [(duty.units, points(duty.items[0].max)) for duty in own.per_unit] == [
        (("县商务局",), "35"),
        (("县妇联", "团县委"), "60"),
    ]
    assert found_in(made) == ["units_taken A4"]


@pytest.mark.parametrize(
    "second",
    [("县财政局", "拨款。", None), ("县财政局", "拨款。", 20), ("其他工作", "拨款。", None)],
)
def test_sections_that_are_no_duties_stay_sections(tmp_path: Path, second: Cells) -> None:
    head = ("考核指标", "单位", "考核内容", "分值")
    first = ("个性指标（60分）", "县商务局", "牵头（20分），通报（40分）。", None)
    made = read_rows(tmp_path, ("部门细则",), head, first, (None, *second))
    assert len(made.drafts[0].sections[0].sections) == 2
    assert "cap_unclear C3" in found_in(made)


OUTLINE = """\
附件1
某县考核评分细则（100分）
（试行）
一、组织领导（40分）
（一）机构
1.有机构，
有人员。（10分）
2、有制度（10分）：
（1）有会议制度；
（2）有值班制度。
（二）人员（20分）
① 有专人。（20分）
二、宣传（60分）
1.1 有网站。（50分）
有报道。
1.2 有专栏（2分），有专刊（3分）。
合计
三、加分项
1.获奖的加分。（5分）
本细则由县局解释。
附件2
部门细则
有方案。（5分）
有专人。（6分）
合计：12分
"""


def test_an_outline_is_read_by_its_list_numbers(tmp_path: Path) -> None:
    made = read_text(tmp_path, OUTLINE)
    first, second = made.drafts
    assert parts_of(first) == [
        (
            "机构",
            "20",
            [("有机构，有人员。", "10"), ("有制度： （1）有会议制度； （2）有值班制度。", "10")],
        ),
        ("人员", "20", [("有专人。", "20")]),
        (
            "宣传",
            "60",
            [("有网站。", "50"), ("有报道。", "?"), ("有专栏（2分），有专刊（3分）。", "?")],
        ),
    ]
    assert (first.title, first.total, first.has_adjustments) == (
        "某县考核评分细则（100分）",
        Decimal(100),
        True,
    )
    assert parts_of(second) == [("部门细则", "12", [("有方案。", "5"), ("有专人。", "6")])]
    assert found_in(made) == [
        "text_of_no_item 3",
        "section_points_added 5",
        "cap_missing 15",
        "cap_unclear 16",
        "rubric_part_unclear-bonus 18",
        "text_of_no_item 20",
        "sum_mismatch 23",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "细则\n一、组织（5分）\n二、宣传（5分）\n1.有宣传。（5分）",
            ["rubric_part_unclear-empty 2"],
        ),
        ("细则\n有方案（5分）\n有专人（5分）", []),
        ("细则\n第一部分 组织（5分）\n有方案。（5分）", []),
        ("一、组织（5分）\n有方案。（5分）", ["title_from_name 1"]),
    ],
)  # fmt: skip
def test_doubts_of_an_outline(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert found_in(read_text(tmp_path, text)) == expected


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_worksheet_that_no_rubric_was_made_from_is_said(tmp_path: Path, state: str) -> None:
    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet("部门")
        for row in (
            (None, "部门细则"),
            ("工作任务", "量化要求", "权数"),
            ("领导", "有专人。", 7),
        ):
            other.append(row)
        other.sheet_state = state
        sheet.parent.create_sheet("空")

    rows: list[Cells] = [("组织（5分）", "有方案。", 5)]
    made = read_rows(tmp_path, ("某县细则（5分）",), HEAD, *rows, change=add)
    assert parts_of(made.drafts[0]) == [("组织", "5", [("有方案。", "5")])]
    assert [(said.kind.label, said.location.cell) for said in made.diagnostics] == [
        ("text_of_no_item", "部门!B1")
    ]


def test_a_hidden_rubric_is_not_read(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        other = sheet.parent.create_sheet("部门")
        for row in (HEAD, ("组织", "有人。", 7)):
            other.append(row)
        other.sheet_state = "hidden"

    rows: list[Cells] = [("组织（5分）", "有方案。", 5)]
    made = read_rows(tmp_path, ("某县细则",), HEAD, *rows, change=hide)
    assert (len(made.drafts), found_in(made)) == (1, ["text_of_no_item A1"])
    alone = read_rows(tmp_path, ("某县名册",), ("姓名", "电话"), change=hide)
    assert (alone.drafts, found_in(alone)) == ([], ["rubric_table_missing None"])


def test_lines_below_a_title_with_points_are_one_item(tmp_path: Path) -> None:
    first = "（一）领导（30分）\n1、成立小组。\n2、有专人：\n（1）专职\n（2）兼职\n"
    second = "（二）制度（20分）\n1）有制度。（20分）\n（三）网站（10分）\n已开通。\n"
    last = "二、宣传（5分）\n1、有简报（5分）\n（1）有刊号。"
    made = read_text(tmp_path, f"某县细则\n一、组织（60分）\n{first}{second}{last}")
    assert [
        (section.title, [(item.text, points(item.max)) for item in section.items])
        for section in made.drafts[0].walk()
        if section.items
    ] == [
        (
            "组织",
            [
                ("领导 1、成立小组。 2、有专人： （1）专职 （2）兼职", "30"),
                ("网站 已开通。", "10"),
            ],
        ),
        ("制度", [("有制度。", "20")]),
        ("宣传", [("有简报 （1）有刊号。", "5")]),
    ]
    assert "text_of_no_item-joined 3" in found_in(made)


@pytest.mark.parametrize("role", ["责任部门", "数据来源"])
def test_what_is_merged_over_several_items_belongs_to_each(tmp_path: Path, role: str) -> None:
    rows: list[Cells] = [
        ("组织（15分）", "有方案。", 5, "组织部"),
        (None, "有人。", 5, None),
        (None, "有车。", 5, None),
    ]
    made = read_rows(tmp_path, ("细则",), (*HEAD, role), *rows, merged=("D3:D4",))
    items = made.drafts[0].sections[0].items
    assert [item.owner + item.source for item in items] == ["组织部", "组织部", ""]
    assert found_in(made) == []


def test_an_annex_without_points_is_said(tmp_path: Path) -> None:
    first = "附件1\n乡镇细则\n一、组织（5分）\n1.有方案。（5分）\n"
    made = read_text(tmp_path, f"{first}附件2\n部门细则\n一、组织\n1.有方案。\n附件3\n")
    assert [draft.title for draft in made.drafts] == ["乡镇细则"]
    assert found_in(made) == ["text_of_no_item 6"]
    assert found_in(read_text(tmp_path, f"{first}附件2\n")) == []
    assert found_in(read_text(tmp_path, "附件1\n一、组织")) == ["rubric_table_missing-text None"]


@pytest.mark.parametrize(("suffix", "delimiter"), [("txt", "\t"), ("csv", ",")])
def test_a_line_with_a_sharp_is_no_comment(tmp_path: Path, suffix: str, delimiter: str) -> None:
    rows = [
        ("某县细则",),
        HEAD,
        ("组织", "有方案。", "5"),
        ("#", "有人。", "4"),
        ("#网", "好", "3"),
    ]
    path = tmp_path / f"细则.{suffix}"
    path.write_text("".join(f"{delimiter.join(row)}\n" for row in rows), "utf-8")
    made = read_drafts(str(path))
    assert parts_of(made.drafts[0]) == [
        ("组织", "5", [("有方案。", "5")]),
        ("#", "4", [("有人。", "4")]),
        ("#网", "3", [("好", "3")]),
    ]


def test_lines_that_may_be_titles_are_not_added_up(tmp_path: Path) -> None:
    head = ("考核内容", "分值")
    made = read_rows(
        tmp_path, ("细则",), head, ("组织", 10), ("有方案", 4), ("有人", 6), ("宣传", 5), ("网", 5)
    )
    assert found_in(made) == ["rubric_part_unclear-levels A3"]
    sound = read_rows(tmp_path, ("细则",), head, ("组织", 10), ("有方案", 14), ("有人", 6))
    assert found_in(sound) == []
    titled = read_rows(
        tmp_path, ("细则",), head, ("组织（10分）", None), ("有方案", 4), ("有人", 6)
    )
    assert parts_of(titled.drafts[0]) == [("组织", "10", [("有方案", "4"), ("有人", "6")])]
    open_cap = read_rows(tmp_path, ("细则",), head, ("组织", 10), ("有方案。", None), ("有人", 6))
    assert found_in(open_cap) == ["cap_missing A4"]


FLAT = (
    "{title}\n组织领导（40分）\n成立领导小组（20分）\n制定年度工作方案（{plan}分）\n"
    "工作落实（60分）\n每月开展隐患排查（30分）\n隐患按期整改到位（30分）\n"
)


@pytest.mark.parametrize(
    ("title", "plan", "said", "total"),
    [
        ("某县细则", 20, "rubric_part_unclear-levels", None),
        ("某县细则", 10, "rubric_part_unclear-total", None),
        ("某县细则（190分）", 10, "", "190"),
        ("某县细则（100分）", 10, "sum_mismatch", "100"),
    ],
)
def test_lines_without_sections_are_not_added_up_to_a_total_that_nobody_states(
    tmp_path: Path, title: str, plan: int, said: str, total: str | None
) -> None:
    made = read_text(tmp_path, FLAT.format(title=title, plan=plan))
    labels = {
        f"{about.kind.label}{'-' if about.variant else ''}{about.variant}"
        for about in made.diagnostics
    }
    assert labels == ({said} if said else set())
    (draft,) = made.drafts
    if not draft.blocked:
        assert draft.total == (total and Decimal(total))


def test_a_total_that_nobody_states_is_told_where_it_is_not_100(tmp_path: Path) -> None:
    for cap, said in ((60, []), (50, [(Kind.SECTION_POINTS_ADDED, "total")])):
        rows = [("组织（40分）", "有方案。", 40), (f"落实（{cap}分）", "有行动。", cap)]
        made = read_rows(tmp_path, ("细则",), HEAD, *rows)
        assert [(about.kind, about.variant) for about in made.diagnostics] == said
        assert made.drafts[0].total == 40 + cap


@pytest.mark.parametrize("beyond", ["加分项（5分）", "加分项目：（5分）", "奖励（5）"])
def test_a_line_of_bonuses_is_no_item(tmp_path: Path, beyond: str) -> None:
    made = read_text(tmp_path, f"细则（20分）\n有方案。（8分）\n有专人。（12分）\n{beyond}\n")
    assert found_in(made) == ["rubric_part_unclear-bonus 4"]
    assert parts_of(made.drafts[0]) == [
        ("细则（20分）", "20", [("有方案。", "8"), ("有专人。", "12")])
    ]
    assert made.drafts[0].has_adjustments


def test_bonuses_and_vetoes_behind_the_items_are_named_as_such(tmp_path: Path) -> None:
    made = read_text(
        tmp_path,
        "细则\n甲（50）\n一（20）\n二（30）\n乙（50）\n三（25分）\n四（25分）\n"
        "加分项（5分）\n获省级表彰加5分。\n一票否决\n发生重大事故的，取消评优资格。\n",
    )
    assert found_in(made) == [
        "rubric_part_unclear-levels 2",
        "rubric_part_unclear-bonus 8",
        "text_of_no_item 9",
        "rubric_part_unclear-bonus 10",
        "text_of_no_item 11",
    ]


@pytest.mark.parametrize(
    "head",
    [
        ("考核内容", "考核指标", "分值"),
        ("分值", "考核内容", "考核指标"),
        ("考核内容", "分值", "考核指标"),
    ],
)
def test_sections_are_found_by_their_title_wherever_they_stand(
    tmp_path: Path, head: tuple[str, ...]
) -> None:
    parts = [("甲（10分）", "一。", 10), ("乙（90分）", "二。", 40), ("乙（90分）", "三。", 50)]
    order = [("考核指标", "考核内容", "分值").index(title) for title in head]
    rows: list[Cells] = [tuple(part[number] for number in order) for part in parts]
    made = read_rows(tmp_path, ("细则",), head, *rows)
    assert made.diagnostics == ()
    assert parts_of(made.drafts[0]) == [
        ("甲", "10", [("一。", "10")]),
        ("乙", "90", [("二。", "40"), ("三。", "50")]),
    ]


def test_sections_of_one_title_that_stand_apart_are_said(tmp_path: Path) -> None:
    rows = [("甲（10分）", "一。", 10), ("乙（50分）", "二。", 50), ("甲（40分）", "三。", 40)]
    made = read_rows(tmp_path, ("细则",), HEAD, *rows)
    assert found_in(made) == ["title_repeated-apart A5"]
    assert [section.max for section in made.drafts[0].sections] == [10, 50, 40]


@pytest.mark.parametrize("number", [26, 27, 53])
def test_letters_for_any_number_of_sections(tmp_path: Path, number: int) -> None:
    rows = [
        (f"方面{outer}（2分）", f"类别{inner}", f"有内容{outer}{inner}。", 1)
        for outer in range(number // 2 + number % 2)
        for inner in (1, 2)
    ][: number]  # fmt: skip
    made = read_rows(tmp_path, ("细则",), ("一级指标", "二级指标", "考核内容", "分值"), *rows)
    (draft,) = made.drafts
    ids = [section.id for section in draft.walk()]
    items = [item.id for section in draft.walk() for item in section.items]
    assert len(set(ids)) == len(ids)
    assert len(set(items)) == len(items) == number
    if number == 26:
        assert (ids[:3], items[:3], items[-1]) == (["S1", "A", "B"], ["A1", "B1", "C1"], "Z1")
    else:
        assert (ids[:4], items[:3]) == (["A", "A-1", "A-2", "B"], ["A1", "A2", "B1"])
    assert ("AA1" in items) == (number == 53)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("细则.xls", b"x", "unsupported_format-original None"),
        ("细则.jpg", b"x", "unsupported_format-original None"),
        ("细则.xlsx", b"x", "not_a_workbook None"),
        ("细则.txt", b"", "rubric_table_missing-text None"),
        ("细则.txt", b"\xff\xfea\0", "utf16_file None"),
        ("细则.csv", b"\x81", "not_utf8 1"),
        ("没有.xlsx", None, "file_unreadable-missing None"),
    ],
)
def test_files_that_are_no_tables(
    tmp_path: Path, name: str, data: bytes | None, expected: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    made = read_drafts(str(tmp_path / name))
    assert (made.drafts, found_in(made)) == ([], [expected])


def test_standard_input_is_no_table() -> None:
    assert found_in(read_drafts("-")) == ["unsupported_format-original None"]


@given(st.binary(max_size=300), st.sampled_from(["txt", "csv", "xlsx"]))
def test_any_bytes_give_rubrics_or_findings(data: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{suffix}"
        path.write_bytes(data)
        made = read_drafts(str(path))
    assert made.drafts or made.diagnostics


SCRAPS = [
    "考核指标",
    "考核内容",
    "分值",
    "\t",
    "\n",
    "\n\n",
    "（5分）",
    "（5）",
    "一、",
    "1.",
    "（一）",
    "合计",
]
SCRAPS += ["有方案。", "领导重视", "加分项", "县商务局", "小计", "5", "附件1", ",", "第一部分"]


@given(st.lists(st.sampled_from(SCRAPS), max_size=40), st.sampled_from(["txt", "csv"]))
def test_any_scraps_of_a_table_give_rubrics_or_findings(scraps: list[str], suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{suffix}"
        path.write_text("".join(scraps), "utf-8")
        made = read_drafts(str(path))
    assert made.drafts or made.diagnostics
