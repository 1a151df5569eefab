"""`docs/rubrics.md` names every field as it is, and its examples are sound rubrics."""

import doctest
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from tests.support.commands import Run
from tests.support.paths import ROOT

from epa_score import load_rubric
from epa_score.model.rubric import Item, Rubric, Section

PAGE = (ROOT / "docs" / "rubrics.md").read_text("utf-8")
MODELS: dict[str, type[BaseModel]] = {"a rubric": Rubric, "a section": Section, "an item": Item}
ROW = re.compile(r"^\| `(\w+)` \| .+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STEP = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def rows_of(kind: str) -> list[tuple[str, str, str]]:
    part = PAGE.split(f"\n## Fields of {kind}\n")[1].split("\n## ")[0]
    return ROW.findall(part)


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


EXAMPLES = [
    (kind, name, example.strip("`"))
    for kind in MODELS
    for name, _, example in rows_of(kind)
    if example.startswith("`")
]


def flow(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def rubric_with(kind: str, name: str, value: str) -> str:
    """A rubric in which one field has a value, with what that field needs around it."""
    items = [{"id": "A1", "max": "60", "text": "方案"}, {"id": "A2", "max": "40", "text": "专人"}]
    section = {"id": "A", "title": "领导重视", "max": "100"}
    rubric = {"id": "mine", "title": "细则", "total": "100"}
    if name == "accept_mismatch":
        rubric["total"] = "110"
        section["max"] = "110" if kind == "a section" else "100"
    elif name in {"pool", "floor"}:
        section["pool"] = "section"
        items = [one | {"rule": "{deduct: {each: 1}}"} for one in items]
    elif name == "capped":
        items[1]["max"] = "90"
    elif (kind, name) == ("an item", "units"):
        rubric["units"], items[0]["not_applicable"] = "[示例甲镇, 示例乙镇]", "exclude"
    {"a rubric": rubric, "a section": section, "an item": items[0]}[kind][name] = value
    if not section.keys() & {"items", "sections", "per_unit"}:
        section["items"] = f"[{', '.join(map(flow, items))}]"
    return flow(rubric | {"sections": f"[{flow(section)}]"})


@pytest.mark.parametrize(("kind", "name", "example"), EXAMPLES)
def test_example_of_a_field_is_sound(kind: str, name: str, example: str, tmp_path: Path) -> None:
    field, _, value = example.partition(": ")
    assert field == name
    path = tmp_path / "rubric.yaml"
    path.write_text(rubric_with(kind, name, value), "utf-8")
    part: BaseModel = load_rubric(path)
    if isinstance(part, Rubric) and kind != "a rubric":
        (part,) = part.sections
    if isinstance(part, Section) and kind == "an item":
        part = part.items[0]
    assert getattr(part, name)


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_stands_there_with_its_default(kind: str) -> None:
    words = {PydanticUndefined: "required", None: "none", (): "none", False: "`false`"}
    fields = MODELS[kind].model_fields.items()
    defaults = {name: words.get(one.default, f"`{one.default}`") for name, one in fields}
    assert {name: default for name, default, _ in rows_of(kind)} == defaults


def test_whole_rubrics_are_sound(tmp_path: Path) -> None:
    smallest, with_duties = blocks("yaml")
    path = tmp_path / "rubric.yaml"
    path.write_text(smallest, "utf-8")
    assert [item.id for item in load_rubric(path).sections[0].items] == ["A1", "A2"]
    path.write_text(with_duties, "utf-8")
    assert load_rubric(path).known_units == ("县商务局", "移动公司", "联通公司")


def test_a_rubric_of_ones_own_is_begun_as_the_page_says(folder: Path, run: Run) -> None:
    steps = STEP.findall("".join(blocks("console")))
    assert len(steps) >= 7
    mine = folder / "rubrics" / "mine.yaml"
    (table,) = blocks("csv")
    (folder / "county.csv").write_text(table, "utf-8")
    for command, expected in steps:
        line, _, target = command.partition(" > ")
        program, *arguments = line.split()
        if program == "mkdir":
            (folder / arguments[0]).mkdir()
            continue
        done = run(*arguments, lang="en")
        assert done.code == 0
        if target:
            (folder / target).write_bytes(done.out)
            assert run("rank", "--rubric", "mine").said.count("[EPA212]") == 1
            mine.write_bytes(done.out.replace(b"\nid: township\n", b"\nid: mine\n"))
        else:
            shown = done.text.replace("\n\n", "\n") + done.said
            assert doctest.OutputChecker().check_output(expected, shown, doctest.ELLIPSIS), shown
