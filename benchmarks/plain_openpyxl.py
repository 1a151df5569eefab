"""What openpyxl alone takes for the cells of some workbooks: nothing is checked or laid out.

- ``read FOLDER`` looks at every cell of every workbook of a folder;
- ``list BOOK CELLS`` lists the cells of a workbook as JSON;
- ``write CELLS BOOK`` writes the cells of such a list.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook


def read(folder: Path) -> None:
    """Look at every cell of every workbook in a folder."""
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in load_workbook(path):
            for row in sheet.iter_rows():
                [cell.value for cell in row]


def list_cells(book: Path, cells: Path) -> None:
    """List the cells of a workbook, sheet by sheet and row by row."""
    found = {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(book)
    }
    cells.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def write(cells: Path, book: Path) -> None:
    """Write listed cells into a workbook."""
    workbook = Workbook()
    for title, rows in json.loads(cells.read_text("utf-8")).items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(book)


if __name__ == "__main__":
    COMMANDS: dict[str, Callable[..., None]] = {"read": read, "list": list_cells, "write": write}
    COMMANDS[sys.argv[1]](*map(Path, sys.argv[2:]))
