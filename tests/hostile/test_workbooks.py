"""What a workbook may hold: whatever its bytes are, a result or a diagnostic, soon."""

import io
import os
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.forms import (
    SHEET,
    STYLES,
    TEXTS,
    edited,
    kinds,
    lying,
    packed_again,
    put,
    repacked,
    sealed,
    taken,
    with_part,
    without_part,
)
from tests.support.hostile_forms import FEW, FORM, HEAVY, RELATIONS, rows
from tests.support.limits import MOST_BYTES, MOST_TIMES, Runner, refused_soon, show

from epa_score.cli.main import main
from epa_score.diagnostics import Kind
from epa_score.diagnostics.rendering import wording
from epa_score.i18n import Words
from epa_score.model import ScoreSheet

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot copy a process")
    folder = tmp_path_factory.mktemp("limited")
    (folder / "form.xlsx").write_bytes(FORM)
    main(["--lang", "en", "--quiet", "total", str(folder / "form.xlsx"), "--format", "json"])
    return Runner(folder)


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_workbook_is_read_or_refused_soon(limited: Runner, name: str) -> None:
    make, many = HEAVY[name]
    path = limited.folder / "heavy.xlsx"
    path.write_bytes(make(many))
    outcome = limited.run("validate", str(path))
    if outcome.code:
        assert refused_soon(outcome)
    assert outcome.times < MOST_TIMES
    assert outcome.growth < MOST_BYTES


@pytest.mark.parametrize("name", HEAVY)
def test_a_little_of_it_is_no_reason_to_refuse_a_workbook(name: str) -> None:
    assert Kind.WORKBOOK_TOO_LARGE not in kinds(HEAVY[name][0](FEW)).values()


@pytest.mark.parametrize(
    "name", ["conditions", "merged areas", "deep elements", "names of elements"]
)
def test_a_heavy_workbook_is_one_finding(name: str) -> None:
    make, many = HEAVY[name]
    assert [*kinds(make(many)).values()] == [Kind.WORKBOOK_TOO_LARGE]


ALLOWED = {
    "cells": 19_000,
    "rows": 12_000,
    "formats of cells": 5_000,
    "fonts": 6_000,
    "validations": 5_000,
    "conditions": 1_300,
    "merged cells": 500,
    "merged areas": 1_400,
    "linked cells": 400,
    "links": 1_000,
    "cells far out": 3,
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_read_in_time(limited: Runner, name: str) -> None:
    path = limited.folder / "allowed.xlsx"
    path.write_bytes(HEAVY[name][0](ALLOWED[name]))
    outcome = limited.run("total", str(path), "--format", "json")
    assert "87.5" in outcome.out, outcome
    assert outcome.times < MOST_TIMES


def svg(head: str) -> Callable[[dict[str, bytes]], None]:
    picture = f'{head}<svg xmlns="http://www.w3.org/2000/svg">text<path d="M0 0"/></svg>'
    return lambda parts: parts.update({"xl/media/image1.svg": picture.encode()})


def link(parts: dict[str, bytes]) -> None:
    """Values of another workbook, in which each sheet has its own first row."""
    own = '<sheetData><row r="1"><cell r="A1"><v>x</v></cell></row></sheetData>'
    main_ = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    part = f'<externalLink xmlns="{main_}">{own * 2}</externalLink>'
    parts["xl/externalLinks/externalLink1.xml"] = part.encode()


@pytest.mark.parametrize(
    "change",
    [
        svg(""),
        svg('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">'),
        svg('<!DOCTYPE svg [<!ENTITY x "y">]>'),
        link,
        lambda parts: parts.update({"xl/printerSettings1.bin": b"<\0x\0" * 9}),
    ],
    ids=["svg", "svg of a type", "svg with entities", "link", "printer"],
)
def test_other_parts_are_left_alone(change: Callable[[dict[str, bytes]], None]) -> None:
    assert taken(repacked(FORM, change)).sheet == taken(FORM).sheet


def headed(declaration: bytes) -> bytes:
    """A form whose styles begin in another way."""
    styles = repacked_part(STYLES)
    return with_part(STYLES, declaration + styles[styles.index(b"?>") + 2 :])


def repacked_part(name: str) -> bytes:
    """A part of the form."""
    with zipfile.ZipFile(io.BytesIO(FORM)) as archive:
        return archive.read(name)


def pointing(target: bytes, more: bytes = b"") -> bytes:
    """A form whose first worksheet lies elsewhere."""
    old, new = b'Target="worksheets/sheet1.xml"', b'Target="%s"%s' % (target, more)
    return with_part(RELATIONS, repacked_part(RELATIONS).replace(old, new))


def elsewhere() -> bytes:
    """A form whose archive says that its parts lie before its beginning."""
    end = FORM.rindex(b"PK\5\6")
    return FORM[: end + 16] + (0xFFFFFF00).to_bytes(4, "little") + FORM[end + 20 :]


def dtd(markup: bytes) -> Callable[[], bytes]:
    """A form with a document type in its shared texts."""

    def make() -> bytes:
        head, _, rest = repacked_part(TEXTS).partition(b"?>")
        return with_part(TEXTS, head + b"?><!DOCTYPE x " + markup + b">" + rest)

    return make


DAMAGED, NO_WORKBOOK = Kind.WORKBOOK_DAMAGED, Kind.NOT_A_WORKBOOK
MANY_ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
LIARS: dict[str, tuple[Callable[[], bytes], Kind, str]] = {
    "entities in entities": (dtd(b'[<!ENTITY e0 "x">%s]' % MANY_ENTITIES), DAMAGED, "doctype"),
    "entity from outside": (
        dtd(b'[<!ENTITY e SYSTEM "file:///etc/passwd">]'),
        DAMAGED,
        "doctype",
    ),
    "entity of parameters": (
        dtd(b'[<!ENTITY % p SYSTEM "http://localhost/x"> %p;]'),
        DAMAGED,
        "doctype",
    ),
    "type from outside": (dtd(b'SYSTEM "x.dtd"'), DAMAGED, "doctype"),
    "lie": (lambda: lying(7_654_321), DAMAGED, "size"),
    "large lie": (lambda: lying(98_765_432), Kind.WORKBOOK_TOO_LARGE, ""),
    "bzip2": (lambda: packed_again(FORM, zipfile.ZIP_BZIP2), DAMAGED, "packing"),
    "lzma": (lambda: packed_again(FORM, zipfile.ZIP_LZMA), DAMAGED, "packing"),
    "password": (lambda: sealed(FORM), NO_WORKBOOK, "sealed"),
    "encoding": (lambda: headed(b'<?xml version="1.0" encoding="GBK"?>'), DAMAGED, "encoding"),
    "tags": (lambda: with_part(STYLES, b"<x>"), DAMAGED, "xml"),
    "half": (lambda: FORM[: len(FORM) // 2], DAMAGED, ""),
    "no end": (lambda: FORM[:-22], DAMAGED, ""),
    "head alone": (lambda: b"PK", DAMAGED, ""),
    "parts before the beginning": (elsewhere, DAMAGED, "part"),
    "no worksheet": (lambda: without_part(SHEET), DAMAGED, "missing"),
    "no texts": (lambda: without_part(TEXTS), DAMAGED, "text"),
    "no references": (lambda: without_part(RELATIONS), DAMAGED, "sheet"),
    "worksheet nowhere": (lambda: pointing(b"nowhere.xml"), DAMAGED, "missing"),
    "worksheet outside": (
        lambda: pointing(b"http://localhost/x", b' TargetMode="External"'),
        DAMAGED,
        "sheet",
    ),
    "parts": (
        lambda: repacked(
            FORM, lambda parts: parts.update({f"x/{one}": b"" for one in range(20_000)})
        ),
        Kind.WORKBOOK_TOO_LARGE,
        "",
    ),
}


@pytest.mark.parametrize("name", LIARS)
def test_a_file_that_lies_is_refused_with_what_is_wrong(name: str) -> None:
    make, kind, variant = LIARS[name]
    (found,) = taken(make()).diagnostics
    assert (found.kind, found.variant) == (kind, variant)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_is_wrong_is_said_in_the_language_of_the_run(language: str) -> None:
    words = Words(language)
    for make, _, _ in LIARS.values():
        (found,) = taken(make()).diagnostics
        said = " ".join(wording(found, words))
        is_damaged = found.kind is DAMAGED and found.variant in ("", "part")
        assert ("损坏" in said or "damaged" in said) == is_damaged
        own = re.sub(r"xl/[A-Za-z0-9/._]+|_rels/[a-z._]+|(Excel|WPS|xlsx|DOCTYPE|GBK)", "", said)
        assert language == "en" or not re.search("[A-Za-z]{3}", own), said


def test_a_title_without_end_is_refused() -> None:
    def rename(parts: dict[str, bytes]) -> None:
        book = parts["xl/workbook.xml"]
        parts["xl/workbook.xml"] = book.replace(b'name="', b'name="' + b"x" * 300)

    assert [*kinds(repacked(FORM, rename)).values()] == [Kind.WORKBOOK_TOO_LARGE]


SEVEN = edited(put("A3", "E", 7))


def seven(new: str) -> bytes:
    """A form in which the cell with the points of A3, which are 7, is written in another way."""

    def change(parts: dict[str, bytes]) -> None:
        start = parts[SHEET].index(b'<c r="E7"')
        end = parts[SHEET].index(b"</c>", start) + 4
        parts[SHEET] = parts[SHEET][:start] + new.encode() + parts[SHEET][end:]

    return repacked(SEVEN, change)


CELL = '<c r="E7"><v>{}</v></c>'


@pytest.mark.parametrize(
    "cell",
    [
        CELL.format("7"),
        CELL.format(" 7\n"),
        CELL.format("7E0"),
        CELL.format("70e-1"),
        CELL.format("7."),
        CELL.format("+7.0"),
        CELL.format("<!-- x -->7"),
        "<c><v>7</v></c>",
        '<c r="E7" s="1"><v>7</v><extLst/></c>',
    ],
)
def test_a_number_is_taken_in_any_way_that_excel_takes(cell: str) -> None:
    sheet = taken(seven(cell)).sheet
    assert sheet is not None
    assert sheet.points["A3"] == 7


@pytest.mark.parametrize(
    ("cell", "variant"),
    [
        (CELL.format(7) + CELL.format(2), "cell"),
        (CELL.format(7) + '<x xmlns="y" r="E7"/>', "cell"),
        (CELL.format(7).replace("E7", "$E$7"), "cell"),
        (CELL.format(7).replace("E7", "e7"), "cell"),
        (CELL.format(7).replace("E7", "E8"), "cell"),
        ('<c r="D7"/><c><v>7</v></c>', "cell"),
        ("<c r='E7'/><c r='D7'/><c/>", "cell"),
        ('<c r="E7"><v>7</v><v>2</v></c>', "cell"),
        ('<c r="E7" s="-1"><v>7</v></c>', "cell"),
        ('<c r="E7" t="s"><v>-1</v></c>', "text"),
        (CELL.format("0_7"), "number"),
        (CELL.format("٧"), "number"),
        (CELL.format("７"), "number"),
        (CELL.format("7<x/>2"), "number"),
        (CELL.format("nan"), "number"),
        (CELL.format("0x7"), "number"),
        ('</row><row r="7">' + CELL.format(7), "row"),
        ('</row><row r="0_7">' + CELL.format(7), "row"),
        ('</row><row r="١">' + CELL.format(7), "row"),
        ('<row r="99"/>', "row"),
    ],
)
def test_a_cell_that_can_be_read_in_two_ways_is_a_finding(cell: str, variant: str) -> None:
    found = taken(seven(cell))
    assert [(one.kind, one.variant) for one in found.diagnostics] == [
        (Kind.WORKBOOK_DAMAGED, variant)
    ]
    assert found.sheet is None


def test_rows_without_numbers_follow_each_other() -> None:
    def count(parts: dict[str, bytes]) -> None:
        last = b"</row></sheetData>"
        more = b'</row><row><c t="str"><v>x</v></c></row><row/></sheetData>'
        assert last in parts[SHEET]
        parts[SHEET] = parts[SHEET].replace(last, more)

    assert taken(repacked(FORM, count)).sheet == taken(FORM).sheet


def test_thousands_of_cells_with_a_border_do_no_harm() -> None:
    def border(parts: dict[str, bytes]) -> None:
        cells = rows('<c r="{}" s="3"/>', 15_000, 26).encode()
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", cells + b"</sheetData>")

    assert taken(repacked(FORM, border)).sheet == taken(FORM).sheet


def test_a_stray_cell_in_the_last_corner_does_no_harm() -> None:
    def stray(parts: dict[str, bytes]) -> None:
        cell = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", cell)

    assert taken(repacked(FORM, stray)).sheet == taken(FORM).sheet


PIECES = [
    *("<", ">", "/", '"', "=", "&", "&#55;", "<c>", "</c>", "<row>", "</row>", "<v>", "</v>"),
    *('r="E7"', 't="s"', "_", "-1", "0", "E", "A1:XFD1048576", "xmlns=''", "<!DOCTYPE x>", "\0"),
    *("<!--", "]]>", "<?x?>", "rId1", "../", "/xl/styles.xml", "9" * 400, "\ufeff", "٧"),
]


CELL_OF_POINTS = re.compile(r'<c r="(E[0-9]+)"[^>]*><v>([0-9.]+)</v>')


def points_in(data: bytes) -> dict[str, set[Decimal]]:
    """The numbers in the column of the points of a form, by cell, as they stand in its XML."""
    found: dict[str, set[Decimal]] = {}

    def look(parts: dict[str, bytes]) -> None:
        for cell, number in CELL_OF_POINTS.findall(parts[SHEET].decode(errors="replace")):
            with suppress(InvalidOperation):
                found.setdefault(cell, set()).add(Decimal(number))

    repacked(data, look)
    return found


CELLS = [cell for cell in points_in(FORM) if cell != "E4"]  # the period has a text of that number


def points_of(sheet: ScoreSheet | None) -> dict[str, Decimal | None]:
    """The points that a form says, by cell."""
    assert sheet is not None
    return dict(zip(CELLS, sheet.points.values(), strict=True))


@settings(max_examples=200)
@given(draw=st.data())
def test_a_form_with_mutated_parts_is_read_or_is_a_finding(draw: st.DataObject) -> None:
    """Without a finding each point is what was handed in, or what stands in its very cell."""

    def mutate(parts: dict[str, bytes]) -> None:
        name = draw.draw(st.sampled_from([SHEET, *sorted(parts)]))
        for _ in range(draw.draw(st.integers(1, 3))):
            part = parts[name]
            at = draw.draw(st.integers(0, len(part)))
            cut = draw.draw(st.integers(0, 8))
            copied = draw.draw(st.integers(0, len(part)))
            new = draw.draw(
                st.sampled_from(PIECES).map(str.encode)
                | st.binary(max_size=4)
                | st.just(part[copied : copied + 200])
            )
            parts[name] = part[:at] + new + part[at + cut :]

    data = repacked(FORM, mutate)
    found = taken(data)
    if found.diagnostics:
        show(found.diagnostics)
        return
    usual, stored = points_of(taken(FORM).sheet), points_in(data)
    for cell, points in points_of(found.sheet).items():
        assert points == usual[cell] or points in stored[cell], cell


def test_a_damaged_form_cannot_be_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "甲镇.xlsx").write_bytes(seven(CELL.format("0_7")))
    assert main(["validate", str(tmp_path / "甲镇.xlsx"), "--mark", str(tmp_path / "退回")]) == 1
    assert "甲镇.xlsx" in capsys.readouterr().err
    assert not (tmp_path / "退回").exists()
