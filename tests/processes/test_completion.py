"""Completion as people meet it: Tab in a real bash, and how little is imported for it."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from tests.support.processes import SLOW, posix, surroundings

pytestmark = [pytest.mark.process, posix]

RUBRIC = r"""
id: town
title: 乡镇
total: 10
units: [甲:一镇, 甲:二镇, 乙 三镇, 丙'镇, 丁（四）镇, 戊$(touch PWNED)镇, 己`touch PWNED`镇,
        '庚"\镇', "辛*", 壬!镇, "癸?[a]'镇", 子', '丑"', '寅\']
sections:
  - id: A
    title: 甲
    max: 10
    items:
      - {id: A1, max: 10, text: 一}
"""

PROGRAM = f"""\
#!/bin/sh
test -n "$_EPA_SCORE_COMPLETE" && exec '{sys.executable}' -m epa_score
printf '<%s>' "$@"
echo
"""
"""Shows which words came to it, where it is not asked by the shell."""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A folder with a rubric, a folder of sheets, and the program on the path."""
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "town.yaml").write_text(RUBRIC, "utf-8")
    (tmp_path / "收到的表").mkdir()
    program = tmp_path / "bin" / "epa-score"
    program.parent.mkdir()
    program.write_text(PROGRAM, "utf-8")
    program.chmod(0o755)
    return tmp_path


def of(folder: Path, **environment: str) -> dict[str, str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "LC_ALL": "C.UTF-8", "TERM": "dumb", "HOME": str(folder), **environment}
    return surroundings(**own)


def typed_in_bash(folder: Path, lines: Sequence[str]) -> list[str]:
    """What comes to the program of each line, after Tab at its end and Return."""
    source = subprocess.run(
        ["epa-score"],
        cwd=folder,
        env=of(folder, _EPA_SCORE_COMPLETE="source_bash"),
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    (folder / "completion.sh").write_text(source, "utf-8")
    ours, theirs = pty.openpty()
    command = ["bash", "--norc", "--noprofile", "-i"]
    keys = ["source completion.sh", *(f"{line}\t" for line in lines), "exit"]
    with subprocess.Popen(
        command, cwd=folder, env=of(folder), stdin=theirs, stdout=theirs, stderr=theirs
    ) as shell:
        os.close(theirs)
        os.write(ours, "".join(f"{key}\n" for key in keys).encode())
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is gone
                break
            if not piece:
                break
            shown += piece
        shell.wait(SLOW)
    os.close(ours)
    return re.findall(r"(<[^\r\n]*>)\r?$", shown.decode(), re.MULTILINE)


def test_tab_completes_in_bash(county: Path) -> None:
    cases = {
        "epa-score valid": "<validate>",
        "epa-score rank --rubric tow": "<rank><--rubric><town>",
        "epa-score rank --rubric=tow": "<rank><--rubric=town>",
        "epa-score rank --rubric=towns": "<rank><--rubric=township>",
        "epa-score rank --prov": "<rank><--provisional>",
        "epa-score rank --ties d": "<rank><--ties><dense>",
        "epa-score explain epa10": "<explain><EPA10>",
        "epa-score explain EPA614": "<explain><EPA614>",
        "epa-score rubrics sh": "<rubrics><show>",
        "epa-score rubrics show depart": "<rubrics><show><departments>",
        "epa-score form --rubric town --unit 甲": "<form><--rubric><town><--unit><甲:>",
        "epa-score form --rubric town --unit 甲:一": "<form><--rubric><town><--unit><甲:一镇>",
        "epa-score form --rubric town --unit 乙": "<form><--rubric><town><--unit><乙 三镇>",
        "epa-score form --rubric town --unit '乙": "<form><--rubric><town><--unit><乙 三镇>",
        'epa-score form --rubric town --unit "甲:二': "<form><--rubric><town><--unit><甲:二镇>",
        "epa-score form --rubric town --unit 丙": "<form><--rubric><town><--unit><丙'镇>",
        "epa-score form --rubric town --unit 丁": "<form><--rubric><town><--unit><丁（四）镇>",
        "epa-score rank 收到": "<rank><收到的表/>",
    }
    assert dict(zip(cases, typed_in_bash(county, [*cases]), strict=True)) == cases


UNITS = yaml.safe_load(RUBRIC)["units"]


@pytest.mark.parametrize("before", ["--unit ", "--unit="])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_name_arrives_whole_and_nothing_in_it_is_run(
    county: Path, before: str, quote: str
) -> None:
    (county / "辛甲").touch()
    (county / "癸b[a]'镇").touch()
    names = [name for name in UNITS if name[0] in "乙丙丁戊己庚辛壬癸子丑寅"]
    lines = [f"epa-score form --rubric town {before}{quote}{name[0]}" for name in names]
    shown = typed_in_bash(county, lines)
    option = "<--unit><" if before == "--unit " else "<--unit="
    assert shown == [f"<form><--rubric><town>{option}{name}>" for name in names]
    assert not (county / "PWNED").exists()


@pytest.mark.parametrize(
    ("line", "imported"),
    [
        ("epa-score rank --rubric t", set()),
        ("epa-score explain EPA10", set()),
        ("epa-score ra", {"typer"}),
    ],
)
def test_only_what_is_completed_is_imported(county: Path, line: str, imported: set[str]) -> None:
    code = (
        "import sys; from epa_score.cli.main import main; main([]);"
        "print(*{'typer', 'rich', 'yaml', 'pydantic', 'openpyxl'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=county,
        env=of(county, _EPA_SCORE_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line),
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    *answer, loaded = done.stdout.splitlines()
    assert len(answer) == 1
    assert set(loaded.split()) == imported
