"""`new`: the folder of an assessment, from options or from three answers."""

import builtins
from pathlib import Path

import pytest
from tests.support.assessments import FOLDER, UNITS, make
from tests.support.commands import SMALL, Outcome, Run, codes

SETTINGS = f"{FOLDER}/考核.yaml"


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_folder_has_what_an_assessment_needs(folder: Path, run: Run) -> None:
    make(run)
    assert names(FOLDER) == sorted(
        ["考核.yaml", "评分细则.yaml", "名单.txt", "空白评分表", "收到的评分表"]
    )
    assert names(f"{FOLDER}/空白评分表") == sorted(f"{unit}.xlsx" for unit in UNITS)
    assert names(f"{FOLDER}/收到的评分表") == []
    assert (folder / FOLDER / "评分细则.yaml").read_text("utf-8") == SMALL
    lines = Path(SETTINGS).read_text("utf-8").splitlines()
    assert [line.partition("   #")[0] for line in lines[1:]] == [
        'rubric: "评分细则.yaml"',
        'period: "2018"',
        'roster: "名单.txt"',
    ]
    assert run("validate", SETTINGS).code == 0


@pytest.mark.usefixtures("folder")
def test_a_shipped_rubric_is_named_and_not_copied(run: Run) -> None:
    outcome = run("new", FOLDER, "--rubric", "departments", "--title", "部门考核")
    assert outcome.code == 0
    assert outcome.text.splitlines() == [FOLDER]
    assert names(FOLDER) == sorted(["考核.yaml", "空白评分表", "收到的评分表"])
    assert len(names(f"{FOLDER}/空白评分表")) == 21
    text = Path(SETTINGS).read_text("utf-8")
    assert "rubric: departments " in text
    assert "title: 部门考核 " in text


@pytest.mark.usefixtures("folder")
def test_what_is_there_is_left_alone(run: Run) -> None:
    make(run)
    form = Path(f"{FOLDER}/空白评分表/甲镇.xlsx")
    form.write_bytes(b"mine")
    Path(f"{FOLDER}/空白评分表/乙镇.xlsx").unlink()
    make(run)
    assert form.read_bytes() == b"mine"
    assert names(f"{FOLDER}/空白评分表") == sorted(f"{unit}.xlsx" for unit in UNITS)
    settings = Path(SETTINGS).read_bytes()
    given = ("--rubric", "small", "--roster", "roster.txt", "--period", "2019")
    outcome = run("new", FOLDER, *given)
    assert outcome.code == 3
    assert codes(outcome.said) == ["EPA901"]
    assert "改已有的考核" in outcome.said or "已有别的文件" in outcome.said
    assert Path(SETTINGS).read_bytes() == settings


@pytest.mark.parametrize("other", ["考核.yaml", "assessment.yaml"])
def test_a_folder_holds_one_assessment(folder: Path, run: Run, other: str) -> None:
    own = SMALL + "lang: en\n" if other == "考核.yaml" else SMALL
    (folder / "own.yaml").write_text(own, "utf-8")
    (folder / "roster.txt").write_text("甲镇\n", "utf-8")
    (folder / FOLDER).mkdir()
    (folder / FOLDER / other).write_text("rubric: small\n", "utf-8")
    outcome = run("new", FOLDER, "--rubric", "own.yaml", "--roster", "roster.txt")
    assert (outcome.code, codes(outcome.said)) == (3, ["EPA901"])
    assert other in outcome.said
    assert names(FOLDER) == [other]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "请写明考核文件夹"),
        (("--rubric", "township"), "请写明考核文件夹"),
        ((FOLDER,), "请用 --rubric 写明评分细则"),
        ((FOLDER, "--rubric", "township"), "不知道哪些单位应当交表"),
        ((FOLDER, "--rubric", "departments", "--period", " "), "--period"),
        ((FOLDER, "--rubric", "departments", "--title", "\u200b"), "--title"),
        (("", "--rubric", "departments"), "FOLDER"),
        ((FOLDER, "--rubric", "township", "--roster", "-"), "不能写 -"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_usage_makes_nothing(run: Run, given: tuple[str, ...], said: str) -> None:
    outcome = run("new", *given)
    assert outcome.code == 2
    assert said in outcome.said
    assert not Path(FOLDER).exists()


@pytest.fixture
def answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> "Answer":
    return Answer(run, monkeypatch)


class Answer:
    """Answers the questions of the command, as on a terminal."""

    def __init__(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run, self._patch = run, monkeypatch
        self._patch.setattr("epa_score.cli.session.Session.is_terminal", lambda *_: True)

    def __call__(self, *answers: str) -> Outcome:
        waiting = iter(answers)

        def read(_prompt: str) -> str:
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        self._patch.setattr(builtins, "input", read)
        return self._run("--color", "never", "new")


def test_three_answers_make_an_assessment(folder: Path, answer: Answer) -> None:
    (folder / "名 单.txt").write_text("甲镇\n乙镇\n", "utf-8")
    outcome = answer("2018", "2", '"名 单.txt"')
    assert outcome.code == 0, outcome.said
    assert "1. 考核哪一年" in outcome.said
    assert outcome.said.count("2 个单位") == 1
    assert "2  宜阳县电子商务扶贫工作考核评分细则（乡镇）（township）" in outcome.said
    assert names(f"{FOLDER}/空白评分表") == ["乙镇.xlsx", "甲镇.xlsx"]
    assert 'period: "2018"' in Path(SETTINGS).read_text("utf-8")
    assert answer("2018", "2", "-", "名 单.txt").code == 0
    assert Path(f"{FOLDER}-2").is_dir()


def test_a_question_is_asked_until_its_answer_will_do(folder: Path, answer: Answer) -> None:
    Path("own.yaml").write_text(SMALL, "utf-8")
    (folder / "名单.txt").write_text("甲镇\n", "utf-8")
    wrong = ("7", "没有.yaml", "", "表.xlsx", "表.xls")
    outcome = answer("", "上半年", *wrong, "'own.yaml'", "", "没有.txt", "名单.txt")
    assert outcome.code == 0, outcome.said
    assert codes(outcome.said) == ["EPA018"]
    assert outcome.said.count("请写上面的序号，例如 1") == 3
    assert outcome.said.count("这是表格，还不是评分细则") == 2
    assert "考核期 的值" in outcome.said
    assert "--period" not in outcome.said
    assert "这份细则没有列出单位，一定要有单位名单" in outcome.said
    assert names("上半年考核/空白评分表") == ["甲镇.xlsx"]


@pytest.mark.usefixtures("folder")
def test_a_rubric_that_lists_its_units_needs_no_roster(answer: Answer) -> None:
    assert answer("2018", "1", "").code == 0
    assert len(names(f"{FOLDER}/空白评分表")) == 21


@pytest.mark.usefixtures("folder")
def test_an_end_of_the_answers_makes_nothing(answer: Answer) -> None:
    outcome = answer("2018")
    assert outcome.code == 2
    assert not Path(FOLDER).exists()


def test_a_roster_must_be_one_of_the_rubric(folder: Path, answer: Answer, run: Run) -> None:
    (folder / "名单.txt").write_text("县人社局\n县农业\n", "utf-8")
    (folder / "两个.txt").write_text("县人社局\n县农业局\n", "utf-8")
    given = ("--rubric", "departments", "--roster")
    outcome = run("new", FOLDER, *given, "名单.txt")
    assert outcome.code == 2
    assert "县农业局" in outcome.said
    assert not Path(FOLDER).exists()
    outcome = answer("2018", "1", "名单.txt", "两个.txt")
    assert outcome.code == 0
    assert "县农业局" in outcome.said
    assert names(f"{FOLDER}/空白评分表") == sorted(["县人社局.xlsx", "县农业局.xlsx"])
