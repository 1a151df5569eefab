"""What holds for every command: help, language, colour, wrong usage, completion, defects."""

import gc
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.commands import (
    ESCAPE,
    HandIn,
    Run,
    codes,
)
from tests.support.paths import ROOT

from epa_score import __version__
from epa_score.cli.commands import validate
from epa_score.cli.inputs import FoundPaths, find_files
from epa_score.cli.session import Session
from epa_score.i18n import Words
from epa_score.readers.source import Source
from epa_score.readers.to_model import kind_of

# --- options for every command ---------------------------------------------------------------


def test_version_is_shown(run: Run) -> None:
    for arguments in (["--version"], ["rank", "--version"]):
        assert run(*arguments) == (0, f"epa-score {__version__}\n".encode(), b"")


def test_help_is_shown_for_both_spellings(run: Run) -> None:
    for command in ([], ["rank"], ["rubrics"], ["rubrics", "show"]):
        short, long = run(*command, "-h"), run(*command, "--help")
        assert short == long
        assert (short.code, short.err) == (0, b"")
        assert short.text.startswith("用法：epa-score")


def test_no_command_at_all_shows_the_help(run: Run) -> None:
    outcome = run(lang=None, env={"EPA_SCORE_LANG": "zh"})
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.said.startswith("用法：epa-score")


def test_quiet_keeps_results_and_errors(examples: Path, run: Run) -> None:
    loud = run("rank", "--rubric", "township")
    for arguments in (["-q", "rank"], ["rank", "--quiet"], ["rank", "-q"]):
        quiet = run(*arguments, "--rubric", "township")
        assert quiet == (0, loud.out, b"")
    (examples / "scores" / "坏.yaml").write_text("rubric: township\n", "utf-8")
    assert run("-q", "validate").out == run("validate").out
    assert codes(run("-q", "rank").said) == ["EPA021", "EPA021"] or codes(run("-q", "rank").said)
    skipped = run("-q", "rank", "--skip-invalid")
    assert "坏.yaml" in skipped.said


def test_colour_is_used_when_asked_for(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    for command in ("validate", "rank"):
        before, after = (
            run("--color", "always", command),
            run(command, "--color=always", env={"NO_COLOR": "1", "TERM": "dumb"}),
        )
        assert before == after
        assert ESCAPE in before.out + before.err
        plain = run(command)
        assert ESCAPE not in plain.out + plain.err
        assert plain == run(command, "--color", "never") == run(command, "--color", "auto")
        colourless = re.sub(rb"\x1b\[[0-9;]*m", b"", before.out + before.err)
        assert colourless == plain.out + plain.err


def test_colour_on_a_terminal_can_be_turned_off(small: HandIn, run: Run, on_terminal: None) -> None:
    assert on_terminal is None
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert ESCAPE in run("validate").out
    assert ESCAPE not in run("validate", env={"NO_COLOR": "1"}).out
    assert ESCAPE not in run("validate", env={"TERM": "dumb"}).out
    assert ESCAPE not in run("validate", "--color", "never").out
    assert ESCAPE in run("validate", "--color", "always", env={"NO_COLOR": "1"}).out


ENGLISH, CHINESE = "Usage: ", "用法："

UNSET: dict[str, str | None] = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "EPA_SCORE_LANG"))


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {}, CHINESE),
        (None, {"LANG": "C"}, CHINESE),
        (None, {"LANG": "C.UTF-8"}, CHINESE),
        (None, {"LANG": "de_DE.UTF-8"}, CHINESE),
        (None, {"LANG": "en_US.UTF-8"}, ENGLISH),
        (None, {"LANG": "zh_TW.UTF-8"}, CHINESE),
        (None, {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, ENGLISH),
        (None, {"LC_ALL": "zh_CN.GBK", "LANG": "en_GB.UTF-8"}, CHINESE),
        (None, {"EPA_SCORE_LANG": "en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        (None, {"EPA_SCORE_LANG": "zh-Hans", "LANG": "en_US.UTF-8"}, CHINESE),
        (None, {"EPA_SCORE_LANG": "xx", "LANG": "en_US.UTF-8"}, ENGLISH),
        ("en", {"EPA_SCORE_LANG": "zh"}, ENGLISH),
        ("zh", {"EPA_SCORE_LANG": "en"}, CHINESE),
        ("en_GB", {}, ENGLISH),
        ("zh_CN", {"LANG": "en_US.UTF-8"}, CHINESE),
    ],
)
def test_language_is_option_then_variable_then_locale_then_chinese(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    option: str | None,
    environment: dict[str, str | None],
    expected: str,
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda *_: (None, None))
    assert run("-h", lang=option, env=UNSET | environment).text.startswith(expected)
    if option is not None:
        after = run("rank", "-h", f"--lang={option}", lang=None, env=UNSET | environment)
        assert after.text.startswith(expected)


def test_a_locale_that_python_does_not_know_does_no_harm(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> tuple[str, str]:
        message = "unknown locale: UTF-8"
        raise ValueError(message)

    monkeypatch.setattr("locale.getlocale", unknown)
    assert run("-h", lang=None, env=UNSET).text.startswith(CHINESE)


WRONG: dict[tuple[str, ...], str] = {
    ("--quiet",): "",
    ("rnak",): "rank",
    ("x",): "validate",
    ("-z",): "-z",
    ("rank", "-z"): "-z",
    ("rank", "--rubrik", "x"): "--rubric",
    ("rank", "--rubric"): "--rubric",
    ("rank", "--period"): "--period",
    ("rank", "--lang"): "--lang",
    ("--color",): "--color",
    ("rank", "--ties", "none"): "competition, dense",
    ("rank", "--format", "xml"): "table, json, csv, md",
    ("validate", "--format", "xml"): "full, concise, json, github, sarif",
    ("rubrics", "show", "township", "--format", "x"): "table, yaml",
    ("--color", "pink", "rank"): "auto, always, never",
    ("--lang", "fr", "rank"): "zh, en",
    ("--lang=", "rank"): "zh, en",
    ("rank", "--quiet=1"): "--quiet",
    ("rank", "--provisional=1"): "--provisional",
    ("explain", "EPA104", "x"): "--unit",
    ("form",): "--rubric",
    ("form", "--rubric", "township", "甲"): "--unit",
    ("rubrics", "x"): "list, show",
    ("rubrics", "show"): "NAME|FILE",
    ("rank", "--no-such\x1b[31m"): "",
    ("\x1b[31m",): "",
}


# --- wrong usage -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage_is_one_line_in_the_language_asked_for(
    run: Run, arguments: tuple[str, ...], lang: str
) -> None:
    outcome = run(*arguments, lang=None, env={"EPA_SCORE_LANG": lang})
    assert (outcome.code, outcome.out) == (2, b"")
    start = "用法有误：" if lang == "zh" else "wrong usage: "
    assert outcome.said.startswith(start)
    assert outcome.said.count("\n") == 1
    assert WRONG[arguments] in outcome.said
    assert ESCAPE not in outcome.err
    if lang == "zh":
        typed = {*" ".join([*arguments, WRONG[arguments]]).split(), "zh", "en"}
        known = {"epa-score", "validate", "total", "rank", "export", "form", "convert", "status"}
        known |= {"explain", "rubrics", "verify", "stability", "compare"}
        known |= {"new", "run", "schema", "check"}
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"-+[a-z-]+|\\x1b", "", outcome.said))
        spoken = [word for word in words if not any(word in one for one in typed | known)]
        assert spoken == []


# --- completion ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("epa-score va", {"validate"}),
        ("epa-score rank --ti", {"--ties"}),
        ("epa-score rub", {"rubrics"}),
    ],
)
def test_shells_complete_commands_and_options(run: Run, line: str, expected: set[str]) -> None:
    words = len(line.split()) - 1
    environment: dict[str, str | None] = {
        "_EPA_SCORE_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(words),
    }
    assert set(complete(run, environment).split()) == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_shows_no_keys_of_the_catalogue(run: Run, shell: str) -> None:
    for line in ("epa-score ra", "epa-score rank --ti", "epa-score rubrics "):
        environment: dict[str, str | None] = {
            "_EPA_SCORE_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2],
        }
        text = complete(run, environment)
        assert text
        assert "help." not in text


def complete(run: Run, environment: dict[str, str | None]) -> str:
    """What a shell is offered."""
    outcome = run(lang=None, env=environment)
    assert outcome.code == 0
    return outcome.text


def test_completion_script_can_be_installed(run: Run) -> None:
    text = complete(run, {"_EPA_SCORE_COMPLETE": "source_bash"})
    assert "complete -o default -F" in text


# --- nothing of the tool itself leaks --------------------------------------------------------


def test_a_defect_of_the_tool_is_one_line_and_has_its_own_code(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        message = "boom\x1b[31m\nsecond line"
        raise RuntimeError(message)

    monkeypatch.setattr("typer.main.get_command", fail)
    outcome = run("rank")
    assert (outcome.code, outcome.out) == (70, b"")
    assert outcome.said.startswith("程序内部出错")
    assert outcome.said.count("\n") == 1
    assert ESCAPE not in outcome.err
    with pytest.raises(RuntimeError):
        run("rank", env={"EPA_SCORE_DEBUG": "1"})


@pytest.fixture
def defective(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of three sheets, of which the second is one that the tool itself fails on."""

    def fail(source: Source) -> str:
        if source.path.endswith("乙镇.yaml"):
            message = "boom"
            raise RuntimeError(message)
        return kind_of(source)

    for name in ("甲镇", "乙镇", "丙镇"):
        text = (ROOT / "examples" / "scores" / "示例甲镇.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(text.replace("示例甲镇", name), "utf-8")
    monkeypatch.setattr("epa_score.readers.documents.kind_of", fail)
    return tmp_path


@pytest.mark.parametrize("command", ["validate", "rank", "status", "convert"])
def test_a_defect_in_one_file_is_a_finding_of_it_and_leaves_the_others(
    run: Run, defective: Path, command: str
) -> None:
    (defective / "丙镇.yaml").write_text("unit: 丙镇\nscores: {}\nrubric: townshop\n", "utf-8")
    options = ["--rubric", "township"] if command in ("rank", "status") else []
    names = defective / "名单.txt"
    names.write_text("甲镇\n乙镇\n丙镇\n", "utf-8")
    roster = ["--roster", str(names)] if command == "status" else []
    outcome = run(command, str(defective), *options, *roster)
    said = outcome.out.decode() + outcome.said
    assert outcome.code == 70
    assert f"{defective / '乙镇.yaml'}: 错误[EPA029] 读这个文件时程序内部出错：RuntimeError" in said
    assert "丙镇.yaml" in said


def test_sheets_without_a_defect_are_ranked_where_invalid_ones_are_skipped(
    run: Run, defective: Path
) -> None:
    outcome = run("rank", str(defective), "--rubric", "township", "--skip-invalid")
    assert outcome.code == 70
    assert [line.split()[:2] for line in outcome.out.decode().splitlines() if "镇" in line][:2]
    assert "EPA029" in outcome.said


def test_a_defect_in_a_composite_result_names_its_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        message = "boom"
        raise RuntimeError(message)

    (tmp_path / "综合.yaml").write_text("composite: 综合\n", "utf-8")
    monkeypatch.setattr("epa_score.readers.documents.composite_of", fail)
    outcome = run("rank", "--composite", str(tmp_path / "综合.yaml"))
    assert (outcome.code, outcome.out) == (70, b"")
    assert f"{tmp_path / '综合.yaml'}: 错误[EPA029]" in outcome.said


def test_a_defect_in_a_file_shows_its_traceback_where_developers_ask(
    run: Run, defective: Path
) -> None:
    with pytest.raises(RuntimeError, match="boom"):
        run("validate", str(defective), env={"EPA_SCORE_DEBUG": "1"})


def test_ctrl_c_is_one_line_and_has_its_own_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    said = f"{Words('zh_CN')('cli.interrupted')}\n".encode()
    monkeypatch.setattr("typer.main.get_command", interrupt)
    assert run("rank") == (130, b"", said)


def test_garbage_is_collected_while_a_command_runs(
    examples: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examples.is_dir()
    collecting: list[bool] = []

    def found(session: Session, arguments: Sequence[str], others: Sequence[str]) -> FoundPaths:
        collecting.append(gc.isenabled())
        return find_files(session, arguments, others)

    monkeypatch.setattr(validate, "find_files", found)
    assert run("validate").code == 0
    assert run("--help").code == 0
    assert run("unheard-of").code == 2
    assert [*collecting, gc.isenabled()] == [True, True]
