"""Marked copies of forms in a spreadsheet, and its own copies marked anew."""

from pathlib import Path

import pytest
from tests.support.forms import example, form, repacked
from tests.support.marks import MARK, coloured, comments, marked, parts, said, seal
from tests.support.office import Office, saved_as

from epa_score.exporters.xlsx.marks import Remark

pytestmark = pytest.mark.office


@saved_as("xlsx")
def marked_form(_folder: Path) -> dict[str, bytes]:
    """A marked form with a picture."""
    data = repacked(form(example()), seal)
    return {"marked": marked(data, MARK, Remark("评分表", 8, 6, "旧"))}


def test_a_spreadsheet_shows_the_marks_and_its_own_copy_is_marked_anew(office: Office) -> None:
    saved = office.saved("xlsx", marked_form)
    data, theirs = saved.made["marked"], saved.contents["marked"]
    assert {cell: text.strip() for cell, text in comments(theirs).items()} == comments(data)
    assert {"E7", "F8"} <= coloured(theirs)
    assert any(name.startswith("xl/media/") for name in parts(theirs))
    again = marked(theirs, Remark("评分表", 7, 5, "新"), Remark("", 1, 1, "整张表"))
    assert comments(again) == {"A1": said("整张表"), "E7": said("新")}
    assert coloured(again) == {"A1", "E7"}
    once_more = office.convert("xlsx", {"again": again})["again"]
    assert comments(once_more.read_bytes()).keys() == {"A1", "E7"}
