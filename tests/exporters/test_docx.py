"""Word documents: everything from a table is text, whatever it looks like."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.documents import opened, text_of_document
from tests.support.tables import HIDDEN, HOSTILE, SIMPLE, table

from epa_score.diagnostics.terminal_text import visible
from epa_score.exporters import docx
from epa_score.exporters.docx.blocks import paragraph_xml, room_xml, title_lines
from epa_score.exporters.docx.package import is_as_written
from epa_score.exporters.docx.page import A3_LANDSCAPE, A4, LANDSCAPE
from epa_score.exporters.docx.tables import page_of_table, table_xml
from epa_score.exporters.docx.xml import element
from epa_score.i18n import Words
from epa_score.reports.document import AnswerRoom, Document, Paragraph, Role
from epa_score.reports.table import Blocks, Column, Mean, Table

WORDS = Words("zh_CN")
MARKUP = ["<w:p/>", "]]>", "<!--", "&lt;", '"', "'", "\ufffe", "\uffff", "\ud800", "\x0b", "PAGE"]
TEXTS = st.sampled_from([*HOSTILE, *HIDDEN, *MARKUP]) | st.text(min_size=1, max_size=12)
ROLES: tuple[Role, ...] = ("title", "address", "text", "heading", "annexes", "signature", "note")


def written(
    tables: Sequence[Table] = (), document: Document | None = None, generator: str = "epa-score 0.1"
) -> bytes:
    file = BytesIO()
    docx.write(tables, file, WORDS, document, generator)
    return file.getvalue()


def elements_with(text: str) -> Iterator[Any]:
    """Elements in which everything that may come from a file is one text."""
    columns = [
        Column("unit", text, is_heading=True),
        Column("a", text, "points", group=text),
        Column("note", text, below="unit"),
    ]
    own = table(columns, [text, Decimal(3), text])._replace(title=text)
    yield from (element(paragraph_xml(text, role)) for role in ROLES)
    yield element(table_xml(own, text, A4, WORDS))
    yield element(room_xml(AnswerRoom(text, 2, (text,)), 8000))


def tags_of(elements: Iterable[Any]) -> list[str]:
    """The tags of elements in their order, without ends of lines and the texts around them."""
    tags = (tag.rpartition("}")[2] for own in elements for tag in (e.tag for e in own.iter()))
    return [tag for tag in tags if tag not in ("br", "t")]


PLAIN_TAGS = tags_of(elements_with("甲"))


@given(TEXTS)
def test_no_text_becomes_markup(text: str) -> None:
    made = list(elements_with(text))
    assert tags_of(made) == PLAIN_TAGS
    shown = "".join(map(visible, text.split("\n")))
    shown = shown.replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")
    assert "".join(own.text or "" for own in made[1].iter() if own.tag.endswith("}t")) == shown


@pytest.mark.parametrize("text", MARKUP)
def test_a_document_says_what_the_text_says(text: str) -> None:
    own = table([Column("unit", text)], [text])._replace(title=text, notes=(text,))
    content = written(document=Document(text, "zh_CN", [[Paragraph(text), own]]))
    shown = visible(text).replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")
    assert text_of_document(content).count(shown) == 5
    assert opened(content).core_properties.title == shown


def test_a_table_alone_is_a_document_as_well() -> None:
    lines = text_of_document(written([SIMPLE, SIMPLE])).splitlines()
    assert lines == [
        *["[Title] 排名", "| Rank | Unit | 甲 (10) | 乙 (20) | Total | Remark |"],
        *["| 1 | 甲镇 | 9.50 | 20 | 29.50 | tied |", "|  | 乙镇 |  | 0 |  |  |", "[Note] 名次规则"],
        "-" * 20,
        *["[Title] 排名", "| Rank | Unit | 甲 (10) | 乙 (20) | Total | Remark |"],
        *["| 1 | 甲镇 | 9.50 | 20 | 29.50 | tied |", "|  | 乙镇 |  | 0 |  |  |", "[Note] 名次规则"],
    ]


def test_blocks_means_groups_rates_and_what_stands_below_are_shown() -> None:
    columns = (
        Column("scope", "范围"),
        Column("unit", "单位", is_heading=True),
        Column("note", "备注", below="unit"),
        Column("a", "A1", "rate", group="甲"),
        Column("c", "C1", "difference", 1),
    )
    own = table(
        columns,
        ["一", "甲镇", "好", Decimal("0.4"), Decimal(1)],
        ["二", "乙镇", None, Decimal(1), None],
        mean=Mean((None, "平均", None, Decimal("0.7"), None)),
        blocks=Blocks("scope"),
    )
    lines = text_of_document(written([own])).splitlines()
    assert lines[1:] == [
        *[
            "|  | 甲 |  |",
            "| 单位 | A1 | C1 |",
            "| 一 | 一 | 一 |",
            "| 甲镇 / 备注：好 | 40% | +1.0 |",
        ],
        *["| 二 | 二 | 二 |", "| 乙镇 | 100% |  |", "| 平均 | 70% |  |", "[Note] "],
    ]


def test_room_to_write_in_ends_with_what_is_signed() -> None:
    room = AnswerRoom("意见", 3, ("签字",))
    content = written(document=Document("单", "zh_CN", [[room]], is_handed_out=True))
    assert text_of_document(content).splitlines() == ["| 意见 /  /  /  / 签字 |", "[Note] "]
    document = opened(content)
    assert not document.settings.odd_and_even_pages_header_footer
    assert 'w:start="1"' in document.element.xml


@pytest.mark.parametrize(
    ("columns", "page"),
    [(4, A4), (10, A4), (15, LANDSCAPE), (24, A3_LANDSCAPE), (90, A3_LANDSCAPE)],
)
def test_a_wide_table_has_a_larger_page(columns: int, page: tuple[int, ...]) -> None:
    heads = [Column(f"c{number}", f"第{number}项（10）", "points") for number in range(columns)]
    own = table(heads, [Decimal(3)] * columns)
    assert page_of_table(own, WORDS) == page
    document = opened(written([own]))
    (made,) = document.tables
    widths = [int(own.get(own.keys()[0])) for own in made._tbl.tblGrid]
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert sum(widths) == pytest.approx(room / 635, abs=2)
    assert min(widths) > 0


def test_long_texts_have_a_wider_page_where_they_would_be_high() -> None:
    heads = [Column(f"c{number}", f"第{number}项（10）", "points") for number in range(9)]
    remark = Column("remark", "备注", "long text")
    short = table([*heads, remark], [*[Decimal(3)] * 9, "短"])
    long = table([*heads, remark], [*[Decimal(3)] * 9, "长" * 100])
    assert page_of_table(short, WORDS) == A4
    assert page_of_table(long, WORDS) == LANDSCAPE


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于某县考核情况的通报", ["关于某县考核情况的通报"]),
        (
            "关于2018年度宜阳县电子商务扶贫工作考核情况的通报",
            ["关于2018年度宜阳县", "电子商务扶贫工作考核情况的通报"],
        ),
        ("字" * 40, ["字" * 14, "字" * 14, "字" * 12]),
        ("甲\n乙" + "丙" * 30, ["甲", "乙" + "丙" * 30]),
        ("年" + "字" * 40 + "年", ["年" + "字" * 13, "字" * 14, "字" * 13 + "年"]),
    ],
)
def test_titles_are_broken_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title).split("\n") == lines


def test_equal_documents_are_equal_files_with_no_other_date() -> None:
    content = written([SIMPLE])
    assert content == written([SIMPLE])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2013" not in archive.read("docProps/core.xml")


def test_what_was_written_is_known_until_it_is_changed() -> None:
    content = written([SIMPLE])
    assert is_as_written(BytesIO(content))
    assert not is_as_written(BytesIO(written([SIMPLE], generator="somebody")))
    document = opened(content)
    document.paragraphs[0].text = "另一个标题"
    changed = BytesIO()
    document.save(changed)
    assert not is_as_written(changed)
    unmarked = BytesIO()
    document.core_properties.identifier = ""
    document.save(unmarked)
    assert not is_as_written(unmarked)
    empty = BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for other in (b"", b"PK", content[:-30], empty.getvalue()):
        assert not is_as_written(BytesIO(other))
