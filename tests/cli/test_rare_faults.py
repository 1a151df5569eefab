"""Faults that no file and no terminal can bring about at will."""

import importlib
import io
import os
import sys
from pathlib import Path

import pytest

from epa_score.cli import main
from epa_score.cli.inputs import find_paths
from epa_score.cli.session import FINDINGS, FINE, INTERRUPTED, NOT_WRITTEN, Session
from epa_score.diagnostics import Diagnostic, InputError, Kind, Location
from epa_score.i18n import Words
from epa_score.readers import load_sheet, source


def test_an_interrupt_before_there_are_words_has_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_arguments: object) -> Session:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "_session", interrupted)
    assert main.main(["rank"]) == INTERRUPTED


def test_an_unknown_locale_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> tuple[str, str]:
        raise ValueError

    monkeypatch.setattr("locale.getlocale", unknown)
    for name in ("EPA_SCORE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert main.main(["--version"]) == FINE


def test_options_behind_two_dashes_are_paths(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["validate", "--", "--lang"]) == FINDINGS
    assert "EPA018" in capsys.readouterr().out


def test_a_current_folder_that_is_gone_still_has_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_path: str) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os.path, "abspath", gone)
    assert find_paths(["a.yaml", "b.yaml"]).paths == ["a.yaml", "b.yaml"]


def test_a_broken_stderr_loses_messages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        closed = False

        def isatty(self) -> bool:
            return False

        def write(self, _text: str) -> int:
            raise OSError

        def writelines(self, _lines: object) -> None:
            raise OSError

    monkeypatch.setattr(sys, "stderr", Broken())
    Session(Words("en")).say("lost")
    assert sys.stderr is None


def test_a_file_that_grows_while_it_is_read_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_bytes(b"rubric: township\n")
    earlier = os.stat_result((0o100644, 0, 0, 1, 0, 0, 3, 0, 0, 0))
    monkeypatch.setattr(os, "stat", lambda _path: earlier)
    assert source.read_bytes(str(path)) == b"rubric: township\n"


def test_an_input_error_reads_as_lines() -> None:
    location = Location("a.yaml", 3, 7, 8)
    error = InputError([Diagnostic(Kind.POINTS_OVER_CAP, location, {"item": "A3"})])
    assert str(error) == "a.yaml:3:7: error[EPA104] points_over_cap item=A3"


def test_the_package_can_be_imported_as_a_program() -> None:
    assert importlib.import_module("epa_score.__main__").main is main.main


def test_what_is_missing_at_the_end_of_a_file_stands_on_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_bytes(b"---")
    with pytest.raises(InputError) as caught:
        load_sheet(path)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.location.line, diagnostic.location.excerpt) == (1, ((1, "---"),))


def test_typer_ends_a_run_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    with pytest.raises(SystemExit):
        main.main(["--show-completion", "bash"])


def test_a_stdout_that_was_closed_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Closed(io.StringIO):
        def writelines(self, lines: object) -> None:
            raise ValueError(lines)

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main.main(["rubrics"]) == NOT_WRITTEN
    assert "EPA903" in capsys.readouterr().err
