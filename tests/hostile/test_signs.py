"""What reaches the terminal: names, markup and control characters, shown and never obeyed."""

import json
import os
import re
from pathlib import Path

import pytest
from tests.support.commands import HandIn, Run, codes
from tests.support.limits import harmless

from epa_score.cli.session import Session

pytestmark = pytest.mark.hostile

HOSTILE_NAMES = [
    b"\xff\xfe.yaml",
    "甲\n乙.yaml".encode(),
    b"a\x1b[31m.yaml",
    b"a\rb.yaml",
    "a\u202eb.yaml".encode(),
    "a\u2028b.yaml".encode(),
    "a\x9b31m.yaml".encode(),
    "a\u200bb.yaml".encode(),
    b"[red]a[bold].yaml",
    b"--lang.yaml",
    b"a\tb.yaml",
    b"%0A::error::a.yaml",
    b"=1+1.yaml",
    b"a|b.yaml",
    b"{a}.yaml",
]

DIAGNOSTIC_FORMATS = ("full", "concise", "json", "github", "sarif")

TABLE_FORMATS = ("table", "json", "csv", "md")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_file_names_are_shown_escaped(small: HandIn, run: Run, name: bytes) -> None:
    sound = small("甲镇", "A1: 2, A2: 4, B1: 4")
    faulty = small("乙镇", "A1: 9, A2: 4, B1: 4")
    path = Path(os.fsdecode(b"scores/" + name))
    try:
        faulty.rename(path)
    except (OSError, ValueError):
        pytest.skip("this file system has no such names")
    runs = [["validate", "--format", form] for form in DIAGNOSTIC_FORMATS]
    runs += [["rank", "--skip-invalid", "--format", form] for form in TABLE_FORMATS]
    runs += [["rank"], ["validate", str(path)], ["rank", str(path), "--skip-invalid"]]
    runs += [["export", "--skip-invalid", "--xlsx", "--csv", "--json", "--md"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code == (
            0 if "--skip-invalid" in arguments and str(path) not in arguments else 1
        )
        assert harmless(outcome.text + outcome.said), arguments
        if "concise" in arguments:
            assert outcome.text.count("\n") == 1
    assert sound.exists()
    for form in ("csv", "json", "md"):
        assert Path(f"排名汇总.{form}").read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_of_files_to_write_are_shown_escaped(small: HandIn, run: Run, name: bytes) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    stem = os.fsdecode(name.removesuffix(b".yaml"))
    runs = [
        ["export", "--json", "-o", stem],
        ["export", "--json", "-o", stem],
        ["export", "--csv", "-o", f"{stem}.json"],
        ["export", "--csv", f"{stem}.csv"],
        ["export", "--json", "-o", f"nowhere/{stem}"],
        ["form", "--rubric", "small", "-o", f"{stem}.yaml"],
        ["form", "--rubric", "small", "--unit", "甲", "乙", "-o", stem],
        ["rank", "--rubric", stem],
        ["rank", "--period", stem],
        ["rank", "--ties", stem],
        ["rank", f"--{stem}"],
        ["explain", "--", stem],
        [stem],
    ]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code in {0, 1, 2, 3}, arguments
        assert harmless(outcome.text + outcome.said), arguments


MARKUP = [
    "[/]",
    "[link=https://x]甲[/link]",
    "[red]甲",
    "[bold",
    "甲[/red]",
    "\\[red]",
    ":smile:",
    "[EPA104]",
]


@pytest.mark.parametrize("color", ["always", "never"])
@pytest.mark.parametrize("unit", MARKUP)
def test_markup_is_shown_as_it_is(
    small: HandIn, run: Run, monkeypatch: pytest.MonkeyPatch, unit: str, color: str
) -> None:
    monkeypatch.setattr(Session, "is_terminal", lambda _session, _stream: True)
    small(json.dumps(unit), "A1: 2, A2: 4, B1: 4", f"period: {json.dumps(unit)}")
    for command in ("rank", "total"):
        outcome = run(command, "--color", color, env={"COLUMNS": "200"})
        assert outcome.code == 0
        assert unit in outcome.text
    small(json.dumps(unit), "A1: 9, A2: 4, B1: 4, X1: 1", name=f"{unit.replace('/', '_')}.yaml")
    outcome = run("validate", "--color", color, env={"COLUMNS": "200"})
    assert outcome.code == 1
    assert unit.replace("/", "_") in re.sub(r"\x1b\[[0-9;]*m", "", outcome.text)


SIGNS = {
    "escape sequence": "\x1b[31m",
    "title of the window": "\x1b]0;x\x07",
    "bell": "\x07",
    "carriage return": "\r",
    "C1": "\x9b31m",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "zero width": "\u200b",
    "line separator": "\u2028",
    "BOM": "\ufeff",
    "NUL": "\0",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_signs_in_texts_never_reach_the_terminal(small: HandIn, run: Run, sign: str) -> None:
    text = "".join(
        f"\\u{ord(char):04x}" if not char.isascii() or ord(char) < 32 else char for char in sign
    )
    small("甲镇", f'A1: {{score: 1, note: "a{text}b", evidence: ["c{text}d"]}}, A2: 4, B1: 4',
          f'period: "2018{text}"', f'assessor: "x{text}y"')  # fmt: skip
    faulty = [
        small(f'"乙{text}镇"', "A1: 2, A2: 4, B1: 4"),
        small("丙镇", f'A1: 2, A2: 4, B1: 4, "B2{text}": 3'),
        small("丁镇", f'A1: 2, A2: "4{text}", B1: 4'),
        small("戊镇", "A1: 2, A2: 4, B1: 4", f'"x{text}": 1'),
        small("己镇", "A1: 2, A2: 4, B1: 4", "period: 2018", f'date: "2018{text}"'),
    ]
    faulty.append(small("庚镇", "A1: 2, A2: 4, B1: 4"))
    faulty[-1].write_text(f'rubric: "small{text}"\nunit: 庚镇\nscores: {{A1: 2}}\n', "utf-8")
    runs = [["validate", "--format", form, "--color", "always"] for form in DIAGNOSTIC_FORMATS[:2]]
    runs += [["validate", "--format", form] for form in DIAGNOSTIC_FORMATS]
    runs += [
        [command, "--skip-invalid", "--format", form]
        for command in ("rank", "total")
        for form in TABLE_FORMATS
    ]
    runs += [["rank"], ["export", "--skip-invalid", "--xlsx", "--csv", "--json", "--md"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert outcome.code in {0, 1}, arguments
        shown = (
            re.sub(r"\x1b\[[0-9;]*m", "", outcome.text) if "always" in arguments else outcome.text
        )
        assert harmless(shown + outcome.said), arguments
    total = run("total", "--skip-invalid", "--format", "json")
    listed = json.loads(total.out)
    assert all(harmless(row["unit"] or "") for row in listed)
    rows = {row["unit"]: row for row in listed if row["total"] is not None}
    assert {"己镇"} <= rows.keys() <= {"甲镇", "己镇"}
    assert {row["period"] for row in rows.values()} == {"2018"}
    assert harmless(Path("排名汇总.md").read_text("utf-8"))


def test_signs_in_rubrics_never_reach_the_terminal(small: HandIn, run: Run) -> None:
    small("甲镇", "A1: 2, A2: 4, B1: 4")
    path = Path("rubrics/small.yaml")
    sign = "\\u001b[31m\\u202e\\u009b"
    text = path.read_text("utf-8").replace("title: 小细则", f'title: "小{sign}"')
    text = text.replace("title: 宣传", f'title: "宣{sign}"').replace("有方案。", f'"有{sign}"')
    path.write_text(text, "utf-8")
    runs = [["rank", "--format", form] for form in TABLE_FORMATS]
    runs += [
        ["rubrics"],
        ["rubrics", "show", "small"],
        ["rubrics", "show", "small", "--format", "yaml"],
    ]
    runs += [["form", "--rubric", "small", "--unit", "乙镇"], ["validate", "rubrics", "scores"]]
    for arguments in runs:
        outcome = run(*arguments)
        assert harmless(outcome.text + outcome.said), arguments
    form = run("form", "--rubric", "small", "--unit", "乙镇")
    if form.code == 0:
        shown = run("validate", "-", "--format", "concise", stdin=form.out).text
        assert codes(shown) == ["EPA105"]
