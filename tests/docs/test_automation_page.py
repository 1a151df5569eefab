"""The page on automation names a hook that there is, and formats and options that there are."""

import re

import yaml
from tests.support.commands import FULL_MARKS, HandIn, Run
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "automation.md").read_text("utf-8")


def test_the_hook_of_the_page_is_one_of_the_manifest() -> None:
    (code,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    named = [hook["id"] for source in yaml.safe_load(code)["repos"] for hook in source["hooks"]]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert named == [hook["id"] for hook in offered]
    own = re.compile(offered[0]["files"])
    for folder in ("scores", "rubrics", "收到的评分表", "collected forms"):
        assert f"`{folder}/`" in PAGE
        assert own.search(f"2018/{folder}/甲镇.yaml")
        assert bool(own.search(f"{folder}/组/甲镇.XLSX")) == (folder != "rubrics")
        assert not own.search(f"{folder}.yaml")
    for name in ("考核.yaml", "assessment.yaml"):
        assert f"`{name}`" in PAGE
        assert own.search(f"2018年考核/{name}")
        assert not own.search(f"2018年{name}")


def test_the_commands_of_the_page_are_there(small: HandIn, run: Run) -> None:
    small("甲镇", FULL_MARKS)
    lines = re.findall(r"^epa-score (.*?)(?: +#.*| > .*)?$", PAGE, re.MULTILINE)
    assert lines == [
        "validate scores --format sarif",
        "--install-completion",
        "--show-completion",
    ]
    assert run(*lines[0].split()).code == 0
    page = run("--help").text
    assert all(line in page for line in lines[1:])
