"""The page on the library is made of the docstrings as they are, and its example runs.

`UPDATE_GOLDEN=1` writes the page anew.
"""

import os
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docs.api import PAGE, page
from tests.support.paths import SCORES

import epa_score


def test_the_page_is_what_the_docstrings_say() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page(), "utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == page()


def test_every_public_name_and_each_of_its_members_is_explained() -> None:
    text = page()
    assert [name for name in epa_score.__all__ if f"### `{name}`\n" not in text] == []
    members = re.findall(r"^\| `(.+?)` \| (.*) \|$", text, re.MULTILINE)
    assert len(members) > 50
    assert [name for name, meaning in members if not meaning.strip()] == []
    assert not re.search("``(?!`)", text.replace("```", ""))


def test_ten_lines_rank_a_folder_and_hand_the_result_to_pandas(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "scores").mkdir()
    for path in SCORES.glob("示例*.yaml"):
        shutil.copy(path, folder / "scores")
    example, *_ = re.findall(r"^```python\n(.*?)^```$", page(), re.MULTILINE | re.DOTALL)
    assert len([line for line in example.splitlines() if line]) == 10
    found: dict[str, Any] = {}
    exec(example, found)  # noqa: S102 -- what the page tells people to write
    table, ranking = found["table"], found["ranking"]
    assert [*table["unit"]] == [result.unit for _, result in ranking.everybody]
    assert [*table["total"]] == [result.total for _, result in ranking.everybody]
    assert all(isinstance(total, Decimal) for total in table["total"])
    assert len(table) == 16
    assert "示例丙镇" in capsys.readouterr().out
