"""Results that were exported, and then altered by somebody: which cells are to be found."""

import csv
import io
import json
import os
import re
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from hypothesis import settings
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from tests.support.commands import FULL_MARKS, Outcome, Run, hand_in_at
from tests.support.examples import EVERYDAY
from tests.support.forms import repacked
from tests.support.paths import ROOT

from epa_score.cli.main import main

RUBRICS = ROOT / "examples" / "rubrics"
COMPOSITE = "composite"
BASES = (*sorted(path.name for path in RUBRICS.iterdir()), COMPOSITE)
"""Results with rules, pools, panels, vetoes, adjustments, items that do not apply, components."""


def alterations(number: int) -> int:
    """How many alterations are drawn: a tenth of them every day."""
    everyday = settings.get_current_profile_name() == EVERYDAY
    share = int(os.environ.get("EPA_SCORE_ALTERATIONS") or (100 if everyday else 1000))
    return max(1, number * share // 1000)


def options_of(base: str) -> list[str]:
    """The options by which the result of a base is made."""
    return ["--composite", "year.yaml"] if base == COMPOSITE else []


def set_up(base: str, folder: Path) -> None:
    """Put the rubrics and sheets of a base into a folder."""
    source = ROOT / "examples" / COMPOSITE if base == COMPOSITE else RUBRICS / base
    shutil.copytree(source, folder, dirs_exist_ok=True)


def exported(run: Run, base: str, suffix: str) -> bytes:
    """The result of a base, which is the current folder; the first where groups have files."""
    if not list(Path().glob(f"result*{suffix}")):
        outcome = run("export", f"--{suffix[1:]}", "-o", f"result{suffix}", *options_of(base))
        assert outcome.code == 0, outcome.said
    return min(Path().glob(f"result*{suffix}")).read_bytes()


class Place(NamedTuple):
    """A cell of a result: what `verify` calls it, and what stands there."""

    name: str
    text: str


class Alteration(NamedTuple):
    """A result after somebody has altered it, and the cells that are no longer right."""

    data: bytes
    places: frozenset[str]
    how: str


def found_places(outcome: Outcome) -> set[str]:
    """The places in the result that `verify --format json` names."""
    found = json.loads(outcome.out)["diagnostics"]
    return {
        one.get("cell") or f"{one['line']}:{one['column']}"
        for one in found
        if one["code"] < "EPA610"  # those above are about sheets
    }


_CIRCUMSTANCE = re.compile(r"[0-9a-f]{64}|epa-score .*|.*\.yaml.*", re.DOTALL)
"""What tells how a result was made, and may be otherwise: versions, files and their digests."""


def _is_circumstance(text: str, right: str) -> bool:
    """True where a text tells how a result was made, and stands where it may be another."""
    kinds = re.compile("[0-9a-f]{64}"), re.compile(r"epa-score [0-9.]+")
    for kind in kinds:
        if kind.fullmatch(right):
            return kind.fullmatch(text) is not None
    return _CIRCUMSTANCE.fullmatch(right) is not None and text != ""


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def altered_text(text: str, random: Random) -> str:
    """A text with a digit or a letter changed, or one more at its end."""
    places = [number for number, letter in enumerate(text) if not letter.isspace()]
    place = random.choice(places)
    letter = text[place]
    if letter.isdecimal():
        other = random.choice([digit for digit in "0123456789" if digit != letter])
    else:
        other = random.choice([sign for sign in "甲乙改x" if sign != letter])
    if _NUMBER.fullmatch(text):
        digits = [number for number in places if text[number].isdecimal()]
        place = random.choice(digits)
        other = random.choice([digit for digit in "0123456789" if digit != text[place]])
    elif random.random() < 0.2:
        return f"{text}改"
    return text[:place] + other + text[place + 1 :]


def _differs(one: str, other: str) -> bool:
    if _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other):
        return float(one) != float(other)
    return one.strip() != other.strip()


def alter_csv(data: bytes, random: Random) -> Alteration:
    """A CSV file with another text in a field, or with two rows exchanged."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    before = [list(row) for row in rows]
    how = random.choice(["text", "text", "empty", "exchange"])
    if how == "exchange":
        one, other = random.sample(range(1, len(rows)), 2)
        rows[one], rows[other] = rows[other], rows[one]
    else:
        row = random.randrange(len(rows))
        column = random.choice([n for n, text in enumerate(rows[row]) if text])
        text = rows[row][column]
        rows[row][column] = "" if how == "empty" else altered_text(text, random)
    places = {
        f"{line}:{1 + sum(len(text) + 1 for text in row[:column])}"
        for line, (row, old) in enumerate(zip(rows, before, strict=True), 1)
        for column, (text, was) in enumerate(zip(row, old, strict=True))
        if _differs(text, was)
    }
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return Alteration(written.getvalue().encode("utf-8-sig"), frozenset(places), how)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Callable[[Any], None], Any]]:
    """Every text or number in JSON with its path, and what puts another one there."""
    pairs: Sequence[tuple[Any, str]] = (
        [(key, f"{path}.{key}" if path else key) for key in value]
        if isinstance(value, dict)
        else [(number, f"{path}[{number}]") for number in range(len(value))]
    )
    for key, name in pairs:
        part = value[key]
        if isinstance(part, dict | list):
            yield from _leaves(part, name)
        elif part is not None:

            def put(other: Any, holder: Any = value, key: Any = key) -> None:
                holder[key] = other

            yield name, put, part


def _texts(value: Any) -> dict[str, str]:
    return {name: str(part) for name, _, part in _leaves(value)}


def alter_json(data: bytes, random: Random) -> Alteration:
    """A JSON file with another text or number, or with two rows of a table exchanged."""
    value = json.loads(data)
    before = _texts(value)
    how = random.choice(["text", "text", "empty", "exchange"])
    tables = [rows for rows in value.values() if isinstance(rows, list) and len(rows) > 1]
    if how == "exchange" and tables:
        rows = random.choice(tables)
        one, other = random.sample(range(len(rows)), 2)
        rows[one], rows[other] = rows[other], rows[one]
    else:
        leaves = [leaf for leaf in _leaves(value) if not _CIRCUMSTANCE.fullmatch(str(leaf[2]))]
        _, put, part = random.choice(leaves)
        put("" if how == "empty" else altered_text(str(part), random))
    after = _texts(value)
    places = {
        name
        for name in before.keys() | after.keys()
        if _differs(after.get(name, ""), before.get(name, ""))
        and not _is_circumstance(after.get(name, ""), before.get(name, ""))
    }
    return Alteration(json.dumps(value, ensure_ascii=False).encode(), frozenset(places), how)


class Grid(NamedTuple):
    """The cells of a worksheet by name, as they are seen, and the part that it is."""

    sheet: str
    part: str
    cells: Mapping[str, str]
    rows: Mapping[int, Sequence[str]]
    """The names of the cells in each row."""


def opened(data: bytes, *, values: bool = False) -> Workbook:
    """A workbook in openpyxl, which loses the bars of 分项分析."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* extension is not supported")
        return load_workbook(io.BytesIO(data), data_only=values)


def grids_of(data: bytes) -> list[Grid]:
    """The worksheets of a workbook whose cells hold something."""
    book = opened(data, values=True)
    found = []
    for number, sheet in enumerate(book.worksheets, 1):
        cells: dict[str, str] = {}
        rows: dict[int, list[str]] = {}
        hidden = {
            column
            for size in sheet.column_dimensions.values()
            if size.hidden
            for column in range(int(size.min or 1), int(size.max or 1) + 1)
        }
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None or not isinstance(cell, Cell):
                    continue
                if cell.column in hidden:
                    continue
                cells[cell.coordinate] = str(cell.value)
                rows.setdefault(cell.row, []).append(cell.coordinate)
        if cells:
            part = f"xl/worksheets/sheet{number}.xml"
            found.append(Grid(sheet.title, part, cells, rows))
    return found


def put_into(xml: str, cell: str, text: str) -> str:
    """The XML of a worksheet with another value in a cell, whose formula stays."""
    found = re.search(rf'<c r="{cell}"([^>]*?)(/>|>(.*?)</c>)', xml, re.DOTALL)
    assert found is not None, cell
    style = re.search(r' s="\d+"', found[1])
    formula = re.search(r"<f.*?(/>|</f>)", found[3] or "", re.DOTALL)
    start = f'<c r="{cell}"{style[0] if style else ""}'
    kept = formula[0] if formula else ""
    if not text:
        made = f'{start} t="str">{kept}<v></v></c>' if kept else f"{start}/>"
    elif _NUMBER.fullmatch(text):
        made = f"{start}>{kept}<v>{text}</v></c>"
    elif kept:
        made = f'{start} t="str">{kept}<v>{escape(text)}</v></c>'
    else:
        made = f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    return xml[: found.start()] + made + xml[found.end() :]


def with_texts(data: bytes, part: str, texts: Mapping[str, str]) -> bytes:
    """A workbook with other values in some cells of a worksheet."""

    def change(parts: dict[str, bytes]) -> None:
        xml = parts[part].decode()
        for cell, text in texts.items():
            xml = put_into(xml, cell, text)
        parts[part] = xml.encode()

    return repacked(data, change)


def alter_workbook(data: bytes, random: Random, grids: Sequence[Grid]) -> Alteration:
    """A workbook with another value in a cell, or with the values of two rows exchanged."""
    how = random.choice(["text", "text", "text", "empty", "exchange"])
    grid = random.choice(grids)
    free = {name: text for name, text in grid.cells.items() if not _CIRCUMSTANCE.fullmatch(text)}
    alike = [
        (one, other)
        for one in grid.rows
        for other in grid.rows
        if one < other and len(grid.rows[one]) == len(grid.rows[other]) > 1
    ]
    texts: dict[str, str] = {}
    if how == "exchange" and alike:
        one, other = random.choice(alike)
        for first, second in zip(grid.rows[one], grid.rows[other], strict=True):
            if first in free and second in free:
                texts |= {first: free[second], second: free[first]}
    if not texts:
        name = random.choice(sorted(free))
        texts = {name: "" if how == "empty" else altered_text(free[name], random)}
    places = {f"{grid.sheet}!{name}" for name, text in texts.items() if _differs(text, free[name])}
    return Alteration(with_texts(data, grid.part, texts), frozenset(places), how)


# --- cases of what is wrong with a result -----------------------------------------------------

RESULT, JSON = "result.xlsx", "result.json"


def _export(folder: Path) -> None:
    """Two units and their results, in the current folder."""
    hand_in = hand_in_at(folder)
    hand_in("示例甲镇", "A1: 2, A2: {score: 3.5, note: 少一份}, B1: 4", name="示例甲镇.yaml")
    hand_in("示例乙镇", FULL_MARKS, name="示例乙镇.yaml")
    with redirect_stdout(io.StringIO()):
        assert main(["-q", "export", "--xlsx", "--json", "-o", "result"]) == 0


Edit = Callable[[Path], None]


def _case(edit: Edit) -> Edit:
    def prepare(folder: Path) -> None:
        _export(folder)
        edit(folder)

    return prepare


def _in_workbook(sheet: str, text: str, other: str) -> Edit:
    """Put another text into the first cell of a worksheet that holds a text."""

    def edit(folder: Path) -> None:
        data = (folder / RESULT).read_bytes()
        grid = next(grid for grid in grids_of(data) if grid.sheet == sheet)
        name = next(name for name, found in grid.cells.items() if found == text)
        (folder / RESULT).write_bytes(with_texts(data, grid.part, {name: other}))

    return edit


def _in_json(change: Callable[[dict[str, list[Any]]], object]) -> Edit:
    def edit(folder: Path) -> None:
        rows = json.loads((folder / JSON).read_text("utf-8"))
        change(rows)
        (folder / JSON).write_text(json.dumps(rows, ensure_ascii=False), "utf-8")

    return edit


def _in_sheet(old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / "scores" / "示例甲镇.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return edit


def _write(name: str, data: bytes) -> Edit:
    def write(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return write


CASES: dict[str, Edit] = {
    "EPA600_result_cell_differs": _case(_in_workbook("排名汇总", "示例甲镇", "示例丙镇")),
    "EPA600_result_cell_differs-empty": _case(_in_workbook("扣分明细", "少一份", "")),
    "EPA600_result_cell_differs-extra": _case(
        _in_json(lambda tables: tables["ranking"][0].update(note="改"))
    ),
    "EPA601_result_row_missing": _case(_in_json(lambda tables: tables["deductions"].pop())),
    "EPA602_result_row_extra": _case(
        _in_json(lambda tables: tables["deductions"].append({"unit": "示例丙镇", "lost": "1"}))
    ),
    "EPA603_result_part_missing": _case(_in_json(lambda tables: tables.pop("deductions"))),
    "EPA604_result_part_extra": _case(
        _in_json(lambda tables: tables.update(notes=[{"note": "补充"}]))
    ),
    "EPA613_sheets_saved_again": _case(_in_sheet("A1: 2", "A1: 2.0")),
    "EPA620_not_a_result": _case(_write(JSON, b'{"a": [{"b": 1}]}')),
    "EPA620_not_a_result-format": _write("result.docx", b"PK"),
    "EPA620_not_a_result-json": _write(JSON, b"{"),
    "EPA620_not_a_result-csv": _write("result.csv", b"\xff\xff"),
}
"""What is wrong with a result, or with the sheets that it was made of, by the name of its case."""
