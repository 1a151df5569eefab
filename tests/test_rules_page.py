"""Every example of `docs/rules.md` comes to what the page says, and shows the same working."""

import re
from pathlib import Path

import pytest
from tests.rules import rubric_of_items, rubric_of_sections, sheet_of_scores

from epa_score import Rubric, score
from epa_score.i18n import Words, plain
from epa_score.readers import yaml
from epa_score.readers.rubric_file import rubric_of
from epa_score.reports.workings import working_text
from epa_score.scoring.assessed import points_of, workings_of
from epa_score.scoring.rules.item_rules import Rules

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "rules.md").read_text("utf-8")
BLOCK = re.compile(r"^```(?:yaml)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = re.split(r"^#+ ", PAGE, flags=re.MULTILINE)[1:]
EXAMPLES = {one.split("\n")[0]: BLOCK.findall(one) for one in SECTIONS if BLOCK.search(one)}
WORDS = Words("en")


def rubric_in(text: str) -> Rubric:
    if text.startswith("id:"):
        found = rubric_of(text.encode(), yaml.read("rubric.yaml", text.encode())).rubric
        assert found is not None
        return found
    return rubric_of_sections(text) if "items:" in text else rubric_of_items(text)


@pytest.mark.parametrize("title", EXAMPLES)
def test_example_comes_to_what_the_page_says(title: str) -> None:
    items, scores, said = EXAMPLES[title]
    rubric = rubric_in(items)
    sheet = sheet_of_scores(rubric, scores.partition("scores:\n")[2] or scores)
    points, workings = points_of(rubric, sheet), workings_of(rubric, sheet)
    known = {**score(rubric, sheet).sections, **points}
    lines = [line.split(maxsplit=2) for line in said.splitlines()]
    assert {line[0] for line in lines} >= set(points)
    for name, number, *working in lines:
        points_known = known[name]
        assert number == ("n/a" if points_known is None else plain(points_known))
        shown = working_text(workings[name], WORDS) if name in workings else ""
        assert shown == "".join(working)


def test_every_rule_has_a_section_with_an_example() -> None:
    names = {title.split()[0] for title in EXAMPLES}
    parts = {"targets", "pool", "capped", "accept_mismatch", "not_applicable"}
    assert names >= {*Rules.model_fields, *parts}
