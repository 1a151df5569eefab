"""Hash seeds, locales and encodings: the same result, whatever surrounds a run."""

import shutil
from pathlib import Path

import pytest
from tests.support.commands import FULL_MARKS, WORKBOOK, HandIn, codes
from tests.support.paths import SCORES
from tests.support.processes import EXPORTS, start

pytestmark = pytest.mark.process


def test_the_hash_seed_changes_nothing(folder: Path) -> None:
    (folder / "scores").mkdir()
    for unit in ("示例甲镇", "示例乙镇", "县人社局"):
        shutil.copy(SCORES / f"{unit}.yaml", folder / "scores")
    (folder / "bad").mkdir()
    text = (folder / "scores" / "示例甲镇.yaml").read_text("utf-8")
    wrong = text.replace("A1: 3", "A9: 3").replace("unit:", "unt:").replace("B1: 2", "B1: 二")
    (folder / "bad" / "x.yaml").write_text(wrong, "utf-8")
    found = set()
    for seed in ("1", "4242"):
        environment: dict[str, str | None] = {"PYTHONHASHSEED": seed}
        outcomes = (
            start("rank", environment=environment),
            start("validate", "bad", "--format", "json", environment=environment),
            start("export", *EXPORTS, "-o", f"out{seed}", environment=environment),
        )
        written = [path.read_bytes() for path in sorted(folder.glob(f"out{seed}*"))]
        assert len(written) == 7
        found.add((outcomes[0], outcomes[1], *written))
    assert len(found) == 1


ENCODINGS: dict[str, dict[str, str | None]] = {
    "LANG=C": {"LANG": "C", "LC_ALL": None},
    "LC_ALL=C": {"LC_ALL": "C"},
    "unknown locale": {"LC_ALL": "xx_YY.nonsense"},
    "C without UTF-8": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "ascii strict": {"PYTHONIOENCODING": "ascii:strict"},
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "no variables": {"LANG": None, "LC_ALL": None, "TERM": None, "HOME": None},
}


@pytest.mark.parametrize("environment", ENCODINGS.values(), ids=ENCODINGS)
def test_any_locale_and_encoding_will_do(small: HandIn, environment: dict[str, str | None]) -> None:
    small("𠮷镇", "A1: 9, A2: 4, B1: 4", name="é€镇.yaml")
    small("甲镇", FULL_MARKS, 'period: "2018é€"')
    Path("faulty").mkdir()
    Path("scores/é€镇.yaml").rename("faulty/é€镇.yaml")
    environment = {"EPA_SCORE_LANG": "zh", **environment}
    encoding = (environment.get("PYTHONIOENCODING") or "utf-8").partition(":")[0]
    outcome = start("rank", "scores", "faulty", "--skip-invalid", environment=environment)
    assert (outcome.code, b"Traceback" in outcome.err) == (0, False)
    assert "[EPA104]" in outcome.err.decode(encoding, "replace")
    assert "甲镇" in outcome.out.decode(encoding) or b"\\u7532" in outcome.out


def test_a_name_that_the_locale_cannot_write_is_no_bug(small: HandIn) -> None:
    small("甲镇", FULL_MARKS)
    for name, environment in list(ENCODINGS.items())[2:5]:
        outcome = start("export", "--xlsx", "--force", environment=environment)
        if outcome.code:
            assert (outcome.code, codes(outcome.said)) == (3, ["EPA902"]), name
        else:
            assert Path(WORKBOOK).exists(), name


def test_only_an_explicit_choice_colours_a_pipe(small: HandIn) -> None:
    small("甲镇", "A1: 9, A2: 4, B1: 4")
    assert b"\x1b" not in start("validate", environment={"FORCE_COLOR": "1"}).out
    assert b"\x1b" in start("validate", "--color", "always", environment={"NO_COLOR": "1"}).out


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1", "utf-16"])
def test_yaml_on_stdout_is_utf_8_whatever_the_encoding(examples: Path, encoding: str) -> None:
    """So that ``epa-score form > sheet.yaml`` can be read again."""
    environment: dict[str, str | None] = {"PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    for arguments in (
        ["form", "--rubric", "township", "--unit", "示例甲镇"],
        ["rubrics", "show", "township", "--format", "yaml"],
    ):
        shown = start(*arguments, environment=environment)
        assert shown.code == 0
        assert "宜阳县" in shown.out.decode("utf-8")
        (examples / "again.yaml").write_bytes(shown.out)
        again = start("validate", "again.yaml", "--format", "concise", environment=environment)
        assert "EPA001" not in again.out.decode(encoding, "replace")
