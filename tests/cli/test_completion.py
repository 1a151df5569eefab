"""What shells are offered: commands, options, rubrics, units, items and codes, in their own ways.

`tests/processes/test_completion.py` presses Tab in a real bash.
"""

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.commands import Run

from epa_score.cli.app import COMMANDS
from epa_score.cli.completion import TypedLine, _for_bash, _for_powershell, _zsh_quoted, candidates
from epa_score.cli.session import Session
from epa_score.diagnostics import Kind
from epa_score.i18n import Words

SESSION = Session(Words("zh_CN"))

RUBRIC = """\
id: town
title: 乡镇
total: 10
units: [甲:一镇, 乙 二镇, "=丙'镇"]
sections:
  - id: A
    title: 甲
    max: 10
    items:
      - {id: A1, max: 10, text: 一}
adjustments:
  bonus: {max: 5, items: [{id: J1, text: 表彰, each: 1}]}
veto:
  - {id: V1, text: 造假, effect: exclude}
"""


@pytest.fixture
def town(folder: Path) -> Path:
    """The current folder with a rubric of its own, and one that is faulty."""
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "town.yaml").write_text(RUBRIC, "utf-8")
    (folder / "rubrics" / "faulty.yaml").write_text("id: faulty\nsections: []\n", "utf-8")
    (folder / "rubrics" / "No Name.yaml").write_text(RUBRIC, "utf-8")
    return folder


def offered(line: str) -> list[str]:
    """What may stand in the place of the last word of a line."""
    *whole, begun = line.split(" ")
    return [candidate.word for candidate in candidates(TypedLine(whole, begun), SESSION)]


OFFERED = {
    "": [*COMMANDS],
    "--quiet ": [*COMMANDS],
    "--lang en ra": ["rank"],
    "--lang ": ["zh", "en"],
    "--lang=e": ["--lang=en"],
    "rank --lang ": ["zh", "en"],
    "--co": ["--color"],
    "nonsense --co": ["--color"],
    "rank --rubric ": ["departments", "faulty", "town", "township"],
    "rank --rubric tow": ["town", "township"],
    "rank --rubric=tow": ["--rubric=town", "--rubric=township"],
    "rank --rubric ./tow": [],
    "rank --provisional sc": [],
    "rank --provisional=sc": [],
    "rank --nonsense ": [],
    "rank --ties ": ["competition", "dense"],
    "rank --ties=d": ["--ties=dense"],
    "rank --ti": ["--ties"],
    "rank -- sc": [],
    "validate --format s": ["sarif"],
    "export --o": ["--output", "--overall", "--old-period"],
    "export -o ": [],
    "export --roster ": [],
    "validate --fo": ["--format"],
    "rubrics sh": ["show"],
    "rubrics show t": ["town", "township"],
    "rubrics check t": ["town", "township"],
    "rubrics new t": [],
    "rubrics show --form": ["--format"],
    "schema t": ["town", "township"],
    "rubrics --he": ["--help"],
    "explain epa10": [kind.code for kind in Kind if kind.code.startswith("EPA10")],
    "explain --unit ": [],
    "explain --rubric town --unit ": ["甲:一镇", "乙 二镇", "=丙'镇"],
    "explain --rubric=town --unit 甲": ["甲:一镇"],
    "explain --rubric faulty --unit ": [],
    "explain --rubric nowhere --unit ": [],
    "explain --rubric town --item ": ["A", "A1", "J1", "V1"],
    "explain --rubric town --unit 甲:一镇 --item A": ["A", "A1"],
    "form --rubric town --unit 甲:一镇 乙": ["乙 二镇"],
    "explain --rubric town --unit 甲:一镇 乙": [],
}


@pytest.mark.parametrize("line", OFFERED)
@pytest.mark.usefixtures("town")
def test_what_may_come_next_is_offered(line: str) -> None:
    assert sorted(offered(line)) == sorted(OFFERED[line])


def test_all_options_of_a_command_are_offered_but_those_that_are_hidden() -> None:
    found = offered("validate --")
    assert {"--rubric", "--format", "--roster", "--mark", "--lang", "--help"} <= {*found}
    assert "--force" not in found
    assert len(set(found)) == len(found)


def asked(run: Run, shell: str, **environment: str) -> tuple[int, str]:
    outcome = run(lang=None, env={"_EPA_SCORE_COMPLETE": f"complete_{shell}", **environment})
    assert outcome.said == ""
    return outcome.code, outcome.text


def by_bash(run: Run, *words: str, separator: str = "\n") -> list[str]:
    number = str(len(words) - 1)
    code, text = asked(run, "bash", COMP_WORDS=separator.join(words), COMP_CWORD=number)
    assert code == 0
    return text.splitlines()


@pytest.mark.usefixtures("town")
def test_bash_takes_words_apart_at_colons_and_gets_the_rest_of_them(run: Run) -> None:
    line = ["epa-score", "explain", "--rubric", "town", "--unit"]
    assert by_bash(run, *line, "甲") == ["甲:一镇"]
    assert by_bash(run, *line, "甲", ":") == ["一镇"]
    assert by_bash(run, *line, "甲", ":", "一") == ["一镇"]
    assert by_bash(run, *line, "乙") == ["乙\\ 二镇"]
    assert by_bash(run, *line, "乙\\ 二") == ["乙\\ 二镇"]
    assert by_bash(run, *line, "'乙 ") == ["乙 二镇"]
    assert by_bash(run, *line, '"甲:') == ["甲:一镇"]
    assert by_bash(run, *line, "") == ["甲:一镇", "乙\\ 二镇", "=丙\\'镇"]
    assert by_bash(run, "epa-score", "rank", "--rubric", "=", "towns") == ["township"]
    assert by_bash(run, "epa-score", "rank", "--rubric", "=") == [
        *["departments", "faulty", "town", "township"]
    ]
    assert by_bash(run, "epa-score", "ran", separator=" ") == ["rank"]
    assert by_bash(run, "epa-score", "", separator=" ") == [*COMMANDS]


@pytest.mark.usefixtures("town")
def test_fish_asks_whether_there_is_anything_and_gets_what_it_is_about(run: Run) -> None:
    def by_fish(line: str, action: str = "get-args") -> tuple[int, str]:
        variables = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": action}
        return asked(run, "fish", **variables)

    assert by_fish("epa-score rank --rubric ", "is-args") == (0, "")
    assert by_fish("epa-score rank sc", "is-args") == (1, "")
    assert by_fish("epa-score rank --rubric town") == (0, "town\ntownship\n")
    assert by_fish("epa-score explain --rubric town --item J") == (0, "J1\t表彰\n")
    assert by_fish("epa-score explain --rubric town --unit '乙 ") == (0, "乙 二镇\n")
    assert by_fish("epa-score ra") == (0, f"rank\t{Words('zh_CN')('help.rank')}\n")
    assert by_fish("") == by_fish("epa-score")
    assert by_fish("epa-score")[1].count("\n") == len(COMMANDS)


@pytest.mark.usefixtures("town")
def test_powershell_gets_words_in_quotes_where_they_need_some(run: Run) -> None:
    def by_powershell(line: str, word: str) -> str:
        variables = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_WORD_TO_COMPLETE": word}
        code, text = asked(run, "powershell", **variables)
        assert (code, text) == asked(run, "pwsh", **variables)
        return text

    assert by_powershell("epa-score rank --rubric", "") == (
        "departments::: \nfaulty::: \ntown::: \ntownship::: \n"
    )
    assert by_powershell("epa-score rank --rubric towns", "towns") == "township::: \n"
    item = by_powershell("epa-score explain --rubric town --item A1", "A1")
    assert item == "A1:::一\n"
    units = by_powershell("epa-score explain --rubric town --unit", "")
    assert units == "'甲:一镇'::: \n'乙 二镇'::: \n'=丙''镇'::: \n"


@pytest.mark.usefixtures("town")
def test_zsh_gets_a_list_in_quotes_or_takes_files(run: Run) -> None:
    def by_zsh(line: str) -> str:
        code, text = asked(run, "zsh", _TYPER_COMPLETE_ARGS=line)
        assert code == 0
        return text

    assert by_zsh("epa-score rank sc") == "_files\n"
    head = "local -a epa_score_found; epa_score_found="
    tail = "; _describe '' epa_score_found\n"
    assert by_zsh("epa-score rank --rubric towns") == f"{head}($'township'){tail}"
    found = by_zsh("epa-score explain --rubric town --unit 甲")
    assert found == f"{head}($'甲\\x5c\\x3a一镇'){tail}"
    assert by_zsh("epa-score explain --rubric town --item A1") == f"{head}($'A1\\x3a一'){tail}"


HOSTILE = st.text(st.sampled_from("甲a '\"\\$`;:=()*~!#&|<>?[]{}^‘’‚‛"), min_size=1, max_size=8)


@given(HOSTILE)
def test_nothing_in_a_name_is_run_by_a_shell(name: str) -> None:
    assert shlex.split(_for_bash(name, "")) == [name]
    for typed in ('"', "'", '甲\\ "', "--unit='"):
        quote = typed[-1]
        begun = typed[:-1].replace("\\", "")
        rest = _for_bash(begun + name, typed)
        text = rest.replace("\\$", "$").replace("\\`", "`") if quote == '"' else rest
        end = "" if rest.endswith(quote) else quote  # as readline does it
        assert not rest or shlex.split(f"{typed}{text}{end}") == [begun + name]
        assert rest or name[0] in ("!*?[" if quote == '"' else "'\\*?[")
    assert re.fullmatch(r"\$'(\w|\\x[0-9a-f]{2})*'", _zsh_quoted(name))
    shown = _for_powershell(name)
    assert re.fullmatch(r"[\w\-./=]+|'([^'‘’‚‛]|(['‘’‚‛])\2)*'", shown)
    assert shown in (name, "'{}'".format("".join(sign * (1 + (sign in "'‘’‚‛")) for sign in name)))


def test_what_is_said_of_a_word_stands_in_one_line(town: Path) -> None:
    text = RUBRIC.replace("text: 一}", 'text: "一\\u3000二；\\n三"}')
    (town / "rubrics" / "town.yaml").write_text(text, "utf-8")
    line = TypedLine(["explain", "--rubric", "town", "--item"], "A1")
    (found,) = candidates(line, SESSION)
    assert "\n" not in found.about
