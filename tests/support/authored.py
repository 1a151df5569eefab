"""Rubrics as an author writes them from a published text: the files of one text, and its forms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

BESIDE = ("note", "evidence", "score", "self_score", "not_applicable")
"""What stands beside the facts of an item in a sheet."""

POINTS = 5
"""The column of the points on a form."""


@dataclass(frozen=True, slots=True)
class AuthoredText:
    """A text with its rubrics, its sheets, and what it comes to by hand."""

    data: Mapping[str, Any]

    @property
    def main_rubric(self) -> str:
        """The id of the first rubric."""
        return str(next(iter(self.data["rubrics"])))

    def sheets(self) -> Iterator[str]:
        """Every sheet as it was written."""
        for unit, panel in self.data.get("panel_sheets", {}).items():
            for number, (first, wrong, last) in enumerate(panel, 1):
                scores = f"{{A1: {first}, A2: {{value: {wrong}}}, B1: {last}}}"
                head = f"rubric: {self.main_rubric}, unit: {unit}, assessor: 评委{number}"
                yield f"{{{head}, scores: {scores}}}"
        yield from filter(None, self.data.get("sheets", "").split("---\n"))

    def commands(self) -> list[str]:
        """What follows `rank` and `export`."""
        if "composite" in self.data:
            return ["--composite", "year.yaml"]
        return ["--roster", "roster.csv"] if "roster" in self.data else []

    def write(self) -> None:
        """Write all files into the current folder."""
        Path("rubrics").mkdir()
        for name, text in self.data["rubrics"].items():
            Path("rubrics", f"{name}.yaml").write_text(text, "utf-8")
        if "composite" in self.data:
            Path("year.yaml").write_text(self.data["composite"], "utf-8")
        if "roster" in self.data:
            Path("roster.csv").write_text(self.data["roster"], "utf-8")
        for number, sheet in enumerate(self.sheets()):
            path = Path(self.folder_of(sheet), f"{number:02}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(sheet, "utf-8")

    def folder_of(self, sheet: str) -> str:
        """Where a sheet lies: in a folder of its own rubric, where there are several."""
        rubric = yaml.safe_load(sheet)["rubric"]
        return str(rubric) if "composite" in self.data else "scores"

    def altered(self, change: Mapping[str, str]) -> "AuthoredText":
        """The same with one wording changed."""
        data = dict(self.data)
        place, old, new = change["in"], change["change"], change["to"]
        if place in data["rubrics"]:
            before = data["rubrics"][place]
            data["rubrics"] = {**data["rubrics"], place: before.replace(old, new, 1)}
            assert data["rubrics"][place] != before
        else:
            data[place] = data[place].replace(old, new, 1)
            assert data[place] != self.data[place]
        return AuthoredText(data)


def read_texts(folder: Path) -> dict[str, AuthoredText]:
    """The texts of a folder by the names of their files."""
    return {
        path.stem: AuthoredText(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.yaml"))
    }


def fill_in_form(path: Path, sheet: Mapping[str, Any]) -> None:
    """Write into a form in Excel what a sheet in YAML says."""
    book = load_workbook(path)
    page = book.worksheets[0]
    heads = next(row for row in page.iter_rows() if row[1].value == "编号")
    columns = {str(cell.value): cell.column for cell in heads if cell.value}
    rows = {str(row[1].value): row[1].row for row in page.iter_rows() if row[1].value}
    own, reason = columns.get("自评分"), max(columns.values())
    for item, value in sheet["scores"].items():
        given = value if isinstance(value, Mapping) else {"score": value}
        row = rows[item]
        inapplicable = given.get("not_applicable")
        if inapplicable or "score" in given:
            page.cell(row, POINTS).value = "不适用" if inapplicable else given["score"]
        if own and "self_score" in given:
            page.cell(row, own).value = given["self_score"]
        page.cell(row, reason).value = inapplicable or given.get("note", "见扣分单")
        facts = [fact for name, fact in given.items() if name not in BESIDE]
        for number, fact in enumerate(facts, 1):
            text = {True: "是", False: "否"}.get(fact, fact) if isinstance(fact, bool) else fact
            page.cell(rows[f"{item}-{number}"], POINTS).value = text
    for item, value in sheet.get("adjustments", {}).items():
        row = rows[item]
        if isinstance(value, Mapping):
            page.cell(row, POINTS).value = value["score"]
            page.cell(row, reason).value = value["note"]
        elif isinstance(value, int):
            page.cell(row, POINTS).value = value
        else:
            names = value if isinstance(value, list) else [value]
            page.cell(row, reason).value = "\n".join(names)
    book.save(path)
