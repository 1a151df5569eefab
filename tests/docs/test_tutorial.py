"""The tutorials can be followed word by word."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.support.tutorial import CHINESE, ENGLISH, Language, Reader

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
