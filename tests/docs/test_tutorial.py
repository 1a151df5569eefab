"""The tutorials can be followed word by word."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.support.paths import ROOT
from tests.support.tutorial import CHINESE, ENGLISH, OF_THE_BUNDLE, Language, Reader

MANY_QUOTES = 9


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("language", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_new_user_comes_to_the_table_that_the_page_shows(
    language: Language, tmp_path: Path
) -> None:
    reader = Reader(language, tmp_path)
    reader.follow()
    done = Counter(reader.done)
    assert (done["typed"], done["full marks"], done["copy"], reader.runs) == (4, 2, 3, 4)
    assert (done["faults"], done["ranking"], done["changes"], done["messages"]) == (1, 1, 1, 1)
    assert done["quote"] >= MANY_QUOTES


def test_what_the_page_names_is_in_the_bundle() -> None:
    script = (ROOT / "bundle" / "windows.py").read_text("utf-8")
    paths = {part for path in re.findall('"(考核评分/[^"]+)"', script) for part in path.split("/")}
    assert {"考核评分", "开始考核.cmd", "使用说明.txt"} <= paths
    assert {part.partition(".")[0] for part in paths} >= OF_THE_BUNDLE - {"分值"}
