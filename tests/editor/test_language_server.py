"""What an editor with yaml-language-server shows of sheets and rubrics while they are typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.support.commands import Run
from tests.support.language_server import SERVER, LanguageServer, Shown, language_server

from epa_score.cli.main import main
from epa_score.readers.rubrics import RubricLibrary

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        not SERVER.exists(),
        reason="yaml-language-server is missing: npm ci --prefix tests/browser",
    ),
]

UNITS = {"township": "示例甲镇", "departments": "县财政局"}
SCOPES = {name: RubricLibrary().require(name).rubric.scope(unit) for name, unit in UNITS.items()}
TEXTS = {
    rubric: {name: item.text for name, item in scope.items.items()}
    for rubric, scope in SCOPES.items()
    if scope is not None
}
"""The wording of each item of a unit, by rubric."""
ITEMS = {rubric: list(texts) for rubric, texts in TEXTS.items()}
HEADS = {name: f"rubric: {name}\nunit: {unit}\nscores:\n" for name, unit in UNITS.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all schemas and settings."""
    folder = tmp_path_factory.mktemp("work") / "考核 2018"
    folder.mkdir()
    assert main(["--lang", "zh", "schema", "--write", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[LanguageServer]:
    """The server, which is asked by all tests."""
    with language_server(folder) as server:
        yield server


def marks_of(shown: Shown) -> list[tuple[int, str]]:
    """What is marked, with the line from 0 on."""
    return [(mark["range"]["start"]["line"], mark["message"]) for mark in shown.marks]


@pytest.mark.parametrize(
    ("rubric", "item", "cap"), [("township", "A3", 8), ("departments", "A2", 5)]
)
def test_hover_tells_the_cap_and_the_wording(
    editor: LanguageServer, folder: Path, rubric: str, item: str, cap: int
) -> None:
    path = folder / "scores" / f"hover-{rubric}.yaml"
    shown = editor.open(path, f"{HEADS[rubric]}  {item}: 1\n")
    told = editor.hover(shown, item)
    assert f"**满分 {cap}：** {TEXTS[rubric][item]}" in told
    assert item in told.splitlines()[0]


def test_hover_tells_the_wording_of_the_unit(editor: LanguageServer, folder: Path) -> None:
    shown = editor.open(folder / "scores" / "own.yaml", f"{HEADS['departments']}  C1: 60\n")
    assert TEXTS["departments"]["C1"] in editor.hover(shown, "C1")


@pytest.mark.parametrize(
    ("rubric", "item", "cap"),
    [("township", "A3", 8), ("departments", "A2", 5), ("departments", "C1", 60)],
)
def test_points_above_the_cap_are_marked(
    editor: LanguageServer, folder: Path, rubric: str, item: str, cap: int
) -> None:
    lines = [f"  {own}: 1\n" for own in ITEMS[rubric]]
    place = ITEMS[rubric].index(item)
    for notation in (f"{cap + 1}", f"{{score: {cap + 1}, note: 好}}"):
        lines[place] = f"  {item}: {notation}\n"
        path = folder / "scores" / f"over-{rubric}-{item}-{len(notation)}.yaml"
        shown = editor.open(path, HEADS[rubric] + "".join(lines))
        assert marks_of(shown) == [(place + 3, f"Value is above the maximum of {cap}.")]


@pytest.mark.parametrize("rubric", ITEMS)
def test_what_is_missing_is_marked_and_offered(
    editor: LanguageServer, folder: Path, rubric: str
) -> None:
    first, *missing = ITEMS[rubric]
    path = folder / "scores" / f"missing-{rubric}.yaml"
    shown = editor.open(path, f"{HEADS[rubric]}  {first}: 1\n  \n")
    assert marks_of(shown) == [(2, f'Missing property "{own}".') for own in missing]
    offered = editor.complete(shown, 4, 2)
    labels = [one["label"] for one in offered]
    assert [label for label in labels if label in ITEMS[rubric]] == missing
    texts = {one["label"]: one["insertText"] for one in offered}
    assert texts[missing[0]] == f"{missing[0]}: "
    assert texts["全部项目"].startswith(f"{missing[0]}: $2\n")


@pytest.mark.parametrize("rubric", ITEMS)
def test_a_snippet_writes_all_items(editor: LanguageServer, folder: Path, rubric: str) -> None:
    shown = editor.open(folder / "scores" / f"new-{rubric}.yaml", "")
    bodies = [one["insertText"] for one in editor.complete(shown, 0, 0)]
    body = next(
        text for text in bodies if text.startswith(f"rubric: {rubric}\n") and "scores" in text
    )
    sheet = yaml.safe_load(body)
    assert list(sheet["scores"]) == ITEMS[rubric]
    assert sheet["unit"] == "$1"
    assert sheet["scores"]["A1"] == "$2"


@pytest.mark.parametrize("rubric", ITEMS)
def test_a_form_names_its_schema_wherever_it_lies(
    editor: LanguageServer, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, rubric: str
) -> None:
    monkeypatch.chdir(folder)
    path = folder / "elsewhere" / f"{rubric}.yaml"
    path.parent.mkdir(exist_ok=True)
    form = ("form", "--rubric", rubric, "--unit", UNITS[rubric], "-o", str(path))
    assert run(*form).code == 0
    text = path.read_text("utf-8")
    assert marks_of(editor.open(path, text)) == [], "a blank form is no fault"
    for kind in ("yaml-language-server", "$schema"):
        lines = [line for line in text.splitlines() if not line.startswith(f"# {kind}")]
        filled = "\n".join(lines).replace("A2:", "A2: 9")
        shown = editor.open(path.with_name(f"{kind[:4]}-{rubric}.yaml"), filled)
        assert [message for _, message in marks_of(shown)] == [
            f"Value is above the maximum of {'2' if rubric == 'township' else '5'}."
        ], kind


@pytest.mark.parametrize("place", ["收到的评分表/甲.yaml", "2018年考核/收到的评分表/1/甲.yaml"])
def test_sheets_of_an_assessment_are_known(
    editor: LanguageServer, folder: Path, place: str
) -> None:
    shown = editor.open(folder / place, f"{HEADS['township']}  A3: 9\n")
    assert (3, "Value is above the maximum of 8.") in marks_of(shown)


def test_the_file_of_an_assessment_is_known(editor: LanguageServer, folder: Path) -> None:
    path = folder / "2018年考核" / "考核.yaml"
    shown = editor.open(path, "rubric: township\nrooster: 名单.xlsx\n")
    assert marks_of(shown) == [(1, "Property rooster is not allowed.")]
    assert "评分细则" in editor.hover(shown, "rubric")


RUBRIC = """\
id: mine
title: 某县考核评分细则
total: 100
sections:
  - id: A
    title: 领导重视
    max: 100
    items:
      - id: A1
        max: 100
        text: 有工作方案
        rule:
          deduct:
            each: 1
"""


def test_a_rubric_is_explained_and_completed(editor: LanguageServer, folder: Path) -> None:
    shown = editor.open(folder / "rubrics" / "mine.yaml", f"{RUBRIC}            \n")
    assert marks_of(shown) == []
    assert "从满分里扣" in editor.hover(shown, "deduct:")
    assert "满分" in editor.hover(shown, "total")
    labels = {one["label"] for one in editor.complete(shown, 14, 12)}
    assert {"judged", "floor", "possible", "per"} <= labels
    wrong = RUBRIC.replace("id: A1", "id: a1").replace("each: 1", "eech: 1")
    shown = editor.open(folder / "rubrics" / "wrong.yaml", wrong)
    assert [line for line, _ in marks_of(shown)] == [8, 13]
    shown = editor.open(folder / "rubrics" / "new.yaml", "")
    texts = {one["label"]: one["insertText"] for one in editor.complete(shown, 0, 0)}
    assert list(yaml.safe_load(texts["新的评分细则"])) == ["id", "title", "total", "sections"]
