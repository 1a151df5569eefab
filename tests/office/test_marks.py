"""Marked copies of forms in a spreadsheet, and its own copies marked anew."""

from pathlib import Path

from tests.support.forms import (
    example,
    form,
    office,
    repacked,
)
from tests.support.marks import MARK, coloured, comments, marked, parts, said, seal
from tests.support.office import needs_office

from epa_score.exporters.xlsx.marks import Remark


@needs_office
def test_a_spreadsheet_shows_the_marks_and_its_own_copy_is_marked_anew(tmp_path: Path) -> None:
    data = marked(repacked(form(example()), seal), MARK, Remark("评分表", 8, 6, "旧"))
    theirs = office(data, "xlsx", tmp_path).read_bytes()
    assert {cell: text.strip() for cell, text in comments(theirs).items()} == comments(data)
    assert {"E7", "F8"} <= coloured(theirs)
    assert any(name.startswith("xl/media/") for name in parts(theirs))
    again = marked(theirs, Remark("评分表", 7, 5, "新"), Remark("", 1, 1, "整张表"))
    assert comments(again) == {"A1": said("整张表"), "E7": said("新")}
    assert coloured(again) == {"A1", "E7"}
    assert comments(office(again, "xlsx", tmp_path).read_bytes()).keys() == {"A1", "E7"}
