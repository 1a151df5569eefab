"""`schema`: schemas on stdout and in a folder, settings of an editor, lines that name a schema."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tests.support.commands import SMALL, HandIn, Run, codes
from tests.support.editor_values import refusals
from tests.support.paths import BROKEN, ROOT, SCORES

SCHEMAS = ["rubric", "assessment", "composite", "sheet", "sheet-departments", "sheet-township"]
WRITTEN = [
    *(str(Path(f"schemas/{name}.schema.json")) for name in SCHEMAS),
    *(str(Path(f".vscode/{name}.json")) for name in ("settings", "tasks")),
]


def test_the_schemas_of_the_checkout_are_those_of_the_program(folder: Path, run: Run) -> None:
    assert run("schema", "--write", ".").code == 0
    found = {path.name: path.read_bytes() for path in (folder / "schemas").iterdir()}
    assert len(found) == 6
    for data in found.values():
        Draft7Validator.check_schema(json.loads(data))
    assert {path.name: path.read_bytes() for path in (ROOT / "schemas").iterdir()} == found


def test_one_schema_goes_to_stdout(small: HandIn, run: Run) -> None:
    sheet = small("甲镇", "A1: 2, A2: 4, B1: 5").read_text("utf-8")
    for name in ("small", "rubrics/small.yaml"):
        shown = run("schema", name)
        assert (shown.code, shown.err) == (0, b"")
        assert refusals(json.loads(shown.text), sheet) == [
            "scores/B1: 5 is greater than the maximum of 4"
        ]
    assert json.loads(run("schema", "rubric").text)["title"] == "评分细则"
    assert json.loads(run("schema", "rubric", lang="en").text)["title"] == "Rubric"
    assert refusals(json.loads(run("schema", "rubric").text), SMALL) == []


@pytest.mark.usefixtures("small")
def test_a_rubric_that_hides_a_shipped_one_is_named(run: Run) -> None:
    Path("rubrics/township.yaml").write_text(SMALL.replace("id: small", "id: township"), "utf-8")
    shown = run("schema", "township")
    assert "不是随工具提供的那一份" in shown.said
    assert json.loads(shown.text)["title"] == "评分表：小细则"


@pytest.mark.parametrize("arguments", [(), ("rubric", "--write", ".")])
def test_a_name_or_a_folder_is_asked_for(
    folder: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    outcome = run("schema", *arguments)
    assert (outcome.code, outcome.out) == (2, b"")
    assert "--write" in outcome.said
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["-", "", "file.txt"])
def test_what_is_no_folder_is_wrong_usage(folder: Path, run: Run, name: str) -> None:
    (folder / "file.txt").write_text("x", "utf-8")
    outcome = run("schema", "--write", name)
    assert outcome.code == 2
    assert "例如 --write ." in outcome.said


@pytest.mark.usefixtures("folder")
def test_an_unknown_rubric_is_named_with_the_nearest(run: Run) -> None:
    outcome = run("schema", "townshp")
    assert (outcome.code, codes(outcome.said)) == (1, ["EPA101"])


# --- a folder --------------------------------------------------------------------------------


def test_a_folder_gets_schemas_and_settings_and_nothing_twice(folder: Path, run: Run) -> None:
    written = run("schema", "--write", ".")
    assert (written.code, written.err) == (0, b"")
    assert written.text.splitlines() == WRITTEN
    again = run("schema", "--write", ".")
    assert (again.code, again.out, again.err) == (0, b"", b"")
    (folder / "schemas" / "sheet-township.schema.json").write_bytes(b"")
    assert run("schema", "--write", ".").text.splitlines() == [WRITTEN[5]]


def test_rubrics_of_the_folder_have_schemas_as_well(folder: Path, run: Run) -> None:
    (folder / "2018" / "rubrics").mkdir(parents=True)
    (folder / "2018" / "rubrics" / "small.yaml").write_text(SMALL, "utf-8")
    assert run("schema", "--write", "2018").code == 0
    sheet = "rubric: small\nunit: 甲镇\nscores: {A1: 3, A2: 4, B1: 4}\n"
    own = json.loads((folder / "2018/schemas/sheet-small.schema.json").read_text("utf-8"))
    assert refusals(own, sheet) == ["scores/A1: 3 is greater than the maximum of 2"]
    changed = SMALL.replace("max: 2", "max: 3").replace("max: 6", "max: 7").replace(": 10", ": 11")
    (folder / "2018" / "rubrics" / "small.yaml").write_text(changed, "utf-8")
    again = run("schema", "--write", "2018")
    assert again.text.splitlines() == [str(Path("2018/schemas/sheet-small.schema.json"))]
    own = json.loads((folder / "2018/schemas/sheet-small.schema.json").read_text("utf-8"))
    assert refusals(own, sheet) == []


def test_the_schema_of_any_sheet_takes_that_of_its_rubric(folder: Path, run: Run) -> None:
    assert run("schema", "--write", ".").code == 0
    schema = json.loads((folder / "schemas" / "sheet.schema.json").read_text("utf-8"))
    for part in schema["allOf"]:
        own = json.loads((folder / "schemas" / part["then"]["$ref"]).read_text("utf-8"))
        schema.setdefault("definitions", {})
        part["then"] = {"properties": own["properties"]}
        schema["definitions"] |= own.pop("definitions")
    assert refusals(schema, "rubric: township\nunit: 甲\nscores: {A1: 4}\n")[0].startswith(
        "scores/A1"
    )
    assert refusals(schema, "rubric: other\nunit: 甲\nscores: {A1: 4}\n") == []
    assert refusals(schema, "unit: 甲\nscores: {A1: 4}\n") == [": 'rubric' is a required property"]
    assert len(schema["defaultSnippets"]) == 2


def test_a_faulty_rubric_is_told_and_the_others_are_written(folder: Path, run: Run) -> None:
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "bad.yaml").write_text(SMALL.replace("total: 10", "total: 11"), "utf-8")
    outcome = run("schema", "--write", ".")
    assert outcome.code == 1
    assert codes(outcome.said)
    assert outcome.text.splitlines() == WRITTEN


@pytest.mark.parametrize("name", ["rubric", "sheet-township"])
def test_a_schema_of_somebody_else_is_kept(folder: Path, run: Run, name: str) -> None:
    (folder / "schemas").mkdir()
    path = folder / "schemas" / f"{name}.schema.json"
    path.write_text('{"$comment": "mine"}', "utf-8")
    outcome = run("schema", "--write", ".")
    assert (outcome.code, codes(outcome.said)) == (3, ["EPA904"])
    assert path.read_text("utf-8") == '{"$comment": "mine"}'
    assert sorted(folder.rglob("*.*")) == [path]


def test_what_cannot_be_read_is_kept(folder: Path, run: Run) -> None:
    (folder / "schemas" / "rubric.schema.json").mkdir(parents=True)
    outcome = run("schema", "--write", ".")
    assert (outcome.code, codes(outcome.said)) == (3, ["EPA904"])


@pytest.mark.parametrize(
    ("name", "has_it"), [("settings", "sheet.schema.json"), ("tasks", '"epa-score"')]
)
def test_settings_that_are_there_are_kept_and_told_what_they_lack(
    folder: Path, run: Run, name: str, has_it: str
) -> None:
    path = folder / ".vscode" / f"{name}.json"
    path.parent.mkdir()
    path.write_text('{"editor.fontSize": 20}', "utf-8")
    outcome = run("schema", "--write", ".")
    assert outcome.code == 0
    assert path.read_text("utf-8") == '{"editor.fontSize": 20}'
    head, shown = outcome.said.split("\n", 1)
    assert str(Path(f".vscode/{name}.json")) in head
    assert has_it in shown
    assert json.loads(shown)
    assert run("--quiet", "schema", "--write", ".").said == ""
    path.write_text(shown.replace("{", '{"editor.fontSize": 20,', 1), "utf-8")
    assert run("schema", "--write", ".").said == ""


# --- findings as problems --------------------------------------------------------------------


def matches(pattern: dict[str, Any], line: str) -> dict[str, str] | None:
    found = re.search(pattern["regexp"], line)
    parts = ("file", "line", "column", "code", "message")
    return {part: found[pattern[part]] for part in parts if part in pattern} if found else None


def problems(tasks: dict[str, Any], lines: list[str]) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """What each line is, by severity, under each matcher that takes it."""
    for line in lines:
        yield [
            (matcher["severity"], found)
            for matcher in tasks["tasks"][0]["problemMatcher"]
            if (found := matches(matcher["pattern"], line))
        ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_is_a_problem_at_its_place(examples: Path, run: Run, lang: str) -> None:
    assert run("schema", "--write", ".", lang=lang).code == 0
    tasks = json.loads((examples / ".vscode" / "tasks.json").read_text("utf-8"))
    sheet = next(SCORES.glob("示例甲镇.yaml")).read_text("utf-8")
    (examples / "a b.yaml").write_text(sheet.replace("A1: 3", "A1: 4"), "utf-8")
    (examples / "c.yaml").write_text("", "utf-8")
    (examples / "d.yaml").write_text(sheet.replace("2018-12-20", "12.20"), "utf-8")
    assert (
        run("form", "--rubric", "township", "--unit", "乙 镇", "--xlsx", "-o", "e.xlsx").code == 0
    )
    shown = run(
        "validate", "--format", "concise", "a b.yaml", "c.yaml", "d.yaml", "e.xlsx", lang=lang
    )
    lines = shown.text.splitlines()
    found = list(problems(tasks, lines))
    assert all(len(one) == 1 for one in found), lines
    told = [one[0] for one in found]
    assert {path for _, about in told for path in [about["file"]]} == {
        *("a b.yaml", "c.yaml", "d.yaml", "e.xlsx")
    }
    severity, over = next(one for one in told if one[1]["file"] == "a b.yaml")
    assert (severity, over["line"], over["column"], over["code"]) == ("error", "8", "7", "EPA104")
    assert over["message"].startswith("A1")
    assert "warning" in {severity for severity, _ in told}
    cell = next(about for _, about in told if about["file"] == "e.xlsx")
    assert "!" in cell["message"]


def test_tasks_ask_for_what_their_matchers_read(folder: Path, run: Run) -> None:
    assert run("schema", "--write", ".", lang="en").code == 0
    tasks = json.loads((folder / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
    (folder / "scores").mkdir()
    assert [task["label"] for task in tasks] == [
        "Check all score sheets with epa-score",
        "Check this file with epa-score",
    ]
    for task in tasks:
        arguments = [str(SCORES) if one == "${file}" else one for one in task["args"]]
        outcome = run(*arguments, lang=None)
        assert outcome.code in (0, 1)
        assert b"\x1b" not in outcome.out


@pytest.mark.parametrize(
    ("there", "named"),
    [
        ([], []),
        (["scores", "收到的评分表"], ["scores"]),
        (["收到的评分表"], ["收到的评分表"]),
        (["collected forms", "空白评分表"], ["collected forms"]),
    ],
)
def test_the_task_checks_the_folder_that_is_there(
    there: list[str], named: list[str], folder: Path, run: Run
) -> None:
    for name in there:
        (folder / "2018" / name).mkdir(parents=True)
    assert run("schema", "--write", "2018").code == 0
    tasks = json.loads((folder / "2018" / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
    assert tasks[0]["args"] == ["--color", "never", "validate", "--format", "concise", *named]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_path_without_a_suffix_is_one_as_well(folder: Path, run: Run, lang: str) -> None:
    assert run("schema", "--write", ".").code == 0
    tasks = json.loads((folder / ".vscode" / "tasks.json").read_text("utf-8"))
    (folder / "collected forms").mkdir()
    (folder / "甲镇").write_text("scores: {", "utf-8")
    given = [["collected forms"], ["甲镇"], ["没有"], [str(folder / "无")]]
    shown = [run("validate", "--format", "concise", *paths, lang=lang).text for paths in given]
    lines = [text.splitlines()[0] for text in shown]
    found = list(problems(tasks, [*lines, f"C:\\年 度\\{lines[1]}"]))
    assert all(len(own) == 1 for own in found), lines
    files = [own[0][1]["file"] for own in found]
    assert files == [*(path for (path,) in given), "C:\\年 度\\甲镇"]
    option = run("validate", "--format", "concise", "--rubric", "nope", "甲镇", lang=lang)
    assert list(problems(tasks, (option.text + option.said).splitlines()[:1])) == [[]]


def test_every_golden_line_of_a_finding_is_a_problem(folder: Path, run: Run) -> None:
    assert run("schema", "--write", ".").code == 0
    tasks = json.loads((folder / ".vscode" / "tasks.json").read_text("utf-8"))
    # Findings about a folder or an option are at no file.
    pattern = re.compile(r"[^\s:]+\.\w+\b.*: (?:错误|警告|error|warning)\[EPA")
    tried = 0
    for path in sorted(BROKEN.glob("*/*.txt")):
        lines = [line for line in path.read_text("utf-8").splitlines() if pattern.match(line)]
        for line, found in zip(lines, problems(tasks, lines), strict=True):
            assert len(found) == 1, line
            tried += 1
    assert tried > 500


# --- lines that name a schema ------------------------------------------------------------------

LINES = """\
# yaml-language-server: $schema={0}schemas/sheet-small.schema.json
# $schema: {0}schemas/sheet-small.schema.json
"""


def test_forms_name_the_schema_that_is_there(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    plain = run("form", "--rubric", "small", "--unit", "甲镇").text
    assert run("schema", "--write", ".").code == 0
    assert run("form", "--rubric", "small", "--unit", "甲镇").text == plain, (
        "nobody knows where it goes"
    )
    units = ("form", "--rubric", "small", "--unit", "甲镇", "乙镇")
    assert run(*units).code == 0
    assert Path("forms/甲镇.yaml").read_text("utf-8") == LINES.format("../") + plain
    assert run(*units, "-o", "a/b/c").code == 0
    assert Path("a/b/c/甲镇.yaml").read_text("utf-8") == LINES.format("../../../") + plain
    assert run(*units[:-1], "-o", "甲.yaml").code == 0
    assert Path("甲.yaml").read_text("utf-8") == LINES.format("") + plain
    assert run(*units, "-o", "../elsewhere").code == 0
    assert Path("../elsewhere/甲镇.yaml").read_text("utf-8") == plain
    assert run("form", "--rubric", "township", "--unit", "甲镇", "-o", "t.yaml").code == 0
    assert "sheet-township" in Path("t.yaml").read_text("utf-8")
    Path("schemas/sheet-small.schema.json").unlink()
    assert run(*units, "-o", "f").code == 0
    assert Path("f/甲镇.yaml").read_text("utf-8") == plain


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("schemas_first", [True, False])
def test_a_blank_form_is_renewed_with_or_without_its_lines(
    run: Run, *, schemas_first: bool
) -> None:
    form = ("form", "--rubric", "small", "--unit", "甲镇", "-o", "f/甲镇.yaml")
    Path("f").mkdir()
    if schemas_first:
        assert run("schema", "--write", ".").code == 0
    assert run(*form, "--period", "2018").code == 0
    if schemas_first:
        Path("schemas/sheet-small.schema.json").unlink()
    else:
        assert run("schema", "--write", ".").code == 0
    assert run(*form, "--force").code == 0
    path = Path("f/甲镇.yaml")
    assert path.read_text("utf-8").startswith("# yaml-language-server") != schemas_first
    path.write_text(f"# 张三\nnote: 1\n{path.read_text('utf-8')}", "utf-8")
    assert run(*form, "--force").code == 3


def test_converted_sheets_name_the_schema_that_is_there(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4", name="甲镇.yaml")
    assert run("convert", "scores", "-o", "x").code == 0
    assert run("convert", "x", "-o", "plain").code == 0
    assert run("schema", "--write", ".").code == 0
    assert run("convert", "x", "-o", "y").code == 0
    plain = Path("plain/甲镇.yaml").read_text("utf-8")
    assert Path("y/甲镇.yaml").read_text("utf-8") == LINES.format("../") + plain
    assert run("validate", "y").code == 0


def test_a_rubric_made_from_a_table_names_the_schema_that_is_there(folder: Path, run: Run) -> None:
    table = "考核指标,考核内容,分值\n领导重视（10分）,有工作方案。,6\n领导重视（10分）,有专人。,4\n"
    (folder / "细则.csv").write_text(table, "utf-8")
    plain = run("rubrics", "new", "细则.csv", "-o", "-").text
    assert plain.startswith("#")
    assert run("schema", "--write", ".").code == 0
    path = folder / "rubrics" / "rubric.yaml"
    run("rubrics", "new", "细则.csv", "-o", str(path.relative_to(folder)))
    lines = LINES.format("../").replace("sheet-small", "rubric")
    assert path.read_text("utf-8") == lines + plain


def test_the_page_shows_what_is_written(folder: Path, run: Run) -> None:
    page = (ROOT / "docs" / "editor.md").read_text("utf-8")
    (command,) = re.findall(r"^epa-score (schema --write \.)", page, re.MULTILINE)
    assert run(*command.split()).code == 0
    (lines,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = folder / "sheets" / "甲镇.yaml"
    path.parent.mkdir()
    assert run("form", "--rubric", "township", "--unit", "甲镇", "-o", str(path)).code == 0
    assert path.read_text("utf-8").startswith(lines)
    names = {path.name.replace("township", "NAME") for path in (folder / "schemas").iterdir()}
    assert names - {"sheet-departments.schema.json"} <= set(re.findall(r"[\w.-]+\.json", page))
