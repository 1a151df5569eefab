"""What a page shows: reasons are whole, blocks are named, and signatures never stand alone."""

import re
import shutil
from pathlib import Path

import pytest
from tests.support.office import Office, pages_of, saved_as
from tests.support.paths import SCORES

from epa_score.cli.main import main

pytestmark = pytest.mark.office

LENGTHS = {"示例丙镇": 300, "示例子乡": 900, "示例壬镇": 3000}


def reason(length: int) -> str:
    """A reason of so many characters, with an end of its own."""
    said = "考核组入户核查三十户，其中十二户的就业信息与档案册不一致；"
    return (said * (length // len(said) + 1))[: length - 3] + "到此完"


def with_long_reasons(folder: Path) -> Path:
    """The townships of the examples, of which three have long reasons."""
    scores = folder / "scores"
    shutil.copytree(SCORES, scores)
    for unit, length in LENGTHS.items():
        path = scores / f"{unit}.yaml"
        long = rf"  \1: {{score: 1, note: \1{reason(length)}}}"
        text = re.sub("^  (A1|C2): .*$", long, path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(text, "utf-8")
    return scores


@saved_as("pdf")
def long_reasons(folder: Path) -> dict[str, bytes]:
    """The workbook of units with long reasons."""
    scores = with_long_reasons(folder)
    given = ["export", str(scores), "--rubric", "township", "--xlsx", "-o", "long.xlsx"]
    assert main(["--quiet", *given]) == 0
    return {"long": (folder / "long.xlsx").read_bytes()}


def test_long_reasons_are_printed_whole(office: Office) -> None:
    pages = pages_of(office.saved("pdf", long_reasons).paths["long"])
    details = [page for page in pages if "扣分原因" in page and "考核指标" not in page]
    forms = [page for page in pages if "考核指标" in page]
    assert len(details) > 5
    assert len(forms) > 16
    for printed in ("".join(details), "".join(forms)):
        assert printed.count("到此完") == 2 * len(LENGTHS)


def test_every_page_of_a_form_has_its_head_and_none_the_signatures_alone(office: Office) -> None:
    pages = pages_of(office.saved("pdf", long_reasons).paths["long"])
    signed = [page for page in pages if "被考核单位负责人（签字）" in page]
    assert len(signed) == 16
    for page in signed:
        assert "考核指标" in page
        assert "合计" in page or "到此完" in page
    continued = [page for page in pages if "（续）" in page and "考核指标" in page]
    assert continued


def test_deductions_name_each_unit_once_and_again_where_a_page_begins(office: Office) -> None:
    pages = pages_of(office.saved("pdf", long_reasons).paths["long"])
    details = [page for page in pages if "佐证材料" in page]
    text = "".join(details)
    assert text.count("示例壬镇") == 1 + text.count("示例壬镇（续）")
    assert "示例壬镇（续）" in text
    assert text.count("提供电商精准扶贫档案，详细记录电商帮扶贫困村") == 1
